"""The same playbook prints the same under both strategies, to the letter: results, differences, failures, secrets."""

from __future__ import annotations

import json
import re

import pytest

from tests.conformance.strategies import LINEAR, OURS, Ended, both, comparable, run
from tests.integration.cloud import running_cloud

# Where Mitogen differs; nothing of the project uses these. Docs: docs/performance.md.
_RAW_STDERR = re.compile(r"stderr: (''|\|-\n +Shared connection to \w+ closed\.)")
_JOB = (
    (re.compile(r"(jid=|job_id: |/jobs/)\S+"), r"\1JOB"),
    (re.compile(r"^ +(results_file: .*|data: '')\n", re.MULTILINE), ""),
    (re.compile(r"started: (1|true)"), "started: true"),
)


def without_known_differences(text: str) -> str:
    """The additions of Mitogen to `raw` and to jobs in the background taken away."""
    text = _RAW_STDERR.sub("stderr: RAW", text)
    for pattern, replacement in _JOB:
        text = pattern.sub(replacement, text)
    return text


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    """One host after the other, since the order in which hosts answer is chance."""
    # Folders of the same length, since the sizes of some files follow from it.
    folders = {strategy: tmp_path_factory.mktemp("modules") for strategy in (LINEAR, OURS)}
    return both(lambda strategy: run("modules.yml", strategy, folders[strategy], "-v", "--diff", ANSIBLE_FORKS="1"))


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    """Each strategy in an account of its own."""
    folders = {strategy: tmp_path_factory.mktemp("aws") for strategy in (LINEAR, OURS)}

    def ended(strategy: str) -> Ended:
        with running_cloud(folders[strategy]) as cloud:
            environment = {
                "AWS_ENDPOINT_URL": cloud.endpoint,
                "AWS_ACCESS_KEY_ID": "testing",
                "AWS_SECRET_ACCESS_KEY": "testing",
                "AWS_EC2_METADATA_DISABLED": "true",
            }
            options = ["-v", "--diff", "--limit", "first", "-e", json.dumps({"aws_environment": environment})]
            return run("aws.yml", strategy, folders[strategy] / "run", *options)

    return both(ended)


def test_core_modules_answer_alike(modules: dict[str, Ended]) -> None:
    linear, ours = (comparable(without_known_differences(modules[name].output)) for name in (LINEAR, OURS))
    assert ours == linear


def test_the_playbook_for_core_modules_ran_to_its_end(modules: dict[str, Ended]) -> None:
    assert "PLAY RECAP" in modules[OURS].output
    assert "Goes on with the others" in modules[OURS].output


def test_exit_status_is_alike(modules: dict[str, Ended], aws: dict[str, Ended]) -> None:
    assert [modules[OURS].status, aws[OURS].status] == [modules[LINEAR].status, aws[LINEAR].status] == [2, 0]


def test_secrets_are_kept_back(modules: dict[str, Ended]) -> None:
    assert "not-to-be-seen" not in modules[OURS].output + modules[OURS].errors


def test_no_stack_trace_is_shown(modules: dict[str, Ended]) -> None:
    assert "an exception that nobody caught" in modules[OURS].output
    assert "Traceback" not in modules[OURS].output + modules[OURS].errors


def test_modules_of_aws_answer_alike(aws: dict[str, Ended]) -> None:
    assert comparable(aws[OURS].output) == comparable(aws[LINEAR].output)


def test_nothing_else_is_printed(aws: dict[str, Ended]) -> None:
    assert (aws[OURS].errors, aws[LINEAR].errors) == ("", "")


def test_no_process_is_left(modules: dict[str, Ended], aws: dict[str, Ended]) -> None:
    assert [*modules[OURS].left, *aws[OURS].left] == []
