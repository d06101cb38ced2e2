"""What somebody made by hand under one of our names is refused, and taken over only where that is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.system.account import Snapshot, differences
from tests.integration.system.company import Company

PLAYBOOK = "tests/integration/system/namesakes.yml"
ROLE, LAST_ROLE, TABLE, LOG_GROUP, GROUP = (
    "lambda-rag-processor-role-dev",
    "ecs-task-role-sg-dev",
    "ChatHistoryDev",
    "/ecs/chatbot-frontend-task-dev",
    "chatbot-alb-sg-dev",
)
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}


class ByHand:
    """Two of the roles, a table with other keys, a log group and a security group, as somebody followed the guide."""

    def __init__(self, company: Company) -> None:
        make = company.cloud.client
        self.iam, self.dynamodb, self.logs, self.ec2 = (make(n) for n in ("iam", "dynamodb", "logs", "ec2"))

    def make(self) -> None:
        for role in (ROLE, LAST_ROLE):
            self.iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(TRUST))
        self.dynamodb.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "SessionId", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "SessionId", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.logs.create_log_group(logGroupName=LOG_GROUP)
        named = {"Name": "tag:Name", "Values": ["corp-vpc"]}
        vpc = self.ec2.describe_vpcs(Filters=[named])["Vpcs"][0]["VpcId"]
        self.ec2.create_security_group(GroupName=GROUP, Description="Internal load balancer of the chatbot", VpcId=vpc)

    def remove(self, company: Company) -> None:
        """Also what `namesakes.yml` made around them when it took them over."""
        self.dynamodb.delete_table(TableName=TABLE)
        company.destroy(chatbot_environment="dev", chatbot_confirm_destroy=True).succeeded()


@dataclass(frozen=True)
class Meeting:
    """What was said of each namesake, and the namesakes before and after."""

    said: dict[str, str]
    before: Snapshot
    after: Snapshot


@pytest.fixture(scope="module")
def refused(company: Company) -> Iterator[Meeting]:
    by_hand = ByHand(company)
    by_hand.make()
    before = company.now()
    said = met(company)
    after = company.now()
    yield Meeting(said, before, {name: after[name] for name in before})
    by_hand.remove(company)


def met(company: Company, **variables: Any) -> dict[str, str]:
    run = company.playbooks.run(PLAYBOOK, chatbot_environment="dev", **variables).succeeded()
    said: dict[str, str] = dict(run.results())["Tell what they said"]["namesakes_met"]
    return said


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("role", [ROLE, LAST_ROLE, "assume_role_policy"]),
        ("log group", [LOG_GROUP, "retention_days: 0 -> 90"]),
        ("groups", [GROUP]),
    ],
)
def test_a_namesake_is_refused_with_what_differs(refused: Meeting, kind: str, words: list[str]) -> None:
    said = refused.said[kind]
    assert "was not made by this deployment" in said
    assert "chatbot_adopt: true" in said
    assert [word for word in words if word not in said] == []


def test_a_table_with_other_keys_is_refused_for_good(refused: Meeting) -> None:
    """AWS never changes the keys of a table, so taking it over is not offered."""
    said = refused.said["table"]
    words = (TABLE, "was not made by this deployment", "SessionId", "pk (HASH S)", "Choose another name")
    assert [word for word in words if word not in said] == []
    assert "chatbot_adopt" not in said


def test_what_is_refused_is_left_as_it_is(refused: Meeting) -> None:
    assert differences(refused.before, refused.after) == []


def test_they_are_taken_over_where_that_is_asked_for(company: Company, refused: Meeting) -> None:
    """All but the table."""
    said = met(company, chatbot_adopt=True)
    assert {said[kind] for kind in ("groups", "role", "log group")} == {"taken"}
    assert refused.said["table"].endswith(said["table"])
    role = company.cloud.client("iam").get_role(RoleName=ROLE)["Role"]
    assert {"Key": "private-rag:deployment", "Value": "chatbot-dev"} in role["Tags"]
    group = company.cloud.client("logs").describe_log_groups(logGroupNamePrefix=LOG_GROUP)["logGroups"][0]
    assert group["retentionInDays"] == 90
