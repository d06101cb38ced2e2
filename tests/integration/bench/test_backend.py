"""The measurement of the backend, as small as it gets, and what of its promises does not depend on time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tools.bench.backend import function, measures, report
from tools.bench.backend.measures import PARTS, ROUTES, Measured

LARGEST_PACKAGE = 8_000_000


def test_the_deployed_package_is_small_and_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "WARM_UP", 1)
    into = Measured()
    with function.standins() as others:
        built = function.build(tmp_path)
        assert built.size < LARGEST_PACKAGE
        workplace = function.Workplace.of(built.path, tmp_path / "functions", others.url)
        asyncio.run(measures.overhead(workplace, others, 2, into))
        asyncio.run(measures.cold(workplace, 1, into))
        measures.parts(workplace, 1, into)
        asyncio.run(measures.first_words(workplace, others, 1, into))
        slowest = measures.imports(workplace)
    assert {name: len(values) for name, values in into.values.items()} == {
        **dict.fromkeys(ROUTES, 2),
        **dict.fromkeys((*PARTS, "cold start", "first words"), 1),
    }
    assert all(value > 0 for values in (*into.values.values(), *into.cpu.values()) for value in values)
    assert {"history_read", "search", "ground", "model", "history_write"} <= set(into.stages)
    assert slowest[0][1] >= slowest[-1][1] > 0

    page = tmp_path / "page.md"
    page.write_text(f"before\n{report.BEGIN}\nstale figures\n{report.END}\nafter\n", encoding="utf-8")
    measured = {"values": into.values, "cpu": into.cpu, "stages": into.stages, "imports": slowest}
    facts = {"date": "2026-11-29", "machine": "m", "versions": {"Python": "3.12"}, "load": [0.0, 0.0]}
    report.write({**measured, **facts, "package_bytes": built.size}, page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "package, MB" in text
    assert "stale figures" not in text


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(number) for number in range(1, 101)]
    assert [report.percentile(values, share) for share in (0.5, 0.9, 0.99)] == [50.0, 90.0, 99.0]
    assert report.percentile([3.0], 0.99) == 3.0


def test_a_figure_at_its_limit_is_not_below_it() -> None:
    assert [report.Promise("x", value, 15).verdict for value in (14.9, 15.0)] == ["reached", "missed"]
