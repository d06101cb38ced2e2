"""The set of a third author (29 November 2026), who had read neither the rules nor the cases of the others.

Each faulty call carries AWS's error code and the page that says so, most often the operation's own page of the API
reference. The set was committed before it was sent for the first time; docs/local-cloud.md has the figure of that
first time beside the one after mending.
"""

from __future__ import annotations

from tests.integration.refusals.third_author import (
    balancing,
    containers,
    data,
    functions,
    gateway,
    identity,
    network,
    sane_balancing,
    sane_containers,
    sane_data,
    sane_functions,
    sane_identity,
    sane_network,
)

FAULTY = (
    *network.FAULTY,
    *identity.FAULTY,
    *functions.FAULTY,
    *gateway.FAULTY,
    *balancing.FAULTY,
    *containers.FAULTY,
    *data.FAULTY,
)
SANE = (
    *sane_network.SANE,
    *sane_identity.SANE,
    *sane_functions.SANE,
    *sane_containers.SANE,
    *sane_data.SANE,
    *sane_balancing.SANE,
)
__all__ = ["FAULTY", "SANE"]
