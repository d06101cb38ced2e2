"""The verdict on one permission, and AWS's words for a refusal. Pure.

Within one account (IAM guide, 'Policy evaluation logic'): an explicit deny of any policy wins; a VPC endpoint's
policy and a permissions boundary must allow; then an identity policy OR the resource's policy must allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local_cloud.control.permissions.needs import Need
from local_cloud.control.permissions.principals import Principal
from local_cloud.data.policy import Decision, Request, decide
from local_cloud.data.policy import Principal as Named

Documents = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Policies:
    """None: there is no policy of that kind, which does not stand in the way."""

    identity: Documents
    boundary: Documents | None = None
    endpoint: Documents | None = None
    resource: Documents = ()


@dataclass(frozen=True)
class Verdict:
    """``why`` is the end of AWS's message, empty where it is allowed."""

    allowed: bool
    why: str = ""

    @property
    def word(self) -> str:
        """allowed, or AWS's two kinds of denial."""
        if self.allowed:
            return "allowed"
        return "explicitDeny" if self.why.startswith("with an explicit") else "implicitDeny"


def judge(principal: Principal, account: str, need: Need, policies: Policies) -> Verdict:
    """Whether the principal has this permission. Wording: IAM guide, 'Troubleshoot access denied error messages'."""
    context = {key.lower(): value for key, value in need.context.items()}
    request = Request(need.action, need.resource, Named(principal.names, account), context)
    identity = decide(policies.identity, request)
    boundary = Decision.ALLOW if policies.boundary is None else decide(policies.boundary, request)
    resource = decide(policies.resource, request, names_principals=True)
    endpoint = Decision.ALLOW
    if policies.endpoint is not None:
        endpoint = decide(policies.endpoint, request, names_principals=True)
    kinds = {
        "an identity-based policy": identity,
        "a permissions boundary": boundary,
        "a VPC endpoint policy": endpoint,
        "a resource-based policy": resource,
    }
    for kind, decision in kinds.items():
        if decision is Decision.DENY:
            return Verdict(False, f"with an explicit deny in {kind}")
    if endpoint is not Decision.ALLOW:
        return Verdict(False, f"because no VPC endpoint policy allows the {need.action} action")
    if boundary is not Decision.ALLOW:
        return Verdict(False, f"because no permissions boundary allows the {need.action} action")
    if Decision.ALLOW not in (identity, resource):
        return Verdict(False, f"because no identity-based policy allows the {need.action} action")
    return Verdict(True)


def refusal(principal: Principal, need: Need, verdict: Verdict) -> str:
    """AWS's message."""
    return (
        f"User: {principal.arn} is not authorized to perform: {need.action} on resource: {need.resource} {verdict.why}"
    )
