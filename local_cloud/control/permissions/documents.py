"""The policies that are deployed, read from moto's own objects."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from local_cloud.control.backends import backend, ec2, iam_roles, managed_policy_document
from local_cloud.control.permissions.principals import Principal

Document = dict[str, Any]


@lru_cache(maxsize=256)
def _parsed(text: str) -> Document:
    document: Document = json.loads(text)
    return document


def _document(value: Any) -> Document:
    return _parsed(value) if isinstance(value, str) else value


def _holder(principal: Principal) -> Any:
    name = principal.identity.rpartition("/")[2]
    return iam_roles().get(name) if principal.kind == "role" else backend("iam", "aws").users.get(name)


def identity(principal: Principal) -> list[Document]:
    """Inline and attached ones of the user or role; none where it is gone."""
    holder = _holder(principal)
    if holder is None:
        return []
    attached = map(managed_policy_document, holder.managed_policies.values())
    return [_document(each) for each in [*holder.policies.values(), *attached]]


def boundary(principal: Principal) -> list[Document] | None:
    """The permissions boundary; None where there is none. moto keeps no boundary of a user."""
    named = getattr(_holder(principal), "permissions_boundary_arn", None)
    if not named:
        return None
    policy = backend("iam", "aws").managed_policies.get(named)
    return [_document(managed_policy_document(policy))] if policy else []


def endpoint(endpoint_id: str, region: str) -> list[Document] | None:
    """The policy of a VPC endpoint; None: the call came through none, or the endpoint has AWS's default."""
    found = ec2(region).vpc_end_points.get(endpoint_id) if endpoint_id else None
    return [_document(found.policy_document)] if found is not None and found.policy_document else None


def resource(action: str, arn: str, region: str) -> list[Document]:
    """The resource's own policy, of the kinds that this system meets: ECR repositories and secrets."""
    service, name = action.partition(":")[0], arn.split(":", 5)[-1]
    if service == "ecr" and name.startswith("repository/"):
        found = backend("ecr", region).repositories.get(name.partition("/")[2])
        return [_of_its_repository(_document(found.policy), arn)] if found and found.policy else []
    if service == "secretsmanager" and name.startswith("secret:"):
        secret = backend("secretsmanager", region).secrets.get(arn)
        text = getattr(secret, "policy", None)
        return [_document(text)] if text else []
    return []


def _of_its_repository(document: Document, arn: str) -> Document:
    """A repository's policy has no Resource: it is about its repository (ECR guide, 'Private repository policies')."""
    statements = document.get("Statement") or []
    found = statements if isinstance(statements, list) else [statements]
    return {**document, "Statement": [{**each, "Resource": arn} for each in found]}
