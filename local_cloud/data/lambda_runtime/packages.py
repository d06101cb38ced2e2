"""What a function's process needs on disk: its unpacked deployment package and the runtime's own packages."""

from __future__ import annotations

import hashlib
import io
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

LOCK = Path(__file__).with_name("requirements.lock")
INSTALL_SECONDS = 300
BOOTSTRAP = """import os

from awslambdaric.__main__ import main

main(["bootstrap.py", os.environ["_HANDLER"]])
"""


class RuntimeUnavailableError(Exception):
    """The function cannot run here; the message says what is missing."""


def interpreter(runtime: str) -> Path:
    """The Python that stands for a managed runtime: ours, without its virtual environment."""
    ours = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if runtime != ours:
        raise RuntimeUnavailableError(f"runtime {runtime!r} needs {runtime}; the local cloud runs on {ours}")
    return Path(getattr(sys, "_base_executable", sys.executable))


def unpack(package: bytes, folder: Path) -> Path:
    """Unpack a deployment package below `folder`, once; returns the place, named after the package's hash."""
    place = folder / hashlib.sha256(package).hexdigest()
    if place.exists():
        return place
    folder.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(dir=folder, prefix=".unpacking-"))
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for entry in archive.infolist():
            written = Path(archive.extract(entry, staged))  # keeps within `staged`, whatever the entry's name
            mode = entry.external_attr >> 16 & 0o777
            if mode and written.is_file():
                written.chmod(mode | 0o400)
    staged.chmod(0o755)
    return _settle(staged, place)


def bootstrap(folder: Path, python: Path) -> tuple[Path, Path]:
    """What starts the runtime, as on AWS: an interpreter and a script (`/var/lang/bin/python3.12
    /var/runtime/bootstrap.py`). The interpreter is a script of ours around `python`: no user or site packages (-s -S),
    only the standard library, PYTHONPATH and the function's own folder."""
    folder.mkdir(parents=True, exist_ok=True)
    bare, script = folder / "python", folder / "bootstrap.py"
    _put(bare, f'#!/bin/sh\nexec {shlex.quote(str(python))} -s -S -B "$@"\n', 0o755)
    _put(script, BOOTSTRAP, 0o644)
    return bare, script


def _put(path: Path, text: str, mode: int) -> None:
    """Whole or not at all: a process may be starting from it."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as fresh:
        fresh.write(text)
    os.chmod(fresh.name, mode)
    os.replace(fresh.name, path)


def runtime_packages(cache: Path) -> Path:
    """awslambdaric and boto3 as locked, installed once below `cache`. Blocking: call it in a thread."""
    name = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:16]
    place = cache / "lambda-runtime" / name
    if place.exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(dir=place.parent, prefix=".installing-"))
    done = subprocess.run(_installer(staged), capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    if done.returncode:
        shutil.rmtree(staged)
        raise RuntimeUnavailableError(f"the Lambda runtime's packages cannot be installed: {done.stderr[-500:]}")
    return _settle(staged, place)


def _installer(target: Path) -> list[str]:
    options = ["--target", str(target), "--require-hashes", "-r", str(LOCK)]
    uv = Path(sys.executable).with_name("uv")
    if uv.exists():
        python = ["--python", sys.executable, "--compile-bytecode"]
        return [str(uv), "pip", "install", "--system-certs", "--quiet", *python, *options]
    return [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", *options]


def _settle(staged: Path, place: Path) -> Path:
    """Another process may have been faster: then its copy is as good."""
    try:
        os.rename(staged, place)
    except OSError:
        if not place.exists():
            raise
        shutil.rmtree(staged)
    return place
