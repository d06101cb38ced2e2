"""`python -m tests.integration.refusals`: how many of the faulty calls each layer refuses, and none of the sane ones.

plain      moto as it is published, in this process
moto       moto with our repairs, both layers off
botocore   what boto3 refuses by itself before it sends
strict     botocore's model constraints, applied strictly
rules      the table of rules alone
template   everything off; the account judged as a template after each call that leaves a state behind (slow)
all        as the local cloud is: strict, rules and moto together
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.integration.cloud import Cloud, running_cloud
from tests.integration.refusals.cases import Case
from tests.integration.refusals.layers import LAYERS
from tests.integration.refusals.rate import Answer, one_after_another
from tests.integration.refusals.sets import FAULTY_SETS, SANE_SETS
from tests.integration.refusals.stranger import SEED


def main() -> int:
    """Print one line per layer and set; 1 where a sane call is refused."""
    chosen = _arguments()
    with tempfile.TemporaryDirectory() as folder, running_cloud(Path(folder)) as cloud:
        for name in chosen.layers:
            for told in chosen.sets:
                _report(name, told, LAYERS[name](cloud, _drawn(FAULTY_SETS[told], chosen.sample)), chosen.show)
        refused = _sane(cloud, [told for told in SANE_SETS if not chosen.no_sane])
    return 1 if refused else 0


def _arguments() -> argparse.Namespace:
    top = argparse.ArgumentParser(prog="python -m tests.integration.refusals", description=__doc__)
    usual = [name for name in LAYERS if name != "template"]
    top.add_argument("layers", nargs="*", default=usual, metavar="LAYER")
    top.add_argument("--sets", nargs="+", default=list(FAULTY_SETS), choices=FAULTY_SETS, help="default: all of them")
    top.add_argument("--show", choices=("taken", "refused", "codes"), help="the calls too, or those with another code")
    top.add_argument("--sample", type=int, help="only so many of each set, drawn by a seed: for slow layers")
    top.add_argument("--no-sane", action="store_true", help="leave the sane calls out")
    return top.parse_args()


def _drawn(cases: Sequence[Case], wanted: int | None) -> Sequence[Case]:
    return cases if wanted is None else random.Random(SEED).sample(cases, min(wanted, len(cases)))


def _report(layer: str, told: str, answers: Sequence[Answer], show: str | None) -> None:
    refused = [answer for answer in answers if answer.refused]
    coded = [answer for answer in refused if answer.case.code]
    agreed = [answer for answer in coded if answer.code == answer.case.code]
    codes = f", {len(agreed)} with the code expected" if coded else ""
    print(f"{layer:9} {told:14} {len(refused):3} of {len(answers)}{codes}", flush=True)
    shown = {
        "taken": [answer for answer in answers if not answer.refused],
        "refused": refused,
        "codes": [answer for answer in coded if answer not in agreed],
    }
    for answer in shown.get(show or "", []):
        print(f"    {answer} (expected {answer.case.code}) {answer.refused_by}", flush=True)


def _sane(cloud: Cloud, sets: Sequence[str]) -> list[Answer]:
    """The sane calls that are refused, of all sets."""
    refused: list[Answer] = []
    for told in sets:
        cases: Sequence[Case] = SANE_SETS[told]
        found = [answer for answer in one_after_another(cloud, cases) if answer.status >= 400]
        print(f"sane      {told:14} {len(found):3} of {len(cases)} refused", *found, sep="\n    ", flush=True)
        refused += found
    return refused


if __name__ == "__main__":
    raise SystemExit(main())
