"""The weights of the second stage, learnt: a softmax over the candidates of each question. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
_STEPS = 50
_ENOUGH = 1e-8
_NO_SPREAD = 1e-9


@dataclass(frozen=True)
class Example:
    """One question: a row of features for each candidate, best first, and which of them holds the answer."""

    rows: Values
    right: int


def fit(examples: Sequence[Example], l2: float) -> Values:
    """The weights under which the right candidates are most likely, less `l2` times the squares of the weights.

    The squares are of the weights of standardised features, so that every feature pays the same. The loss is strictly
    convex: Newton's method finds its one minimum, the same on every machine. Raises ValueError without examples.
    """
    if not examples:
        raise ValueError("no question has its passage among the candidates")
    spread = np.concatenate([example.rows for example in examples]).std(axis=0)
    spread = np.where(spread > _NO_SPREAD, spread, 1.0)  # a feature that is the same everywhere teaches nothing
    scaled = [Example(example.rows / spread, example.right) for example in examples]
    weights = np.zeros(len(spread))
    for _step in range(_STEPS):
        slope, curve = _derivatives(scaled, weights, l2)
        step = np.linalg.solve(curve, slope)
        # Far from the minimum a whole step can lead away from it.
        size, now = 1.0, loss(scaled, weights, l2)
        while loss(scaled, weights - size * step, l2) > now and size > _ENOUGH:
            size /= 2
        weights = weights - size * step
        if float(np.abs(step).max()) < _ENOUGH:
            break
    return weights / spread


def loss(examples: Sequence[Example], weights: Values, l2: float) -> float:
    """What `fit` makes as small as it can."""
    total = l2 * float(weights @ weights)
    for example in examples:
        scores = example.rows @ weights
        total += float(np.logaddexp.reduce(scores) - scores[example.right])
    return total


def _derivatives(examples: Sequence[Example], weights: Values, l2: float) -> tuple[Values, Values]:
    """The first and second derivative of the loss."""
    slope, curve = 2 * l2 * weights, 2 * l2 * np.eye(len(weights))
    for example in examples:
        scores = example.rows @ weights
        shares = np.exp(scores - np.logaddexp.reduce(scores))
        mean = shares @ example.rows
        slope = slope + mean - example.rows[example.right]
        curve = curve + (example.rows.T * shares) @ example.rows - np.outer(mean, mean)
    return slope, curve
