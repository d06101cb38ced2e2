"""lambda_package: the same contents give the same bytes, whatever machine, order and times."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.integration.running import run_in_process


@dataclass
class Workshop:
    """A folder with a function's source, a wheel that no index has, and its lock file."""

    folder: Path

    @property
    def dest(self) -> Path:
        return self.folder / "build" / "function.zip"

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def add_wheel(self, version: str, text: str = "answer = 42\n") -> None:
        info = f"tiny-{version}.dist-info"
        wheel = self.folder / "wheels" / f"tiny-{version}-py3-none-any.whl"
        wheel.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("tiny/__init__.py", text)
            archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n")
            archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            archive.writestr(f"{info}/entry_points.txt", "[console_scripts]\ntiny = tiny:answer\n")
            archive.writestr(f"{info}/RECORD", "")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        self.write("requirements.lock", f"tiny=={version} --hash=sha256:{digest}\n")

    def options(self, **more: Any) -> dict[str, Any]:
        return {
            "source": str(self.folder / "source"),
            "requirements": str(self.folder / "requirements.lock"),
            "extra_files": {"certs/ca.pem": str(self.folder / "ca.pem")},
            "dest": str(self.dest),
            "_ansible_check_mode": False,
            **more,
        }

    def run(self, **more: Any) -> dict[str, Any]:
        return run_in_process("lambda_package", self.options(**more))

    def check(self, **more: Any) -> dict[str, Any]:
        before = self.files()
        result = self.run(_ansible_check_mode=True, **more)
        assert self.files() == before
        return result

    def files(self) -> list[str]:
        return sorted(str(path) for path in self.folder.rglob("*"))


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    made = Workshop(tmp_path / "one")
    fill(made)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(made.folder / "wheels"))
    return made


def fill(workshop: Workshop) -> None:
    workshop.write("source/lambda_function.py", "import tiny\n")
    workshop.write("source/rag/__init__.py", "")
    workshop.write("source/rag/__pycache__/__init__.cpython-312.pyc", "compiled")
    workshop.write("source/.hidden/notes", "no")
    workshop.write("source/README.md", "# read me\n")
    workshop.write("ca.pem", "certificate")
    workshop.add_wheel("1.0")


def test_built_once_then_left_alone(workshop: Workshop) -> None:
    predicted = workshop.check()
    assert (predicted["changed"], predicted["package"]["sha256"]) == (True, "(known after apply: package sha256)")
    built = workshop.run()
    archive = workshop.dest.read_bytes()
    assert built["changed"]
    assert built["package"] == {
        "path": str(workshop.dest),
        "sha256": base64.b64encode(hashlib.sha256(archive).digest()).decode(),
        "size": len(archive),
        "file_count": 11,
    }
    assert [workshop.check()["changed"], workshop.run()["changed"]] == [False, False]


def test_what_is_in_it(workshop: Workshop) -> None:
    workshop.run(exclude=["*.md"])
    with zipfile.ZipFile(workshop.dest) as archive:
        entries = archive.infolist()
    tag = sys.implementation.cache_tag
    assert [entry.filename for entry in entries] == [
        f"__pycache__/lambda_function.{tag}.pyc",
        "certs/ca.pem",
        "lambda_function.py",
        "rag/__init__.py",
        f"rag/__pycache__/__init__.{tag}.pyc",
        "tiny-1.0.dist-info/METADATA",
        "tiny-1.0.dist-info/WHEEL",
        "tiny-1.0.dist-info/entry_points.txt",
        "tiny/__init__.py",
        f"tiny/__pycache__/__init__.{tag}.pyc",
    ]
    assert {(entry.date_time, entry.external_attr >> 16, entry.create_system) for entry in entries} == {
        ((1980, 1, 1, 0, 0, 0), 0o100644, 3)
    }


def test_another_machine_another_time_the_same_bytes(workshop: Workshop, tmp_path: Path) -> None:
    other = Workshop(tmp_path / "two")
    fill(other)
    for path in other.folder.rglob("*"):
        os.utime(path, (0, 0))
        path.chmod(0o755)
    assert workshop.run(exclude=["*.md"])["package"]["sha256"] == other.run(exclude=["*.md"])["package"]["sha256"]
    assert workshop.dest.read_bytes() == other.dest.read_bytes()


