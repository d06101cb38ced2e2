# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.private_rag.aws.plugins.filter.service_paths import service_paths

INTERFACE = {"type": "interface", "security_group_ids": ["sg-b", "sg-a"]}
GATEWAY = {"type": "gateway", "security_group_ids": []}


@pytest.mark.parametrize(
    ("services", "endpoints", "created", "expected"),
    [
        (["logs"], {"logs": INTERFACE}, [], (["sg-a", "sg-b"], [], [])),
        (["s3"], {"s3": GATEWAY}, [], ([], ["pl-s3"], [])),
        (["dynamodb"], {}, ["dynamodb"], ([], ["pl-ddb"], [])),
        (["bedrock-runtime"], {}, ["bedrock-runtime"], (["chatbot-vpce-sg"], [], [])),
        (["ecr.api", "ecr.dkr"], {}, [], ([], [], ["0.0.0.0/0"])),
        (["dynamodb"], {"dynamodb": INTERFACE}, ["dynamodb"], (["sg-a", "sg-b"], [], [])),
    ],
)
def test_each_service_has_its_path(services, endpoints, created, expected):
    lists = {"s3": "pl-s3", "dynamodb": "pl-ddb"}
    paths = service_paths(services, endpoints, created, lists, "chatbot-vpce-sg")
    assert (paths["groups"], paths["prefix_lists"], paths["cidrs"]) == expected
