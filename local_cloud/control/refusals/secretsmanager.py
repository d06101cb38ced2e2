"""What Secrets Manager refuses of names, values, rotation, passwords and policies."""

from __future__ import annotations

import json
import re
import string
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.refusals.policies import as_list, is_policy
from local_cloud.control.rules import Verdict, refuses

PREFLIGHT = "cdk-preflight 1.9.1, "
BAD_SECRET = "InvalidParameterException"
RATE = re.compile(r"rate\(\d+ (hours?|days?)\)|cron\((\S+ ){5}\S+\)")
KINDS = {
    "ExcludeLowercase": string.ascii_lowercase,
    "ExcludeUppercase": string.ascii_uppercase,
    "ExcludeNumbers": string.digits,
    "ExcludePunctuation": string.punctuation,
}
USUAL_LENGTH = 32


def _statements(text: str) -> list[dict[str, Any]]:
    """The statements of a text that is a policy; none of any other."""
    return [*as_list(json.loads(text)["Statement"])] if is_policy(text) else []


@refuses(
    "secretsmanager-policy-without-principal",
    "secretsmanager",
    "PutResourcePolicy",
    code="MalformedPolicyDocumentException",
    message="This resource policy contains a statement without a principal.",
    source="IAM guide, 'AWS JSON policy elements: Principal': required in resource-based policies; PutResourcePolicy "
    "API reference, MalformedPolicyDocumentException; wording not verified",
)
def policy_without_principal(call: Call) -> Verdict:
    sent = _statements(call.params["ResourcePolicy"])
    return any("Principal" not in each and "NotPrincipal" not in each for each in sent)


@refuses(
    "secretsmanager-name-of-a-deleted",
    "secretsmanager",
    "CreateSecret",
    code="InvalidRequestException",
    message="You can't create this secret because a secret with this name is already scheduled for deletion.",
    source="CreateSecret API reference, InvalidRequestException; as quoted in public error reports",
)
def name_of_a_deleted(call: Call) -> Verdict:
    known = backend("secretsmanager", call.region).secrets
    name = call.params["Name"]
    return name in known and known[name].is_deleted()


@refuses(
    "secretsmanager-replica",
    "secretsmanager",
    ["CreateSecret", "ReplicateSecretToRegions"],
    code=BAD_SECRET,
    message="Invalid replica region.",
    source=PREFLIGHT + "secretsmanager-replica-regions",
)
def replica(call: Call) -> Verdict:
    return any(each.get("Region") == call.region for each in call.get("AddReplicaRegions") or [])


@refuses(
    "secretsmanager-rotation",
    "secretsmanager",
    "RotateSecret",
    code="InvalidRequestException",
    message="No Lambda rotation function ARN is associated with this secret.",
    source="localstack/localstack, tests/aws/services/secretsmanager, test_first_rotate_secret_with_missing_lambda_arn",
)
def rotation(call: Call) -> Verdict:
    known = backend("secretsmanager", call.region).secrets
    secret = known.get(call.params["SecretId"]) if call.params["SecretId"] in known else None
    return not call.get("RotationLambdaARN") and not (secret is not None and secret.rotation_lambda_arn)


@refuses(
    "secretsmanager-rotation-rules",
    "secretsmanager",
    "RotateSecret",
    code=BAD_SECRET,
    message="{fault}",
    source=PREFLIGHT + "secretsmanager-rotation-rules",
)
def rotation_rules(call: Call) -> Verdict:
    sent = call.get("RotationRules") or {}
    if sent.get("AutomaticallyAfterDays") and sent.get("ScheduleExpression"):
        return {"fault": "You cannot specify both rotation frequency and schedule expression together."}
    schedule = sent.get("ScheduleExpression")
    return {"fault": "Invalid schedule expression."} if schedule and not RATE.fullmatch(schedule) else None


