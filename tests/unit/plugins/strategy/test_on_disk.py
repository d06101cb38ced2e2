"""What an interpreter imports from the controller's files, and what it asks for as before."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from ansible_collections.private_rag.aws.plugins.plugin_utils import _on_disk


@pytest.fixture
def finder(tmp_path: Path) -> _on_disk.OnDisk:
    """Two roots of collections; the first has a part of what the second has."""
    for name in (
        "packages/ansible/__init__.py",
        "packages/ansible/module_utils/basic.py",
        "packages/mitogen/__init__.py",
        "packages/mitogen/parent.py",
        "packages/other.py",
        "one/ansible_collections/a/b/plugins/module_utils/x.py",
        "two/ansible_collections/a/b/plugins/module_utils/x.py",
        "two/ansible_collections/a/b/plugins/module_utils/only_here.py",
        "two/ansible_collections/c/d/plugins/module_utils/y.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    roots = [tmp_path / "one", tmp_path / "two"]
    return _on_disk.OnDisk(tmp_path / "packages", roots, frozenset({"ansible.changed"}))


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("ansible", "packages/ansible/__init__.py"),
        ("ansible.module_utils.basic", "packages/ansible/module_utils/basic.py"),
        ("mitogen.parent", "packages/mitogen/parent.py"),
        ("ansible_collections.a.b.plugins.module_utils.x", "one/ansible_collections/a/b/plugins/module_utils/x.py"),
        ("ansible_collections.c.d.plugins.module_utils.y", "two/ansible_collections/c/d/plugins/module_utils/y.py"),
    ],
)
def test_a_file_is_found(finder: _on_disk.OnDisk, tmp_path: Path, name: str, file: str) -> None:
    assert finder.find_spec(name).origin == str(tmp_path / file)


@pytest.mark.parametrize(
    "name",
    [
        "other",
        "mitogen",  # Mitogen itself has made it
        "ansible.module_utils.redirected",
        "ansible_collections",
        "ansible_collections.a.b",
        "ansible_collections.a.b.plugins.module_utils.only_here",  # the first root has this collection
        "ansible_collections.unknown.d.plugins.module_utils.y",
    ],
)
def test_anything_else_is_left_to_mitogen(finder: _on_disk.OnDisk, name: str) -> None:
    assert finder.find_spec(name) is None


def test_so_is_what_mitogen_changes(finder: _on_disk.OnDisk, tmp_path: Path) -> None:
    (tmp_path / "packages/ansible/changed.py").touch()
    assert finder.find_spec("ansible.changed") is None


def test_an_interpreter_of_another_environment_asks_for_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [])
    _on_disk.import_from_disk("another", sys.path[-1], [], [])
    _on_disk.import_from_disk(sys.version, "/not/imported/from", [], [])
    assert sys.meta_path == []
    _on_disk.import_from_disk(sys.version, sys.path[-1], [], [])
    assert len(sys.meta_path) == 1
