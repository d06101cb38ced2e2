"""Learning the weights of the second stage: the loss' minimum is found, and it puts the right candidates first."""

from __future__ import annotations

import numpy as np
import pytest
from evaluation.weights import Example, fit, loss

GENERATOR = np.random.default_rng(20261123)
TRUE = np.array([2.0, -1.0, 0.0])


def drawn() -> Example:
    """Seven candidates; the right one is the best by the true weights, mostly."""
    rows = GENERATOR.normal(size=(7, 3)) * np.array([1.0, 5.0, 100.0])
    scores = rows @ (TRUE / np.array([1.0, 5.0, 100.0])) + GENERATOR.gumbel(size=7)
    return Example(rows, int(scores.argmax()))


EXAMPLES = [drawn() for _each in range(400)]


def test_the_weights_that_made_the_examples_are_found() -> None:
    found = fit(EXAMPLES, 0.01) * np.array([1.0, 5.0, 100.0])
    assert found == pytest.approx(TRUE, abs=0.25)


@pytest.mark.parametrize("l2", [0.1, 3.0, 100.0])
def test_no_weights_nearby_are_better(l2: float) -> None:
    spread = np.concatenate([example.rows for example in EXAMPLES]).std(axis=0)
    scaled = [Example(example.rows / spread, example.right) for example in EXAMPLES]
    found = fit(EXAMPLES, l2) * spread
    least = loss(scaled, found, l2)
    for place in range(3):
        for change in (-0.01, 0.01):
            assert loss(scaled, found + change * np.eye(3)[place], l2) > least


def test_a_candidate_that_stands_alone_teaches_nothing() -> None:
    alone = Example(np.array([[1.0, 1.0, 1.0]]), 0)
    assert fit([alone], 3.0) == pytest.approx([0.0, 0.0, 0.0])


def test_without_an_example_there_is_nothing_to_learn() -> None:
    with pytest.raises(ValueError, match="no question has its passage"):
        fit([], 3.0)
