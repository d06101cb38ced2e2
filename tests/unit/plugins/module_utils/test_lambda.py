# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A function between the API and the module, its package, its policy, and refusals that pass by themselves."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.amazon.aws.plugins.module_utils import cloud as amazon_cloud
from ansible_collections.private_rag.aws.plugins.module_utils import _lambda_function as shapes
from ansible_collections.private_rag.aws.plugins.module_utils import _lambda_package as build
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import ReconcileError
from ansible_collections.private_rag.aws.plugins.module_utils._retries import RETRIES, patiently
from ansible_collections.private_rag.aws.plugins.modules.lambda_resource_policy import state_of as statement_of
from botocore.exceptions import ClientError

ARN = "arn:aws:lambda:ap-northeast-1:123456789012:function:Chatbot"
BARE = {"FunctionName": "Chatbot", "FunctionArn": ARN, "CodeSha256": "x", "Runtime": "python3.12", "MemorySize": 128}
ROLE = "The role defined for the function cannot be assumed by Lambda."


def test_what_get_function_leaves_out_has_its_default():
    state = shapes.state_of({"Configuration": BARE})
    expected = {
        "description": "",
        "environment": {},
        "log_group": "/aws/lambda/Chatbot",
        "log_format": "Text",
        "layers": [],
        "architectures": ["x86_64"],
        "ephemeral_storage": 512,
        "subnet_ids": [],
        "security_group_ids": [],
        "reserved_concurrency": -1,
        "tracing_mode": "PassThrough",
        "tags": {},
    }
    assert {field: state[field] for field in expected} == expected


@pytest.mark.parametrize(
    ("wanted", "request_"),
    [
        ({}, {}),
        ({"timeout": 28}, {"Timeout": 28}),
        ({"description": ""}, {"Description": ""}),
        ({"environment": {}}, {"Environment": {"Variables": {}}}),
        ({"log_format": "JSON"}, {"LoggingConfig": {"LogGroup": "/a", "LogFormat": "JSON"}}),
        ({"subnet_ids": []}, {"VpcConfig": {"SubnetIds": [], "SecurityGroupIds": ["sg-1"]}}),
    ],
)
def test_only_what_differs_is_sent_but_groups_whole(wanted: dict[str, Any], request_: dict[str, Any]):
    current = {"log_group": "/a", "log_format": "Text", "security_group_ids": ["sg-1"], "subnet_ids": ["subnet-1"]}
    assert shapes.configuration(wanted, {**current, **wanted}) == request_


@pytest.mark.parametrize(
    ("configuration", "changing"),
    [({"State": "Pending"}, True), ({"State": "Active", "LastUpdateStatus": "InProgress"}, True), ({}, False)],
)
def test_when_lambda_is_at_work(configuration: dict[str, Any], changing: bool):
    assert shapes.is_changing(configuration) is changing


def test_a_statement_of_get_policy():
    statement = {
        "Sid": "api",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Condition": {"ArnLike": {"AWS:SourceArn": "arn"}, "StringEquals": {"AWS:SourceAccount": "123456789012"}},
    }
    assert statement_of(statement) == {
        "principal": "apigateway.amazonaws.com",
        "action": "lambda:InvokeFunction",
        "source_arn": "arn",
        "source_account": "123456789012",
        "other_conditions": {},
    }
    assert statement_of({"Sid": "all", "Principal": "*", "Action": "x"})["principal"] == "*"


def test_a_condition_that_no_option_stands_for_is_told_apart():
    condition = {"ArnLike": {"AWS:SourceArn": "arn"}, "StringEquals": {"lambda:EventSourceToken": "token"}}
    state = statement_of({"Sid": "api", "Principal": "*", "Action": "x", "Condition": condition})
    assert (state["source_arn"], state["other_conditions"]) == ("arn", {"lambda:eventsourcetoken": "token"})


class Service:
    """Refuses so many times, then answers."""

    def __init__(self, times: int, message: str = ROLE, code: str = "InvalidParameterValueException") -> None:
        self.times, self.calls = times, 0
        self.error = ClientError({"Error": {"Code": code, "Message": message}}, "CreateFunction")

    def __call__(self, **parameters: Any) -> dict[str, Any]:
        self.calls += 1
        if self.calls <= self.times:
            raise self.error
        return parameters


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds: list[float] = []
    monkeypatch.setattr(amazon_cloud.time, "sleep", seconds.append)
    return seconds


def test_a_role_that_is_not_known_yet_is_waited_for(slept: list[float]):
    service = Service(3)
    assert patiently("lambda_role_usable", service)(FunctionName="x") == {"FunctionName": "x"}
    assert slept == [2, 2, 2]


def test_the_wait_has_an_end_after_a_minute(slept: list[float]):
    with pytest.raises(ClientError, match="cannot be assumed"):
        patiently("lambda_role_usable", Service(1000))()
    assert sum(slept) == 58
    assert RETRIES["lambda_role_usable"][0].attempts == 30


@pytest.mark.parametrize(
    "service",
    [Service(1, "Unzipped size must be smaller than 262144000 bytes"), Service(1, code="AccessDeniedException")],
)
def test_a_lasting_fault_is_told_at_once(slept: list[float], service: Service):
    with pytest.raises(ClientError):
        patiently("lambda_role_usable", service)()
    assert (slept, service.calls) == ([], 1)


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def test_hidden_compiled_and_excluded_files_stay_out(tmp_path: Path):
    write(tmp_path, "b.py", "a/c.py", "a/__pycache__/c.pyc", "old.pyc", ".git/config", "a/.env", "docs/a.md")
    assert list(build.source_files(tmp_path, ["*.md"])) == ["a/c.py", "b.py"]


def test_what_pip_leaves_behind_stays_out(tmp_path: Path):
    write(
        tmp_path,
        "bin/tool",
        "tiny/bin/kept",
        "tiny/RECORD",
        *(f"t-1.dist-info/{name}" for name in ("RECORD", "METADATA")),
    )
    write(tmp_path, "t-1.dist-info/INSTALLER", "t-1.dist-info/direct_url.json", "t-1.dist-info/REQUESTED")
    assert list(build.installed_files(tmp_path)) == ["t-1.dist-info/METADATA", "tiny/RECORD", "tiny/bin/kept"]


def test_the_order_and_the_age_of_files_do_not_count(tmp_path: Path):
    write(tmp_path, "a", "b")
    files = {"b": tmp_path / "b", "a": tmp_path / "a"}
    first = build.zip_bytes(files)
    (tmp_path / "a").touch()
    assert build.zip_bytes(dict(sorted(files.items()))) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist() == ["a", "b"]


def test_every_input_changes_the_fingerprint(tmp_path: Path):
    write(tmp_path, "a", "b")
    files = {"a": tmp_path / "a"}
    prints = [
        build.fingerprint({}, files, b""),
        build.fingerprint({"python_version": "3.13"}, files, b""),
        build.fingerprint({}, files, b"lock"),
        build.fingerprint({}, {"a": tmp_path / "b"}, b""),
        build.fingerprint({}, {"z": tmp_path / "a"}, b""),
    ]
    assert len(set(prints)) == len(prints)


def test_one_name_twice_is_refused(tmp_path: Path):
    with pytest.raises(ReconcileError, match="would hold a twice"):
        build.merged({"a": tmp_path / "a"}, {"a": tmp_path / "b"})
