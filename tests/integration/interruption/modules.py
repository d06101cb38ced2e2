"""``python -m tests.integration.interruption.modules``: every point, finished by the module that was interrupted there.

The walk of whole runs (__main__.py) takes two runs for a point. This one takes a second for it, and finds what a module
leaves half done: on the copy of the account at each point the interrupted task's modules are called again, as the next
run calls them. The account must then be as it was when the undisturbed run was through with the task, values included
(state.py), so that from there on the next run meets what the undisturbed one met; and a further call must change
nothing. What a later task is told about an earlier one's changes is looked at too: whatever was interrupted in an API,
its stage must serve the whole API in the end.

What it does not see: tasks that are no module of ours, and what is left on disk. Whole runs and real kills do.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from unittest import mock

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import compact

from local_cloud.template import command
from tests.integration.cloud import ROOT, Cloud
from tests.integration.drift.replay import CONNECTION
from tests.integration.interruption import report, walk
from tests.integration.interruption.results import Results
from tests.integration.interruption.state import state, values
from tests.integration.running import ModuleFailedError, Runner
from tests.integration.system.company import DESTROY, SITE, running_company
from tests.integration.system.playbooks import COLLECTION, Invocation

RESULTS = ROOT / ".cache" / "interruption" / "modules.jsonl"
API = f"{COLLECTION}apigateway_"
STAGE = f"{API}stage"
SERVED = {f"AWS::ApiGateway::{each}" for each in ("Deployment", "GatewayResponse", "Method", "Resource", "Stage")}
Values = Counter[tuple[str, str]]


def interrupted(calls: tuple[Invocation, ...], done: int) -> list[Invocation]:
    """The calls of the task that was under way when so many calls were done: a loop has several. Pure."""
    task = calls[done].task
    end = next((at for at in range(done, len(calls)) if calls[at].task != task), len(calls))
    return list(calls[done:end])


def call(cloud: Cloud, invocation: Invocation, redeploy: bool = False) -> dict[str, Any]:
    """The module's answer, given what the run gave it; ``redeploy`` is what the role would tell a stage."""
    given = compact({key: value for key, value in invocation.arguments.items() if key not in CONNECTION})
    if invocation.module == STAGE:
        given["redeploy"] = redeploy
    with mock.patch.object(AnsibleAWSModule, "client", lambda _module, service, **_options: cloud.client(service)):
        return Runner(cloud)(invocation.module.removeprefix(COLLECTION), given)


def finished(copy: walk.Copy, calls: tuple[Invocation, ...], after_task: Values, whole: Values | None) -> list[str]:
    """Finish the interrupted task on the copy: what is wrong afterwards. ``whole``: where it belongs to an API."""
    cloud, task = copy.company.cloud, interrupted(calls, copy.called)
    foreign = [f"{each.module} is not walked" for each in task if not each.module.startswith(COLLECTION)]
    try:
        changed = [call(cloud, each)["changed"] for each in task]
        faults = foreign + _differences(after_task, state(cloud).values)
        faults += [f"changed again: {each.task}" for each in task if call(cloud, each)["changed"]]
        if whole:
            for each in calls[copy.called + len(task) :]:
                if each.module.startswith(API):
                    changed.append(call(cloud, each, redeploy=any(changed))["changed"])
            faults += [f"the stage: {line}" for line in _differences(whole, _of_api(cloud))]
    except ModuleFailedError as error:
        return [f"failed: {error}"]
    return faults


def _of_api(cloud: Cloud) -> Values:
    """The API as it is served, without what only the permissions and policies around it say."""
    resources = command.render(cloud.endpoint)["Resources"]
    return values({name: made for name, made in resources.items() if made["Type"] in SERVED})


def _differences(expected: Values, found: Values) -> list[str]:
    kinds = sorted({kind for kind, _digest in (expected - found) + (found - expected)})
    return [f"other values: {kind}" for kind in kinds]


def walked(task: walk.Task, results: Results) -> report.Share:
    """All points of the playbook that are not known to be right yet."""
    with walk.copied_points(task, lambda _point: True) as (copies, run):
        calls = run.invocations
        keys = {copy.point: f"{task.playbook} {copy.point}" for copy in copies}
        left = [copy for copy in copies if not results.right(keys[copy.point])]
        # The last copy of a task is the account after it; all that is needed is looked at before any is changed.
        last = {copy.called: copy.company.cloud for copy in copies}
        after = {called: state(last[called]).values for called in {copy.called for copy in left}}
        whole = next((_of_api(last[called]) for called in last if calls[called].module == STAGE), None)
        for copy in left:
            api = whole if calls[copy.called].module.startswith(API) else None
            with copy.end:
                results.keep(keys[copy.point], finished(copy, calls, after[copy.called], api))
    return report.Share(len(copies), [results.found[key] for key in keys.values()])


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.integration.interruption.modules", description=__doc__)
    parser.add_argument("--playbook", action="append", choices=[SITE, DESTROY], help="default: both")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--write", type=Path, help="the table goes there, besides to the terminal")
    options = parser.parse_args(words)
    # Its clouds end with it, also where it is ended.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))
    results, shares = Results(options.results), {}
    with tempfile.TemporaryDirectory() as directory, running_company(Path(directory)) as company:
        company.cloud.put("/_local/time", walk.QUICK)
        for playbook in options.playbook or [SITE, DESTROY]:
            if playbook == DESTROY:
                company.playbooks.run(SITE).succeeded()
            task = walk.Task(playbook, company, variables=walk.PLAYBOOKS[playbook])
            shares[playbook] = walked(task, results)
    text = report.shares(shares)
    if options.write:
        report.write(options.write, "modules", text)
    print(text)
    return 1 if any(found.faults for share in shares.values() for found in share.found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
