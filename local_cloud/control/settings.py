"""Where the control plane stands, and the switches moto reads from the environment when imported."""

from __future__ import annotations

import os
from pathlib import Path

ACCOUNT = "123456789012"
REGION = "ap-northeast-1"
DEFAULT_PORT = 4566

MOTO_SWITCHES = {
    # AWS managed policies exist in every account; moto leaves them out unless told.
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    # No machine images are used here, and reading moto's list of them costs a second.
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    # Temporary credentials of the tasks and functions must land in the one account there is.
    "MOTO_ACCOUNT_ID": ACCOUNT,
}


def configure_moto() -> None:
    """Set moto's switches; call this before the first ``import moto``."""
    for name, value in MOTO_SWITCHES.items():
        os.environ.setdefault(name, value)


def state_directory() -> Path:
    """The folder of the local cloud's state: ``LOCAL_CLOUD_STATE``, else ``.local`` where we stand."""
    return Path(os.environ.get("LOCAL_CLOUD_STATE", ".local")).absolute()
