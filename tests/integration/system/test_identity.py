"""A deployment that knows its callers: everything that it adds, nothing twice, and all of it gone again without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.integration.system.company import Company
from tests.integration.system.playbooks import Run

ISSUER = "https://login.corp.example/tenant"
KEYS = {"keys": [{"kty": "RSA", "kid": "one", "n": "AQAB", "e": "AQAB"}]}
FUNCTION, ROLES = "ChatbotBackendFunctionProd", ("lambda-rag-processor-role-prod", "ecs-task-execution-role-sg")


@dataclass(frozen=True)
class Known:
    """The account after the runs, and the ARN of the client secret."""

    company: Company
    secret: str
    repeated: Run

    def environment(self) -> dict[str, str]:
        configuration = self.company.cloud.client("lambda").get_function_configuration(FunctionName=FUNCTION)
        found: dict[str, str] = configuration["Environment"]["Variables"]
        return found

    def container(self) -> dict[str, Any]:
        ecs = self.company.cloud.client("ecs")
        definition = ecs.describe_task_definition(taskDefinition="chatbot-frontend-task-prod")
        found: dict[str, Any] = definition["taskDefinition"]["containerDefinitions"][0]
        return found

    def egress(self, group: str) -> list[tuple[int, str]]:
        ec2 = self.company.cloud.client("ec2")
        (found,) = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": [group]}])["SecurityGroups"]
        return [
            (rule["FromPort"], block["CidrIp"]) for rule in found["IpPermissionsEgress"] for block in rule["IpRanges"]
        ]

    def secrets_of(self, role: str) -> list[str]:
        iam = self.company.cloud.client("iam")
        statements = [
            statement
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
            for statement in iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]["Statement"]
        ]
        return sorted(each["Resource"] for each in statements if "secretsmanager:GetSecretValue" in each["Action"])


@pytest.fixture(scope="module")
def known(company: Company) -> Iterator[Known]:
    """Keys by address, through a proxy's port that no other rule opens; people sign in on the page."""
    with company.copy() as copy:
        manager = copy.cloud.client("secretsmanager")
        secret = manager.create_secret(Name="chatbot/sign-in", SecretString="never shown")["ARN"]
        ca_file = copy.playbooks.state / "pki" / "corp-ca.pem"
        variables: dict[str, Any] = {
            "chatbot_identity_issuer": ISSUER,
            "chatbot_identity_client_id": "chatbot",
            "chatbot_identity_client_secret_arn": f"{secret}:client_secret::",
            "chatbot_identity_jwks_url": f"{ISSUER}/keys",
            "chatbot_identity_cidrs": ["10.40.0.0/16"],
            "chatbot_identity_proxy": "http://proxy.corp.example:3128",
            "chatbot_identity_port": 3128,
            "chatbot_identity_ca_file": str(ca_file),
            "network_identity_cidrs": [],  # the company's network has no such route
        }
        copy.site(**variables).succeeded()
        yield Known(copy, secret, copy.site(**variables).succeeded())


def test_a_second_run_changes_nothing(known: Known) -> None:
    assert known.repeated.changed() == []


def test_the_function_knows_the_provider(known: Known) -> None:
    identity = {name: value for name, value in known.environment().items() if name.startswith("IDENTITY_")}
    assert identity == {
        "IDENTITY_ISSUER": ISSUER,
        "IDENTITY_AUDIENCES": "chatbot",
        "IDENTITY_JWKS_URL": f"{ISSUER}/keys",
        "IDENTITY_JWKS_FILE": "",
        "IDENTITY_JWKS_SECRET_ID": "",
        "IDENTITY_CA_FILE": "certs/identity-ca.pem",
        "IDENTITY_PROXY": "http://proxy.corp.example:3128",
        "IDENTITY_GROUPS_CLAIM": "groups",
        "IDENTITY_REQUIRED": "false",
        "IDENTITY_LEEWAY_SECONDS": "60",
    }


def test_the_package_has_what_verifies_and_stays_below_eight_megabytes(known: Known) -> None:
    configuration = known.company.cloud.client("lambda").get_function_configuration(FunctionName=FUNCTION)
    assert configuration["CodeSize"] < 8_000_000


def test_the_page_signs_in(known: Known) -> None:
    container = known.container()
    environment = {each["name"]: each["value"] for each in container["environment"]}
    assert environment["CHAT_SIGN_IN_METADATA_URL"] == f"{ISSUER}/.well-known/openid-configuration"
    assert environment["CHAT_SIGN_IN_REDIRECT_URI"].endswith("/oauth2callback")
    assert environment["CHAT_SIGN_IN_CA_PEM"].startswith("-----BEGIN CERTIFICATE-----")
    assert environment["HTTPS_PROXY"] == "http://proxy.corp.example:3128"
    assert "amazonaws.com" in environment["NO_PROXY"]
    secrets = {each["name"]: each["valueFrom"] for each in container["secrets"]}
    assert secrets["CHAT_SIGN_IN_CLIENT_SECRET"] == f"{known.secret}:client_secret::"
    assert "never shown" not in json.dumps(container)


def test_both_are_let_out_to_the_provider(known: Known) -> None:
    for group in ("lambda-rag-processor-sg", "streamlit-fargate-task-sg"):
        assert (3128, "10.40.0.0/16") in known.egress(group)


def test_only_the_task_may_read_the_client_secret(known: Known) -> None:
    function, execution = (known.secrets_of(role) for role in ROLES)
    assert known.secret in execution
    assert known.secret not in function
    assert len(function) == 1


def test_browsers_may_send_the_token(known: Known) -> None:
    gateway = known.company.cloud.client("apigateway")
    (api,) = gateway.get_rest_apis()["items"]
    (root,) = [each for each in gateway.get_resources(restApiId=api["id"])["items"] if each["path"] == "/"]
    answer = gateway.get_integration_response(
        restApiId=api["id"], resourceId=root["id"], httpMethod="OPTIONS", statusCode="200"
    )
    allowed = answer["responseParameters"]["method.response.header.Access-Control-Allow-Headers"]
    assert "X-Chat-Id-Token" in allowed


def test_keys_of_a_closed_network_and_back_to_no_identity(known: Known, tmp_path: Path) -> None:
    """Keys in a file, nobody signs in: nothing is let out; then without an issuer, as before."""
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(KEYS))
    closed = {
        "chatbot_identity_issuer": ISSUER,
        "chatbot_identity_client_id": "chatbot",
        "chatbot_identity_jwks_file": str(file),
    }
    known.company.site(**closed).succeeded()
    assert known.environment()["IDENTITY_JWKS_FILE"] == "identity/jwks.json"
    assert not [each for each in known.container()["environment"] if each["name"].startswith("CHAT_SIGN_IN")]
    assert [each["name"] for each in known.container()["secrets"]] == ["STREAMLIT_SERVER_COOKIE_SECRET"]
    assert 3128 not in [port for port, _cidr in known.egress("lambda-rag-processor-sg")]
    known.company.site().succeeded()
    assert not [name for name in known.environment() if name.startswith("IDENTITY_")]
    assert known.secret not in known.secrets_of(ROLES[1])
