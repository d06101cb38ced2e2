"""Every broken inventory is refused with words that help, before anything is changed.

All of them are hosts of one inventory, so that one run of the site playbook tries them all.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from tests.integration.system.broken_inventories import ALL, OFFLINE, Broken
from tests.integration.system.company import Company

PREFIX = "broken-"


@pytest.fixture(scope="module")
def refused(company: Company, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The messages that each host's run ended with."""
    ec2, acm = company.cloud.client("ec2"), company.cloud.client("acm")
    vpc = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    foreign = ec2.create_subnet(VpcId=vpc, CidrBlock="10.99.0.0/24")["Subnet"]["SubnetId"]
    private = ec2.describe_subnets(Filters=[{"Name": "tag:Name", "Values": ["corp-private-a"]}])["Subnets"][0]
    certificate = acm.request_certificate(DomainName="*.corp.example", ValidationMethod="DNS")["CertificateArn"]
    made = {"{foreign}": foreign, "{private}": private["SubnetId"], "{certificate}": certificate}
    inventory = tmp_path_factory.mktemp("broken") / "hosts.yml"
    inventory.write_text(_inventory(made), encoding="utf-8")
    company.cloud.forget()
    run = company.site("-i", str(inventory), "--limit", "broken")
    mutations = company.cloud.mutations()
    acm.delete_certificate(CertificateArn=certificate)
    ec2.delete_subnet(SubnetId=foreign)
    ec2.delete_vpc(VpcId=vpc)
    assert (run.status != 0, mutations) == (True, [])
    assert "Traceback" not in run.errors + json.dumps(run.document)
    found: dict[str, list[str]] = defaultdict(list)
    for play in run.document["plays"]:
        for task in play["tasks"]:
            for host, result in task["hosts"].items():
                if result.get("failed"):
                    found[host].append(result["msg"])
    return found


def _inventory(made: dict[str, str]) -> str:
    hosts = {f"{PREFIX}{number}": broken.typed for number, broken in enumerate(ALL)}
    text = yaml.safe_dump({"chatbot": {"children": {"broken": {"hosts": hosts}}}}, width=1000)
    for placeholder, value in made.items():
        text = text.replace(placeholder, value)
    return text


@pytest.mark.parametrize(
    ("number", "broken"), list(enumerate(ALL)), ids=[f"{each.variable}-{each.words}" for each in ALL]
)
def test_it_is_refused_in_words(refused: dict[str, list[str]], number: int, broken: Broken) -> None:
    (message,) = refused[f"{PREFIX}{number}"]
    assert "Nothing was changed." in message
    told = [line for line in message.splitlines() if broken.variable in line and broken.words in line]
    assert told, message
    assert "changeme" not in message


def test_the_file_is_named(refused: dict[str, list[str]]) -> None:
    """Of every value that stands in a file and is wrong by itself."""
    typed = [number for number, broken in enumerate(OFFLINE) if broken.variable in broken.typed]
    without = [number for number in typed if f"{Path('hosts.yml')}:" not in "".join(refused[f"{PREFIX}{number}"])]
    # A boolean or nothing bears no place of its own; its name's place is that of the first file that has it.
    assert {type(OFFLINE[number].typed[OFFLINE[number].variable]) for number in without} <= {bool, type(None)}


def test_there_are_at_least_a_hundred() -> None:
    assert len({json.dumps(broken.typed, sort_keys=True) for broken in ALL}) >= 100
