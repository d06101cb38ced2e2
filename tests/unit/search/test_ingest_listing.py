"""Which files are documents, and what they are called: names in every form, patterns, links, folders not to be seen."""

from __future__ import annotations

import os
from pathlib import Path
from unicodedata import normalize

import pytest
from ingest import listing as listed
from ingest.guard import Guard
from ingest.listing import Patterns, listing
from ingest.server import IngestError

COMPOSED = "ガイド.md"


def write(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return folder


def sources(folder: Path, include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> list[str]:
    return [file.source for file in listing(folder, Patterns(include, exclude)).files]


def test_a_name_that_macos_wrote_is_called_as_everywhere(tmp_path: Path) -> None:
    write(tmp_path, normalize("NFD", f"資料/{COMPOSED}"))
    assert sources(tmp_path) == [f"資料/{COMPOSED}"]


def test_two_files_of_one_name_are_told_and_the_composed_one_has_it(tmp_path: Path) -> None:
    write(tmp_path, normalize("NFD", COMPOSED), COMPOSED)
    first, second = listing(tmp_path).files
    assert (first.source, first.fault, Path(first.path).name) == (COMPOSED, "", COMPOSED)
    assert COMPOSED in second.fault
    assert "rename" in second.fault


def test_names_that_differ_in_case_are_two_documents(tmp_path: Path) -> None:
    assert sources(write(tmp_path, "Rule.md", "rule.md", "RULE.MD")) == ["RULE.MD", "Rule.md", "rule.md"]


def test_a_name_in_shift_jis_is_shown_as_it_was_meant(tmp_path: Path) -> None:
    with open(os.path.join(os.fsencode(tmp_path), "就業規則.md".encode("cp932")), "wb") as stream:
        stream.write(b"x")
    (file,) = listing(tmp_path).files
    assert file.source == "就業規則.md"
    assert Path(file.path).read_bytes() == b"x"


def test_what_is_no_document_is_counted(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "b.jpg", "c.JPG", "README", "~$a.docx", ".hidden.md", ".git/d.md")
    (tmp_path / "link.md").symlink_to("a.md")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    found = listing(tmp_path)
    assert [file.source for file in found.files] == ["a.md"]
    assert found.passed_over == {".jpg": 2, "without a suffix": 1, "link": 2}


def test_a_fifo_is_no_document(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert sources(tmp_path) == []


def test_patterns_choose_by_name_and_by_path(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "a.draft.md", "drafts/b.md", "drafts/deep/c.md", "hr/d.txt", "hr/drafts/e.md")
    assert sources(tmp_path, exclude=("drafts/*", "*.draft.md")) == ["a.md", "hr/d.txt", "hr/drafts/e.md"]
    assert sources(tmp_path, include=("hr/*",), exclude=("*.md",)) == ["hr/d.txt"]
    assert sources(tmp_path, exclude=("*/drafts/*",)) == [
        "a.draft.md",
        "a.md",
        "drafts/b.md",
        "drafts/deep/c.md",
        "hr/d.txt",
    ]
    assert listing(tmp_path, Patterns((), ("*.md",))).passed_over == {"excluded": 5}


def test_a_folder_that_cannot_be_listed_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.md", "closed/b.md")
    scan = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(listed.os, "scandir", refuse)
    with pytest.raises(IngestError, match=r"closed cannot be listed: Permission denied"):
        listing(tmp_path)


def test_what_is_no_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="is no folder"):
        listing(tmp_path / "share")


HUNDRED = frozenset(f"{number}.md" for number in range(100))


def kept(count: int) -> frozenset[str]:
    return frozenset(sorted(HUNDRED)[:count])


@pytest.mark.parametrize("left", [0, 1, 69])
def test_a_run_that_would_delete_too_much_is_refused(left: int) -> None:
    with pytest.raises(
        IngestError, match=rf"^{100 - left} of the 100 documents in the index are not in /share any more"
    ):
        Guard().check("/share", HUNDRED, kept(left))


@pytest.mark.parametrize("left", [70, 100])
def test_a_run_that_deletes_little_is_not(left: int) -> None:
    Guard().check("/share", HUNDRED, kept(left) | {"new.md"})


def test_the_guard_s_figures() -> None:
    Guard(100).check("/share", HUNDRED, frozenset())
    Guard().check("/share", frozenset(), frozenset())
    Guard().check("/share", kept(12), kept(2))  # ten may go in any case
    Guard(0).check("/share", kept(12), kept(2))
    with pytest.raises(IngestError, match="max-deleted-percent 100"):
        Guard().check("/share", kept(3), frozenset())  # but not all
    with pytest.raises(IngestError):
        Guard().check("/share", kept(12), kept(1))
