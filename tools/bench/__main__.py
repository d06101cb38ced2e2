"""`make bench [RUNS=5] [ONLY=phases,stacks,strategies,simulated] [PEER=folder] [STACKS=1,5,20]`: what a run costs.

Everything runs against a control plane of the local cloud on 127.0.0.1, each tool's deployment on a new one. The result
goes to .cache/bench/; a complete sitting of at least five runs is also written to docs/performance.md and its picture.
`ONLY=backend` (alone) measures the function by itself (backend/command.py), and writes docs/backend-costs.md.
`python -m tools.bench show FILE...` prints the tables of results again, `python -m tools.bench document FILE...` writes
the document from them. Terraform is measured beside it where it is installed and PEER names a module (terraform.py);
TF_PLUGIN_MIRROR names a folder with its provider.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from tools.bench import phases, result, simulated, stacks, strategies
from tools.bench.backend import command as backend
from tools.bench.document import write_document
from tools.bench.report import tables
from tools.bench.sitting import Sitting, say
from tools.bench.tool import BenchError
from tools.bench.watch import adopt_orphans

GROUPS: dict[str, Callable[[Sitting], None]] = {
    phases.GROUP: phases.measure,
    strategies.GROUP: strategies.measure,
    stacks.GROUP: stacks.measure,
    simulated.GROUP: simulated.measure,
}
DEFAULT = (phases.GROUP, strategies.GROUP, stacks.GROUP)
"""Without the simulation, which takes as long as AWS does: ten minutes a run."""


def main(words: list[str]) -> int:
    """Exit status: 0 measured (whatever the figures), 1 a run failed, 2 wrong usage, 130 and 143 interrupted."""
    options = parser().parse_args(words)
    if options.only == [backend.NAME]:
        return backend.main(options.runs)
    if options.command != "measure":
        return _again(options.command, options.files)
    signal.signal(signal.SIGTERM, _stop)
    adopt_orphans()
    sitting = Sitting(
        options.runs, options.peer, options.stacks, settings=_settings(options.strategy), scale=options.scale
    )
    path = result.new_file()
    sitting.keep = lambda: result.write(path, sitting)
    for group in options.only:
        try:
            GROUPS[group](sitting)
        except (BenchError, RuntimeError) as error:
            print(f"bench: {error}\nbench: what was measured until then: {path}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print(f"bench: interrupted; what was measured until then: {path}", file=sys.stderr)
            return 130
    sitting.keep()
    return _finish(path)


def _finish(path: Path) -> int:
    document = result.read(path)
    print("\n" + tables(document))
    say(f"the result: {path}")
    if gap := result.gap(document):
        say(f"docs/performance.md stays as it is: {gap}")
    else:
        say(f"written: {', '.join(map(str, write_document(document)))}")
    return 0


def _again(command: str, paths: list[Path]) -> int:
    if not paths:
        print(f"bench: {command} needs a result from .cache/bench", file=sys.stderr)
        return 2
    document = result.merge([result.read(path) for path in paths])
    if command == "document":
        print("written:", *write_document(document))
    else:
        print(tables(document))
    return 0


def parser() -> argparse.ArgumentParser:
    """The defaults come from the environment, which is how `make bench RUNS=3` hands them over."""
    top = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("command", nargs="?", choices=["measure", "show", "document"], default="measure")
    top.add_argument("files", nargs="*", type=Path, help="results, for show and document")
    top.add_argument("--runs", type=_positive, default=os.environ.get("RUNS") or "5")
    top.add_argument("--only", type=_groups, default=os.environ.get("ONLY") or ",".join(DEFAULT))
    top.add_argument("--peer", type=_folder, default=os.environ.get("PEER") or None)
    top.add_argument("--stacks", type=_counts, default=os.environ.get("STACKS") or "1,5,20")
    top.add_argument("--scale", type=float, default=os.environ.get("SCALE") or "1", help="of the simulated times")
    top.add_argument("--strategy", default=os.environ.get("STRATEGY") or "", help="instead of what ansible.cfg says")
    return top


def _positive(text: str) -> int:
    if int(text) < 1:
        raise ValueError(text)
    return int(text)


def _groups(text: str) -> list[str]:
    words = text.split(",")
    if words == [backend.NAME]:
        return words
    if unknown := set(words) - GROUPS.keys():
        known = ", ".join([*GROUPS, f"and alone {backend.NAME}"])
        raise argparse.ArgumentTypeError(f"there are {known}, not {', '.join(sorted(unknown))}")
    return words


def _counts(text: str) -> tuple[int, ...]:
    return tuple(_positive(word) for word in text.split(","))


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {text}")
    return Path(text).resolve()


def _settings(strategy: str) -> dict[str, str]:
    return {"ANSIBLE_STRATEGY": strategy} if strategy else {}


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(143)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
