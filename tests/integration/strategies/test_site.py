"""The whole deployment answers the same under both strategies: made, and planned when it stands."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local_cloud.data.onprem import password
from local_cloud.data.pki import Pki
from tests.integration.cloud import ROOT, Cloud, running_cloud
from tests.integration.strategies.strategies import LINEAR, OURS, both, without_times
from tests.integration.system.company import SHARED
from tests.integration.system.playbooks import Playbooks, Run

# What AWS makes up: hexadecimal ids and sums, and the ends of names of load balancers, secrets and scalable targets.
MADE_UP = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{8,}|\bA[A-Z0-9]{15,24}\b|(?<=internal-chatbot-alb-prod-)\d+|(?<=streamlit-cookie-)\w{6}|(?<=scalable-target/)\w+"
    r"|/tmp/\S+/state(?=/)"
)


def company(directory: Path, certificates: Path, cloud: Cloud) -> Playbooks:
    """An account with what a company has, and a folder of its own that shares only downloads."""
    state = directory / "state"
    downloads = Path(os.environ.get("LOCAL_CLOUD_STATE", ROOT / ".local")) / "cache"
    for name in SHARED:
        (downloads / name).mkdir(parents=True, exist_ok=True)
        (state / "cache" / name).parent.mkdir(parents=True, exist_ok=True)
        (state / "cache" / name).symlink_to((downloads / name).resolve())
    shutil.copytree(certificates, state / "pki")
    password.ensure(state)
    cloud.reset()
    ansible = Playbooks(state, cloud.endpoint)
    ansible.run("local_cloud/prerequisites.yml").succeeded()
    return ansible


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Run]]:
    """For each strategy: the deployment made in an account of its own, and its plan when it stands."""
    certificates = tmp_path_factory.mktemp("certificates")  # they become part of the function, whose sum is compared
    Pki.load_or_create(certificates)
    folders = {strategy: tmp_path_factory.mktemp("site") for strategy in (LINEAR, OURS)}

    def deployed(strategy: str) -> list[Run]:
        with running_cloud(folders[strategy]) as cloud:
            ansible = company(folders[strategy] / "company", certificates, cloud)
            ansible.environment["ANSIBLE_STRATEGY"] = strategy
            made = ansible.run("site.yml", "--diff", ecs_service_wait=False)
            return [made, ansible.run("site.yml", "--check", "--diff", ecs_service_wait=False)]

    return both(deployed)


def answers(run: Run) -> list[str]:
    """Each task's answer. Ids count as alike and lists as sorted: AWS sorts by the ids that it makes up."""
    results = run.results()
    ids = sorted(set(ids_in([result for _name, result in results])), key=len, reverse=True)
    made_up = re.compile("|".join([*map(re.escape, ids), MADE_UP.pattern]))
    return [f"{name}: {json.dumps(in_order(result, made_up), sort_keys=True)}" for name, result in results]


def ids_in(value: Any) -> Iterator[str]:
    """The values of all keys that are named as ids of API Gateway are, which are letters and digits."""
    if isinstance(value, dict):
        for key, each in value.items():
            if isinstance(each, str) and re.fullmatch(r"(\w+_)?id", key) and re.fullmatch(r"[a-z0-9]{6,10}", each):
                yield each
            yield from ids_in(each)
    if isinstance(value, list):
        for each in value:
            yield from ids_in(each)


def in_order(value: Any, made_up: re.Pattern[str]) -> Any:
    """The value with ids and times masked, and every list sorted."""
    if isinstance(value, dict):
        # The outputs name what AWS made up, so a file of them is as long as those names are.
        file_size = {"size": "SIZE"} if {"size", "checksum"} <= value.keys() else {}
        return {made_up.sub("ID", key): in_order(each, made_up) for key, each in {**value, **file_size}.items()}
    if isinstance(value, list):
        return sorted((in_order(each, made_up) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return made_up.sub("ID", without_times(value)) if isinstance(value, str) else value


@pytest.mark.parametrize("index", [0, 1], ids=["made", "planned"])
def test_results_are_alike(runs: dict[str, list[Run]], index: int) -> None:
    linear, ours = (runs[strategy][index] for strategy in (LINEAR, OURS))
    assert answers(ours) == answers(linear)
    assert (ours.status, ours.errors) == (linear.status, linear.errors)


def test_it_was_made_and_stands(runs: dict[str, list[Run]]) -> None:
    made, planned = runs[OURS]
    assert made.succeeded().changed()
    assert planned.succeeded().changed() == []
