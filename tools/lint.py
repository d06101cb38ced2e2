"""Runs every static check, two at a time, and tells all failures at the end, with the time of each check.

tools/lint               all
tools/lint ruff mypy     those whose names begin with one of the words
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from tools.staged_ansible_test import tracked_files

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache"
# The checks are bound by the processor, and ansible-test and ansible-lint use more than one core by themselves.
WORKERS = 2


@dataclass(frozen=True)
class Check:
    """One command; ``folder`` is below the checkout's root, ``environment`` is added to the caller's."""

    name: str
    command: list[str]
    folder: str = "."
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a check ended; ``seconds`` of wall time."""

    check: Check
    status: int
    seconds: float
    output: str


def mypy(name: str, *targets: str, folder: str = ".", path: str = "") -> Check:
    """mypy --strict (pyproject.toml) on one import root, each with a cache of its own."""
    options = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(CACHE / "mypy" / name)]
    environment = {"MYPYPATH": str(ROOT / path)} if path else {}
    return Check(f"mypy {name}", ["mypy", *options, *targets], folder, environment)


def shell_scripts() -> list[str]:
    """Files whose first line names a shell, and those that are sourced."""
    candidates = [*ROOT.glob("tools/*"), *ROOT.glob(".ci/*")]
    scripts = [path for path in candidates if path.is_file() and path.suffix in ("", ".sh")]
    return sorted(str(path.relative_to(ROOT)) for path in scripts)


def yaml_files() -> list[str]:
    """YAML that git knows or would add; yamllint by itself walks through .venv, too."""
    return [path for path in tracked_files() if path.endswith((".yml", ".yaml", ".yamllint", ".ansible-lint"))]


def checks() -> list[Check]:
    """All checks, the longest first."""
    collection = ".ansible/collections"
    package = "ansible_collections.private_rag.aws.plugins.module_utils"
    return [
        Check("ansible-test sanity", [sys.executable, "-m", "tools.staged_ansible_test", "sanity"]),
        Check("ansible-lint", ["ansible-lint", "--offline"], environment={"ANSIBLE_HOME": str(CACHE / "ansible-lint")}),
        Check("ansible-test units", [sys.executable, "-m", "tools.staged_ansible_test", "units"]),
        Check(
            "antsibull-docs",
            ["antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs=dependent", "."],
            # It copies what git knows of a collection, and would find that .venv is ignored: amazon.aws would be empty.
            environment={"GIT_CEILING_DIRECTORIES": str(ROOT / ".venv")},
        ),
        mypy("local_cloud", "-p", "local_cloud"),
        mypy("module_utils", "-p", package, path=collection),
        mypy("lambda", ".", folder="files/lambda"),
        mypy("search", "-p", "ingest", "-p", "evaluation", folder="files/search", path="files/lambda"),
        mypy("frontend", ".", folder="files/frontend"),
        mypy("tools", "-p", "tools", path="files/lambda"),
        Check("yamllint", ["yamllint", "--strict", *yaml_files()]),
        Check("ruff check", ["ruff", "check", "--cache-dir", str(CACHE / "ruff"), "."]),
        Check("ruff format", ["ruff", "format", "--cache-dir", str(CACHE / "ruff"), "--check", "."]),
        Check("shellcheck", ["shellcheck", "--external-sources", *shell_scripts()]),
        Check("antsibull-changelog", ["antsibull-changelog", "lint"]),
        Check("repository", [sys.executable, "-m", "pytest", "--quiet", "tests/unit/repository"]),
    ]


def closing_line(output: str) -> str:
    """pytest's last line, which tells how many tests ran; empty where no test did."""
    return next((line for line in reversed(output.splitlines()) if re.search(r"\b\d+ passed\b", line)), "")


def run(check: Check) -> Outcome:
    """Run one check to its end."""
    began = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT / check.folder,
        env={**os.environ, **check.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return Outcome(check, done.returncode, time.monotonic() - began, done.stdout)


def report(outcomes: list[Outcome], seconds: float) -> int:
    """Print what failed, then one line; the exit status for the whole."""
    failures = sorted((it for it in outcomes if it.status), key=lambda it: it.check.name)
    for failure in failures:
        print(f"\n{'=' * 20} {failure.check.name} (exit status {failure.status}) {'=' * 20}")
        print(failure.output.rstrip() or "(it printed nothing)")
    names = ", ".join(failure.check.name for failure in failures)
    print(f"\nlint: {len(outcomes)} checks in {seconds:.0f} s" + (f", FAILED: {names}" if failures else ", all clean"))
    return 1 if failures else 0


def main(words: list[str]) -> int:
    """Run the chosen checks; 2 where the words choose none."""
    chosen = [check for check in checks() if not words or check.name.startswith(tuple(words))]
    if not chosen:
        print(f"lint: no check of that name; there are: {', '.join(check.name for check in checks())}", file=sys.stderr)
        return 2
    began = time.monotonic()
    outcomes = []
    with ThreadPoolExecutor(WORKERS) as pool:
        for future in as_completed([pool.submit(run, check) for check in chosen]):
            outcome = future.result()
            outcomes.append(outcome)
            verdict = "FAILED" if outcome.status else "ok"
            line = f"{verdict:7}{outcome.seconds:6.1f} s  {outcome.check.name}  {closing_line(outcome.output)}"
            print(line.rstrip(), flush=True)
    return report(outcomes, time.monotonic() - began)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
