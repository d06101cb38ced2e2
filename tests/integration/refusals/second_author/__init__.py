"""The set of a second author, who had read neither the rules nor the sets of others (29 November 2026).

Each faulty call carries AWS's error code and the page, quota or public thread that says so. The set was committed
before it was sent for the first time; docs/local-cloud.md has the figure of that first time beside the one after
mending.
"""

from __future__ import annotations

from tests.integration.refusals.second_author import (
    compute,
    data,
    gateway,
    identity,
    network,
    sane_network,
    sane_services,
)

FAULTY = (
    *network.FAULTY,
    *identity.FAULTY,
    *compute.FAULTY,
    *gateway.FAULTY,
    *data.FAULTY,
)
SANE = (*sane_network.SANE, *sane_services.SANE)
__all__ = ["FAULTY", "SANE"]
