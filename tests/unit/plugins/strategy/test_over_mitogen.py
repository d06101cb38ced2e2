"""When modules run over Mitogen, and what is said where they do not. A stand-in for Mitogen: it need not be there."""

from __future__ import annotations

import sys
import types
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible_collections.private_rag.aws.plugins.plugin_utils import _mitogen


class Plain:
    """A strategy."""


class Mixin:
    """What ansible_mitogen adds to one."""


@pytest.fixture(autouse=True)
def nothing_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_mitogen, "_set_up", lambda: None)


def install(monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], **contents: Any) -> None:
    """Make `import mitogen` and `import ansible_mitogen.strategy` find these."""
    mitogen = types.ModuleType("mitogen")
    mitogen.__dict__["__version__"] = version
    strategy = types.ModuleType("ansible_mitogen.strategy")
    strategy.__dict__.update(contents)
    monkeypatch.setitem(sys.modules, "mitogen", mitogen)
    monkeypatch.setitem(sys.modules, "ansible_mitogen", types.ModuleType("ansible_mitogen"))
    monkeypatch.setitem(sys.modules, "ansible_mitogen.strategy", strategy)


def test_over_mitogen_where_the_versions_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, _mitogen.OLDEST_MITOGEN, StrategyMixin=Mixin)
    strategy, refusal = _mitogen.over_mitogen(Plain)
    assert issubclass(strategy, Mixin)
    assert issubclass(strategy, Plain)
    assert refusal == ""


def test_plain_where_mitogen_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mitogen", None)
    strategy, refusal = _mitogen.over_mitogen(Plain)
    assert strategy is Plain
    assert refusal.startswith("Mitogen is not installed")


def test_plain_where_mitogen_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, (0, 3, 7), StrategyMixin=Mixin)
    assert _mitogen.over_mitogen(Plain) == (Plain, "Mitogen 0.3.7 is older than 0.3.54")


def test_plain_where_ansible_is_newer_than_what_was_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, _mitogen.OLDEST_MITOGEN, StrategyMixin=Mixin)
    monkeypatch.setattr(_mitogen, "ansible_version", "2.99.0b1")
    assert _mitogen.over_mitogen(Plain) == (Plain, "not known to work with ansible-core 2.99.0b1")


def test_plain_and_one_line_where_mitogen_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(types.ModuleType):
        def __getattr__(self, name: str) -> Any:
            raise AnsibleError("Your version of Ansible\nis too recent.")

    install(monkeypatch, _mitogen.OLDEST_MITOGEN)
    monkeypatch.setitem(sys.modules, "ansible_mitogen.strategy", Refusing("ansible_mitogen.strategy"))
    assert _mitogen.over_mitogen(Plain) == (Plain, "Your version of Ansible is too recent.")


def test_the_installed_ansible_is_one_that_was_tried() -> None:
    """Fails where the lock moves on: run tests/conformance, then raise NEWEST_ANSIBLE."""
    installed = tuple(int(part) for part in _mitogen.ansible_version.split(".")[:2])
    assert installed <= _mitogen.NEWEST_ANSIBLE
