"""The collection's own playbooks, as an operator runs them."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tools.bench.account import ROOT, Account
from tools.bench.tool import Command

NAME = "private_rag.aws"
DESTROY = ["-e", "chatbot_confirm_destroy=true", "-e", "chatbot_delete_history=true"]
ARGUMENTS = {
    "cold": ["site.yml"],
    "noop": ["site.yml"],
    "check": ["site.yml", "--check"],
    "destroy": ["playbooks/destroy.yml", *DESTROY],
}
RECAP = re.compile(r"\bchanged=(\d+)\s+unreachable=0\s+failed=0\b")


@dataclass(frozen=True)
class Ours:
    """``settings`` are added to the environment of ansible-playbook; ``options`` to its arguments."""

    settings: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    name: str = NAME

    def prepare(self, account: Account, folder: Path) -> None:
        """Nothing: the inventory of the local cloud does it."""

    def command(self, phase: str, account: Account) -> Command:
        """ansible-playbook with the local cloud's inventory."""
        return playbook(account, self.settings, [*ARGUMENTS[phase], *self.options])

    def check(self, phase: str, log: str) -> str:
        """The recap tells whether something was changed."""
        return recap_fault(log, expect_changes=phase in ("cold", "destroy"))


def playbook(
    account: Account, settings: dict[str, str], arguments: list[str], inventory: str = "inventories/local"
) -> Command:
    """A run of ansible-playbook on the account."""
    argv = [str(Path(sys.executable).parent / "ansible-playbook"), *arguments, "-i", inventory]
    return Command(argv, ROOT, {**account.environment(), **settings})


def recap_fault(log: str, expect_changes: bool) -> str:
    """What the recaps of a run tell that they should not; empty where all is well."""
    counts = [int(count) for count in RECAP.findall(log)]
    if not counts:
        return "no recap without failures"
    if expect_changes and not all(counts):
        return "nothing was changed"
    if not expect_changes and any(counts):
        return f"changed={max(counts)}"
    return ""
