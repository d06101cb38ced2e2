"""What further deployments in the same account cost: one inventory with a host for each, told apart by environment."""

from __future__ import annotations

from pathlib import Path

import yaml

from tools.bench.account import ROOT, Account, account, make_company
from tools.bench.ours import NAME, playbook, recap_fault
from tools.bench.phases import NO_TIME
from tools.bench.sitting import Sitting, say
from tools.bench.tool import Command

GROUP = "stacks"


def environments(count: int) -> list[str]:
    """`chatbot_environment` of each stack; every name of a deployment ends with it."""
    return [f"s{number:02}" for number in range(1, count + 1)]


def inventory(folder: Path, count: int) -> Path:
    """As inventories/local, with a host for each stack."""
    folder.mkdir()
    (folder / "group_vars").symlink_to(ROOT / "inventories" / "local" / "group_vars")
    hosts = {
        name: {"chatbot_environment": name, "chatbot_outputs_file": str(folder / f"{name}.json")}
        for name in environments(count)
    }
    (folder / "hosts.yml").write_text(yaml.safe_dump({"chatbot": {"hosts": hosts}}))
    return folder


def measure(sitting: Sitting) -> None:
    """Deploy all, unmeasured; then no-change runs of the first 1, 5, 20 in turn, all on the one account."""
    with sitting.folder() as name, account(Path(name)) as opened:
        make_company(opened, sitting.settings)
        opened.ask("PUT", "time", NO_TIME)
        counts = sorted(sitting.stacks)
        place = inventory(Path(name) / "inventory", counts[-1])
        hosts = environments(counts[-1])
        # The first alone: it makes the endpoint of execute-api that the others find.
        for limit in (hosts[:1], hosts[1:]):
            say(f"deploying {len(limit)} stack(s), not measured")
            sitting.unmeasured(_site(sitting, opened, place, limit), opened, "deploy")
        for run in range(1, sitting.runs + 1):
            for count in counts if run % 2 else reversed(counts):
                command = _site(sitting, opened, place, hosts[:count])
                sitting.measure((GROUP, str(count), NAME), run, command, opened, lambda log: recap_fault(log, False))


def _site(sitting: Sitting, opened: Account, place: Path, hosts: list[str]) -> Command:
    arguments = ["site.yml", "--limit", ",".join(hosts), *sitting.options]
    return playbook(opened, sitting.settings, arguments, inventory=str(place))
