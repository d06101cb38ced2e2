"""Which search server the local cloud uses, and how it is started."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local_cloud.data.onprem import artifacts, java, layout
from local_cloud.data.onprem.layout import Layout

HOW_TO_GET_THE_REAL_ONE = "install a Java of version 21 or newer (or point OPENSEARCH_JAVA_HOME at one) and start again"


class SearchUnavailableError(Exception):
    """The real search server was asked for and cannot be had; the message says what to do."""


@dataclass(frozen=True)
class SearchProcess:
    """What to start: a command, its whole environment, whom it runs as (None: ourselves), where."""

    kind: str
    """`opensearch` or `embedded`"""
    command: tuple[str, ...]
    environment: Mapping[str, str]
    uid: int | None = None
    gid: int | None = None
    work: Path | None = None
    """The folder of a real server; to be removed by `layout.remove` once it has ended."""


def named_server(environment: Mapping[str, str]) -> str:
    """LOCAL_SEARCH_URL: the server that the user names, '' where none is."""
    return environment.get("LOCAL_SEARCH_URL", "").rstrip("/")


def search_url(port: int, environment: Mapping[str, str]) -> str:
    """Base URL of the search server in use, plain and without the company's front."""
    return named_server(environment) or f"http://127.0.0.1:{port}"


def choose(cache: Path, state: Path, port: int, environment: Mapping[str, str]) -> SearchProcess:
    """The real server where it can run, else the embedded one.

    With REQUIRE_REAL_SEARCH=1 raises SearchUnavailableError instead of taking the embedded one.
    """
    found = java.find(environment)
    reason = "no Java of version 21 or newer was found"
    if found:
        try:
            artifacts.ensure_all(cache / "opensearch")
        except artifacts.FetchError as error:
            reason = str(error)
        else:
            return opensearch(layout.prepare(cache / "opensearch", state, found, port), found, environment)
    if environment.get("REQUIRE_REAL_SEARCH") == "1":
        raise SearchUnavailableError(f"{reason}; {HOW_TO_GET_THE_REAL_ONE}")
    return embedded(port, environment)


def opensearch(ready: Layout, found: java.Java, environment: Mapping[str, str]) -> SearchProcess:
    """The command of a server that was laid out. Its environment is its own, nothing of ours but PATH."""
    return SearchProcess(
        kind="opensearch",
        command=(str(ready.home / "bin" / "opensearch"),),
        environment={
            "PATH": environment.get("PATH", os.defpath),
            "OPENSEARCH_JAVA_HOME": str(found.home),
            "OPENSEARCH_PATH_CONF": str(ready.config),
            "OPENSEARCH_TMPDIR": str(ready.work / "tmp"),
        },
        uid=ready.user.uid if ready.user else None,
        gid=ready.user.gid if ready.user else None,
        work=ready.work,
    )


def embedded(port: int, environment: Mapping[str, str]) -> SearchProcess:
    """The small stand-in in Python."""
    command = (sys.executable, "-m", "local_cloud.data.onprem.embedded", "--port", str(port))
    return SearchProcess("embedded", command, dict(environment))
