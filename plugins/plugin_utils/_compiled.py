# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The compiled templates of this collection's playbooks and roles, kept from run to run as Python keeps modules.

Jinja compiles a template by parsing it and writing and compiling Python, 1 ms each; a run of C(site.yml) has 450. They
lie in one file below C(ANSIBLE_HOME) that only its owner may write, for one version each of what compiling depends on.
Other templates are not kept: an operator's may hold a secret. Without the file, or where it cannot be written,
templates are compiled as ever.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import marshal
import os
import stat
import sys
import tempfile
from pathlib import Path
from types import CodeType
from typing import Any

from ansible import constants
from ansible._internal._datatag._tags import Origin

ROOT = Path(__file__).resolve().parents[2]
OURS = tuple(str(ROOT / folder) + os.sep for folder in ("playbooks", "roles"))


class Compiled:
    """Codes by template, read from C(file) when it is made."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._codes = _read(file)
        self._new = False
        self._folders: dict[str, bool] = {}

    def keeps(self, source: Any) -> bool:
        """Whether a template was read from a file of the collection's playbooks or roles."""
        origin = Origin.get_tag(source)
        if not origin or not origin.path:
            return False
        folder = os.path.dirname(origin.path)
        if folder not in self._folders:
            self._folders[folder] = (os.path.realpath(folder) + os.sep).startswith(OURS)
        return self._folders[folder]

    def get(self, key: Any) -> CodeType | None:
        """The code for a key that C(repr) tells apart from others, if there is one."""
        return self._codes.get(_name(key))

    def put(self, key: Any, code: CodeType) -> None:
        """Keep a code for this run and, once C(save) was called, for later ones."""
        self._codes[_name(key)] = code
        self._new = True

    def save(self) -> None:
        """Write the file where there is something new. Whoever reads meanwhile has the old one or the new one."""
        if not self._new:
            return
        self._new = False
        with contextlib.suppress(OSError):  # A home that cannot be written: later runs compile again.
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._file.parent)
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(marshal.dumps(self._codes))
            os.replace(name, self._file)


@functools.cache
def kept() -> Compiled:
    """The codes of this interpreter, these versions, settings and filters; read once a run."""
    return Compiled(Path(constants.ANSIBLE_HOME) / "private_rag.aws" / f"templates-{_versions()}")


def _versions() -> str:
    """What a compiled template depends on besides its text: how a filter wants to be called is part of its code."""
    filters = sorted((ROOT / "plugins" / "filter").glob("*.py"))
    facts = [
        sys.version,
        importlib.metadata.version("ansible-core"),
        importlib.metadata.version("jinja2"),
        constants.DEFAULT_JINJA2_EXTENSIONS,
        constants.DEFAULT_FILTER_PLUGIN_PATH,
        constants.DEFAULT_TEST_PLUGIN_PATH,
        *((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in filters),
    ]
    return _name(facts).hex()[:16]


def _name(key: Any) -> bytes:
    return hashlib.sha256(repr(key).encode()).digest()


def _read(file: Path) -> dict[bytes, CodeType]:
    """Nothing where the file is somebody else's, others may write it, or it is damaged: it is code, and is run."""
    try:
        with file.open("rb") as opened:
            about = os.fstat(opened.fileno())
            if about.st_uid != os.getuid() or about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                return {}
            found = marshal.loads(opened.read())
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}
