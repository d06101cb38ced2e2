"""The list of connection plugins that facts are cleaned by, and the mark of the variable `vars`."""

from __future__ import annotations

from pathlib import Path

import ansible.vars.manager
from ansible.module_utils._internal._datatag._tags import Deprecated
from ansible.plugins.loader import PluginLoader
from ansible_collections.private_rag.aws.plugins.plugin_utils._facts import ListedOnce, MarkedOnce


def test_the_folders_are_searched_again_only_where_one_was_added(tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "carrier_pigeon.py").touch()
    loader = PluginLoader("ConnectionModule", "ansible.plugins.connection", [], "connection_plugins")
    listed = ListedOnce(loader)
    first = list(listed.all(path_only=True))
    assert first == list(loader.all(path_only=True))
    assert any(path.endswith("/local.py") for path in first)
    loader.all = None  # a search would fail
    assert list(listed.all(path_only=True)) == first
    del loader.all
    loader.add_directory(str(more))
    assert str(more / "carrier_pigeon.py") in list(listed.all(path_only=True))


def test_texts_are_marked_once_and_what_can_change_anew() -> None:
    mark = MarkedOnce(ansible.vars.manager._DEPRECATE_VARS)
    text, values = "{{ a text that is nowhere else }}", ["one"]
    marked = mark.tag(text)
    assert marked == text
    assert Deprecated.is_tagged_on(marked)
    assert mark.tag(text) is marked
    first = mark.tag(values)
    values.append("two")
    assert (first, mark.tag(values)) == (["one"], ["one", "two"])
    assert mark.tag(5) == 5
