"""Shorter ways to write a case: its source is the operation's own page of the API reference unless it names another."""

from __future__ import annotations

from collections.abc import Callable

from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import api, guide
from tests.integration.refusals.world import World

_PAGES = {
    "application-autoscaling": "autoscaling",
    "elbv2": "elb",
    "secretsmanager": "secrets",
}
_GUIDES = {
    "apigateway": "apigateway/latest/api/API_{}.html",
    "route53": "Route53/latest/APIReference/API_{}.html",
}
Written = Callable[..., Case]


def of(service: str) -> Written:
    """A function that writes a refused case of one service: operation, name, AWS's code, parameters, source."""

    def written(operation: str, name: str, code: str, params: Callable[[World], Params], source: str = "") -> Case:
        return refused(service, operation, name, params, code, source or _page(service, operation))

    return written


def _page(service: str, operation: str) -> str:
    if service in _GUIDES:
        return guide(_GUIDES[service].format(operation))
    return api(_PAGES.get(service, service), operation)
