"""A call for each rule that no author's set meets: they show that it works, and say nothing of the rate."""

from __future__ import annotations

from tests.integration.refusals.rule_cases import (
    from_public_lists,
    from_public_lists_compute,
    from_rule_texts,
    of_contradictions,
    of_names,
)

CASES = (
    *from_rule_texts.RULES,
    *from_public_lists.RULES,
    *from_public_lists_compute.RULES,
    *of_names.CASES,
    *of_contradictions.CASES,
)
__all__ = ["CASES"]
