"""`python -m local_cloud start | stop | status | index FOLDER | template | validate`: an AWS on this machine.

Environment: LOCAL_CLOUD_STATE (folder, .local), LOCAL_CLOUD_PORT (4566), LOCAL_ALB_PORT (8080), LOCAL_SEARCH_PORT
(9200), LOCAL_SEARCH_URL (a search server of your own), REQUIRE_REAL_SEARCH=1 (never the embedded search),
LOCAL_MODEL_URL (an OpenAI-compatible server instead of the stand-in), LOCAL_CLIENT_ADDRESS (10.0.5.5),
LOCAL_CLOUD_TIME_SCALE (0.1: health checks and deregistration take AWS's time times this),
LOCAL_CLOUD_TIME (JSON: delays, stale reads, throttles; see local_cloud/control/aws_time/settings.py; all off).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from local_cloud.data.onprem import server
from local_cloud.data.settings import LOOPBACK, Settings
from local_cloud.supervisor import ROOT, Supervisor, SupervisorError
from local_cloud.template import command as template_command

INDEX = "company-documents"


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 done, 1 failed (status: not everything is up), 2 wrong usage."""
    options = parser().parse_args(arguments)
    try:
        settings = Settings.from_environment()
        supervisor = Supervisor(settings, os.environ, say)
        match options.command:
            case "start":
                supervisor.start()
                say(f"AWS endpoint {endpoint(settings)}")
                say(f"load balancer http://{LOOPBACK}:{settings.alb_port}")
            case "stop":
                supervisor.stop()
                say("the local cloud is stopped")
            case "status":
                return status(supervisor)
            case "index":
                return index(settings, options.folder, options.index)
            case "template":
                template_command.write(endpoint(settings), options.output, say)
            case "validate":
                return 1 if template_command.validate(endpoint(settings), options.template, say) else 0
    except (SupervisorError, ValueError) as error:
        print(f"local cloud: {error}", file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="python -m local_cloud", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("start", help="start everything, and wait until it answers")
    commands.add_parser("stop", help="end every process and forget the account; downloads are kept")
    commands.add_parser("status", help="say what runs")
    put = commands.add_parser("index", help="make the company's search index hold what a folder holds")
    put.add_argument("folder", type=Path)
    put.add_argument("--index", default=INDEX)
    render = commands.add_parser("template", help="the account as a CloudFormation template")
    render.add_argument("--output", type=Path, help="a file instead of the standard output")
    judge = commands.add_parser("validate", help="what AWS would refuse of the account; needs requirements/test.lock")
    judge.add_argument("template", type=Path, nargs="?", help="a template instead of the account")
    return top


def endpoint(settings: Settings) -> str:
    """Where the account answers."""
    return f"http://{LOOPBACK}:{settings.control_port}"


def status(supervisor: Supervisor) -> int:
    rows = supervisor.status()
    for name, up, details in rows:
        say(f"{name:8} {'up' if up else 'DOWN':5} {details}")
    return 0 if all(up for _name, up, _details in rows) else 1


def index(settings: Settings, folder: Path, name: str) -> int:
    """The ingestion of files/search, as `playbooks/ingest.yml` runs it, on the plain side of the company's server."""
    url = server.search_url(settings.search_port, os.environ)
    packages = os.pathsep.join(str(ROOT / "files" / part) for part in ("search", "lambda"))
    command = [sys.executable, "-m", "ingest", str(folder), "--url", url, "--index", name]
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": packages}, check=False).returncode


def say(line: str) -> None:
    """Progress, seen at once although the output may be a pipe."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
