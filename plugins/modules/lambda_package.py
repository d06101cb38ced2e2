#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: lambda_package
version_added: 1.0.0
short_description: Build a reproducible deployment package for a Python Lambda function
description:
  - Packs a source folder, the wheels of a lock file and single files into a zip whose bytes depend on the contents
    only, so that the function's code changes exactly when its contents do, whichever machine builds it.
  - No wheel is built and none without a recorded hash is taken. The wheels are unpacked once for each lock file.
  - Beside the package lies a manifest, O(dest) with C(.json) added, from which the next run knows that nothing has
    changed.
  - Where the module runs on the Python of O(python_version), compiled files are added, which spares a cold start some
    tenths of a second (PEP 552, unchecked hashes). Another Python adds none, and so makes another package; let
    controllers that share a deployment have the same one.
  - Does not talk to AWS.
author:
  - private_rag.aws contributors (@private-rag)
options:
  source:
    description: Folder with the function's own code. Hidden and compiled files in it are left out.
    type: path
    required: true
  exclude:
    description: Shell patterns of names below O(source), such as V(*.md), that are left out.
    type: list
    elements: str
    default: []
  requirements:
    description: Lock file with every package pinned and hashed, as C(pip install --require-hashes) takes it.
    type: path
  extra_files:
    description: Further files, by their name in the archive; for example the CA certificate of the search server.
    type: dict
    default: {}
  dest:
    description: The package to write. Lambda takes up to 50 MB directly, and 250 MB unpacked.
    type: path
    required: true
  python_version:
    description: Python version of the function's runtime.
    type: str
    default: "3.12"
  platform:
    description: Platforms whose wheels the runtime can load, as pip names them.
    type: list
    elements: str
    default: [manylinux2014_x86_64]
  compression:
    description:
      - V(deflated) makes a smaller package, whose bytes depend on the zlib of the machine that builds it.
    type: str
    choices: [stored, deflated]
    default: stored
  python:
    description: Interpreter whose C(pip) is used. Left out, it is the one that runs this module.
    type: path
  index_url:
    description:
      - Package index instead of the one in pip's own configuration. Handed to pip in its environment and never shown.
    type: str
  cache_dir:
    description: Folder that keeps the unpacked wheels. Left out, it is C(.wheels) beside O(dest).
    type: path
attributes:
  check_mode:
    description: Says whether the package would be built, and writes nothing.
    support: full
  diff_mode:
    description: Returns the hashes before and after.
    support: full
  idempotent:
    description: A second run with the same contents changes nothing.
    support: full
"""

EXAMPLES = r"""
- name: Package of the Lambda function
  private_rag.aws.lambda_package:
    source: files/lambda
    requirements: files/lambda/requirements.lock
    extra_files:
      certs/search-ca.pem: files/certs/search-ca.pem
    dest: build/chatbot-backend.zip
"""

RETURN = r"""
package:
  description:
    - The package.
    - In check mode, where the wheels are not unpacked yet, its hash, size and count are only known after an apply.
  returned: always
  type: dict
  contains:
    path:
      description: Where it lies.
      type: str
      returned: always
      sample: build/chatbot-backend.zip
    sha256:
      description: What Lambda calls CodeSha256.
      type: str
      returned: always
      sample: 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
    size:
      description: Size in bytes.
      type: int
      returned: always
      sample: 2150000
    file_count:
      description: How many files are in it.
      type: int
      returned: always
      sample: 210
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: update
changes:
  description: Size, count and hash where they differed, with their value before and after.
  returned: always
  type: dict
  sample: {file_count: {before: 209, after: 210}}
