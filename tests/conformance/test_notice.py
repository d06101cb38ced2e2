"""Without Mitogen: the same run, and one line that says so."""

from __future__ import annotations

from pathlib import Path

from tests.conformance.strategies import LINEAR, OURS, comparable, run

OPTIONS = ("-v", "--tags", "nothing")  # several plays, and no task


def test_one_line_says_that_mitogen_is_missing(tmp_path: Path) -> None:
    package = tmp_path / "packages" / "mitogen" / "__init__.py"
    package.parent.mkdir(parents=True)
    package.write_text("raise ModuleNotFoundError('No module named mitogen')\n")
    linear = run("modules.yml", LINEAR, tmp_path / "run", *OPTIONS)
    ours = run("modules.yml", OURS, tmp_path / "run", *OPTIONS, PYTHONPATH=str(package.parents[1]))
    assert (ours.status, comparable(ours.output)) == (linear.status, comparable(linear.output))
    assert linear.errors == ""
    assert ours.errors == (
        "private_rag.aws.mitogen_linear: Mitogen is not installed (No module named mitogen); "
        "modules run as under linear.\n"
    )


def test_nothing_is_said_with_it(tmp_path: Path) -> None:
    assert run("modules.yml", OURS, tmp_path, *OPTIONS).errors == ""