def test_a_changed_source_is_predicted_to_the_byte_once_the_wheels_are_there(workshop: Workshop) -> None:
    workshop.run()
    workshop.write("source/lambda_function.py", "import tiny, json\n")
    predicted = workshop.check()
    done = workshop.run()
    assert predicted["changed"]
    assert predicted["package"] == done["package"]
    assert predicted["diff"] == done["diff"]


@pytest.mark.parametrize("what", ["extra file", "lock", "python", "package", "manifest"])
def test_every_input_counts_and_so_does_the_package_itself(workshop: Workshop, what: str) -> None:
    before = workshop.run()["package"]
    more: dict[str, Any] = {}
    if what == "extra file":
        workshop.write("ca.pem", "another certificate")
    elif what == "lock":
        workshop.add_wheel("1.1")
    elif what == "python":
        more = {"python_version": "3.13"}
    elif what == "package":
        workshop.dest.write_bytes(b"cut off")
    else:
        workshop.dest.with_name("function.zip.json").write_text("{")
    done = workshop.run(**more)
    assert done["changed"]
    # Another Python's package has no bytecode of this one.
    assert (done["package"] == before) is (what in ("package", "manifest"))
    assert not workshop.run(**more)["changed"]


def test_a_wheel_with_another_hash_is_refused_and_nothing_is_left(workshop: Workshop) -> None:
    lock = workshop.folder / "requirements.lock"
    lock.write_text(lock.read_text()[:-5] + "0000\n")
    failed = workshop.run()
    assert failed["failed"]
    assert "requirements.lock" in failed["msg"]
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in failed["msg"]
    assert not workshop.dest.exists()
    assert list((workshop.folder / "build" / ".wheels").iterdir()) == []


def test_runs_that_unpack_the_same_wheels_at_once_take_the_first_ones(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run moves its wheels into place in the moment before this one does."""
    other, rename = Workshop(workshop.folder), Path.rename
    built: list[dict[str, Any]] = []

    def renamed(source: Path, target: Path) -> Path:
        if not built:
            built.append({})
            built[0] = other.run(dest=str(workshop.dest.with_name("other.zip")))
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", renamed)
    mine = workshop.run()
    assert mine["package"]["sha256"] == built[0]["package"]["sha256"]
    assert [path.name for path in (workshop.folder / "build" / ".wheels").iterdir() if path.name.startswith(".")] == []


def test_credentials_of_the_index_are_not_shown(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_RETRIES", "0")
    failed = workshop.run(index_url="http://someone:s3cr3t-word@127.0.0.1:9/simple")
    assert failed["failed"]
    assert "s3cr3t-word" not in json.dumps(failed)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"source": "/nonexistent"}, "source: there is no folder /nonexistent"),
        ({"requirements": "/nonexistent.lock"}, "requirements: cannot read /nonexistent.lock: No such file"),
        ({"extra_files": {"certs/ca.pem": "/nonexistent.pem"}}, "extra_files[certs/ca.pem]: cannot read"),
        ({"python": "/nonexistent/python"}, "python: there is no interpreter /nonexistent/python"),
    ],
)
def test_missing_inputs_are_named(workshop: Workshop, options: dict[str, Any], words: str) -> None:
    failed = workshop.run(**options)
    assert failed["failed"]
    assert words in failed["msg"]


def test_a_place_that_cannot_be_written_is_named(workshop: Workshop) -> None:
    workshop.write("build", "a file, no folder")
    assert workshop.run(requirements=None)["msg"].startswith("The package was not built: ")


def test_a_name_wanted_twice_is_refused(workshop: Workshop) -> None:
    failed = workshop.run(extra_files={"lambda_function.py": str(workshop.folder / "ca.pem")})
    assert "would hold lambda_function.py twice" in failed["msg"]


def test_without_a_lock_file_and_deflated(workshop: Workshop) -> None:
    done = workshop.run(requirements=None, compression="deflated")
    assert done["package"]["file_count"] == 6
    with zipfile.ZipFile(workshop.dest) as archive:
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_DEFLATED}
