"""IAM's policy grammar where moto is stricter than AWS."""

from __future__ import annotations

from moto.iam import policy_validation

from local_cloud.control.patching import replace


def any_version(_validator: policy_validation.BaseIAMPolicyValidator) -> None:
    """A policy may be of version 2008-10-17, or say none, which means the same.

    IAM guide, 'AWS JSON policy elements: Version'. Another version is refused by the validator's syntax check.
    """


replace(policy_validation.BaseIAMPolicyValidator, _validate_version=any_version)
