"""What no file of the checkout may hold or be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.repository.checkout import ROOT, tracked_files

# A home folder or a working folder of the machine that a file was written on; /home/me is the one of examples.
MACHINE_PATH = re.compile(r"(?<![\w.$}/])/(?:root|home/(?!me/)\w+|Users/\w+|work)/[\w.]")
PYTHON_LINES = 350
BINARY = {".png", ".gz", ".zip", ".woff2", ".ico"}
LOCKS = sorted(path.relative_to(ROOT) for path in tracked_files() if path.suffix == ".lock")


def texts() -> dict[Path, str]:
    """Path below the root and content of every text file."""
    files = [path for path in tracked_files() if path.suffix not in BINARY]
    return {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in files}


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [f"{path}: {match.group()}" for path, text in texts().items() for match in MACHINE_PATH.finditer(text)]
    assert found == []


def test_python_files_stay_small() -> None:
    long = [str(path) for path, text in texts().items() if path.suffix == ".py" and text.count("\n") > PYTHON_LINES]
    assert long == []


def test_there_are_locks() -> None:
    assert {"bootstrap.lock", "deploy.lock", "local-cloud.lock", "test.lock"} <= {path.name for path in LOCKS}


@pytest.mark.parametrize("lock", LOCKS, ids=str)
def test_lock_names_no_index(lock: Path) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "://" in line or line.startswith("-")] == []


@pytest.mark.parametrize("lock", LOCKS, ids=str)
def test_lock_has_a_hash_for_every_package(lock: Path) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert blocks
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("name", ["deploy", "local-cloud", "test", "bootstrap"])
def test_direct_dependencies_are_pinned(name: str) -> None:
    lines = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
    direct = [line for line in lines if line and not line.startswith(("#", "-c"))]
    assert direct
    assert [line for line in direct if "==" not in line] == []


def test_verify_speaks_the_protocol_of_the_streamlit_that_is_deployed() -> None:
    pattern = re.compile(r"^streamlit==(\S+)", re.MULTILINE)
    files = ("requirements/local-cloud.lock", "files/frontend/requirements.lock")
    versions = [pattern.findall((ROOT / name).read_text(encoding="utf-8")) for name in files]
    assert versions[0]
    assert versions[0] == versions[1]
