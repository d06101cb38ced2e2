"""Which rule a request meets, and what a redirect answers. Pure.

ELB user guide for Application Load Balancers, 'Listener rules'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network
from typing import Any

from local_cloud.data.elb.model import Rule


@dataclass(frozen=True)
class Asked:
    """What rules look at."""

    method: str
    host: str
    path: str
    query: str
    client: str


def action_for(rules: Sequence[Rule], asked: Asked) -> Mapping[str, Any] | None:
    """The last action of the first rule that matches (those before it authenticate); None where none does."""
    for rule in rules:
        if all(_meets(condition, asked) for condition in rule.conditions):
            return rule.actions[-1]
    return None


def _meets(condition: Mapping[str, Any], asked: Asked) -> bool:
    field = condition["Field"]
    listed = condition.get("Values") or []
    config = {k: v for k, v in condition.items() if k.endswith("Config")}
    values = listed or [v for c in config.values() for v in c.get("Values", [])]
    match field:
        case "path-pattern":
            return any(fnmatchcase(asked.path, v) for v in values)
        case "host-header":
            return any(fnmatchcase(asked.host.lower(), v.lower()) for v in values)
        case "http-request-method":
            return asked.method in values
        case "source-ip":
            return any(ip_address(asked.client) in ip_network(v) for v in values)
    return False


def location(config: Mapping[str, str], asked: Asked, port: int) -> str:
    """The Location of a redirect action; `#{...}` are ELB's placeholders."""
    parts = {
        "protocol": "HTTP",
        "host": asked.host,
        "port": str(port),
        "path": asked.path.lstrip("/"),
        "query": asked.query,
    }

    def filled(name: str, default: str) -> str:
        text = config.get(name) or default
        for key, value in parts.items():
            text = text.replace(f"#{{{key}}}", value)
        return text

    protocol, host = filled("Protocol", "#{protocol}").lower(), filled("Host", "#{host}")
    number, query = filled("Port", "#{port}"), filled("Query", "#{query}")
    implied = {"http": "80", "https": "443"}[protocol]
    authority = host if number == implied else f"{host}:{number}"
    return f"{protocol}://{authority}{filled('Path', '/#{path}')}" + (f"?{query}" if query else "")
