"""What one no-change task of amazon.aws costs, under ansible-core's own strategy and under the collection's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from tools.bench.account import Account, account
from tools.bench.ours import playbook, recap_fault
from tools.bench.sitting import Sitting, say

GROUP = "strategies"
EMPTY, FULL = "no task", "all tasks"
STRATEGIES = ("linear", "private_rag.aws.mitogen_linear")
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def tasks(count: int, vpc: str) -> list[dict[str, Any]]:
    """That many separate tasks, in turn a role, a security group and a subnet; upstream modules only."""
    makers = (_role, _group, _subnet)
    return [makers[number % 3](number, vpc) for number in range(count)]


def _role(number: int, _vpc: str) -> dict[str, Any]:
    options = {"name": f"bench-{number}", "assume_role_policy_document": json.dumps(TRUST)}
    return {"name": f"Role {number}", "amazon.aws.iam_role": options}


def _group(number: int, vpc: str) -> dict[str, Any]:
    rule = {"proto": "tcp", "ports": ["443"], "cidr_ip": "10.0.0.0/8"}
    options = {"name": f"bench-{number}", "description": "Bench", "vpc_id": vpc, "rules": [rule]}
    return {"name": f"Group {number}", "amazon.aws.ec2_security_group": options}


def _subnet(number: int, vpc: str) -> dict[str, Any]:
    options = {"vpc_id": vpc, "cidr": f"10.20.{100 + number}.0/24", "tags": {"Name": f"bench-{number}"}}
    return {"name": f"Subnet {number}", "amazon.aws.ec2_vpc_subnet": options}


def write(path: Path, found: list[dict[str, Any]]) -> Path:
    """A play with these tasks, on the local cloud's one host."""
    play = {
        "name": "Separate tasks of amazon.aws",
        "hosts": "chatbot",
        "gather_facts": False,
        "environment": "{{ chatbot_aws_environment }}",
        "module_defaults": {"group/amazon.aws.aws": {"region": "{{ chatbot_region }}"}},
        "tasks": found or [{"name": "Nothing", "ansible.builtin.meta": "noop"}],
    }
    path.write_text(yaml.safe_dump([play], sort_keys=False))
    return path


def measure(sitting: Sitting) -> None:
    """A run of all tasks and one of none, under each strategy in turn; what lies between is the tasks' own."""
    with sitting.folder() as name, account(Path(name)) as opened:
        vpc = opened.ec2().create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
        full = write(Path(name) / "tasks.yml", tasks(sitting.tasks, vpc))
        empty = write(Path(name) / "empty.yml", [])
        say(f"making what {sitting.tasks} tasks keep as it is, not measured")
        sitting.unmeasured(playbook(opened, _under(sitting, STRATEGIES[1]), [str(full)]), opened, "make")
        for run in range(1, sitting.runs + 1):
            for strategy in STRATEGIES if run % 2 else reversed(STRATEGIES):
                for phase, play in ((EMPTY, empty), (FULL, full)):
                    _one(sitting, opened, run, strategy, phase, play)


def _one(sitting: Sitting, opened: Account, run: int, strategy: str, phase: str, play: Path) -> None:
    def fault(log: str) -> str:
        return "" if phase == EMPTY else recap_fault(log, expect_changes=False)

    command = playbook(opened, _under(sitting, strategy), [str(play)])
    sitting.measure((GROUP, phase, strategy), run, command, opened, fault)


def _under(sitting: Sitting, strategy: str) -> dict[str, str]:
    return {**sitting.settings, "ANSIBLE_STRATEGY": strategy}
