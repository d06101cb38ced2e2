"""The step of the pipeline that judges: a call that AWS would deny is denied here, with AWS's code and words.

``state.cases`` keeps every distinct permission that was judged, with the policies that decided: the referee of the
tests (tools/iam_referee) judges the same ones with another evaluator.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from local_cloud.control.calls import Access, AwsError, Call
from local_cloud.control.permissions import documents, needs, principals
from local_cloud.control.permissions.judgement import Policies, Verdict, judge, refusal
from local_cloud.control.permissions.needs import Need
from local_cloud.control.permissions.principals import Principal
from local_cloud.control.permissions.service_linked import note_made
from local_cloud.control.state import State
from local_cloud.data.way import ENDPOINT_HEADER, VPC_HEADER

# Codes of the protocols: 'Common errors' of EC2 and of the query APIs, 'CommonErrors' of the JSON ones.
QUERY = {"iam", "sts", "elbv2", "cloudwatch", "s3"}
DENIED = "AccessDeniedException"
INVALID_KEY = "The security token included in the request is invalid."


def access_of(environ: dict[str, Any]) -> Access:
    """Who sends this request, and how it came."""
    return Access(
        principals.of_request(environ),
        environ.get(_variable(ENDPOINT_HEADER), ""),
        environ.get(_variable(VPC_HEADER), ""),
    )


def _variable(header: str) -> str:
    return f"HTTP_{header.upper().replace('-', '_')}"


def enforce(call: Call) -> None:
    """Raise AWS's error for a key that nobody has, and for the first permission that the caller lacks."""
    access = call.access
    principal: Principal = access.principal
    if principal.kind == "unknown":
        access.decision = "unknownKey"
        raise AwsError(invalid_key_code(call.service), INVALID_KEY, 403)
    asked = needs.of_call(call)
    if asked is None and principal.judged:
        access.decision = "unmapped"
        message = f"local_cloud/control/permissions/actions has no row for {call.service} {call.operation}."
        raise AwsError("NotImplemented", message, 501)
    asked = [with_way(call.state, access, need) for need in asked or []]
    access.judged = [need.describe() for need in asked]
    access.decision = "allowed" if principal.judged else principal.kind
    if principal.judged:
        _judge_all(call, principal, asked)
    note_made(call, asked)


def _judge_all(call: Call, principal: Principal, asked: Sequence[Need]) -> None:
    for need in asked:
        verdict = decide(call.state, principal, need, call.account, call.region, call.access.endpoint_id)
        if not verdict.allowed:
            call.access.decision = verdict.word
            call.access.judged = [need.describe()]
            raise denial(call.service, refusal(principal, need, verdict))


def decide(state: State, principal: Principal, need: Need, account: str, region: str, endpoint_id: str = "") -> Verdict:
    """One permission, by the policies that are deployed now; kept as a case for the referee."""
    policies = Policies(
        documents.identity(principal),
        documents.boundary(principal),
        documents.endpoint(endpoint_id, region),
        # Who may pass or link a role is never the role's own say.
        [] if need.action.startswith("iam:") else documents.resource(need.action, need.resource, region),
    )
    verdict = judge(principal, account, need, policies)
    _keep(state, principal, need, policies, verdict)
    return verdict


def with_way(state: State, access: Access, need: Need) -> Need:
    """With the condition keys that every request has (IAM guide, 'AWS global condition context keys')."""
    principal: Principal = access.principal
    keys: dict[str, needs.Value] = {"aws:PrincipalArn": principal.identity}
    if access.endpoint_id:
        keys |= {"aws:SourceVpce": access.endpoint_id, "aws:SourceVpc": access.vpc_id}
    keys |= state.session_contexts.get(principal.access_key, {})
    return replace(need, context={**keys, **need.context})


def _keep(state: State, principal: Principal, need: Need, policies: Policies, verdict: Verdict) -> None:
    case = {
        "principal": principal.arn,
        "identity": policies.identity,
        "boundary": policies.boundary,
        "endpoint": policies.endpoint,
        "resource_policy": policies.resource,
        **need.describe(),
        "decision": verdict.word,
    }
    # The documents by identity: a case holds on to them, so that none of these numbers is given twice.
    held = [*policies.identity, *(policies.boundary or []), *(policies.endpoint or []), *policies.resource]
    key = json.dumps([principal.arn, need.describe(), verdict.word, [id(each) for each in held]], sort_keys=True)
    state.cases.setdefault(key, case)


def denial(service: str, message: str) -> AwsError:
    """AWS's error, by the service's protocol."""
    if service == "ec2":
        # The encoded message is for sts:DecodeAuthorizationMessage, which is not here.
        return AwsError("UnauthorizedOperation", f"You are not authorized to perform this operation. {message}", 403)
    if service in QUERY:
        return AwsError("AccessDenied", message, 403)
    return AwsError(DENIED, message, 403 if service in ("apigateway", "lambda", "bedrock-runtime") else 400)


def invalid_key_code(service: str) -> str:
    """For a key that does not exist: 'Common errors' of each protocol."""
    if service == "ec2":
        return "AuthFailure"
    return "InvalidClientTokenId" if service in QUERY else "UnrecognizedClientException"


def describe(access: Access) -> dict[str, Any]:
    """What the record of requests tells of it: the permission that was denied, else the first one, and all of them."""
    first = access.judged[0] if access.judged else {"action": None, "resource": None}
    return {
        "principal": access.principal.arn,
        "action": first["action"],
        "resource": first["resource"],
        "decision": access.decision,
        "permissions": access.judged,
    }
