"""The company before the chatbot, and copies of its account that runs may do with as they like."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_cloud.data.onprem import password
from local_cloud.data.pki import Pki
from tests.integration.cloud import ROOT, Cloud, running_cloud
from tests.integration.system.account import Snapshot, snapshot
from tests.integration.system.agreement import disagreements
from tests.integration.system.playbooks import Playbooks, Run

SITE, DESTROY, PLAN, DRIFT = "site.yml", *(f"playbooks/{name}.yml" for name in ("destroy", "plan", "drift"))
# Downloads and builds that every local cloud of this checkout may share. What depends on one is not among them.
SHARED = ("build/packages", "build/images")
SURE = {"chatbot_confirm_destroy": True, "chatbot_delete_history": True}


@dataclass(frozen=True)
class Plan:
    """A plan, what it wrote although it must not write, and what it tells in `chatbot_plan_file`."""

    run: Run
    mutations: list[str]
    files_written: set[str]
    document: dict[str, Any]

    def done_by(self, run: Run) -> list[str]:
        """In what the run was not what the plan says."""
        return disagreements(self.run.reconciled(), run.reconciled())


@dataclass(frozen=True)
class Company:
    """An account with what a company has before the chatbot, and nothing else."""

    cloud: Cloud
    playbooks: Playbooks
    before: Snapshot

    def now(self) -> Snapshot:
        return snapshot(self.cloud.client)

    def files(self) -> dict[str, int]:
        """Every file of the local cloud's folder with the time of its last change, in ns; folders with 0."""
        return {str(path): path.is_file() and path.stat().st_mtime_ns for path in self.playbooks.state.rglob("*")}

    def site(self, *options: str, **variables: Any) -> Run:
        return self.playbooks.run(SITE, *options, **{"ecs_service_wait": False, **variables})

    def plan(self, playbook: str = PLAN, **variables: Any) -> Plan:
        """plan.yml, or drift.yml, without --check: they must not need it."""
        file, before = self.playbooks.state / "plan.json", self.files()
        file.unlink(missing_ok=True)
        self.cloud.forget()
        run = self.playbooks.run(playbook, ecs_service_wait=False, chatbot_plan_file=str(file), **variables)
        written = {path for path, changed in self.files().items() if before.get(path) != changed}
        document = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return Plan(run, self.cloud.mutations(), written - {str(file)}, document)

    def destroy(self, *options: str, **variables: Any) -> Run:
        return self.playbooks.run(DESTROY, *options, **variables)

    @contextmanager
    def copy(self) -> Iterator[Company]:
        """The same company in an account of its own, as it is now; it ends with the block."""
        cloud = Cloud(self.cloud.ask("POST", "/_local/forks")["endpoint"])
        try:
            yield Company(cloud, Playbooks(self.playbooks.state, cloud.endpoint), self.before)
        finally:
            self.cloud.ask("DELETE", f"/_local/forks/{cloud.endpoint.rpartition(':')[2]}")


@contextmanager
def running_company(directory: Path) -> Iterator[Company]:
    """What the data plane makes when it starts is made here: the company's CA and the search server's password."""
    with running_cloud(directory) as cloud:
        state = directory / "state"
        _share_downloads(state / "cache")
        Pki.load_or_create(state / "pki")
        password.ensure(state)
        playbooks = Playbooks(state, cloud.endpoint)
        playbooks.run("local_cloud/prerequisites.yml").succeeded()
        yield Company(cloud, playbooks, snapshot(cloud.client))


def _share_downloads(cache: Path) -> None:
    common = Path(os.environ.get("LOCAL_CLOUD_STATE", ROOT / ".local")) / "cache"
    for name in SHARED:
        (common / name).mkdir(parents=True, exist_ok=True)
        (cache / name).parent.mkdir(parents=True, exist_ok=True)
        (cache / name).symlink_to((common / name).resolve())
