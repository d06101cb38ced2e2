"""The sets by the author of the first rules.

``WORKED_ON`` was written from the API references before the rules were completed; the rules were then made against
it. ``PUT_ASIDE`` was written at the same time and measured for the first time when the rules stood
(docs/local-cloud.md).
"""

from __future__ import annotations

from tests.integration.refusals.first_author import (
    put_aside_compute,
    put_aside_network,
    put_aside_services,
    sane_compute,
    sane_found_by_site,
    sane_network,
    sane_services,
    sane_services_more,
    worked_on_compute,
    worked_on_network,
    worked_on_services,
)

WORKED_ON = (*worked_on_network.FAULTY, *worked_on_compute.FAULTY, *worked_on_services.FAULTY)
PUT_ASIDE = (*put_aside_network.HELD_OUT, *put_aside_compute.HELD_OUT, *put_aside_services.HELD_OUT)
SANE = (
    *sane_network.SANE,
    *sane_compute.SANE,
    *sane_services.SANE,
    *sane_services_more.SANE,
    *sane_found_by_site.SANE,
)
__all__ = ["PUT_ASIDE", "SANE", "WORKED_ON"]
