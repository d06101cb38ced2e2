"""What an account holds in the end: how many of what (census.py), and with which values.

The values are those of the account's CloudFormation template (local_cloud/template), in which references stand for ids,
without what AWS makes up anew each time. Two accounts of the same state look the same to a run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_cloud.template import command
from tests.integration.cloud import Cloud
from tests.integration.interruption.census import Census, census, difference, without_ids

# Types whose logical names in the template are ids of API Gateway, and the names in which others stand.
NAMED_BY_ID = {f"AWS::ApiGateway::{each}" for each in ("RestApi", "Resource", "Deployment")}
NAMES_IDS = re.compile(r"Method([A-Za-z0-9]{10})([A-Za-z0-9]{10})[A-Z]+")


@dataclass(frozen=True)
class State:
    """The number of each resource, and of each (logical name, text) of the template."""

    census: Census
    values: Counter[tuple[str, str]]

    def key(self) -> frozenset[Any]:
        """The same for the same state only."""
        return frozenset([*self.census.items(), *self.values.items()])

    def faults(self, found: State) -> list[str]:
        """In what another state is not this one: one line for each resource."""
        other = (self.values - found.values) + (found.values - self.values)
        lines = [f"other values: {name}" for name in sorted({name for name, _text in other})]
        return difference(self.census, found.census) + lines


def state(cloud: Cloud) -> State:
    """Of the account as it is now."""
    return State(census(cloud.client), values(command.render(cloud.endpoint)["Resources"]))


def values(resources: Mapping[str, Any]) -> Counter[tuple[str, str]]:
    """The template's resources without ids. Pure."""
    ids = {name for name, made in resources.items() if made["Type"] in NAMED_BY_ID}
    ids |= {each for name in resources if (match := NAMES_IDS.fullmatch(name)) for each in match.groups()}
    # The last: UUIDs within logical names, which have no hyphens.
    made_up = re.compile("|".join([*sorted(map(re.escape, ids)), "[0-9a-f]{32}"]), re.IGNORECASE)

    def plain(text: str) -> str:
        return made_up.sub("*", without_ids(text))

    return Counter((plain(name), plain(command.as_text(made))) for name, made in resources.items())
