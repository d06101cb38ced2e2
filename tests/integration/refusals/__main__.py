"""`python -m tests.integration.refusals`: how many of the faulty calls each layer refuses, and none of the sane ones.

moto       moto with our repairs, both layers off
botocore   what boto3 refuses by itself before it sends
strict     botocore's model constraints, applied strictly
rules      the table of rules alone
template   everything off; the account judged as a template after the call (slow: seconds for each call taken)
all        as the local cloud is: strict, rules and moto together
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from botocore import xform_name
from botocore.exceptions import ParamValidationError

from local_cloud.template import command
from tests.integration.cloud import Cloud, running_cloud
from tests.integration.refusals.cases import Case
from tests.integration.refusals.rate import Answer, each_alone, fresh, one_after_another, send
from tests.integration.refusals.sets import HELD_OUT, SANE, WORKED_ON

Count = Callable[[Cloud, Sequence[Case]], int]


def _off(cloud: Cloud, *layers: str) -> None:
    cloud.put("/_local/refusals", {"disabled": list(layers)})


def _refused(cloud: Cloud, cases: Sequence[Case], *layers: str) -> list[Answer]:
    """The refused ones while these layers are off; a new account switches them on again."""
    answers: list[Answer] = []
    world = None
    for one in cases:
        if world is None:
            world = fresh(cloud)
            _off(cloud, *layers)
        answer = send(world, one)
        answers.append(answer)
        world = world if answer.refused else None
    return [answer for answer in answers if answer.refused]


def moto(cloud: Cloud, cases: Sequence[Case]) -> int:
    return len(_refused(cloud, cases, "strict", "rules"))


def botocore(cloud: Cloud, cases: Sequence[Case]) -> int:
    world, found = fresh(cloud), 0
    for one in cases:
        client = cloud.client(one.service)
        client.meta.events.register_last("before-send", _never, unique_id="never")
        try:
            getattr(client, xform_name(one.operation))(**one.params(world))
        except ParamValidationError:
            found += 1
        except SentError:
            continue
        finally:
            client.meta.events.unregister("before-send", unique_id="never")
    return found


class SentError(Exception):
    """The request would have been sent."""


def _never(**_request: object) -> None:
    raise SentError


def _alone(cloud: Cloud, cases: Sequence[Case], *others: str) -> int:
    """What is refused while the other layers are off and nothing is executed: one account serves all cases."""
    world = fresh(cloud)
    _off(cloud, "moto", *others)
    return sum(bool(send(world, one).refused_by) for one in cases)


def strict(cloud: Cloud, cases: Sequence[Case]) -> int:
    return _alone(cloud, cases, "rules")


def rules(cloud: Cloud, cases: Sequence[Case]) -> int:
    return _alone(cloud, cases, "strict")


def template(cloud: Cloud, cases: Sequence[Case]) -> int:
    found = 0
    for one in cases:
        world = fresh(cloud)
        known = {str(each) for each in command.judge(command.render(cloud.endpoint))} if found == 0 else set()
        _off(cloud, "strict", "rules")
        answer = send(world, one)
        found += not answer.refused and bool(
            {str(each) for each in command.judge(command.render(cloud.endpoint))} - known
        )
    return found


def everything(cloud: Cloud, cases: Sequence[Case]) -> int:
    return sum(answer.refused for answer in each_alone(cloud, cases))


LAYERS: dict[str, Count] = {
    "moto": moto,
    "botocore": botocore,
    "strict": strict,
    "rules": rules,
    "template": template,
    "all": everything,
}


def main() -> int:
    """Print one line per layer; 1 where a sane call is refused."""
    top = argparse.ArgumentParser(prog="python -m tests.integration.refusals", description=__doc__)
    top.add_argument("layers", nargs="*", default=[name for name in LAYERS if name != "template"], metavar="LAYER")
    chosen = top.parse_args().layers
    with tempfile.TemporaryDirectory() as folder, running_cloud(Path(folder)) as cloud:
        for name in chosen:
            first, second = LAYERS[name](cloud, WORKED_ON), LAYERS[name](cloud, HELD_OUT)
            print(f"{name:9} {first:3} of {len(WORKED_ON)}, held out {second:3} of {len(HELD_OUT)}", flush=True)
        refused = [answer for answer in one_after_another(cloud, SANE) if answer.status >= 400]
    print(f"sane      {len(refused)} of {len(SANE)} refused", *refused, sep="\n")
    return 1 if refused else 0


if __name__ == "__main__":
    raise SystemExit(main())
