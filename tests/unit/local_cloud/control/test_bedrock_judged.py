"""The Bedrock stand-ins before the real judge: a role's own key, its policy, and what AWS says where it lacks one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from control_builders import Cloud, trust, unique

from local_cloud.data.account import Account
from local_cloud.data.actor import DeniedError
from local_cloud.data.bedrock import permissions
from local_cloud.data.egress.targets import Connection
from local_cloud.data.settings import Settings

PLACE = "arn:aws:bedrock:ap-northeast-1"
RERANKER = f"{PLACE}::foundation-model/cohere.rerank-v3-5:0"
TITAN = f"{PLACE}::foundation-model/amazon.titan-embed-text-v2:0"
BASE = f"{PLACE}:123456789012:knowledge-base/LOCALKB001"
GUARDRAIL = f"{PLACE}:123456789012:guardrail/gr1"
WAY = Connection(None, "bedrock-agent-runtime.ap-northeast-1.amazonaws.com", 443)


@pytest.fixture
def key_with(cloud: Cloud) -> Callable[..., str]:
    """An access key of a session of a role that may do (action, resource) each."""

    def make(*allowed: tuple[str, str]) -> str:
        iam, role = cloud.client("iam"), unique("role")
        arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))["Role"]["Arn"]
        statements = [{"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in allowed]
        policy = {"Version": "2012-10-17", "Statement": statements or [_nothing()]}
        iam.put_role_policy(RoleName=role, PolicyName="p", PolicyDocument=json.dumps(policy))
        session = cloud.client("sts").assume_role(RoleArn=arn, RoleSessionName="function")
        return str(session["Credentials"]["AccessKeyId"])

    return make


def _nothing() -> dict[str, str]:
    return {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}


@pytest.fixture
def ask(cloud: Cloud, tmp_path: Path) -> Callable[[Callable[[Account], Awaitable[Any]]], Any]:
    """Runs a question to the control plane, as the data plane's account asks it."""

    def run(question: Callable[[Account], Awaitable[Any]]) -> Any:
        async def within() -> Any:
            account = Account(Settings(tmp_path, control_port=urlsplit(cloud.url).port or 0))
            try:
                return await question(account)
            finally:
                await account.close()

        return asyncio.run(within())

    return run


@pytest.mark.parametrize(
    ("operation", "resource", "needed"),
    [
        ("Rerank", RERANKER, [("bedrock:Rerank", "*"), ("bedrock:InvokeModel", RERANKER)]),
        ("Retrieve", "LOCALKB001", [("bedrock:Retrieve", BASE)]),
        ("invoke", TITAN, [("bedrock:InvokeModel", TITAN)]),
        ("guardrail", "gr1", [("bedrock:ApplyGuardrail", GUARDRAIL)]),
    ],
)
def test_each_call_needs_each_permission(
    ask: Any, key_with: Any, operation: str, resource: str, needed: list[tuple[str, str]]
) -> None:
    authorize = permissions.authorize_agent if operation[0].isupper() else permissions.authorize

    def ask_with(*allowed: tuple[str, str]) -> None:
        key = key_with(*allowed)
        ask(lambda account: authorize(account, key, operation, resource, WAY))

    ask_with(*needed)
    for missing in needed:
        with pytest.raises(DeniedError) as caught:
            ask_with(*[each for each in needed if each != missing])
        assert caught.value.code == "AccessDeniedException"
        assert missing[0] in caught.value.message


def test_the_account_s_one_knowledge_base(ask: Any) -> None:
    known = [
        ask(lambda account, name=name: permissions.knowledge_base_exists(account, name))
        for name in ("LOCALKB001", "NOSUCHKB01")
    ]
    assert known == [True, False]


def test_the_control_plane_of_agents_is_judged_too(cloud: Cloud, key_with: Any) -> None:
    key = key_with(("bedrock:Rerank", "*"))
    client = boto3.client(
        "bedrock-agent",
        region_name="ap-northeast-1",
        endpoint_url=cloud.url,
        aws_access_key_id=key,
        aws_secret_access_key="any",
    )
    with pytest.raises(client.exceptions.AccessDeniedException, match="bedrock:GetKnowledgeBase"):
        client.get_knowledge_base(knowledgeBaseId="LOCALKB001")
