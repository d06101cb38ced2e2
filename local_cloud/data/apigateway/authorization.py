"""May this caller invoke this method? Pure.

API Gateway guide, 'How API Gateway resource policies affect authorization workflow', tables A and B: under
AWS_IAM within one account an Allow of the identity policy OR of the resource policy suffices, an explicit Deny of
either wins; without authorization only the resource policy's Allow lets in. A private API needs the Allow of the
VPC endpoint's policy besides ('Use VPC endpoint policies for private APIs').
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_cloud.data.apigateway.errors import ApiError, access_denied
from local_cloud.data.credentials import SessionCredentials
from local_cloud.data.policy import Decision, Document, Principal, Request, decide

ACTION = "execute-api:Invoke"


@dataclass(frozen=True)
class Policies:
    """`resource` None: no policy. `endpoint` None: AWS's default, full access."""

    resource: Document | None
    identity: Sequence[Document]
    endpoint: Document | None


def method_arn(region: str, account: str, api: str, stage: str, method: str, path: str) -> str:
    return f"arn:aws:execute-api:{region}:{account}:{api}/{stage}/{method}{path}"


def authorize(
    caller: SessionCredentials | None,
    account: str,
    arn: str,
    context: Mapping[str, str],
    policies: Policies,
) -> None:
    """`caller` None: the method asks for no authorization. Raises ApiError 403 with AWS's text."""
    request = Request(ACTION, arn, _principal(caller, account), {**context, **_caller_context(caller)})
    documents = [expand(policies.resource, arn)] if policies.resource else []
    resource = decide(documents, request, names_principals=True)
    identity = decide(policies.identity, request) if caller else Decision.NONE
    endpoint = Decision.ALLOW
    if policies.endpoint is not None:
        endpoint = decide([expand(policies.endpoint, arn)], request, names_principals=True)
    decisions = {"resource-based": resource, "identity-based": identity, "VPC endpoint": endpoint}
    for kind, decision in decisions.items():
        if decision is Decision.DENY:
            raise _denied(caller, arn, f"with an explicit deny in {_article(kind)} {kind} policy")
    if endpoint is not Decision.ALLOW:
        raise _denied(caller, arn, f"because no VPC endpoint policy allows the {ACTION} action")
    if Decision.ALLOW not in (resource, identity):
        kind = "identity-based" if caller else "resource-based"
        raise _denied(caller, arn, f"because no {kind} policy allows the {ACTION} action")


def expand(document: Document, arn: str) -> dict[str, Any]:
    """`execute-api:/stage/METHOD/path` is short for this API's ARN (API Gateway guide, 'resource policies')."""
    prefix = arn.partition("/")[0]

    def full(resource: str) -> str:
        return (
            f"{prefix}/{resource.removeprefix('execute-api:/')}" if resource.startswith("execute-api:/") else resource
        )

    def rewritten(statement: Mapping[str, Any]) -> dict[str, Any]:
        return {
            key: _map(value, full) if key in ("Resource", "NotResource") else value for key, value in statement.items()
        }

    return {**document, "Statement": _map(document.get("Statement", []), rewritten)}


def _map(value: Any, function: Any) -> Any:
    return [function(v) for v in value] if isinstance(value, list) else function(value)


def _principal(caller: SessionCredentials | None, account: str) -> Principal:
    return Principal((caller.role_arn, caller.user_arn), account) if caller else Principal()


def _caller_context(caller: SessionCredentials | None) -> dict[str, str]:
    if caller is None:
        return {}
    return {"aws:principalarn": caller.role_arn, "aws:principalaccount": caller.role_arn.split(":")[4]}


def _denied(caller: SessionCredentials | None, arn: str, why: str) -> ApiError:
    """API Gateway hides the first digits of the account in the resource."""
    parts = arn.split(":", 5)
    parts[4] = "*" * 8 + parts[4][-4:]
    who = caller.user_arn if caller else "anonymous"
    return access_denied(f"User: {who} is not authorized to perform: {ACTION} on resource: {':'.join(parts)} {why}")


def _article(kind: str) -> str:
    return "an" if kind[0] in "aeiou" else "a"
