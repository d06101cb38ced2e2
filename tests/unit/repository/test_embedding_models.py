"""The sizes of embedding models stand twice: the inventory's check runs where the function's package is not."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.unit.repository.checkout import ROOT

FUNCTION = "files/lambda/rag/retrieval_settings.py"
INVENTORY = "plugins/plugin_utils/_inventory_contradictions.py"


def dimensions(path: str) -> dict[str, tuple[int, ...]]:
    """The literal `_DIMENSIONS` of a file."""
    for node in ast.parse(Path(ROOT, path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["_DIMENSIONS"]:
            found: dict[str, tuple[int, ...]] = ast.literal_eval(node.value)
            return found
    return pytest.fail(f"{path} has no _DIMENSIONS")


def test_both_know_the_same_models_and_sizes_in_the_same_order() -> None:
    """The first size is the default."""
    assert list(dimensions(FUNCTION).items()) == list(dimensions(INVENTORY).items())
