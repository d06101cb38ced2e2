"""A private API as the tests of the apigateway_* modules need it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.integration.cloud import REGION, Cloud
from tests.integration.running import Runner

INVOKE = (
    f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/"
    f"arn:aws:lambda:{REGION}:123456789012:function:Chatbot/invocations"
)
ORIGIN = "method.response.header.Access-Control-Allow-Origin"
MOCK: dict[str, Any] = {"type": "mock", "request_templates": {"application/json": '{"statusCode": 200}'}}


def policy(resource: str = "execute-api:/*", principal: Any = "*") -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": principal, "Action": "execute-api:Invoke", "Resource": resource}
        ],
    }


@dataclass
class Api:
    """A private API made by our own modules, with a function behind it and two VPC endpoints."""

    run: Runner
    endpoints: list[str] = field(default_factory=list)
    id: str = ""

    @property
    def cloud(self) -> Cloud:
        return self.run.cloud

    def make_endpoints(self) -> None:
        ec2 = self.cloud.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.20.0.0/24")["Subnet"]["SubnetId"]
        for _number in range(2):
            made = ec2.create_vpc_endpoint(
                VpcId=vpc,
                ServiceName=f"com.amazonaws.{REGION}.execute-api",
                VpcEndpointType="Interface",
                SubnetIds=[subnet],
                PrivateDnsEnabled=False,
            )
            self.endpoints.append(made["VpcEndpoint"]["VpcEndpointId"])

    def options(self, **more: Any) -> dict[str, Any]:
        return {
            "name": "ChatbotApiTest",
            "description": "the chatbot's",
            "endpoint_types": ["PRIVATE"],
            "vpc_endpoint_ids": self.endpoints[:1],
            "tags": {"Team": "search"},
            "deployment": "chatbot-test",
            **more,
        }

    def make(self) -> None:
        self.id = self.run("apigateway_rest_api", self.options())["rest_api"]["id"]

    def define(self, *methods: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Options of the definition with these methods, or with the preflight answer; ``more`` replaces some."""
        return {"rest_api_id": self.id, "methods": list(methods or (preflight(),)), **more}

    def make_deployable(self) -> None:
        self.make()
        self.run("apigateway_definition", self.define())
        self.run("apigateway_resource_policy", {"rest_api_id": self.id, "policy": policy()})

    def paths(self) -> list[str]:
        found = self.cloud.client("apigateway").get_resources(restApiId=self.id)
        return sorted(item["path"] for item in found["items"])


def preflight(**more: Any) -> dict[str, Any]:
    """The method that answers browsers; ``more`` replaces some of its options."""
    return {
        "http_method": "OPTIONS",
        "integration": MOCK,
        "method_responses": {"200": {"response_parameters": {ORIGIN: True}}},
        "integration_responses": {"200": {"response_parameters": {ORIGIN: "'*'"}}},
        **more,
    }


def mock(http_method: str, path: str = "/") -> dict[str, Any]:
    return {"http_method": http_method, "path": path, "integration": MOCK}
