"""The ``/_local`` routes: what the data plane asks and reports, and what tests look at.

Every body is JSON. See ROUTES for the list; the shapes are AWS's own (ECS Task, EC2 NetworkInterface).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from local_cloud.control import forks, rules, strict
from local_cloud.control.aws_time import rows, settings
from local_cloud.control.permissions import stand_ins
from local_cloud.control.repairs import apigateway_snapshot, ec2_interfaces, ecs_tasks, lambda_code
from local_cloud.control.state import State
from local_cloud.control.wire import Response

# What can be switched off beside single rules. Without moto a call that nothing refuses is not executed either, so that
# a test can ask without changing anything.
MOTO = "moto"
LAYERS = {rules.LAYER, strict.LAYER, MOTO}
Handler = Callable[..., Any]


def answer(environ: dict[str, Any], state: State) -> Response:
    """Answer a request to ``/_local/...``."""
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    for verb, pattern, handler in ROUTES:
        match = pattern.fullmatch(path)
        if verb == method and match:
            return _call(handler, environ, state, match.groups())
    return _json(404, {"message": f"no route {method} {path}"})


def _call(handler: Handler, environ: dict[str, Any], state: State, groups: tuple[str, ...]) -> Response:
    raw = environ["wsgi.input"].read()
    try:
        body = json.loads(raw) if raw else None
        # Whoever waits to be alone must not keep the others from coming to their end.
        with nullcontext() if handler is post_fork else state.lock:
            result = handler(state, *groups) if body is None else handler(state, *groups, body)
    except TimeoutError as error:
        return _json(503, {"message": str(error)})
    except LookupError as error:
        return _json(404, {"message": str(error.args[0]) if error.args else "not found"})
    except (ValueError, TypeError) as error:
        return _json(400, {"message": str(error)})
    if isinstance(result, bytes):
        return Response(200, [("Content-Type", "application/zip")], result)
    return _json(200, result)


def _json(status: int, data: Any) -> Response:
    return Response(status, [("Content-Type", "application/json")], json.dumps(data, default=str).encode())


def health(state: State) -> dict[str, bool]:
    """GET /_local/health"""
    return {"ready": True}


def get_requests(state: State) -> list[dict[str, Any]]:
    """GET /_local/requests: every AWS call since the start or the last DELETE, oldest first."""
    return list(state.requests)


def clear_requests(state: State) -> dict[str, Any]:
    """DELETE /_local/requests"""
    state.requests.clear()
    return {}


def get_cases(state: State) -> list[dict[str, Any]]:
    """GET /_local/permissions/cases: every distinct permission that was judged, with the policies that decided."""
    return list(state.cases.values())


def clear_cases(state: State) -> dict[str, Any]:
    """DELETE /_local/permissions/cases"""
    state.cases.clear()
    return {}


def get_revision(state: State) -> dict[str, int]:
    """GET /_local/revision: how often each AWS service was written to, and the epoch (it changes with a reset)."""
    return dict(state.revisions)


def put_target_health(state: State, body: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """PUT /_local/elbv2/health: the health of all targets of each named target group."""
    state.target_health.update(body)
    return {}


def get_refusals(state: State) -> dict[str, Any]:
    """GET /_local/refusals: the table of rules, and which are switched off."""
    return {
        "rules": [rule.describe() for rule in rules.RULES.values()],
        "disabled": sorted(state.disabled_rules),
    }


def put_refusals(state: State, body: dict[str, list[str]]) -> dict[str, Any]:
    """PUT /_local/refusals {"disabled": [rule ids, layers]}: the whole list of what is switched off."""
    unknown = set(body["disabled"]) - rules.RULES.keys() - LAYERS
    if unknown:
        raise ValueError(f"no such rules: {sorted(unknown)}")
    state.disabled_rules.clear()
    state.disabled_rules.update(body["disabled"])
    return {}


def get_time(state: State) -> dict[str, Any]:
    """GET /_local/time: the switches of AWS's time, and the table of rows that ``provisioning`` may replace."""
    table = {name: {"seconds": row.seconds, "source": row.source} for name, row in rows.ROWS.items()}
    return {**state.clock.settings.plain(), "rows": table}


def put_time(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """PUT /_local/time: all switches; what is not named is off. See aws_time/settings.py."""
    state.clock.configure(settings.parse(body))
    return state.clock.settings.plain()


def get_breakpoint(state: State) -> dict[str, Any]:
    """GET /_local/breakpoint: see breakpoints.py for this and the next two."""
    return state.breakpoint.shown()


def put_breakpoint(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """PUT /_local/breakpoint"""
    state.breakpoint.arm(body.get("number"), body.get("when"))
    return {}


def delete_breakpoint(state: State) -> dict[str, Any]:
    """DELETE /_local/breakpoint"""
    state.breakpoint.disarm()
    return {}


def post_fork(state: State) -> dict[str, Any]:
    """POST /_local/forks: a copy of this account; see forks.py."""

    if state.server is None:
        raise LookupError("this control plane cannot be copied")
    with state.gate.alone():
        return forks.make(state.server, state.forks, state.move)


def delete_fork(state: State, port: str) -> dict[str, Any]:
    """DELETE /_local/forks/PORT: end that copy."""
    forks.end(state.forks, int(port))
    return {}


ROUTES: tuple[tuple[str, re.Pattern[str], Handler], ...] = (
    ("GET", re.compile("/_local/health"), health),
    ("GET", re.compile("/_local/requests"), get_requests),
    ("DELETE", re.compile("/_local/requests"), clear_requests),
    ("GET", re.compile("/_local/revision"), get_revision),
    ("GET", re.compile("/_local/refusals"), get_refusals),
    ("PUT", re.compile("/_local/refusals"), put_refusals),
    ("GET", re.compile("/_local/time"), get_time),
    ("GET", re.compile("/_local/breakpoint"), get_breakpoint),
    ("PUT", re.compile("/_local/breakpoint"), put_breakpoint),
    ("DELETE", re.compile("/_local/breakpoint"), delete_breakpoint),
    ("POST", re.compile("/_local/forks"), post_fork),
    ("DELETE", re.compile("/_local/forks/([0-9]+)"), delete_fork),
    ("PUT", re.compile("/_local/time"), put_time),
    ("GET", re.compile("/_local/permissions/cases"), get_cases),
    ("DELETE", re.compile("/_local/permissions/cases"), clear_cases),
    ("POST", re.compile("/_local/permissions/judge"), stand_ins.judge),
    ("PUT", re.compile("/_local/permissions/sessions/([^/]+)"), stand_ins.session),
    ("GET", re.compile("/_local/lambda/([^/]+)/code"), lambda_code.zip_of),
    ("GET", re.compile("/_local/apigateway/([^/]+)/([^/]+)"), apigateway_snapshot.deployed),
    ("PUT", re.compile("/_local/ecs/tasks/([^/]+)"), ecs_tasks.report),
    ("GET", re.compile("/_local/ecs/run-requests"), ecs_tasks.take_run_requests),
    ("PUT", re.compile("/_local/elbv2/health"), put_target_health),
    ("PUT", re.compile("/_local/enis/([^/]+)"), ec2_interfaces.report),
    ("DELETE", re.compile("/_local/enis/([^/]+)"), ec2_interfaces.forget),
)
