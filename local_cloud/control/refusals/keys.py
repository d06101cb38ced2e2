"""What services refuse of KMS keys that are not there, or that cannot be used: a row per service."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

ARN = re.compile(r"arn:[^:]+:kms:([^:]*):(\d{12}):(key|alias)/(.+)")
OF_AWS = "alias/aws/"


def _sound(call: Call, named: str) -> bool:
    """Whether a key in use is named; those of AWS's and of other accounts are out of sight."""
    found = ARN.fullmatch(named)
    if named.startswith("arn:") and not found:
        return False
    if found:
        if found[1] != call.region:
            return False
        if found[2] != call.account:
            return True
    plain = f"alias/{found[4]}" if found and found[3] == "alias" else found[4] if found else named
    if plain.startswith(OF_AWS):
        return True
    keys = backend("kms", call.region)
    key_id = keys.get_key_id_from_alias(plain) if plain.startswith("alias/") else plain
    key = keys.keys.get(key_id)
    return key is not None and key.key_state == "Enabled"


class Row(NamedTuple):
    """Where a service takes a key, and how it refuses one."""

    id: str
    service: str
    operations: str
    key: Callable[[Call], Any]
    code: str
    message: str
    source: str


ROWS = (
    Row(
        "ecr-unknown-key",
        "ecr",
        "CreateRepository",
        lambda call: (call.get("encryptionConfiguration") or {}).get("kmsKey"),
        "KmsException",
        "The operation failed due to a KMS exception: key {key} cannot be used.",
        "CreateRepository API reference, KmsException; wording not verified",
    ),
    Row(
        "dynamodb-unknown-key",
        "dynamodb",
        "CreateTable UpdateTable",
        lambda call: (call.get("SSESpecification") or {}).get("KMSMasterKeyId"),
        "ValidationException",
        "One or more parameter values were invalid: KMS validation failed: key {key} cannot be used",
        "SSESpecification API reference, KMSMasterKeyId: a key in the table's account and Region; wording not verified",
    ),
    Row(
        "secretsmanager-unknown-key",
        "secretsmanager",
        "CreateSecret UpdateSecret",
        lambda call: call.get("KmsKeyId"),
        "EncryptionFailure",
        "Secrets Manager can't encrypt the protected secret text using the provided KMS key {key}.",
        "CreateSecret API reference, EncryptionFailure",
    ),
    Row(
        "logs-unknown-key",
        "logs",
        "CreateLogGroup AssociateKmsKey",
        lambda call: call.get("kmsKeyId"),
        "InvalidParameterException",
        "The specified KMS Key Id could not be found. ({key})",
        "AssociateKmsKey API reference: InvalidParameterException where the key does not exist or is disabled; wording "
        "not verified",
    ),
    Row(
        "lambda-unknown-key",
        "lambda",
        "CreateFunction UpdateFunctionConfiguration",
        lambda call: call.get("KMSKeyArn"),
        "InvalidParameterValueException",
        "Lambda was unable to configure access to your environment variables because the KMS key is invalid for "
        "CreateGrant. Please check your KMS key settings. ({key})",
        "Lambda guide, 'Securing environment variables'; as quoted in public error reports",
    ),
)


def _check(row: Row) -> Callable[[Call], Verdict]:
    def check(call: Call) -> Verdict:
        key = row.key(call)
        return {"key": key} if key and not _sound(call, key) else None

    return check


for _row in ROWS:
    refuses(_row.id, _row.service, _row.operations.split(), code=_row.code, message=_row.message, source=_row.source)(
        _check(_row)
    )
