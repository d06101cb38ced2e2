"""The arithmetic, the tables and the picture of `make bench`."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tools.bench import conformance, document, ours, result, stacks, strategies, terraform
from tools.bench.plot import plot
from tools.bench.report import tables
from tools.bench.sitting import Sitting
from tools.bench.statistics import Row, Spread, each_task, peaks, slope
from tools.bench.targets import targets


def row(group: str, phase: str, tool: str, run: int, wall: float, peak: float = 100.0) -> Row:
    return Row(group, phase, tool, run, wall, wall / 2, peak, 80, 0, 1.0, 0.0)


def complete(runs: int = 5) -> dict[str, Any]:
    """A sitting in which ours takes half of Terraform's time, 4 s a stack, and a tenth of linear's for a task."""
    rows = []
    for run in range(1, runs + 1):
        for phase in ("cold", "noop", "check", "destroy"):
            rows += [
                row("phases", phase, ours.NAME, run, 5.0, 240),
                row("phases", phase, terraform.NAME, run, 10.0, 600),
            ]
        for strategy, wall in zip(strategies.STRATEGIES, (41.0, 5.0), strict=True):
            rows.append(row("strategies", strategies.EMPTY, strategy, run, 1.0))
            rows.append(row("strategies", strategies.FULL, strategy, run, wall))
        rows += [row("stacks", str(count), ours.NAME, run, 1.0 + 4 * count) for count in (1, 5, 20)]
    return {
        "date": "2026-11-23",
        "machine": "2 processors",
        "versions": {"Python": "3.12"},
        "runs": runs,
        "scale": 1.0,
        "tasks": 40,
        "facts": {terraform.NAME: {"hold": 44, "differ": {"ecr": "a mirror"}}},
        "not_measured": {},
        "path": {},
        "rows": rows,
    }


def test_a_spread_is_the_median_between_least_and_most() -> None:
    assert Spread.of([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0)
    assert Spread.of([7.44, 7.1, 8.0]).text() == "7.4 (7.1-8.0)"


def test_the_peak_is_of_a_run_whatever_the_phase() -> None:
    rows = [
        row("phases", "cold", "a", 1, 1.0, 300),
        row("phases", "noop", "a", 1, 1.0, 500),
        row("x", "y", "a", 1, 1.0, 9),
    ]
    assert peaks(rows, "phases", "a") == Spread(500, 500, 500)
    assert peaks(rows, "phases", "b") is None


def test_a_task_costs_what_all_cost_beyond_none() -> None:
    rows = [
        row("s", "none", "a", 1, 2.0),
        row("s", "all", "a", 1, 6.0),
        row("s", "none", "a", 2, 2.0),
        row("s", "all", "a", 2, 4.0),
    ]
    assert each_task(rows, "s", "a", "all", "none", 4) == Spread(0.75, 0.5, 1.0)


def test_the_slope_of_a_line() -> None:
    assert slope([(1, 5.0), (5, 21.0), (20, 81.0)]) == pytest.approx(4.0)


def test_every_line_of_the_contract() -> None:
    found = [(target.value, target.verdict) for target in targets(complete())]
    assert [value and round(value, 3) for value, _verdict in found] == [0.5, 0.5, 0.5, None, 0.4, 0.4, 1.0, 0.1, None]
    assert [verdict for _value, verdict in found] == [
        *["reached"] * 3,
        "not measured",
        "reached",
        "missed",
        "reached",
        "reached",
        "not measured",
    ]


def test_without_terraform_its_lines_are_not_measured() -> None:
    alone = complete()
    alone["rows"] = [each for each in alone["rows"] if each.tool != terraform.NAME]
    alone["not_measured"] = {terraform.NAME: "there is no terraform on this machine"}
    assert [target.verdict for target in targets(alone)][:3] == ["not measured"] * 3
    assert "Terraform: not measured, there is no terraform on this machine." in tables(alone)


def test_the_tables_are_markdown() -> None:
    shown = tables(complete())
    assert "| no-change run | private_rag.aws | 5.0 (5.0-5.0)" in " ".join(shown.split())
    assert "Each further stack: 4.00 s." in shown
    widths = {len(line) for line in shown.partition("**One deployment")[0].splitlines() if line.startswith("|")}
    assert len(widths) == 1


def test_the_picture_is_xml_with_a_bar_for_each_median() -> None:
    root = ElementTree.fromstring(plot(complete()))
    bars = root.findall(".//{http://www.w3.org/2000/svg}rect")
    assert len(bars) == 1 + 4 * 2 + 3  # background, phases, stacks


def test_the_document_changes_only_between_its_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, picture = tmp_path / "page.md", tmp_path / "page.svg"
    page.write_text(f"before\n{document.BEGIN}\nthe last sitting\n{document.END}\nafter\n")
    monkeypatch.setattr(document, "PAGE", page)
    monkeypatch.setattr(document, "PICTURE", picture)
    document.write_document(complete())
    text = page.read_text()
    assert text.startswith(f"before\n{document.BEGIN}\n2026-11-23, 2 processors; 5 runs of each")
    assert text.endswith(f"\n{document.END}\nafter\n")
    assert "the last sitting" not in text
    assert "Terraform: 44 of the peer's 45 facts hold. Different: ecr: a mirror." in text
    assert picture.exists()


def test_the_page_has_the_marks() -> None:
    text = document.PAGE.read_text(encoding="utf-8")
    assert text.index(document.BEGIN) < text.index(document.END)


def test_only_a_complete_sitting_is_written_down() -> None:
    assert result.gap(complete()) == ""
    assert result.gap(complete(runs=2)) == "2 runs, and it takes 5"
    part = complete()
    part["rows"] = [each for each in part["rows"] if each.group == "phases"]
    assert result.gap(part) == "not measured: strategies, stacks"


def test_sittings_of_different_groups_become_one() -> None:
    first, second = complete(), complete()
    first["rows"] = [each for each in first["rows"] if each.group != "stacks"]
    second["rows"] = [each for each in second["rows"] if each.group == "stacks"]
    together = result.merge([first, second])
    assert (len(together["rows"]), together["runs"]) == (len(complete()["rows"]), 5)


def test_runs_of_one_group_are_taken_together() -> None:
    first, second = complete(), complete()
    for each in (first, second):
        each["path"] = {"private_rag.aws": [{"distance": 0.1}]}
    together = result.merge([first, second])
    assert {row.run for row in together["rows"]} == set(range(1, 11))
    assert (together["runs"], len(together["path"]["private_rag.aws"])) == (10, 2)


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    sitting = Sitting(3, not_measured={terraform.NAME: "no"}, rows=[row("phases", "cold", ours.NAME, 1, 5.0)])
    result.write(tmp_path / "result.json", sitting)
    read = result.read(tmp_path / "result.json")
    assert read["rows"] == sitting.rows
    assert read["not_measured"] == {terraform.NAME: "no"}
    assert "ansible-core" in read["versions"]


RECAP = "host : ok=66   changed={}   unreachable=0    failed={}    skipped=5    rescued=0    ignored=0\n"


@pytest.mark.parametrize(
    ("log", "changes", "fault"),
    [
        (RECAP.format(0, 0), False, ""),
        (RECAP.format(3, 0), True, ""),
        (RECAP.format(3, 0), False, "changed=3"),
        (RECAP.format(0, 0), True, "nothing was changed"),
        (RECAP.format(3, 1), True, "no recap without failures"),
        ("", True, "no recap without failures"),
    ],
)
def test_what_a_recap_tells(log: str, changes: bool, fault: str) -> None:
    assert ours.recap_fault(log, changes) == fault


def test_why_terraform_is_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "PEER" in terraform.missing(None)
    assert terraform.missing(tmp_path) == f"there is no module in {tmp_path}"
    (tmp_path / "module").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert terraform.missing(tmp_path) == "there is no terraform on this machine"


def test_a_fact_that_differs_needs_a_reason() -> None:
    assert conformance.unexplained(["ecr", "alb"], conformance.COMPANY) == ["alb"]


def test_an_inventory_with_a_host_for_each_stack(tmp_path: Path) -> None:
    place = stacks.inventory(tmp_path / "inventory", 3)
    assert "chatbot_environment: s03" in (place / "hosts.yml").read_text()
    assert (place / "group_vars" / "all" / "network.yml").is_file()


def test_separate_tasks_of_different_modules() -> None:
    found = strategies.tasks(40, "vpc-1")
    assert len({task["name"] for task in found}) == 40
    assert {key for task in found for key in task if key != "name"} == {
        "amazon.aws.iam_role",
        "amazon.aws.ec2_security_group",
        "amazon.aws.ec2_vpc_subnet",
    }
