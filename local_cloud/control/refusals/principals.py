"""What services refuse of policies that name a role or user of the account that is not there: a row per service."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from local_cloud.control.calls import Call
from local_cloud.control.refusals.policies import unknown_principal
from local_cloud.control.rules import Verdict, refuses


class Row(NamedTuple):
    """Where a service takes a policy, and how it refuses its principals."""

    id: str
    service: str
    operations: str
    member: str
    code: str
    message: str
    source: str


ROWS = (
    Row(
        "secretsmanager-policy-of-no-one",
        "secretsmanager",
        "PutResourcePolicy",
        "ResourcePolicy",
        "MalformedPolicyDocumentException",
        "This resource policy contains an unsupported principal. ({arn})",
        "hashicorp/terraform-provider-aws, internal/service/secretsmanager/secret.go: 'unsupported principal'",
    ),
    Row(
        "ecr-policy-of-no-one",
        "ecr",
        "SetRepositoryPolicy",
        "policyText",
        "InvalidParameterException",
        "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Principal not found' ({arn})",
        "hashicorp/terraform-provider-aws, internal/service/ecr/repository_policy.go: 'Principal not found'",
    ),
    Row(
        "apigateway-policy-of-no-one",
        "apigateway",
        "CreateRestApi",
        "policy",
        "BadRequestException",
        "Invalid policy document. Please check the policy syntax and ensure that Principals are valid. ({arn})",
        "as quoted in public error reports: 'ensure that Principals are valid'",
    ),
    Row(
        "kms-policy-of-no-one",
        "kms",
        "CreateKey PutKeyPolicy",
        "Policy",
        "MalformedPolicyDocumentException",
        "Policy contains a statement with one or more invalid principals. ({arn})",
        "hashicorp/terraform-provider-aws, internal/service/kms/key.go: MalformedPolicyDocumentException; wording from "
        "memory",
    ),
)


def _check(row: Row) -> Callable[[Call], Verdict]:
    def check(call: Call) -> Verdict:
        arn = unknown_principal(call.get(row.member) or "", call.account)
        return {"arn": arn} if arn else None

    return check


for _row in ROWS:
    refuses(_row.id, _row.service, _row.operations.split(), code=_row.code, message=_row.message, source=_row.source)(
        _check(_row)
    )
