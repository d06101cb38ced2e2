"""The data plane's stand-ins ask here: Bedrock, Lambda's network interfaces, the API's front. One judge, one record.

``POST /_local/permissions/judge``::

    {"service": "bedrock-runtime", "operation": "Converse", "access_key": "...",   # or "role_arn" and "session_name"
     "needs": [{"action": "bedrock:InvokeModel", "resource": "arn:...", "context": {}}],
     "endpoint_id": "vpce-...", "vpc_id": "vpc-...",
     "decision": "allowed"}                                                        # given: only record it

answers ``{"allowed", "decision", "code", "message", "principal"}``.
"""

from __future__ import annotations

from typing import Any

from local_cloud.control.calls import Access
from local_cloud.control.permissions import principals
from local_cloud.control.permissions.enforce import (
    INVALID_KEY,
    decide,
    denial,
    describe,
    invalid_key_code,
    with_way,
)
from local_cloud.control.permissions.judgement import refusal
from local_cloud.control.permissions.needs import Need
from local_cloud.control.permissions.principals import Principal
from local_cloud.control.settings import ACCOUNT, REGION
from local_cloud.control.state import State

Record = dict[str, Any]


def judge(state: State, body: Record) -> Record:
    """See the module's docstring; the call is recorded with the others."""
    return judge_for(state, _principal(body), body)


def judge_for(state: State, principal: Principal, body: Record) -> Record:
    """The same for a principal that is known already."""
    access = Access(principal, body.get("endpoint_id", ""), body.get("vpc_id", ""))
    asked = [with_way(state, access, Need(n["action"], n["resource"], n.get("context", {}))) for n in body["needs"]]
    access.judged = [need.describe() for need in asked]
    error = None if "decision" in body else _first_denial(state, body["service"], access, asked)
    access.decision = body.get("decision") or access.decision or "allowed"
    state.requests.append(
        {
            "service": body["service"],
            "operation": body["operation"],
            "mutating": False,
            "parameters": {},
            "status": 403 if error else 200,
            "error_code": error["code"] if error else None,
            **describe(access),
        }
    )
    return {"allowed": error is None, "decision": access.decision, "principal": principal.arn, **(error or {})}


def session(state: State, access_key: str, body: Record) -> Record:
    """PUT /_local/permissions/sessions/KEY {condition key: value}: what every call with this key carries besides.

    For a function's own credentials it is lambda:SourceFunctionArn (Lambda guide, 'Using source function ARN').
    """
    state.session_contexts[access_key] = body
    return {}


def _principal(body: Record) -> Principal:
    if body.get("access_key"):
        return principals.of_key(body["access_key"])
    if body.get("role_arn"):
        return principals.of_session(body["role_arn"], body["session_name"])
    return Principal("unknown", "", "")


def _first_denial(state: State, service: str, access: Access, asked: list[Need]) -> Record | None:
    principal: Principal = access.principal
    if not principal.judged:
        access.decision = principal.kind
        return None
    if principal.kind == "unknown":
        access.decision = "unknownKey"
        return {"code": invalid_key_code(service), "message": INVALID_KEY}
    for need in asked:
        verdict = decide(state, principal, need, ACCOUNT, REGION, access.endpoint_id)
        if not verdict.allowed:
            access.decision, access.judged = verdict.word, [need.describe()]
            error = denial(service, refusal(principal, need, verdict))
            return {"code": error.code, "message": error.message}
    return None
