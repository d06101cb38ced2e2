"""Where a task's network interface is on this machine: a loopback address of its own. Pure.

In its VPC every task has an address and may listen on the same port as the next one; here every task gets an
address of 127.0.0.0/8 (all of which Linux answers for on `lo`), derived from the state folder and the
interface's address, so that two local clouds on one machine stay apart too.
"""

from __future__ import annotations

import hashlib
from pathlib import Path


def loopback(state: Path, private_ip: str) -> str:
    """The loopback address that stands for `private_ip` in the local cloud of this state folder."""
    digest = hashlib.sha256(f"{state} {private_ip}".encode()).digest()
    # 127.0.x.y is left to the servers of the machine itself.
    return f"127.{digest[0] % 254 + 1}.{digest[1]}.{digest[2] % 254 + 1}"
