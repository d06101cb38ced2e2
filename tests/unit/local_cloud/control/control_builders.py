"""What the control plane's tests build things from: plain values and calls, no fixtures."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from dataclasses import dataclass
from typing import Any

import boto3
import requests
from botocore.config import Config

from local_cloud.control.settings import REGION

Client = Any


@dataclass(frozen=True)
class Network:
    """A VPC with DNS, two subnets in different zones, one more in the first zone, a group."""

    vpc: str
    subnets: list[str]
    twin: str
    group: str


class Cloud:
    """A client's view of the control plane."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        self.http.trust_env = False
        self._clients: dict[str, Client] = {}

    def client(self, service: str) -> Client:
        """A boto3 client that neither retries nor checks parameters: faults must reach the server."""
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                endpoint_url=self.url,
                region_name=REGION,
                aws_access_key_id="testing",
                aws_secret_access_key="testing",
                config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
            )
        return self._clients[service]

    def local(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer of a ``/_local`` route."""
        answer = self.http.request(method, f"{self.url}/_local/{path}", json=body)
        answer.raise_for_status()
        return answer.json()


def unique(prefix: str) -> str:
    """A name nobody else uses."""
    return f"{prefix}-{uuid.uuid4().hex[:10]}"


ENDPOINT = f"com.amazonaws.{REGION}.execute-api"


ALLOW_ALL = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}


POLICY = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW_ALL]})


@dataclass(frozen=True)
class Api:
    """A private API with POST / to Lambda."""

    id: str
    root: str


FUNCTION = f"arn:aws:lambda:{REGION}:123456789012:function:f"


LAMBDA_URI = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"


def trust(service: str) -> str:
    """A trust policy for one service."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def zipped(text: str = "def lambda_handler(event, context): return event\n") -> bytes:
    """A function's zip."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(zipfile.ZipInfo("lambda_function.py"), text)
    return data.getvalue()


def target_group(cloud: Cloud, network: Network) -> str:
    """The ARN of a new target group."""
    made = cloud.client("elbv2").create_target_group(
        Name=unique("tg"), Protocol="HTTP", Port=8080, VpcId=network.vpc, TargetType="ip"
    )
    return str(made["TargetGroups"][0]["TargetGroupArn"])


def task_definition(**changes: Any) -> dict[str, Any]:
    """The parameters of a sane RegisterTaskDefinition for Fargate."""
    container = {"name": "app", "image": "app", "portMappings": [{"containerPort": 8080}]}
    return {
        "family": unique("task"),
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "containerDefinitions": [container],
        **changes,
    }


def scalable(service: dict[str, Any]) -> dict[str, str]:
    """What names a service's scalable target."""
    return {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/{service['cluster']}/{service['serviceName']}",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
