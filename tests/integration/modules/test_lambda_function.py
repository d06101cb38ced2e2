"""lambda_function: every field, waiting, and what Lambda has not heard of yet."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cloud import REGION, Cloud
from tests.integration.modules.life import refused
from tests.integration.running import ModuleFailed, Runner

NAME = "ChatbotBackendFunctionTest"
ARN = f"arn:aws:lambda:{REGION}:123456789012:function:{NAME}"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def package(path: Path, text: str = "def lambda_handler(event, context): return {}\n") -> str:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(zipfile.ZipInfo("lambda_function.py"), text)
    path.write_bytes(data.getvalue())
    return base64.b64encode(hashlib.sha256(data.getvalue()).digest()).decode()


VPC_ACCESS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "ec2:CreateNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSubnets",
                "ec2:DeleteNetworkInterface",
            ],
            "Resource": "*",
        }
    ],
}


def role(cloud: Cloud, name: str = "lambda-role") -> str:
    iam = cloud.client("iam")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.put_role_policy(RoleName=name, PolicyName="vpc", PolicyDocument=json.dumps(VPC_ACCESS))
    return str(made["Role"]["Arn"])


SETTINGS: dict[str, Any] = {
    "name": NAME,
    "description": "answers questions",
    "runtime": "python3.12",
    "architectures": ["x86_64"],
    "handler": "lambda_function.lambda_handler",
    "timeout": 28,
    "memory_size": 512,
    "ephemeral_storage": 1024,
    "environment": {"ES_HOST": "https://search.corp.example:9200", "ES_SIZE": 5},
    "log_group": f"/aws/lambda/{NAME}",
    "log_format": "JSON",
    "layers": [],
    "reserved_concurrency": 10,
    "tracing_mode": "Active",
    "tags": {"Team": "search"},
    "deployment": "chatbot-test",
}


@pytest.fixture
def function(cloud: Cloud, tmp_path: Path) -> dict[str, Any]:
    """Every option of a function in a VPC."""
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"]
        for n, zone in enumerate("ac")
    ]
    group = ec2.create_security_group(VpcId=vpc, GroupName="lambda", Description="lambda")["GroupId"]
    package(tmp_path / "code.zip")
    return {
        **SETTINGS,
        "role": role(cloud),
        "zip_file": str(tmp_path / "code.zip"),
        "subnet_ids": [subnet["SubnetId"] for subnet in subnets],
        "security_group_ids": [group],
    }


ABSENT = {"name": NAME, "deployment": "chatbot-test", "state": "absent"}
OTHER: dict[str, Any] = {
    "description": "",
    "runtime": "python3.13",
    "handler": "lambda_function.other",
    "timeout": 3,
    "memory_size": 256,
    "ephemeral_storage": 512,
    "environment": {"ES_HOST": "search:9200"},
    "log_group": "/other",
    "log_format": "Text",
    "reserved_concurrency": -1,
    "tracing_mode": "PassThrough",
    "tags": {},
}


def test_created_as_predicted_then_left_alone_then_deleted(run_module: Runner, function: dict[str, Any]) -> None:
    done = run_module.applied("lambda_function", function)
    assert done["action"] == "create"
    found = done["function"]
    assert (found["arn"], found["version"]) == (ARN, "$LATEST")
    prefix = f"arn:aws:apigateway:{REGION}:lambda:path"
    assert found["invoke_arn"] == f"{prefix}/2015-03-31/functions/{ARN}/invocations"
    assert found["stream_invoke_arn"] == f"{prefix}/2021-11-15/functions/{ARN}/response-streaming-invocations"
    assert found["environment"] == {"ES_HOST": "https://search.corp.example:9200", "ES_SIZE": "5"}
    assert run_module.applied("lambda_function", ABSENT)["action"] == "delete"


@pytest.mark.parametrize("field", sorted(OTHER))
def test_each_difference_is_corrected_and_named(run_module: Runner, function: dict[str, Any], field: str) -> None:
    run_module("lambda_function", function)
    done = run_module.applied("lambda_function", {**function, field: OTHER[field]})
    assert (done["action"], list(done["changes"])) == ("update", [field])


def test_another_architecture_comes_with_the_code(run_module: Runner, function: dict[str, Any], cloud: Cloud) -> None:
    run_module("lambda_function", function)
    cloud.forget()
    predicted = run_module("lambda_function", {**function, "architectures": ["arm64"]}, check=True)
    run_module("lambda_function", {**function, "architectures": ["arm64"]})
    assert predicted["changes"] == {"architectures": {"before": ["x86_64"], "after": ["arm64"]}}
    sent = [request for request in cloud.get("/_local/requests") if request["mutating"]]
    assert [(request["operation"], request["parameters"]["Architectures"]) for request in sent] == [
        ("UpdateFunctionCode", ["arm64"])
    ]


def test_code_role_and_network_are_corrected(
    run_module: Runner, function: dict[str, Any], cloud: Cloud, tmp_path: Path
) -> None:
    run_module("lambda_function", function)
    changed = {
        **function,
        "role": role(cloud, "another-role"),
        "zip_file": str(tmp_path / "new.zip"),
        "subnet_ids": [],
        "security_group_ids": [],
    }
    digest = package(tmp_path / "new.zip", "def lambda_handler(event, context): return 1\n")
    done = run_module.applied("lambda_function", changed)
    assert list(done["changes"]) == ["code_sha256", "role", "security_group_ids", "subnet_ids"]
    assert done["function"]["code_sha256"] == digest


def test_what_is_added_by_hand_is_removed(run_module: Runner, function: dict[str, Any], cloud: Cloud) -> None:
    run_module("lambda_function", function)
    cloud.client("lambda").update_function_configuration(FunctionName=NAME, Environment={"Variables": {"ROGUE": "1"}})
    done = run_module.applied("lambda_function", function)
    assert done["changes"]["environment"]["before"] == {"ROGUE": "1"}


def test_yamls_words_as_a_program_expects_them(run_module: Runner, function: dict[str, Any]) -> None:
    run_module("lambda_function", function)
    done = run_module.applied("lambda_function", {**function, "environment": {"ON": True, "EMPTY": "", "SIZE": 5}})
    assert done["function"]["environment"] == {"EMPTY": "", "ON": "true", "SIZE": "5"}
    unset = {**function, "environment": {"ON": True, "ES_CA": None}}
    refused(run_module, "lambda_function", unset, 'environment: ES_CA has no value; write "" for an empty one')


def test_options_left_out_are_not_managed(run_module: Runner, function: dict[str, Any]) -> None:
    run_module("lambda_function", function)
    run_module.unchanged("lambda_function", {"name": NAME, "timeout": 28})


def test_creation_cut_off_before_the_concurrency_is_finished(
    run_module: Runner, function: dict[str, Any], cloud: Cloud
) -> None:
    run_module("lambda_function", {**function, "reserved_concurrency": None})
    done = run_module.applied("lambda_function", function)
    assert done["changes"] == {"reserved_concurrency": {"before": -1, "after": 10}}


def test_a_function_that_is_being_made_is_not_waited_for_where_that_is_said(
    run_module: Runner, function: dict[str, Any], cloud: Cloud
) -> None:
    def state() -> str:
        return str(cloud.client("lambda").get_function(FunctionName=NAME)["Configuration"]["State"])

    given = {**function, "reserved_concurrency": -1, "wait": False}
    cloud.put("/_local/time", {"scale": 1, "provisioning": {"lambda_function.vpc.create": 100_000}})
    try:
        assert run_module("lambda_function", given)["action"] == "create"
        assert run_module("lambda_function", given)["action"] == "none"
        assert state() == "Pending"
        # A change has to wait, and goes on where the function is there.
        cloud.put("/_local/time", {})
        assert run_module("lambda_function", {**given, "timeout": 5})["action"] == "update"
        assert state() == "Active"
    finally:
        cloud.put("/_local/time", {})


def test_in_check_mode_the_package_need_not_be_there(run_module: Runner, function: dict[str, Any]) -> None:
    unbuilt = {**function, "zip_file": "/nonexistent/code.zip"}
    predicted = run_module.checked("lambda_function", unbuilt)
    assert predicted["function"]["code_sha256"] == "(known after apply: package sha256)"
    known = run_module.checked("lambda_function", {**unbuilt, "code_sha256": "abc="})
    assert known["function"]["code_sha256"] == "abc="
    with pytest.raises(ModuleFailed, match=r"zip_file: cannot read /nonexistent/code\.zip: No such file"):
        run_module("lambda_function", unbuilt)


def test_placeholders_of_earlier_tasks_are_taken(run_module: Runner, function: dict[str, Any]) -> None:
    empty = {**function, "role": "(known after apply: role arn)", "security_group_ids": ["(known after apply: group)"]}
    assert run_module.checked("lambda_function", empty)["action"] == "create"
    run_module("lambda_function", function)
    predicted = run_module.checked("lambda_function", empty)
    assert list(predicted["changes"]) == ["role", "security_group_ids"]


def test_what_creation_needs_is_said(run_module: Runner, function: dict[str, Any]) -> None:
    with pytest.raises(ModuleFailed, match="to create it needs runtime, handler, role, zip_file"):
        run_module("lambda_function", {"name": NAME})


def make_by_hand(cloud: Cloud, function: dict[str, Any]) -> None:
    cloud.client("lambda").create_function(
        FunctionName=NAME,
        Runtime="python3.12",
        Role=function["role"],
        Handler="lambda_function.lambda_handler",
        Code={"ZipFile": Path(function["zip_file"]).read_bytes()},
    )


def test_foreign_function_is_refused_then_adopted(run_module: Runner, function: dict[str, Any], cloud: Cloud) -> None:
    make_by_hand(cloud, function)
    with pytest.raises(ModuleFailed, match=r"not made by this deployment.*memory_size: 128 -> 512"):
        run_module("lambda_function", function)
    assert not run_module("lambda_function", ABSENT)["changed"]
    run_module.applied("lambda_function", {**function, "adopt": True})
