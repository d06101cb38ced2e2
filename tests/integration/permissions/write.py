"""`python -m tests.integration.permissions.write`: docs/iam/controller-*.json anew, from runs that may do anything."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.integration.permissions.controller import EVERYTHING, Controller, record
from tests.integration.system.company import running_company
from tools.iam_policies import statements, store

PLAYBOOKS = ("site", "plan", "destroy")


def main() -> None:
    with tempfile.TemporaryDirectory() as directory, running_company(Path(directory)) as company:
        controllers = {name: Controller.made(company, f"everything-{name}", [EVERYTHING]) for name in PLAYBOOKS}
        recording = record(company, controllers)
    for step, run in recording.runs.items():
        run.succeeded()
        print(f"{step}: {len(run.changed())} tasks changed something")
    for playbook, permissions in recording.permissions.items():
        documents = store.generated(playbook, permissions)
        store.write(playbook, documents)
        for name, document in documents.items():
            print(f"{name}: {statements.size(document)} of {statements.LIMIT} characters")


if __name__ == "__main__":
    main()
