"""The set of a second author, who had read neither the rules nor the sets of others (29 November 2026).

Each faulty call carries AWS's error code and the page, quota or public thread that says so. The set was committed
before it was sent for the first time; docs/local-cloud.md has the figure of that first time beside the one after
mending.
"""

from __future__ import annotations

from tests.integration.refusals import (
    second_compute,
    second_data,
    second_gateway,
    second_identity,
    second_network,
    second_sane,
    second_sane_network,
)

FAULTY = (
    *second_network.FAULTY,
    *second_identity.FAULTY,
    *second_compute.FAULTY,
    *second_gateway.FAULTY,
    *second_data.FAULTY,
)
SANE = (*second_sane_network.SANE, *second_sane.SANE)
__all__ = ["FAULTY", "SANE"]
