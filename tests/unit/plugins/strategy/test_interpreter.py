"""The loader that all botocore sessions of an interpreter share, and what is read into it ahead."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import botocore.hooks
import botocore.loaders
import botocore.session
import pytest
from ansible_collections.private_rag.aws.plugins.plugin_utils import _interpreter

ROOT = Path(__file__).resolve().parents[4]
# Asked only where an inventory names a certificate, a knowledge base, a key.
RARE = {"acm", "bedrock-agent", "kms"}


@pytest.fixture(autouse=True)
def put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests get botocore's own function again."""
    for module in (botocore.loaders, botocore.session):
        monkeypatch.setattr(module, "create_loader", module.create_loader)
    aliaser = botocore.hooks.EventAliaser
    monkeypatch.setattr(aliaser, "__init__", aliaser.__init__)
    monkeypatch.setattr(botocore.hooks, "accepts_kwargs", botocore.hooks.accepts_kwargs)


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


def test_a_handler_is_looked_at_once_and_may_still_be_refused() -> None:
    _interpreter.share_loader()
    emitter = botocore.hooks.HierarchicalEmitter()
    emitter.register("before-call", lambda **_more: None)
    with pytest.raises(ValueError, match="must accept keyword arguments"):
        emitter.register("before-call", lambda: None)
    before = botocore.hooks.accepts_kwargs.cache_info().misses
    botocore.session.Session()
    once = botocore.hooks.accepts_kwargs.cache_info().misses
    botocore.session.Session()
    assert before < once
    assert botocore.hooks.accepts_kwargs.cache_info().misses - once < (once - before) / 10


def test_sessions_share_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    _interpreter.share_loader()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "first")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "first")
    first = botocore.session.Session().get_credentials()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "second")
    second = botocore.session.Session().get_credentials()
    assert (first.access_key, second.access_key) == ("first", "second")


def test_what_is_read_ahead_is_what_the_modules_ask() -> None:
    asked = {
        service
        for path in (ROOT / "plugins").rglob("*.py")
        for service in re.findall(r"\bclient\(\s*\"([a-z0-9-]+)\"", path.read_text(encoding="utf-8"))
    }
    assert asked - RARE == set(_interpreter.SERVICES)


def test_a_client_reads_nothing_that_was_read_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DATA_PATH", raising=False)
    _interpreter.share_loader()
    _interpreter.read_ahead()
    session = botocore.session.Session()
    read: list[str] = []
    files = loader(session).file_loader
    load = files.load_file
    monkeypatch.setattr(files, "load_file", lambda path: read.append(path) or load(path))
    session.create_client("ecs", region_name="ap-northeast-1")
    assert [path for path in read if "/ecs/" in path] == []


def test_reading_ahead_imports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second thread that imports, and a module that forks, could wait for each other for ever."""
    _interpreter.share_loader()

    def refuse(name: str, *_more: object, **_others: object) -> object:
        raise AssertionError(f"{name} is imported")

    monkeypatch.setattr("builtins.__import__", refuse)
    _interpreter.read_ahead()


def test_without_botocore_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.loaders", None)
    _interpreter.read_ahead()
    assert sys.modules["botocore.loaders"] is None
