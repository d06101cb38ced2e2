"""The local cloud's own evaluator against one of other people's (@cloud-copilot/iam-simulate), case by case.

The cases are those that the walk of the controller met, and each of them changed in ways that must be denied.
Run as whole_walk.py is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from local_cloud.control.permissions.judgement import Policies, judge
from local_cloud.control.permissions.needs import Need
from local_cloud.control.permissions.principals import Principal
from tests.integration.permissions.controller import Recording
from tests.integration.system.company import Company
from tools.iam_policies.store import ACCOUNT
from tools.iam_referee import referee

Case = dict[str, Any]
# Actions that AWS's Service Authorization Reference lists without a resource type that AWS does ask for.
UNLISTED = {"apigateway:POST", "apigateway:PUT", "apigateway:GET", "apigateway:PATCH", "apigateway:DELETE"} | {
    f"elasticloadbalancing:{action}" for action in ("AddTags", "RemoveTags")
}


@pytest.fixture(scope="module")
def cases(company: Company, recording: Recording) -> list[Case]:
    """Every distinct permission that was judged in the walk."""
    found: list[Case] = company.cloud.get("/_local/permissions/cases")
    assert len(found) > 150
    assert recording.runs
    return found


def ours(case: Case) -> str:
    principal = Principal("user", case["principal"], case["principal"])
    need = Need(case["action"], case["resource"], case["context"])
    policies = Policies(case["identity"], case["boundary"], case["endpoint"], case["resource_policy"])
    return judge(principal, ACCOUNT, need, policies).word


def changed(case: Case) -> Iterator[Case]:
    """The same call under other policies, from another place, by another."""
    own = {"Effect": "Allow", "Action": case["action"], "Resource": "*"}
    deny = {"Effect": "Deny", "Action": case["action"].partition(":")[0] + ":*", "Resource": case["resource"]}
    yield {**case, "identity": []}
    yield {**case, "identity": [*case["identity"], document(deny)]}
    yield {**case, "boundary": [document({**own, "Action": "s3:*"})]}
    yield {**case, "boundary": [document(own)]}
    yield {**case, "context": {"aws:RequestTag/private-rag:deployment": "another"}}
    yield {**case, "context": {}}
    yield {**case, "identity": [document({**own, "NotResource": case["resource"]}, drop="Resource")]}
    yield {**case, "identity": [document({**own, "NotAction": case["action"]}, drop="Action")]}
    condition = {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}
    yield {**case, "identity": [document({**own, "Condition": condition})]}
    yield {**case, "identity": [document({**own, "Condition": condition})], "context": {"aws:SourceVpce": "vpce-1"}}
    exists = {"ArnLikeIfExists": {"aws:PrincipalArn": "arn:aws:iam::*:user/control*"}}
    yield {**case, "identity": [document({**own, "Condition": exists})]}
    keys = {"ForAllValues:StringEquals": {"aws:TagKeys": ["private-rag:deployment", "Name"]}}
    yield {**case, "identity": [document({**own, "Condition": keys})]}


def document(statement: dict[str, Any], drop: str = "") -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{key: value for key, value in statement.items() if key != drop}],
    }


def differences(cases: list[Case]) -> list[tuple[str, str, str, Any]]:
    answers = referee.judge(cases)
    assert len(answers) == len(cases)
    return [
        (case["action"], case["resource"], ours(case), answer)
        for case, answer in zip(cases, answers, strict=True)
        if ours(case) != answer["decision"]
    ]


def test_the_referee_agrees_on_every_call(cases: list[Case]) -> None:
    """It also checks each action's name and resource type against AWS's list."""
    assert differences(cases) == []
    unlisted = {answer["unlisted"] for answer in referee.judge(cases) if "unlisted" in answer}
    assert unlisted <= UNLISTED


def test_the_referee_agrees_where_something_is_changed(cases: list[Case]) -> None:
    more = [one for case in cases for one in changed(case)]
    assert differences(more) == []
    words = Counter(map(ours, more))
    assert min(words[word] for word in ("allowed", "explicitDeny", "implicitDeny")) > 100
