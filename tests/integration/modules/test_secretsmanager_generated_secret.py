"""secretsmanager_generated_secret: a secret whose value nobody needs to know."""

from __future__ import annotations

import json

import pytest

from tests.integration.cloud import Cloud
from tests.integration.modules.life import OWNER, refused
from tests.integration.running import ModuleFailed, Runner

NAME = "chatbot/test/streamlit-cookie"
WANTED = {"name": NAME, "description": "Signs cookies", "deployment": "chatbot-test"}


def value(cloud: Cloud) -> str:
    return str(cloud.client("secretsmanager").get_secret_value(SecretId=NAME)["SecretString"])


def test_created_once_then_left_alone_then_deleted(run_module: Runner, cloud: Cloud) -> None:
    done = run_module.applied("secretsmanager_generated_secret", WANTED)
    assert done["action"] == "create"
    secret = value(cloud)
    assert (len(secret), secret.isalnum()) == (64, True)
    assert secret not in json.dumps(done)
    gone = run_module.applied("secretsmanager_generated_secret", {**WANTED, "state": "absent"})
    assert gone["action"] == "delete"


def test_a_correction_keeps_the_value(run_module: Runner, cloud: Cloud) -> None:
    run_module("secretsmanager_generated_secret", WANTED)
    before = value(cloud)
    done = run_module.applied("secretsmanager_generated_secret", {**WANTED, "description": "x", "tags": {"a": "b"}})
    assert sorted(done["changes"]) == ["description", "tags"]
    assert value(cloud) == before


def test_one_that_waits_for_its_deletion_does_not_block_the_name(run_module: Runner, cloud: Cloud) -> None:
    run_module("secretsmanager_generated_secret", WANTED)
    before = value(cloud)
    cloud.client("secretsmanager").delete_secret(SecretId=NAME, RecoveryWindowInDays=7)
    run_module("secretsmanager_generated_secret", WANTED)
    assert value(cloud) != before


def test_a_secret_of_somebody_else_is_refused_and_never_deleted(run_module: Runner, cloud: Cloud) -> None:
    cloud.client("secretsmanager").create_secret(Name=NAME, SecretString="theirs")
    with pytest.raises(ModuleFailed, match="was not made by this deployment"):
        run_module("secretsmanager_generated_secret", WANTED)
    run_module.unchanged("secretsmanager_generated_secret", {**WANTED, "state": "absent"})
    assert value(cloud) == "theirs"


@pytest.mark.parametrize("owner", ["", "chatbot-other"])
def test_a_secret_of_somebody_else_can_still_be_restored(run_module: Runner, cloud: Cloud, owner: str) -> None:
    secrets = cloud.client("secretsmanager")
    tags = [{"Key": OWNER, "Value": owner}] if owner else []
    secrets.create_secret(Name=NAME, SecretString="theirs", Tags=tags)
    secrets.delete_secret(SecretId=NAME, RecoveryWindowInDays=7)
    refused(run_module, "secretsmanager_generated_secret", WANTED, "not made by this deployment.*marked for deletion")
    run_module.unchanged("secretsmanager_generated_secret", {**WANTED, "state": "absent"})
    secrets.restore_secret(SecretId=NAME)
    assert value(cloud) == "theirs"


def test_a_short_value_is_refused(run_module: Runner) -> None:
    with pytest.raises(ModuleFailed, match="not between 32 and 4096"):
        run_module("secretsmanager_generated_secret", {**WANTED, "length": 8})
