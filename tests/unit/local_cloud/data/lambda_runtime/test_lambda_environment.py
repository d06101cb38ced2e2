"""A function's environment and package, without a process."""

from __future__ import annotations

import io
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from local_cloud.data.lambda_runtime.environment import Place, command, environment
from local_cloud.data.lambda_runtime.function import DEFAULT_CONCURRENCY, Function
from local_cloud.data.lambda_runtime.logs import report
from local_cloud.data.lambda_runtime.packages import RuntimeUnavailableError, interpreter, unpack
from local_cloud.data.network.interfaces import free_address

ANSWER = {
    "Configuration": {
        "FunctionName": "chatbot",
        "FunctionArn": "arn:aws:lambda:ap-northeast-1:123456789012:function:chatbot",
        "Runtime": "python3.12",
        "Handler": "app.handler",
        "Role": "arn:aws:iam::123456789012:role/r",
        "Timeout": 28,
        "MemorySize": 512,
        "CodeSha256": "abc",
        "Environment": {"Variables": {"A": "1", "AWS_REGION": "mars", "HTTPS_PROXY": "http://elsewhere"}},
    }
}
START = (Path("/start/python"), Path("/start/bootstrap.py"))
PLACE = Place(Path("/task"), Path("/runtime"), START, Path("/usr/bin/python3.12"), "127.0.0.1:9", "ap-northeast-1")


def test_the_functions_variables_do_not_win_over_reserved_ones_nor_the_proxy() -> None:
    function = Function.from_answer(ANSWER)
    made = environment(PLACE, function, "s", {"AWS_ACCESS_KEY_ID": "k"}, {"HTTPS_PROXY": "http://127.0.0.1:1"})
    assert made["A"] == "1"
    assert made["AWS_REGION"] == "ap-northeast-1"
    assert made["HTTPS_PROXY"] == "http://127.0.0.1:1"
    assert made["AWS_ACCESS_KEY_ID"] == "k"
    assert made["PYTHONPATH"] == "/task:/runtime"
    assert made["_HANDLER"] == "app.handler"
    assert command(PLACE, function) == ["/start/python", "/start/bootstrap.py"]


def test_a_wrapper_gets_the_runtimes_start_as_its_arguments() -> None:
    variables = {"Variables": {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/bin/wrapper"}}
    function = Function.from_answer({"Configuration": {**ANSWER["Configuration"], "Environment": variables}})
    assert command(PLACE, function) == ["/task/bin/wrapper", "/start/python", "/start/bootstrap.py"]


def test_what_is_deployed_decides_about_new_processes() -> None:
    function = Function.from_answer(ANSWER)
    assert function == Function.from_answer(ANSWER)
    changed = {"Configuration": {**ANSWER["Configuration"], "CodeSha256": "def"}}
    assert Function.from_answer(changed).fingerprint != function.fingerprint
    assert function.concurrency == DEFAULT_CONCURRENCY
    reserved = Function.from_answer({**ANSWER, "Concurrency": {"ReservedConcurrentExecutions": 2}})
    assert reserved.concurrency == 2
    assert function.log_group == "/aws/lambda/chatbot"


def test_a_package_is_unpacked_once_with_its_modes(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("bin/tool")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, "#!/bin/sh\n")
        archive.writestr("../outside.txt", "no")
    place = unpack(buffer.getvalue(), tmp_path / "f")
    assert stat.S_IMODE((place / "bin/tool").stat().st_mode) == 0o755
    assert not (tmp_path / "outside.txt").exists()
    assert unpack(buffer.getvalue(), tmp_path / "f") == place


def test_another_runtime_is_refused_in_words() -> None:
    assert interpreter(f"python{sys.version_info.major}.{sys.version_info.minor}").exists()
    with pytest.raises(RuntimeUnavailableError, match=r"python3\.9"):
        interpreter("python3.9")


def test_the_report_line() -> None:
    line = report(Function.from_answer(ANSWER), 0.0012, 40, 0.1)
    assert line.split("\t")[:4] == [
        "Duration: 1.20 ms",
        "Billed Duration: 102 ms",
        "Memory Size: 512 MB",
        "Max Memory Used: 40 MB",
    ]


def test_addresses_that_aws_keeps_are_not_given_away() -> None:
    assert free_address("10.20.10.0/28", set()) == "10.20.10.4"
    used = {f"10.20.10.{n}" for n in range(4, 15)}
    with pytest.raises(LookupError):
        free_address("10.20.10.0/28", used)
