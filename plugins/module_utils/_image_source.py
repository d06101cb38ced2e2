# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The directory that an image is built from: its files, their hash, and what the Dockerfile's final stage says."""

from __future__ import annotations

import hashlib
import importlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._oci_image import Runtime

# Raised whenever the same files give another image, so that no older image passes for the new one.
FORMAT = "1"
# What the final stage may say besides these has no meaning to an image, or cannot be done without an engine.
_UNDERSTOOD = {"FROM", "ARG", "ENV", "LABEL", "WORKDIR", "COPY", "USER", "EXPOSE", "CMD", "ENTRYPOINT"}
_WITHOUT_EFFECT = {"COMMENT", "HEALTHCHECK", "MAINTAINER"}


class SourceError(Exception):
    """A source directory that no image can be made of; the text says why."""


@dataclass(frozen=True)
class Copy:
    """One COPY of the final stage. C(stage) is empty for files of the source directory."""

    sources: tuple[str, ...]
    target: str
    stage: str


@dataclass(frozen=True)
class Recipe:
    """The final stage of a Dockerfile."""

    base_image: str
    runtime: Runtime
    copies: tuple[Copy, ...]


def context_files(source: Path) -> dict[str, Path]:
    """The files that .dockerignore lets through, by their path inside the directory, sorted."""
    ignore = source / ".dockerignore"
    rules = ignore_rules(ignore.read_text("utf-8")) if ignore.exists() else []
    files = {path.relative_to(source).as_posix(): path for path in source.rglob("*") if path.is_file()}
    return {name: files[name] for name in sorted(files) if not is_ignored(name, rules)}


def ignore_rules(text: str) -> list[tuple[re.Pattern[str], bool]]:
    """The patterns of a .dockerignore file in order, each with whether it lets in again what others kept out.

    https://docs.docker.com/build/concepts/context/#dockerignore-files
    """
    lines = [line.strip() for line in text.splitlines()]
    wanted = [line for line in lines if line and not line.startswith("#")]
    return [(_pattern(line.removeprefix("!").strip().strip("/")), line.startswith("!")) for line in wanted]


def _pattern(glob: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob.removeprefix("./"))
    words = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(words.get(part, re.escape(part)) for part in parts))


def is_ignored(name: str, rules: list[tuple[re.Pattern[str], bool]]) -> bool:
    """Whether the last rule that fits the file or a folder above it keeps it out."""
    parts = name.split("/")
    above = ["/".join(parts[: count + 1]) for count in range(len(parts))]
    ignored = False
    for pattern, lets_in in rules:
        if any(pattern.fullmatch(path) for path in above):
            ignored = not lets_in
    return ignored


def source_hash(source: Path, settings: Mapping[str, Any]) -> str:
    """A hash of all that the image depends on: the files, the Dockerfile, and C(settings)."""
    files = {**context_files(source), "Dockerfile": source / "Dockerfile"}
    listing = [[name, bool(path.stat().st_mode & 0o100), file_hash(path)] for name, path in sorted(files.items())]
    document = {"format": FORMAT, "files": listing, "settings": settings}
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def file_hash(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def recipe(source: Path, build_args: Mapping[str, str]) -> Recipe:
    """What the Dockerfile's final stage says. Raises SourceError for what only a container engine can do."""
    try:
        parser_type: Any = importlib.import_module("dockerfile_parse").DockerfileParser
    except ImportError as error:
        raise SourceError("the Python package dockerfile-parse is needed to read the Dockerfile; install it") from error
    text = (source / "Dockerfile").read_bytes()
    parser = parser_type(fileobj=io.BytesIO(text), build_args=dict(build_args))
    steps = parser.structure
    start = max((index for index, step in enumerate(steps) if step["instruction"] == "FROM"), default=-1)
    if start < 0:
        raise SourceError(f"{source / 'Dockerfile'} has no FROM: it names no base image")
    final = [step for step in steps[start:] if step["instruction"] not in _WITHOUT_EFFECT]
    for step in final:
        if step["instruction"] not in _UNDERSTOOD:
            raise SourceError(
                f"Dockerfile line {step['startline'] + 1}: {step['instruction']} in the final stage needs a container "
                "engine; use the builder docker, podman or buildah"
            )
    return Recipe(str(parser.baseimage), _runtime(parser, final), tuple(_copies(final)))


def _runtime(parser: Any, steps: list[dict[str, Any]]) -> Runtime:
    last = {step["instruction"]: step["value"] for step in steps}
    ports = [port for step in steps if step["instruction"] == "EXPOSE" for port in step["value"].split()]
    return Runtime(
        env=dict(parser.envs),
        working_dir=last.get("WORKDIR", ""),
        user=last.get("USER", ""),
        ports=tuple(port if "/" in port else f"{port}/tcp" for port in ports),
        command=_words(last.get("CMD", "")),
        entrypoint=_words(last.get("ENTRYPOINT", "")),
        labels=dict(parser.labels),
    )


def _words(value: str) -> tuple[str, ...]:
    """A command in exec form, or in shell form through /bin/sh as Docker runs it."""
    if not value:
        return ()
    return tuple(json.loads(value)) if value.lstrip().startswith("[") else ("/bin/sh", "-c", value)


def _copies(steps: list[dict[str, Any]]) -> list[Copy]:
    copies = []
    for step in steps:
        if step["instruction"] == "COPY":
            words = step["value"].split()
            flags = [word for word in words if word.startswith("--")]
            names = [word for word in words if not word.startswith("--")]
            unknown = [flag for flag in flags if not flag.startswith("--from=")]
            if unknown or len(names) < 2 or not names[-1].startswith("/"):
                raise SourceError(
                    f"Dockerfile line {step['startline'] + 1}: COPY takes --from, sources, and an absolute target here"
                )
            stage = "".join(flag.removeprefix("--from=") for flag in flags)
            copies.append(Copy(tuple(names[:-1]), names[-1], stage))
    return copies
