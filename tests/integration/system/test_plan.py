"""plan.yml, without --check, on an account that holds only what the company had: complete, readable, and idle."""

from __future__ import annotations

import json

import yaml
from ansible_collections.private_rag.aws.plugins.module_utils._unknown import has_unknown, unknown

from tests.integration.cloud import ROOT
from tests.integration.system.agreement import agrees
from tests.integration.system.company import Plan
from tests.integration.system.playbooks import Run


def test_it_completes(planned: Plan) -> None:
    planned.run.succeeded()


def test_it_writes_nothing(planned: Plan) -> None:
    assert planned.mutations == []
    assert planned.files_written == set()


def test_it_lists_what_would_be_created(planned: Plan, deployed: Run) -> None:
    """Every resource that the deployment then makes, and nothing else: names hold no value that AWS gives."""
    made = [each.resource for each in deployed.reconciled() if each.result["action"] == "create"]
    listed = [entry["resource"] for entry in planned.document["create"]]
    assert len(made) > 25
    assert [name for name in made if not any(agrees(entry, name) for entry in listed)] == []
    assert planned.document["change"] == planned.document["replace"] == planned.document["delete"] == []


def test_it_tells_the_same_to_a_reader(planned: Plan) -> None:
    told = next(result["msg"] for name, result in planned.run.results() if name == "Show the plan")
    created = planned.document["create"]
    assert told[:-1] == [f"+ create {entry['resource']}" for entry in created]
    assert told[-1] == f"{len(created)} to create, 0 to change, 0 to replace, 0 to delete, 0 unchanged"


def test_values_to_come_have_readable_placeholders(planned: Plan) -> None:
    outputs = next(r["ansible_facts"]["chatbot_outputs"] for n, r in planned.run.results() if n == "Gather the outputs")
    assert outputs["rest_api_id"] == unknown("rest api id")
    unreadable = [value for value in outputs.values() if not value or (has_unknown(value) and ": )" in value)]
    assert unreadable == []
    assert "AnsibleUndefined" not in json.dumps(planned.run.document)


def test_what_it_predicts_is_what_is_done(planned: Plan, deployed: Run) -> None:
    """Field by field; a value that AWS gives is a placeholder before."""
    assert planned.done_by(deployed) == []


def test_no_play_of_the_deployment_escapes_check_mode() -> None:
    """plan.yml must not deploy where --check was forgotten."""
    plays = yaml.safe_load((ROOT / "playbooks" / "site.yml").read_text(encoding="utf-8"))
    forced = "{{ chatbot_check_only | default(ansible_check_mode) | bool }}"
    assert [play["name"] for play in plays if play.get("check_mode") != forced] == []


def test_every_task_that_changes_aws_is_in_the_plan() -> None:
    """Only modules of this collection leave a note for the plan; others that a role uses may only read."""
    modules = {
        name
        for path in ROOT.glob("roles/*/tasks/*.yml")
        if path.name != "absent.yml"
        for task in yaml.safe_load(path.read_text(encoding="utf-8")) or []
        for name in task
        if name.startswith(("amazon.aws.", "community.aws."))
    }
    assert [name for name in modules if not name.endswith("_info")] == []