"""

import errno
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.private_rag.aws.plugins.module_utils import _lambda_package as build
from ansible_collections.private_rag.aws.plugins.module_utils._aws import answer
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import ReconcileError
from ansible_collections.private_rag.aws.plugins.module_utils._unknown import unknown

ARGUMENT_SPEC: dict[str, Any] = {
    "source": {"type": "path", "required": True},
    "exclude": {"type": "list", "elements": "str", "default": []},
    "requirements": {"type": "path"},
    "extra_files": {"type": "dict", "default": {}},
    "dest": {"type": "path", "required": True},
    "python_version": {"type": "str", "default": "3.12"},
    "platform": {"type": "list", "elements": "str", "default": ["manylinux2014_x86_64"]},
    "compression": {"type": "str", "choices": list(build.COMPRESSION), "default": "stored"},
    "python": {"type": "path"},
    "index_url": {"type": "str", "no_log": True},
    "cache_dir": {"type": "path"},
}
FIELDS = ("sha256", "size", "file_count")
# Characters of pip's words in a failure message.
MESSAGE_LIMIT = 1000


class Builder:
    """One package: what it is made of, what lies at C(dest), and how it is made."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.params = module.params
        self.dest = Path(self.params["dest"])
        self.manifest = self.dest.with_name(f"{self.dest.name}.json")
        self.lock = _contents("requirements", self.params["requirements"]) if self.params["requirements"] else b""
        own = build.source_files(_folder(self.params["source"]), self.params["exclude"])
        extra = {name: Path(str(path)) for name, path in self.params["extra_files"].items()}
        for name, path in extra.items():
            _contents(f"extra_files[{name}]", path)
        self.files = build.merged(own, extra)

    def run(self) -> dict[str, Any]:
        """The module's result."""
        before, fingerprint = self._recorded(), self._fingerprint()
        if before.get("fingerprint") == fingerprint:
            return self._result(before, before)
        after = self._predict() if self.module.check_mode else self._build()
        after["fingerprint"] = fingerprint
        if not self.module.check_mode:
            self._write(self.manifest, json.dumps(after, indent=2, sort_keys=True).encode() + b"\n")
        return self._result(before, after)

    def _recorded(self) -> dict[str, Any]:
        """The manifest, as long as it describes what lies at C(dest)."""
        if not (self.manifest.is_file() and self.dest.is_file()):
            return {}
        try:
            manifest = json.loads(self.manifest.read_text(encoding="utf-8"))
        except ValueError:
            return {}
        whole = isinstance(manifest, dict) and all(field in manifest for field in FIELDS)
        return manifest if whole and manifest["sha256"] == build.code_sha256(self.dest.read_bytes()) else {}

    def _settings(self) -> dict[str, Any]:
        return {option: self.params[option] for option in ("python_version", "platform")}

    def _fingerprint(self) -> str:
        settings = {**self._settings(), "compression": self.params["compression"], "bytecode": self._compiles()}
        return build.fingerprint(settings, self.files, self.lock)

    def _wheels(self) -> Path:
        """Where the unpacked wheels of this lock file lie, or are to lie."""
        folder = Path(self.params["cache_dir"] or self.dest.parent / ".wheels")
        return folder / build.fingerprint(self._settings(), {}, self.lock)[:32]

    def _archive(self) -> bytes:
        wheels = build.installed_files(self._wheels()) if self.lock else {}
        files = build.merged(self.files, wheels)
        if not self._compiles():
            return build.zip_bytes(files, self.params["compression"])
        with tempfile.TemporaryDirectory() as folder:
            compiled = self._compile(files, Path(folder))
            return build.zip_bytes(build.merged(files, compiled), self.params["compression"])

    def _compiles(self) -> bool:
        """Bytecode is that of this interpreter, and of use to the same version only."""
        return f"{sys.version_info.major}.{sys.version_info.minor}" == self.params["python_version"]

    def _compile(self, files: dict[str, Path], folder: Path) -> dict[str, Path]:
        """By an interpreter of its own: what this process has loaded would show in the bytecode. A module that does
        not compile is left to fail where it is imported."""
        targets = build.bytecode(files, folder)
        status, _output, errors = self.module.run_command(
            [sys.executable, "-s", "-S", "-c", build.COMPILE],
            data=build.compile_orders(files, targets),
            environ_update={"PYTHONHASHSEED": "0", "PYTHONPATH": "", "PYTHONOPTIMIZE": ""},
        )
        if status != 0:
            raise ReconcileError(f"the package could not be compiled: {errors[-MESSAGE_LIMIT:]}")
        return {name: path for name, path in targets.items() if path.is_file()}

    def _predict(self) -> dict[str, Any]:
        if self.lock and not self._wheels().is_dir():
            return {field: unknown(f"package {field}") for field in FIELDS}
        return dict(vars(build.described(self._archive())))

    def _build(self) -> dict[str, Any]:
        if self.lock and not self._wheels().is_dir():
            self._install()
        archive = self._archive()
        self._write(self.dest, archive)
        return dict(vars(build.described(archive)))

    def _install(self) -> None:
        """Unpack the wheels beside their place and move them there whole: a run cut off leaves nothing half done, and
        runs that do so at once take what the first one moved."""
        wheels = self._wheels()
        wheels.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=wheels.parent, prefix=".new-") as fresh:
            target = Path(fresh, "wheels")
            self._pip(target)
            target.mkdir(exist_ok=True)
            try:
                target.rename(wheels)
            except OSError as error:
                # rename(2): a folder that is there already, and not empty.
                if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                    raise

    def _pip(self, target: Path) -> None:
        options = ["--require-hashes", "--only-binary=:all:", "--no-deps", "--no-compile", "--no-input"]
        options += ["--disable-pip-version-check", "--root-user-action=ignore", "--quiet"]
        options += ["--implementation=cp", f"--python-version={self.params['python_version']}"]
        options += [f"--platform={platform}" for platform in self.params["platform"]]
        python = self.params["python"] or sys.executable
        if shutil.which(python) is None:
            raise ReconcileError(f"python: there is no interpreter {python}")
        command = [python, "-m", "pip", "install", *options, f"--target={target}", "-r", self.params["requirements"]]
        index = {"PIP_INDEX_URL": self.params["index_url"]} if self.params["index_url"] else {}
        status, _output, errors = self.module.run_command(command, environ_update=index)
        if status != 0:
            _warnings, error, words = errors.rpartition("ERROR:")
            said = " ".join((error + words).split())[:MESSAGE_LIMIT]
            raise ReconcileError(f"pip could not fetch the packages of {self.params['requirements']}: {said}")

    def _write(self, path: Path, contents: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as fresh:
            fresh.write(contents)
        os.chmod(fresh.name, 0o644)
        self.module.atomic_move(fresh.name, str(path))

    def _result(self, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
        action = "none" if before is after else "update" if before else "create"
        fields = [field for field in FIELDS if before.get(field) != after.get(field)]
        return {
            "changed": before is not after,
            "action": action,
            "changes": {field: {"before": before.get(field), "after": after.get(field)} for field in fields},
            "package": {
                "path": str(self.dest),
                **{field: after[field] for field in FIELDS},
            },
            "diff": {
                "before_header": str(self.dest),
                "after_header": str(self.dest),
                "before": before if before is not after else {},
                "after": after if before is not after else {},
            },
        }


def package(module: Any) -> dict[str, Any]:
    """The module's result. Raises ReconcileError, also where a file cannot be read or written."""
    try:
        return Builder(module).run()
    except OSError as error:
        raise ReconcileError(f"The package was not built: {error.filename}: {error.strerror}") from error


def _folder(name: str) -> Path:
    folder = Path(name)
    if not folder.is_dir():
        raise ReconcileError(f"source: there is no folder {name}")
    return folder


def _contents(option: str, name: str | Path) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise ReconcileError(f"{option}: cannot read {name}: {error.strerror}") from error


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    answer(module, lambda: package(module), "build the package")


if __name__ == "__main__":
    main()
