"""What an operator can switch on: role, function, groups and permissions have it then, and nothing of it before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.system.company import Company, running_company

PARTS: dict[str, Any] = {
    "chatbot_embedding_model_id": "amazon.titan-embed-text-v2:0",
    "chatbot_embedding_dimensions": 512,
    "chatbot_rerank_model_id": "cohere.rerank-v3-5:0",
    "chatbot_rewrite_model_id": "jp.anthropic.claude-haiku-4-5-20251001-v1:0",
    "chatbot_bedrock_guardrail_id": "gr1234567890",
}
ROLE, FUNCTION = "lambda-rag-processor-role-prod", "ChatbotBackendFunctionProd"
GROUP, ANYWHERE = "lambda-rag-processor-sg", (443, "0.0.0.0/0")
SIDS = {"EmbedQuestions", "AskTheReranker", "Rerank", "RewriteQuestions", "RewriteQuestionsThroughTheProfile"}
SIDS |= {"ApplyTheGuardrail"}
PLACE = f"arn:aws:bedrock:{REGION}"


@dataclass(frozen=True)
class State:
    """The function's variables, the statements of its role by Sid, and where its group lets it go (port, block)."""

    variables: dict[str, str]
    statements: dict[str, dict[str, Any]]
    egress: set[tuple[int, str]]


def state_of(company: Company) -> State:
    client = company.cloud.client
    found = client("lambda").get_function_configuration(FunctionName=FUNCTION)["Environment"]["Variables"]
    policy = client("iam").get_role_policy(RoleName=ROLE, PolicyName="chatbot-function")["PolicyDocument"]
    groups = client("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": [GROUP]}])
    rules = groups["SecurityGroups"][0]["IpPermissionsEgress"]
    egress = {(rule["FromPort"], block["CidrIp"]) for rule in rules for block in rule["IpRanges"]}
    return State(found, {each["Sid"]: each for each in policy["Statement"]}, egress)


@dataclass(frozen=True)
class Life:
    """Deployed without the parts, then with them, then with a knowledge base, then without them again."""

    company: Company
    states: dict[str, State]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    steps: dict[str, dict[str, Any]] = {
        "without": {},
        "with": PARTS,
        "base": {"chatbot_knowledge_base_id": "LOCALKB001"},
        "again": {},
    }
    with running_company(tmp_path_factory.mktemp("optional")) as company:
        states = {}
        for name, variables in steps.items():
            company.site(**variables).succeeded()
            states[name] = state_of(company)
        yield Life(company, states)


def test_nothing_of_it_is_there_unless_it_is_asked_for(life: Life) -> None:
    for name in ("without", "again"):
        state = life.states[name]
        assert SIDS & set(state.statements) == set()
        assert [key for key in state.variables if key.startswith(("EMBEDDING", "RERANK", "REWRITE", "KNOWLEDGE"))] == []
    assert life.states["without"] == life.states["again"]


def test_the_function_is_told_what_is_switched_on(life: Life) -> None:
    told = life.states["with"].variables
    assert told["EMBEDDING_MODEL_ID"] == PARTS["chatbot_embedding_model_id"]
    assert (told["EMBEDDING_DIMENSIONS"], told["ES_RRF_K"], told["ES_VECTOR_FIELD"]) == ("512", "60", "vector")
    assert told["RERANK_MODEL_ID"] == PARTS["chatbot_rerank_model_id"]
    assert told["REWRITE_MODEL_ID"] == PARTS["chatbot_rewrite_model_id"]
    assert told["BEDROCK_GUARDRAIL_ID"] == PARTS["chatbot_bedrock_guardrail_id"]
    assert life.states["base"].variables["KNOWLEDGE_BASE_ID"] == "LOCALKB001"


def test_each_part_has_its_permission_and_no_more(life: Life) -> None:
    statements = life.states["with"].statements
    assert set(statements) >= SIDS
    titan = f"{PLACE}::foundation-model/{PARTS['chatbot_embedding_model_id']}"
    assert (statements["EmbedQuestions"]["Action"], statements["EmbedQuestions"]["Resource"]) == (
        ["bedrock:InvokeModel"],
        titan,
    )
    haiku = "foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0"
    through = statements["RewriteQuestionsThroughTheProfile"]
    assert through["Resource"] == [f"{PLACE}::{haiku}", f"arn:aws:bedrock:ap-northeast-3::{haiku}"]
    assert "AskTheKnowledgeBase" not in statements
    base = life.states["base"].statements["AskTheKnowledgeBase"]
    assert base["Resource"] == f"{PLACE}:{ACCOUNT}:knowledge-base/LOCALKB001"


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("bedrock:Retrieve", f"{PLACE}:{ACCOUNT}:knowledge-base/LOCALKB001", True),
        ("bedrock:Retrieve", f"{PLACE}:{ACCOUNT}:knowledge-base/OTHERKB001", False),
        ("bedrock:InvokeModel", f"{PLACE}::foundation-model/amazon.titan-embed-text-v2:0", True),
        ("bedrock:InvokeModelWithResponseStream", f"{PLACE}::foundation-model/amazon.titan-embed-text-v2:0", False),
        ("bedrock:InvokeModel", f"{PLACE}::foundation-model/cohere.embed-multilingual-v3", False),
        ("bedrock:InvokeModel", f"{PLACE}::foundation-model/cohere.rerank-v3-5:0", True),
        ("bedrock:InvokeModel", f"{PLACE}::foundation-model/amazon.rerank-v1:0", False),
        ("bedrock:Rerank", "*", True),
    ],
)
def test_the_role_is_judged_by_what_was_deployed(life: Life, action: str, resource: str, allowed: bool) -> None:
    """By the control plane, as the stand-ins ask it: a role with the statements of the step that has the part."""
    statements = life.states["base" if action == "bedrock:Retrieve" else "with"].statements
    document = {"Version": "2012-10-17", "Statement": list(statements.values())}
    life.company.cloud.client("iam").put_role_policy(
        RoleName=ROLE, PolicyName="chatbot-function", PolicyDocument=json.dumps(document)
    )
    need = {"action": action, "resource": resource}
    who = {"role_arn": f"arn:aws:iam::{ACCOUNT}:role/{ROLE}", "session_name": "s"}
    asked = {"service": "bedrock-runtime", "operation": "InvokeModel", "needs": [need], **who}
    assert life.company.cloud.ask("POST", "/_local/permissions/judge", asked)["allowed"] is allowed


def test_no_way_out_is_opened_before_it_is_needed(life: Life) -> None:
    """bedrock-agent-runtime has no endpoint in this company's VPC: it is reached through the NAT gateway."""
    assert {name: ANYWHERE in state.egress for name, state in life.states.items()} == {
        "without": False,
        "with": True,
        "base": True,
        "again": False,
    }
