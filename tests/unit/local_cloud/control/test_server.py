"""The server itself: connections, loopback, recorded requests, the ``/_local`` routes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from control_builders import Cloud, Network, unique

from local_cloud.control.recorder import is_mutating
from local_cloud.control.server import make_loopback_server


def test_health(cloud: Cloud) -> None:
    assert cloud.local("GET", "health") == {"ready": True}


def test_unknown_route_and_bad_body(cloud: Cloud) -> None:
    assert cloud.http.get(f"{cloud.url}/_local/nothing").status_code == 404
    answer = cloud.http.put(f"{cloud.url}/_local/refusals", data=b"{")
    assert answer.status_code == 400
    assert cloud.http.put(f"{cloud.url}/_local/refusals", json={"disabled": ["nothing"]}).status_code == 400


def test_one_connection_carries_many_requests(cloud: Cloud) -> None:
    host, port = cloud.url.removeprefix("http://").split(":")
    request = b"GET /_local/health HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        for _round in range(3):
            connection.sendall(request)
            answer = connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200 ")
            assert b"Connection: close" not in answer


def test_unread_body_does_not_become_the_next_request(cloud: Cloud) -> None:
    host, port = cloud.url.removeprefix("http://").split(":")
    body = b"GET /_local/nothing HTTP/1.1\r\n\r\n"
    first = b"POST /v2/x/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(first)
        assert connection.recv(65536).startswith(b"HTTP/1.1 401 ")
        connection.sendall(b"GET /_local/health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_only_loopback() -> None:
    with pytest.raises(ValueError, match="loopback only"):
        make_loopback_server("0.0.0.0", 0, lambda environ, start: [])


def test_requests_are_recorded(cloud: Cloud) -> None:
    cloud.local("DELETE", "requests")
    name = unique("secret")
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name=name, SecretString="hush")
    with pytest.raises(ClientError):
        secrets.describe_secret(SecretId="nothing")
    cloud.client("apigateway").get_rest_apis()
    first, second, third = cloud.local("GET", "requests")
    assert (first["service"], first["operation"], first["mutating"]) == ("secretsmanager", "CreateSecret", True)
    assert (first["parameters"]["Name"], first["parameters"]["SecretString"]) == (name, "(sensitive)")
    assert (second["mutating"], second["error_code"]) == (False, "ResourceNotFoundException")
    assert second["status"] >= 400
    assert (third["operation"], third["mutating"], third["status"]) == ("GetRestApis", False, 200)


def test_files_are_recorded_by_their_size(cloud: Cloud, function: dict[str, Any]) -> None:
    cloud.local("DELETE", "requests")
    cloud.client("lambda").create_function(**function)
    recorded = cloud.local("GET", "requests")[-1]["parameters"]["Code"]["ZipFile"]
    assert recorded == f"({len(function['Code']['ZipFile'])} bytes)"


@pytest.mark.parametrize(
    ("service", "operation", "method", "params", "expected"),
    [
        ("ec2", "DescribeVpcs", "POST", {}, False),
        ("ec2", "CreateVpc", "POST", {}, True),
        ("ec2", "CreateVpc", "POST", {"DryRun": True}, False),
        ("lambda", "GetFunction", "GET", {}, False),
        ("dynamodb", "BatchGetItem", "POST", {}, False),
        ("dynamodb", "BatchWriteItem", "POST", {}, True),
        ("sts", "AssumeRole", "POST", {}, False),
        ("ecs", "RunTask", "POST", {}, True),
    ],
)
def test_mutating(service: str, operation: str, method: str, params: dict[str, Any], expected: bool) -> None:
    assert is_mutating(service, operation, method, params) is expected


def test_reported_interfaces(cloud: Cloud, network: Network) -> None:
    ec2, name = cloud.client("ec2"), f"eni-{network.vpc}"
    body = {"SubnetId": network.subnets[0], "PrivateIpAddress": "10.20.0.50", "Groups": [network.group]}
    cloud.local("PUT", f"enis/{name}", {**body, "InterfaceType": "lambda", "Description": "AWS Lambda VPC ENI"})
    filters = [
        {"Name": "group-id", "Values": [network.group]},
        {"Name": "interface-type", "Values": ["lambda"]},
    ]
    found = ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
    assert [(each["NetworkInterfaceId"], each["VpcId"]) for each in found] == [(name, network.vpc)]
    by_id = ec2.describe_network_interfaces(NetworkInterfaceIds=[name])["NetworkInterfaces"]
    assert by_id[0]["PrivateIpAddress"] == "10.20.0.50"
    cloud.local("DELETE", f"enis/{name}")
    assert ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"] == []


# moto's serialiser warns of a code that AWS's model does not have: this one is ours.
@pytest.mark.filterwarnings("ignore:Exception")
def test_what_is_not_there_says_so_at_once(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match="The local cloud does not have") as raised:
        cloud.client("ssm").describe_instance_information()
    assert raised.value.response["Error"]["Code"] == "NotImplemented"


def test_revision_moves_with_writes_that_worked(cloud: Cloud) -> None:
    logs, name = cloud.client("logs"), unique("group")
    before = cloud.local("GET", "revision")
    logs.create_log_group(logGroupName=name)
    logs.describe_log_groups(logGroupNamePrefix=name)
    with pytest.raises(ClientError):
        logs.create_log_group(logGroupName=name)
    after = cloud.local("GET", "revision")
    assert after["logs"] == before.get("logs", 0) + 1
    assert {**after, "logs": 0} == {**before, "logs": 0}


def test_reset_forgets_everything(cloud: Cloud, network: Network, service: dict[str, Any]) -> None:
    cloud.client("ecs").create_service(**service)
    cloud.local("PUT", f"enis/eni-{network.vpc}", {"SubnetId": network.subnets[0]})
    epoch = cloud.local("GET", "revision")["epoch"]
    assert cloud.http.post(f"{cloud.url}/moto-api/reset").status_code == 200
    assert cloud.local("GET", "requests") == []
    assert cloud.local("GET", "revision").keys() == {"epoch"}
    assert cloud.local("GET", "revision")["epoch"] != epoch
    assert cloud.client("ec2").describe_network_interfaces()["NetworkInterfaces"] == []
    assert cloud.client("ecs").list_clusters()["clusterArns"] == []


def test_process_starts_and_stops(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "local_cloud.control", "--port", str(port)]
    environment = {**os.environ, "LOCAL_CLOUD_STATE": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "control plane on" in line)
        assert line.strip().endswith(f"http://127.0.0.1:{port}")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_local/health", timeout=10) as answer:
            assert answer.read() == b'{"ready": true}'
        process.terminate()
        assert process.wait(timeout=20) == 0


def test_process_says_why_it_cannot_start() -> None:
    command = [sys.executable, "-m", "local_cloud.control", "--host", "0.0.0.0", "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "listens on loopback only" in done.stderr
    assert "Traceback" not in done.stderr