@refuses(
    "secretsmanager-random-password",
    "secretsmanager",
    "GetRandomPassword",
    code="InvalidParameterException",
    message="{fault}",
    source=PREFLIGHT + "secretsmanager-generate-secret-string",
)
def random_password(call: Call) -> Verdict:
    left = [kind for name, kind in KINDS.items() if not call.get(name)]
    excluded = set(call.get("ExcludeCharacters") or "")
    if not call.get("IncludeSpace") and all(set(kind) <= excluded for kind in left):
        return {"fault": "All characters have been excluded from selection."}
    needed = len(left) if call.get("RequireEachIncludedType", True) else 1
    length = call.get("PasswordLength", USUAL_LENGTH)
    words = f"Password length {length} is too short based on the required types."
    return {"fault": words} if length < needed else None


@refuses(
    "secretsmanager-open-policy",
    "secretsmanager",
    "PutResourcePolicy",
    code="PublicPolicyException",
    message="The BlockPublicPolicy parameter is set to true, and the resource policy did not prevent broad access to "
    "the secret.",
    source="PutResourcePolicy API reference, PublicPolicyException",
)
def open_policy(call: Call) -> Verdict:
    return bool(call.get("BlockPublicPolicy")) and any(
        _open(each) for each in _statements(call.params["ResourcePolicy"])
    )


def _open(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    everybody = principal == "*" or (isinstance(principal, dict) and "*" in as_list(principal.get("AWS")))
    return statement.get("Effect") == "Allow" and everybody and not statement.get("Condition")


@refuses(
    "secretsmanager-secret-name",
    "secretsmanager",
    "CreateSecret",
    code="ValidationException",
    message="Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    source="localstack/localstack, tests/aws/services/secretsmanager, test_invalid_secret_name",
)
def secret_name(call: Call) -> Verdict:
    return not re.fullmatch(r"[A-Za-z0-9/_+=.@!-]+", call.params["Name"])


@refuses(
    "secretsmanager-two-values",
    "secretsmanager",
    ["CreateSecret", "PutSecretValue", "UpdateSecret"],
    code="InvalidParameterException",
    message="You can't specify both a binary secret value and a string secret value in the same secret.",
    source="CreateSecret API reference, SecretBinary; as quoted in public error reports",
)
def two_values(call: Call) -> Verdict:
    return call.get("SecretString") is not None and call.get("SecretBinary") is not None


@refuses(
    "secretsmanager-bad-policy",
    "secretsmanager",
    "PutResourcePolicy",
    code="MalformedPolicyDocumentException",
    message="The JSON policy document that you provided has a syntax error.",
    source="PutResourcePolicy API reference, MalformedPolicyDocumentException",
)
def secret_policy(call: Call) -> Verdict:
    return not is_policy(call.params["ResourcePolicy"])


WHILE_THERE = (
    "GetSecretValue",
    "PutResourcePolicy",
    "PutSecretValue",
    "RotateSecret",
    "TagResource",
    "UntagResource",
    "UpdateSecret",
    "UpdateSecretVersionStage",
)


def _found(call: Call) -> Any:
    """moto's secret, by its name or ARN, or None."""
    named = call.get("SecretId") or ""
    known = backend("secretsmanager", call.region).secrets
    return known.get(named)


@refuses(
    "secretsmanager-marked-for-deletion",
    "secretsmanager",
    WHILE_THERE,
    code="InvalidRequestException",
    message="You can't perform this operation on the secret because it was marked for deletion.",
    source="the operations' API references, InvalidRequestException; as moto and public error reports quote it",
)
def marked_for_deletion(call: Call) -> Verdict:
    secret = _found(call)
    return secret is not None and bool(secret.is_deleted())


@refuses(
    "secretsmanager-stage-of-another-version",
    "secretsmanager",
    "UpdateSecretVersionStage",
    code="InvalidParameterException",
    message="The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently attached to version "
    "{version}, so you must explicitly reference that version in RemoveFromVersionId.",
    source="UpdateSecretVersionStage API reference, RemoveFromVersionId; as quoted in public error reports",
)
def stage_of_another_version(call: Call) -> Verdict:
    secret, stage = _found(call), call.params["VersionStage"]
    for version, kept in (secret.versions if secret is not None else {}).items():
        moved = call.get("MoveToVersionId") not in (None, version)
        if moved and stage in kept.get("version_stages", []) and call.get("RemoveFromVersionId") != version:
            return {"stage": stage, "version": version}
    return None
