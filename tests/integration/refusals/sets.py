"""The cases by what they are for; a folder holds what one author wrote."""

from __future__ import annotations

from tests.integration.refusals import first_author, rule_cases, second_author, stranger, third_author

# Of these the rules were made, or completed; at least nine of ten are to be refused.
FAULTY = (*first_author.WORKED_ON, *first_author.PUT_ASIDE)
MENDED = (*FAULTY, *stranger.FOR_MENDING, *second_author.FAULTY, *third_author.FAULTY)
# Only ever measured; see there.
ONLY_MEASURED = stranger.ONLY_MEASURED
OF_RULES = rule_cases.CASES
FAULTY_SETS = {
    "worked-on": first_author.WORKED_ON,
    "held-out": first_author.PUT_ASIDE,
    "for-mending": stranger.FOR_MENDING,
    "only-measured": ONLY_MEASURED,
    "second": second_author.FAULTY,
    "third": third_author.FAULTY,
}
SANE_SETS = {
    "author's": first_author.SANE,
    "stranger's": stranger.SANE,
    "second": second_author.SANE,
    "third": third_author.SANE,
}
__all__ = ["FAULTY", "FAULTY_SETS", "MENDED", "OF_RULES", "ONLY_MEASURED", "SANE_SETS"]
