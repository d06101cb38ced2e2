# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.private_rag.aws.plugins.filter.endpoint_rules import endpoint_rules
from ansible_collections.private_rag.aws.plugins.filter.model_statements import model_statements
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


def test_a_group_that_endpoints_share_is_told_once_with_the_callers_of_all():
    endpoints = {
        "logs": {"type": "interface", "security_group_ids": ["sg-z"]},
        "secretsmanager": {"type": "Interface", "security_group_ids": ["sg-z", "sg-other"]},
        "bedrock-runtime": {"type": "interface", "security_group_ids": ["sg-a"]},
        "s3": {"type": "gateway", "security_group_ids": []},
        "kms": {"type": "interface", "security_group_ids": ["sg-kms"]},
    }
    callers = {"logs": ["task", "lambda"], "secretsmanager": ["task"], "bedrock-runtime": ["lambda"], "s3": ["task"]}
    ids = {"task": ["sg-task"], "lambda": ["sg-one", "sg-two"]}

    def rule(*groups):
        return [{"ports": ["443"], "groups": list(groups), "description": "mark"}]

    assert endpoint_rules(endpoints, callers, ids, "mark") == [
        {"group_id": "sg-a", "rules": rule("sg-one", "sg-two")},
        {"group_id": "sg-z", "rules": rule("sg-task", "sg-one", "sg-two")},
    ]
    assert endpoint_rules({}, callers, ids, "mark") == []


PLACE = {"region": "ap-northeast-1", "account_id": "123456789012", "profile_regions": ["ap-northeast-1", "eu-west-1"]}
MODEL = "arn:aws:bedrock:{}::foundation-model/cohere.embed-v4:0"


def resources(model_id):
    return [statement["Resource"] for statement in model_statements(model_id, "AskTheModel", **PLACE)]


def test_a_model_is_allowed_by_itself_and_an_empty_one_not_at_all():
    assert resources("") == []
    assert resources("cohere.embed-v4:0") == [MODEL.format("ap-northeast-1")]
    assert resources(MODEL.format("us-east-1")) == [MODEL.format("us-east-1")]


@pytest.mark.parametrize(("prefix", "more"), [("jp", []), ("global", [MODEL.format("")])])
def test_a_profile_needs_itself_and_its_model_in_each_region_through_it(prefix, more):
    profile, models = model_statements(f"{prefix}.cohere.embed-v4:0", "AskTheModel", ["a"], **PLACE)
    arn = f"arn:aws:bedrock:ap-northeast-1:123456789012:inference-profile/{prefix}.cohere.embed-v4:0"
    assert (profile["Sid"], profile["Resource"], profile["Action"]) == ("AskTheProfile", arn, ["a"])
    assert models["Resource"] == [MODEL.format("ap-northeast-1"), MODEL.format("eu-west-1"), *more]
    assert models["Condition"] == {"StringEquals": {"bedrock:InferenceProfileArn": arn}}
    assert models["Sid"] == "AskTheModelThroughTheProfile"
