"""The cases by what they are for."""

from __future__ import annotations

from tests.integration.refusals import (
    faulty_compute,
    faulty_listed,
    faulty_listed_compute,
    faulty_network,
    faulty_rules,
    faulty_services,
    held_out_compute,
    held_out_network,
    held_out_services,
    second,
    stranger,
    third_author,
)
from tests.integration.refusals.sane import SANE

# Written from the API references before the rules were completed; the rules were then made against these.
WORKED_ON = (*faulty_network.FAULTY, *faulty_compute.FAULTY, *faulty_services.FAULTY)
# Written at the same time and put aside: measured for the first time when the rules stood (docs/local-cloud.md).
HELD_OUT = (*held_out_network.HELD_OUT, *held_out_compute.HELD_OUT, *held_out_services.HELD_OUT)
# Made from the rules' own texts: they say nothing of the rate, they show that each rule works.
OF_RULES = (*faulty_rules.RULES, *faulty_listed.RULES, *faulty_listed_compute.RULES)
FAULTY = (*WORKED_ON, *HELD_OUT)
# Written by one who had not read the rules; see there for what each half is for.
FOR_MENDING = stranger.FOR_MENDING
ONLY_MEASURED = stranger.ONLY_MEASURED
SECOND = second.FAULTY
THIRD = third_author.FAULTY
FAULTY_SETS = {
    "worked-on": WORKED_ON,
    "held-out": HELD_OUT,
    "for-mending": FOR_MENDING,
    "only-measured": ONLY_MEASURED,
    "second": SECOND,
    "third": THIRD,
}
SANE_SETS = {"author's": SANE, "stranger's": stranger.SANE, "second": second.SANE, "third": third_author.SANE}
__all__ = [
    "FAULTY",
    "FAULTY_SETS",
    "FOR_MENDING",
    "HELD_OUT",
    "OF_RULES",
    "ONLY_MEASURED",
    "SANE",
    "SANE_SETS",
    "SECOND",
    "THIRD",
    "WORKED_ON",
]
