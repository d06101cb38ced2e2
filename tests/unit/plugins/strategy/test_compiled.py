"""Compiled templates are kept from run to run: the collection's own, in a file that nobody else may write."""

from __future__ import annotations

from pathlib import Path
from types import CodeType

import pytest
from ansible._internal._datatag._tags import Origin
from ansible_collections.private_rag.aws.plugins.plugin_utils import _compiled
from ansible_collections.private_rag.aws.plugins.plugin_utils._compiled import ROOT, Compiled

KEY = ("{{ name }}", ("{%", "%}"), False)
CODE = compile("1 + 1", "<template>", "eval")


def said_in(path: Path) -> str:
    return Origin(path=str(path)).tag("{{ name }}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "templates"


def written(file: Path) -> Path:
    compiled = Compiled(file)
    compiled.put(KEY, CODE)
    compiled.save()
    return file


def test_the_next_run_has_what_this_one_compiled(file: Path) -> None:
    found = Compiled(written(file)).get(KEY)
    assert isinstance(found, CodeType)
    assert eval(found) == 2
    assert Compiled(file).get((*KEY[:2], True)) is None
    assert [path.name for path in file.parent.iterdir()] == ["templates"]
    assert (file.parent.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)


def test_nothing_is_written_where_nothing_is_new(file: Path) -> None:
    Compiled(file).save()
    assert not file.exists()
    before = written(file).stat().st_mtime_ns
    Compiled(file).save()
    assert file.stat().st_mtime_ns == before


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_file_that_others_may_write_is_not_run(file: Path, mode: int) -> None:
    written(file).chmod(mode)
    assert Compiled(file).get(KEY) is None


def test_somebody_elses_file_is_not_run(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(file)
    monkeypatch.setattr(_compiled.os, "getuid", lambda: -1)
    assert Compiled(file).get(KEY) is None


@pytest.mark.parametrize("content", [b"", b"no marshal", b"i\x05\x00\x00\x00"])
def test_a_damaged_file_is_none(file: Path, content: bytes) -> None:
    written(file).write_bytes(content)
    assert Compiled(file).get(KEY) is None


def test_a_home_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    compiled = Compiled(tmp_path / "home" / "templates")
    compiled.put(KEY, CODE)
    compiled.save()
    assert compiled.get(KEY) is CODE


def test_an_operators_templates_are_not_kept(file: Path, tmp_path: Path) -> None:
    """They may hold a secret."""
    compiled = Compiled(file)
    assert compiled.keeps(said_in(ROOT / "roles" / "alb" / "vars" / "main.yml"))
    assert compiled.keeps(said_in(ROOT / "playbooks" / "site.yml"))
    assert not compiled.keeps(said_in(ROOT / "inventories" / "prod" / "group_vars" / "all.yml"))
    assert not compiled.keeps(said_in(tmp_path / "roles" / "tasks.yml"))
    assert not compiled.keeps("{{ name }}")
    assert not compiled.keeps(Origin(description="<CLI option '-e'>").tag("{{ name }}"))


def test_a_collection_that_is_linked_to_is_the_same(file: Path, tmp_path: Path) -> None:
    (tmp_path / "aws").symlink_to(ROOT)
    assert Compiled(file).keeps(said_in(tmp_path / "aws" / "roles" / "alb" / "tasks" / "present.yml"))


@pytest.mark.parametrize("setting", ["DEFAULT_JINJA2_EXTENSIONS", "DEFAULT_FILTER_PLUGIN_PATH"])
def test_other_settings_have_a_file_of_their_own(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    """What compiling depends on, besides the text."""
    usual = _compiled._versions()
    monkeypatch.setattr(_compiled.constants, setting, ["another"])
    assert _compiled._versions() != usual
