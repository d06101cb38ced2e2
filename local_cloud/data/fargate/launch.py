"""The process that stands for a container: its command, its environment, its folder. Pure.

The image's absolute paths are mapped into the folder where it was unpacked. `python` is a bare interpreter of
this machine: without its site-packages, so that the image's own dependencies are what is imported.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local_cloud.data.fargate.definition import Container
from local_cloud.data.fargate.image import Image

PYTHON = re.compile(r"(?:/usr(?:/local)?/bin/)?python(?:3(?:\.\d+)?)?")
SITE_PACKAGES = f"/usr/local/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
NO_SITE = ("-s", "-S")


class CannotStartError(Exception):
    """AWS's CannotStartContainerError, with what is special here."""


@dataclass(frozen=True)
class Launch:
    """What to execute."""

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path


def interpreter() -> Path:
    """The Python this process's virtual environment was made from."""
    return Path(getattr(sys, "_base_executable", sys.executable))


def prepare(
    image: Image, container: Container, home: Path, platform: Mapping[str, str], python: Path | None = None
) -> Launch:
    """`platform` is what Fargate sets for the task (credentials, network); it wins over all else.

    Raises CannotStartError for a command that is no Python.
    """
    own = {"PATH": os.defpath, **image.environment, **container.environment}
    environment = {**own, "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8", **platform}
    environment["PYTHONPATH"] = python_path(image, own.get("PYTHONPATH", ""))
    folder = image.inside(container.working_directory or image.working_directory)
    return Launch(command(image, container, python or interpreter()), environment, folder)


def command(image: Image, container: Container, python: Path) -> tuple[str, ...]:
    """As Docker puts them together: an entry point of the definition drops the image's command too."""
    if container.entry_point is not None:
        words = container.entry_point + (container.command or ())
    else:
        words = image.words("Entrypoint") + (container.command or image.words("Cmd"))
    if not words or not PYTHON.fullmatch(words[0]):
        raise CannotStartError(
            f'exec: "{words[0] if words else ""}": the local cloud runs containers whose command is python'
        )
    return (str(python), *NO_SITE, *words[1:])


def python_path(image: Image, listed: str) -> str:
    """PYTHONPATH's absolute entries mapped into the image, then the image's own site-packages."""
    entries = [str(image.inside(e)) if e.startswith("/") else e for e in listed.split(":") if e]
    site = image.inside(SITE_PACKAGES)
    return ":".join([*entries, str(site)] if site.is_dir() else entries)
