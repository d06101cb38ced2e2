"""The callback `progress` beside the real callbacks, under each strategy, with and without a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.cloud import ROOT, Cloud

LIMIT_SECONDS = 120
SOON = {"PRIVATE_RAG_PROGRESS_FIRST": "1", "PRIVATE_RAG_PROGRESS_EVERY": "1"}
LAST_WORDS = "a play ended"


@pytest.fixture
def balancer(cloud: Cloud) -> dict[str, Any]:
    """A task that makes a load balancer and waits for it, in an account where that takes a moment."""
    cloud.put("/_local/time", {"scale": 0.01})
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{number}.0/24", AvailabilityZone=f"ap-northeast-1{zone}")
        for number, zone in enumerate("ac")
    ]
    options = {
        "name": "progress",
        "deployment": "chatbot-progress",
        "scheme": "internal",
        "subnet_ids": [each["Subnet"]["SubnetId"] for each in subnets],
        "security_group_ids": [ec2.create_security_group(GroupName="lb", Description="lb", VpcId=vpc)["GroupId"]],
        "region": "ap-northeast-1",
    }
    return {"name": "Create the balancer", "private_rag.aws.elbv2_load_balancer": options}


WAIT = {"name": "Wait for nothing", "ansible.builtin.wait_for": {"timeout": 2}}


def play(strategy: str, task: dict[str, Any]) -> dict[str, Any]:
    done = {"name": "End", "ansible.builtin.debug": {"msg": LAST_WORDS}}
    return {"name": strategy, "hosts": "localhost", "gather_facts": False, "strategy": strategy, "tasks": [task, done]}


def environment(cloud: Cloud, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_"))}
    return {
        **kept,
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "AWS_ENDPOINT_URL": cloud.endpoint,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "NO_PROXY": "127.0.0.1",
        **settings,
    }


def command(path: Path, plays: list[dict[str, Any]]) -> list[str]:
    path.write_text(yaml.safe_dump(plays, sort_keys=False))
    return [sys.executable, "-m", "ansible", "playbook", str(path), "--diff"]


def piped(words: list[str], settings: dict[str, str]) -> tuple[str, str]:
    done = subprocess.run(
        words, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, done.stderr


def test_plain_text_on_standard_error_under_every_strategy(
    cloud: Cloud, balancer: dict[str, Any], tmp_path: Path
) -> None:
    plays = [play("linear", balancer), play("private_rag.aws.mitogen_linear", WAIT), play("free", WAIT)]
    _output, errors = piped(command(tmp_path / "plays.yml", plays), environment(cloud, **SOON))
    lines = errors.splitlines()
    assert any(
        line.endswith("  Create the balancer: waiting for the load balancer to become active, usually 2:46")
        for line in lines
    )
    assert sum(line.endswith("  Wait for nothing") for line in lines) >= 4  # said of each, and in the summary
    assert lines[-4].startswith("Slowest tasks of 0:")
    assert "\r" not in errors


def test_standard_output_is_as_without_it(cloud: Cloud, balancer: dict[str, Any], tmp_path: Path) -> None:
    words = command(tmp_path / "plays.yml", [play("linear", balancer)])
    told, errors = piped([*words, "--check"], environment(cloud, **SOON))
    silent, nothing = piped([*words, "--check"], environment(cloud, PRIVATE_RAG_PROGRESS="off"))
    assert told == silent
    assert "+++ after" in told
    assert "waiting for" not in errors  # check mode waits for nothing
    assert nothing == ""


def test_one_line_that_goes_away_on_a_terminal(cloud: Cloud, balancer: dict[str, Any], tmp_path: Path) -> None:
    words = command(tmp_path / "plays.yml", [play("private_rag.aws.mitogen_linear", balancer)])
    shown = on_a_terminal(words, environment(cloud, TERM="xterm", **SOON))
    shown_lines = [part for part in shown.split("\r\x1b[2K") if part.startswith("[")]
    assert any("Create the balancer: waiting for" in line for line in shown_lines)
    assert all("\n" not in line for line in shown_lines)
    assert LAST_WORDS in shown.rpartition("\r\x1b[2K")[2]


def on_a_terminal(words: list[str], settings: dict[str, str]) -> str:
    """What a terminal got to see."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(words, cwd=ROOT, env=settings, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        text = b"".join(iter(lambda: read(ours), b""))
        assert process.wait(LIMIT_SECONDS) == 0, text.decode()
    os.close(ours)
    return text.decode().replace("\r\n", "\n")


def read(terminal: int) -> bytes:
    """The next part; nothing once the other side is closed, which Linux tells as an error (pty(7))."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
