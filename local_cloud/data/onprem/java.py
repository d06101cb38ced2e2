"""Finds a Java that OpenSearch 3.x can run on (21 or newer).

Looked at, in this order: OPENSEARCH_JAVA_HOME, JAVA_HOME, `java` on PATH, the folders where systems keep
their JVMs. Each candidate is asked for its version; the first that is new enough is taken.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

OLDEST = 21
# Debian's and Red Hat's usual folder; macOS keeps the home one level deeper.
JVM_FOLDERS = (("/usr/lib/jvm", "*"), ("/Library/Java/JavaVirtualMachines", "*/Contents/Home"))


@dataclass(frozen=True)
class Java:
    """A Java installation that answered: its home, its major version, whether it has the vector module."""

    home: Path
    version: int
    has_vector_module: bool


def find(environment: Mapping[str, str], oldest: int = OLDEST, newest: int | None = None) -> Java | None:
    """The first Java of a version from `oldest` to `newest` (None: any), or None."""
    seen: set[Path] = set()
    for home in candidates(environment):
        real = home.resolve()
        if real in seen:
            continue
        seen.add(real)
        version = major_version(_ask(real, "-version"))
        if version is not None and oldest <= version <= (newest or version):
            return Java(real, version, "jdk.incubator.vector" in _ask(real, "--list-modules"))
    return None


def candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    """Folders that may be the home of a Java, best first."""
    for name in ("OPENSEARCH_JAVA_HOME", "JAVA_HOME"):
        if environment.get(name):
            yield Path(environment[name])
    on_path = shutil.which("java", path=environment.get("PATH"))
    if on_path:
        yield Path(on_path).resolve().parent.parent
    for folder, pattern in JVM_FOLDERS:
        yield from sorted(Path(folder).glob(pattern), reverse=True)


def major_version(answer: str) -> int | None:
    """The major version in the output of `java -version` (`1.8.0_402` is 8)."""
    found = re.search(r'version "(?:1\.)?(\d+)', answer)
    return int(found[1]) if found else None


def _ask(home: Path, option: str) -> str:
    try:
        done = subprocess.run(
            [str(home / "bin" / "java"), option], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout + done.stderr
