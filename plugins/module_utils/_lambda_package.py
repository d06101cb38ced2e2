# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A deployment package for AWS Lambda whose bytes depend on its contents only.

Names sorted, one timestamp, modes by content, bytecode made by a fresh interpreter, and by default no compression
either: zlib and its replacements (zlib-ng in newer distributions) compress the same data to different bytes.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import ReconcileError

# Raised when the same inputs make another package, so that older manifests no longer count.
FORMAT = 3
# The earliest time that a zip entry can have.
TIMESTAMP = (1980, 1, 1, 0, 0, 0)
# Lambda runs the function as another user, who must be able to read it:
# https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
FILE_MODE = 0o100644
# A script may be what AWS_LAMBDA_EXEC_WRAPPER names. Told by its first line, since a checkout may lose modes.
SCRIPT_MODE = 0o100755
UNIX = 3
COMPRESSION = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED}
# Bytecode in the package saves a cold start the compiling; Lambda's file system is read-only, so that it would be lost.
# Unchecked, because a zip keeps no source's modification time (PEP 552).
TASK_ROOT = "/var/task"
COMPILE = """
import json, py_compile, sys
for source, shown, target in json.load(sys.stdin):
    py_compile.compile(source, target, shown, doraise=False, quiet=2,
                       invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
"""
# What pip writes about one installation; it names the interpreter and the scripts in bin/.
INSTALLATION_RECORDS = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")


@dataclass(frozen=True)
class Package:
    """A built package as Lambda knows it. C(sha256) is base64, like CodeSha256 of GetFunction; C(size) is bytes."""

    sha256: str
    size: int
    file_count: int


def source_files(folder: Path, exclude: Iterable[str] = ()) -> dict[str, Path]:
    """The files to pack below a folder by archive name; none that are hidden, compiled, or match a pattern."""
    patterns = tuple(exclude)
    return {
        str(name): folder / name
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for name in [PurePosixPath(path.relative_to(folder).as_posix())]
        if not _hidden_or_compiled(name) and not any(fnmatch(str(name), pattern) for pattern in patterns)
    }


def installed_files(folder: Path) -> dict[str, Path]:
    """The files to pack of a C(pip install --target) folder: no scripts, no records of the installation."""
    return {name: path for name, path in source_files(folder).items() if not _installation_noise(PurePosixPath(name))}


def _hidden_or_compiled(name: PurePosixPath) -> bool:
    return name.suffix in (".pyc", ".pyo") or any(part.startswith(".") or part == "__pycache__" for part in name.parts)


def _installation_noise(name: PurePosixPath) -> bool:
    top = name.parts[0]
    return top == "bin" or (top.endswith(".dist-info") and name.name in INSTALLATION_RECORDS)


def merged(*groups: Mapping[str, Path]) -> dict[str, Path]:
    """All files of several groups. Raises ReconcileError where two want the same name in the archive."""
    result: dict[str, Path] = {}
    for group in groups:
        twice = sorted(result.keys() & group.keys())
        if twice:
            raise ReconcileError(f"The package would hold {twice[0]} twice: {result[twice[0]]} and {group[twice[0]]}")
        result.update(group)
    return result


def zip_bytes(files: Mapping[str, Path], compression: str = "stored") -> bytes:
    """The archive; equal contents give equal bytes."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, TIMESTAMP)
            entry.create_system = UNIX
            contents = files[name].read_bytes()
            entry.external_attr = (SCRIPT_MODE if contents.startswith(b"#!/bin/sh") else FILE_MODE) << 16
            entry.compress_type = COMPRESSION[compression]
            archive.writestr(entry, contents, compresslevel=9)
    return output.getvalue()


def bytecode(files: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Where the compiled form of each module is to lie: archive name of the .pyc -> a file in a folder."""
    names = [PurePosixPath(name) for name in sorted(files) if name.endswith(".py")]
    tag = sys.implementation.cache_tag
    return {
        str(name.parent / "__pycache__" / f"{name.stem}.{tag}.pyc"): folder / f"{number}.pyc"
        for number, name in enumerate(names)
    }


def compile_orders(files: Mapping[str, Path], targets: Mapping[str, Path]) -> str:
    """The input of COMPILE. Names are those of the function's folder: they stand in tracebacks and in the bytecode."""
    sources = [name for name in sorted(files) if name.endswith(".py")]
    paired = zip(sources, targets.values(), strict=True)
    return json.dumps([[str(files[name]), f"{TASK_ROOT}/{name}", str(target)] for name, target in paired])


def described(archive: bytes) -> Package:
    """What Lambda will say of an archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        count = len(opened.namelist())
    return Package(code_sha256(archive), len(archive), count)


def code_sha256(archive: bytes) -> str:
    """The CodeSha256 that Lambda computes for an archive."""
    return base64.b64encode(hashlib.sha256(archive).digest()).decode()


def fingerprint(settings: Mapping[str, object], files: Mapping[str, Path], requirements: bytes) -> str:
    """One hash over everything that a package is made of, found without building it."""
    digest = hashlib.sha256()
    digest.update(json.dumps({"format": FORMAT, **settings}, sort_keys=True).encode())
    digest.update(hashlib.sha256(requirements).digest())
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + hashlib.sha256(files[name].read_bytes()).digest())
    return digest.hexdigest()
