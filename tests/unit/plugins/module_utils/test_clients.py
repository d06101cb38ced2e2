"""Which modules share a client: those for which everything is equal that makes one."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.private_rag.aws.plugins.module_utils import _clients


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No clients from elsewhere, no AWS configuration but the test's own."""
    monkeypatch.setattr(_clients, "_clients", {})
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


def ask(service: str = "ec2", **params: Any) -> object:
    """The client of a new module with these options."""
    return _clients.shared(SimpleNamespace(params=params), service, object)


def test_equal_modules_share_one() -> None:
    assert ask(region="r", name="one") is ask(region="r", name="another")


def test_services_have_their_own() -> None:
    assert ask("ec2") is not ask("iam")


@pytest.mark.parametrize(
    "option", ["access_key", "secret_key", "session_token", "profile", "endpoint_url", "region", "aws_ca_bundle"]
)
def test_an_option_of_the_connection_makes_another(option: str) -> None:
    assert ask(**{option: "a"}) is not ask(**{option: "b"})


def test_the_configuration_of_the_client_makes_another() -> None:
    assert ask(aws_config={"read_timeout": 1}) is not ask(aws_config={"read_timeout": 2})
    assert ask(validate_certs=True) is not ask(validate_certs=False)


def test_the_environment_makes_another(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ask()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert ask() is not before
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    assert ask() is before


@pytest.mark.parametrize("name", ["config", "credentials"])
def test_a_file_that_was_written_makes_another(tmp_path: Path, name: str) -> None:
    before = ask(profile="one")
    (tmp_path / name).write_text("[one]\n", encoding="utf-8")
    after = ask(profile="one")
    assert after is not before
    assert ask(profile="one") is after


def test_a_child_process_makes_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ask()
    monkeypatch.setattr(_clients.os, "getpid", lambda: -1)
    assert ask() is not before
