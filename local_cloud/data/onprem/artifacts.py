"""The files OpenSearch consists of: which, what they must hash to, and how they get into the cache.

They come from Maven Central through `community.general.maven_artifact` (it knows the registry, so this
project names no host). The module checks the registry's own checksum; the pinned SHA-256 below is checked
here, on every use, so that a changed file is never run.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

VERSION = "3.8.0"


class FetchError(Exception):
    """An artifact could not be had; the message says which and why, for the operator."""


@dataclass(frozen=True)
class Artifact:
    """One Maven artifact with the SHA-256 of the file that was reviewed."""

    group: str
    name: str
    version: str
    extension: str
    sha256: str

    @property
    def filename(self) -> str:
        return f"{self.name}-{self.version}.{self.extension}"


SERVER = Artifact(
    "org.opensearch.distribution.integ-test-zip",
    "opensearch",
    VERSION,
    "zip",
    "196c3cf4602c394f2e40e6174ccbf2a924eae37246f08fa6bbb6b75f9fd5ff1f",
)
KUROMOJI_PLUGIN = Artifact(
    "org.opensearch.plugin",
    "analysis-kuromoji",
    VERSION,
    "jar",
    "53d9b85d90390967d7abaef87183ce8f323c9af838b4d251162094af0b0725d7",
)
KUROMOJI_LUCENE = Artifact(
    "org.apache.lucene",
    "lucene-analysis-kuromoji",
    "10.5.0",
    "jar",
    "1a6f68328268df5d6854921121327edad2227a6b6b78fc40abe54c29c3a5b28c",
)
ARTIFACTS = (SERVER, KUROMOJI_PLUGIN, KUROMOJI_LUCENE)


def sha256(path: Path) -> str:
    """Hex SHA-256 of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_present(artifact: Artifact, folder: Path) -> bool:
    """True if the cache holds exactly the file that is pinned."""
    path = folder / artifact.filename
    return path.is_file() and sha256(path) == artifact.sha256


def ensure_all(folder: Path) -> None:
    """Brings every artifact that is missing (or differs) into the folder; raises FetchError."""
    folder.mkdir(parents=True, exist_ok=True)
    for artifact in ARTIFACTS:
        ensure(artifact, folder)


def ensure(artifact: Artifact, folder: Path) -> None:
    """Brings one artifact where it is missing or differs; raises FetchError."""
    if is_present(artifact, folder):
        return
    fetch(artifact, folder)
    if not is_present(artifact, folder):
        (folder / artifact.filename).unlink(missing_ok=True)
        raise FetchError(f"{artifact.filename} is not the file this project pins (SHA-256 differs)")


def fetch(artifact: Artifact, folder: Path) -> None:
    """Fetches one artifact with Ansible's Maven module; needs `lxml` beside ansible. Limit: 10 minutes."""
    command = maven_command(artifact, folder)
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "ANSIBLE_LOCALHOST_WARNING": "false"}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FetchError(f"{artifact.filename}: {error}") from error
    if done.returncode:
        last = next((line.strip() for line in reversed(done.stdout.splitlines()) if '"msg"' in line), "")
        raise FetchError(f"{artifact.filename} could not be fetched: {last or done.stderr.strip()[-300:]}")


def maven_command(artifact: Artifact, folder: Path) -> list[str]:
    """The ad hoc call. What is fetched is held to its SHA-256 here: not every mirror has the checksums beside it."""
    arguments = {
        "group_id": artifact.group,
        "artifact_id": artifact.name,
        "version": artifact.version,
        "extension": artifact.extension,
        "dest": str(folder / artifact.filename),
        "verify_checksum": "never",
        "mode": "0644",
    }
    ansible = Path(sys.executable).with_name("ansible")
    interpreter = json.dumps({"ansible_python_interpreter": sys.executable})
    module = "community.general.maven_artifact"
    return [str(ansible), "localhost", "-e", interpreter, "-m", module, "-a", json.dumps(arguments)]
