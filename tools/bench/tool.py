"""What a measured tool is: a name, a version, and the command of each phase."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tools.bench.account import Account

PHASES = ("cold", "noop", "check", "destroy")
"""On one account, in this order: deploy, deploy again, plan, take away."""


class BenchError(Exception):
    """A run did not do what was to be measured; the message says which, and where its log is."""


@dataclass(frozen=True)
class Command:
    """What to run, where, and with which environment."""

    argv: list[str]
    folder: Path
    environment: Mapping[str, str]


class Tool(Protocol):
    """One way to deploy the same resources."""

    @property
    def name(self) -> str:
        """As it stands in the tables."""

    def prepare(self, account: Account, folder: Path) -> None:
        """Whatever is not measured: configuration for this account, in a folder of its own."""

    def command(self, phase: str, account: Account) -> Command:
        """The command of a phase."""

    def check(self, phase: str, log: str) -> str:
        """What is wrong with the output of a phase that ended well; empty where it did what it was to do."""
