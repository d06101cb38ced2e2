# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Clients of AWS that the modules of one process share.

Under C(mitogen_linear) the modules of a run are at work in one interpreter, one after the other. A client takes 10 to
20 ms to make, and a connection to AWS that is open already is not opened again. Under C(linear) each module has a
process of its own, and nothing to share.

Two modules share a client where everything is equal that makes one: the process, the service, the connection's options
(C(aws_argument_spec): keys, profile, region, endpoint, certificates, configuration), the whole environment, and the
files of the AWS configuration as they lie there now. Keys that end by themselves are renewed by botocore inside the
client. Nothing that AWS answered is kept: each module reads for itself.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec

# AWS SDKs and Tools Reference Guide, 'Finding and changing the location of the shared config and credentials files'.
FILES = {"AWS_CONFIG_FILE": "~/.aws/config", "AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials"}

_clients: dict[Any, Any] = {}


def shared(module: Any, service: str, make: Callable[[], Any]) -> Any:
    """The client of a service for a module with these options: one that is there, or a new one from C(make)."""
    options = {name: module.params.get(name) for name in aws_argument_spec()}
    key = (
        os.getpid(),  # a connection must not be used by a parent and its child
        service,
        json.dumps(options, sort_keys=True, default=str),
        frozenset(os.environ.items()),
        tuple(_state(Path(os.environ.get(name) or usual).expanduser()) for name, usual in FILES.items()),
    )
    if key not in _clients:
        _clients[key] = make()
    return _clients[key]


def _state(path: Path) -> Any:
    """What changes when a file is written or replaced; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
