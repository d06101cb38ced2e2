"""`python -m local_cloud template` and `validate`: the account as a template, and what AWS says of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local_cloud.template.judging import Verdict, judge
from local_cloud.template.linking import template
from local_cloud.template.reading import Clients, read
from local_cloud.template.shapes import Record

REGION = "ap-northeast-1"


def clients(endpoint: str) -> Clients:
    """boto3 clients of the local cloud's account."""
    # Any: the stubs know clients by literal names only.
    session: Any = boto3.Session("testing", "testing", region_name=REGION)
    config = Config(retries={"total_max_attempts": 1})

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=endpoint, config=config)

    return client


def render(endpoint: str) -> Record:
    """The account behind the endpoint as a template."""
    return template(read(clients(endpoint)))


def as_text(rendered: Record) -> str:
    """JSON, stable between two runs of the same account."""
    return json.dumps(rendered, indent=2, sort_keys=True, default=str) + "\n"


def write(endpoint: str, output: Path | None, say: Callable[[str], None]) -> None:
    """Write the template to a file, or say it."""
    rendered = render(endpoint)
    if output is None:
        say(as_text(rendered))
        return
    output.write_text(as_text(rendered), encoding="utf-8")
    say(f"{output}: {len(rendered['Resources'])} resources")


def validate(endpoint: str, given: Path | None, say: Callable[[str], None]) -> list[Verdict]:
    """Judge a template file, or the account; says every verdict."""
    rendered = json.loads(given.read_text(encoding="utf-8")) if given else render(endpoint)
    verdicts = judge(rendered)
    for verdict in verdicts:
        say(str(verdict))
    say(f"{len(rendered['Resources'])} resources, {len(verdicts)} that AWS would refuse")
    return verdicts
