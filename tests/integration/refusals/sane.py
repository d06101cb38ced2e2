"""Calls that AWS takes, of all services: none of them may be refused."""

from __future__ import annotations

from tests.integration.refusals import sane_compute, sane_found, sane_network, sane_services, sane_services_more

SANE = (*sane_network.SANE, *sane_compute.SANE, *sane_services.SANE, *sane_services_more.SANE, *sane_found.SANE)
