"""The loader that all botocore sessions of an interpreter share."""

from __future__ import annotations

from pathlib import Path

import botocore.hooks
import botocore.loaders
import botocore.session
import pytest
from ansible_collections.private_rag.aws.plugins.plugin_utils import _interpreter


@pytest.fixture(autouse=True)
def put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests get botocore's own function again."""
    for module in (botocore.loaders, botocore.session):
        monkeypatch.setattr(module, "create_loader", module.create_loader)
    aliaser = botocore.hooks.EventAliaser
    monkeypatch.setattr(aliaser, "__init__", aliaser.__init__)


def loader(session: botocore.session.Session) -> botocore.loaders.Loader:
    found: botocore.loaders.Loader = session.get_component("data_loader")
    return found


def test_sessions_share_a_loader() -> None:
    _interpreter.share_loader()
    assert loader(botocore.session.Session()) is loader(botocore.session.Session())


def test_not_across_search_paths(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _interpreter.share_loader()
    usual = loader(botocore.session.Session())
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    other = loader(botocore.session.Session())
    assert other is not usual
    assert str(tmp_path) in other.search_paths


def names(aliaser: botocore.hooks.EventAliaser) -> dict[str, str]:
    found: dict[str, str] = aliaser._alias_name_cache
    return found


def test_the_names_of_events_are_looked_up_once_for_each_table() -> None:
    _interpreter.share_loader()
    emitter = botocore.hooks.HierarchicalEmitter()
    one, two = botocore.hooks.EventAliaser(emitter), botocore.hooks.EventAliaser(emitter)
    other = botocore.hooks.EventAliaser(emitter, {"ec2": "another"})
    one.emit("before-call.elb")
    assert names(two)["before-call.elb"] == "before-call.elastic-load-balancing"
    assert names(other) == {}


def test_sessions_share_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    _interpreter.share_loader()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "first")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "first")
    first = botocore.session.Session().get_credentials()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "second")
    second = botocore.session.Session().get_credentials()
    assert (first.access_key, second.access_key) == ("first", "second")
