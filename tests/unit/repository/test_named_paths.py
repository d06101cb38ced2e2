"""What documents and comments name is there: paths of this checkout, and Python files by their bare names."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from tests.unit.repository.checkout import ROOT, tracked_files

_BEFORE = r"(?<![\w/.*<>{}$~@:-])"
_PYTHON = re.compile(_BEFORE + r"((?:[\w.-]+/)*\w[\w.-]*\.py)(?![\w/*{-])")
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
# Files of others, and of projects that this one speaks of.
_OTHERS = frozenset(
    {
        "tests/aws/services/iam/test_iam.py",  # LocalStack's, where a refusal's words were recorded
        "get-pip.py",  # PyPA's
        "build_zip.py",  # of a peer that the bench is pointed at, and the next one
        "verify.py",
    }
)


def files() -> list[PurePosixPath]:
    return [PurePosixPath(path.relative_to(ROOT)) for path in tracked_files()]


FILES = files()
PLACES = {str(path) for path in FILES} | {str(folder) for path in FILES for folder in path.parents}
FOLDERS = sorted({path.parts[0] for path in FILES if len(path.parts) > 1})
_PLACE = re.compile(_BEFORE + rf"((?:{'|'.join(map(re.escape, FOLDERS))})/[\w./-]*\w)(?![\w/*{{<-])")


def prose(path: PurePosixPath) -> Iterator[str]:
    """A document's lines, or the comments and docstrings of a file."""
    text = Path(ROOT, path).read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield from text.splitlines()
    elif path.suffix == ".py":
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        yield from (token.string for token in tokens if token.type == tokenize.COMMENT)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                yield ast.get_docstring(node) or ""
    else:
        yield from re.findall(r"(?:^|\s)#(.*)", text)


def is_there(name: str, named_in: PurePosixPath) -> bool:
    """Whether it can be found from the root, from where it is named, or is the end of one path."""
    if name in PLACES or Path(ROOT, named_in.parent, name).exists():
        return True
    return any(place.endswith(f"/{name}") for place in PLACES)


def missing(path: PurePosixPath) -> list[str]:
    named = {match for text in prose(path) for pattern in (_PYTHON, _PLACE) for match in pattern.findall(text)}
    return sorted(name for name in named - _OTHERS if "..." not in name and not is_there(name.rstrip("."), path))


KINDS = {".md", ".py", ".yml", ".yaml", ".sh", ".toml", ".in", ".j2", ""}
NAMING = [path for path in FILES if path.suffix in KINDS and not str(path).startswith("samples/documents/")]


def test_every_path_that_is_named_is_there() -> None:
    found = {str(path): missing(path) for path in NAMING}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".md"], ids=str)
def test_every_link_leads_somewhere(path: PurePosixPath) -> None:
    links = _LINK.findall(Path(ROOT, path).read_text(encoding="utf-8"))
    assert [link for link in links if not Path(ROOT, path.parent, link).exists()] == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("see `files/lambda/rag/gone.py`", ["files/lambda/rag/gone.py"]),
        ("`gone.py` does it; `prompt.py` too", ["gone.py"]),
        ("docs/gone.md and docs/identity.md, tests/integration/drift/", ["docs/gone.md"]),
        ("roles/*/tasks, files/<name>, https://example/docs/x.py", []),
    ],
)
def test_what_is_not_there_is_found(text: str, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_given, **_named: text)
    assert missing(PurePosixPath("README.md")) == names
