"""The switches of AWS's time: what ``GET/PUT /_local/time`` and the environment's ``LOCAL_CLOUD_TIME`` hold.

All are off by default. Seconds are AWS's own: each is multiplied by ``scale`` (1: as long as on AWS, 0.05: twenty
times faster, 0: no time at all).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from local_cloud.control.aws_time.rows import ROWS

VARIABLE = "LOCAL_CLOUD_TIME"


@dataclass(frozen=True)
class Settings:
    """The switches. ``provisioning`` replaces seconds of rows.ROWS; percentages are of all AWS calls."""

    scale: float = 0
    provisioning: dict[str, float] = field(default_factory=dict)
    role_delay_seconds: float = 0
    stale_read_seconds: float = 0
    interface_release_seconds: float = 0
    throttle_percent: float = 0
    error_percent: float = 0
    seed: int = 0

    def seconds(self, row: str) -> float:
        """How long a row of the table takes here."""
        return self.scale * self.provisioning.get(row, ROWS[row].seconds)

    def plain(self) -> dict[str, Any]:
        """For JSON; the inverse of ``parse``."""
        return asdict(self)


def parse(given: Any) -> Settings:
    """Settings from JSON data; whatever is not named is off. Raises ValueError for what does not fit."""
    if not isinstance(given, Mapping):
        raise ValueError("time: an object with switches is needed")
    known = {each.name for each in fields(Settings)}
    unknown = sorted(given.keys() - known)
    if unknown:
        raise ValueError(f"time: no such switches: {', '.join(unknown)}")
    rows = given.get("provisioning", {})
    if not isinstance(rows, Mapping) or rows.keys() - ROWS.keys():
        raise ValueError(f"time: provisioning takes the rows {', '.join(sorted(ROWS))}")
    for name, value in [*given.items(), *rows.items()]:
        _check(name, value)
    return Settings(**{**given, "provisioning": dict(rows)})


def _check(name: str, value: Any) -> None:
    if name == "provisioning":
        return
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        raise ValueError(f"time: {name} is not a number of at least 0: {value!r}")
    if name.endswith("_percent") and value > 100:
        raise ValueError(f"time: {name} is more than 100: {value!r}")


def from_environment(environment: Mapping[str, str]) -> Settings:
    """What LOCAL_CLOUD_TIME says; everything off where it is not set. Raises ValueError."""
    text = environment.get(VARIABLE, "")
    try:
        return parse(json.loads(text)) if text else Settings()
    except json.JSONDecodeError as error:
        raise ValueError(f"{VARIABLE} is not JSON: {error}") from error
