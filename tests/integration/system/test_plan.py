"""`site.yml --check --diff` on an account that holds only what the company had: complete, readable, and idle."""

from __future__ import annotations

import json

from ansible_collections.private_rag.aws.plugins.module_utils._unknown import has_unknown, unknown

from tests.integration.system.conftest import Planned
from tests.integration.system.playbooks import Run

# Every kind of resource of the guide, by the task that makes it.
MADE = {
    "security_groups : Create or correct the chatbot's groups",
    "security_groups : Add the rules to the group of each endpoint",
    "vpc_endpoints : Create or correct the execute-api endpoint",
    "private_apigw : Create or correct the REST API",
    "iam : Create or correct the roles",
    "alb : Create or correct the load balancer",
    "alb : Create or correct the target group",
    "alb : Create or correct the listener on port 80",
    "rag_lambda : Create or correct the table of conversations",
    "rag_lambda : Create or correct the function's log group",
    "rag_lambda : Build the function's package",
    "rag_lambda : Create or correct the function",
    "private_apigw : Create or correct POST, which asks the function",
    "private_apigw : Create or correct OPTIONS, which answers browsers",
    "private_apigw : Create or correct the headers of the gateway's own errors",
    "private_apigw : Let the API call the function",
    "private_apigw : Lock the API to its endpoint and its caller",
    "private_apigw : Deploy the API where its definition or its policy changed",
    "private_apigw : Cut the endpoint's policy down to this API",
    "ecr_image : Create or correct the repository",
    "ecr_image : Build and push the image where its source changed",
    "ecs_service : Create or correct the tasks' log group",
    "ecs_service : Create the secret that signs the page's cookies, once",
    "ecs_service : Create or correct the cluster",
    "ecs_service : Register the task definition where it differs",
    "ecs_service : Create or correct the service",
    "ecs_service : Create or correct the bounds of scaling",
    "ecs_service : Create or correct the scaling by CPU",
    "ecs_service : Create or correct the scaling by the clock",
}


def short(names: list[str]) -> set[str]:
    """Names of tasks without the collection's."""
    return {name.removeprefix("private_rag.aws.") for name in names}


def test_it_completes(planned: Planned) -> None:
    planned.run.succeeded()


def test_it_writes_nothing(planned: Planned) -> None:
    assert planned.mutations == []
    assert planned.files_written == set()


def test_it_lists_what_would_be_created(planned: Planned) -> None:
    assert short(planned.run.changed()) >= MADE


def test_it_shows_every_resource_that_it_would_create(planned: Planned) -> None:
    made = [
        each
        for name, result in planned.run.results()
        if name.removeprefix("private_rag.aws.") in MADE
        for each in result.get("results", [result])
        if each.get("changed")
    ]
    assert made
    assert [each for each in made if not each.get("diff")] == []


def test_values_to_come_have_readable_placeholders(planned: Planned) -> None:
    outputs = next(r["ansible_facts"]["chatbot_outputs"] for n, r in planned.run.results() if n == "Gather the outputs")
    assert outputs["rest_api_id"] == unknown("rest api id")
    unreadable = [value for value in outputs.values() if not value or (has_unknown(value) and ": )" in value)]
    assert unreadable == []
    assert "AnsibleUndefined" not in json.dumps(planned.run.document)


def test_what_it_predicts_is_what_is_done(planned: Planned, deployed: Run) -> None:
    """Task by task; the only thing done besides is to keep the outputs in a file on this machine."""
    assert planned.run.changed() == deployed.changed()
