"""moto's own objects, for the repairs and refusals that must look at more than the call at hand."""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend

from local_cloud.control.settings import ACCOUNT, REGION


def backend(service: str, region: str = REGION) -> Any:
    """moto's backend of a service; ``aws`` is the region of the global ones (iam, route53).

    Typed loosely on purpose: moto's classes differ per service and change between releases.
    """
    # moto names its packages without hyphens, and lambda differently.
    module: Any = {"lambda": "awslambda"}.get(service, service.replace("-", ""))
    return get_backend(module)[ACCOUNT][region]


def ec2(region: str = REGION) -> Any:
    """moto's EC2 backend."""
    return backend("ec2", region)


def managed_policy_document(policy: Any) -> str:
    """The text of a managed policy's default version."""
    return str(next(each.document for each in policy.versions if each.is_default))


def iam_roles() -> dict[str, Any]:
    """IAM roles by name."""
    return {role.name: role for role in backend("iam", "aws").roles.values()}
