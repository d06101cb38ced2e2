"""Calls on Secrets Manager that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from tests.integration.cloud import REGION
from tests.integration.refusals.cases import Case, refused
from tests.integration.refusals.sources import api, guide, preflight, recorded
from tests.integration.refusals.world import policy

STRANGE: tuple[Case, ...] = (
    refused(
        "secretsmanager",
        "CreateSecret",
        "name taken",
        lambda w: {"Name": "chat/cookie", "SecretString": "x"},
        "ResourceExistsException",
        recorded("secretsmanager", "test_secret_exists_snapshots"),
    ),
    refused(
        "secretsmanager",
        "CreateSecret",
        "space in the name",
        lambda w: {"Name": "chat cookie", "SecretString": "x"},
        "ValidationException",
        recorded("secretsmanager", "test_invalid_secret_name"),
    ),
    refused(
        "secretsmanager",
        "CreateSecret",
        "longer than 65,536",
        lambda w: {"Name": "long", "SecretString": "x" * 65537},
        "ValidationException",
        guide("secretsmanager/latest/userguide/reference_limits.html"),
    ),
    refused(
        "secretsmanager",
        "CreateSecret",
        "text and bytes",
        lambda w: {"Name": "two", "SecretString": "x", "SecretBinary": b"x"},
        "InvalidParameterException",
        api("secrets", "CreateSecret"),
    ),
    refused(
        "secretsmanager",
        "CreateSecret",
        "replica where it is",
        lambda w: {"Name": "twice", "SecretString": "x", "AddReplicaRegions": [{"Region": REGION}]},
        "InvalidParameterException",
        preflight("secretsmanager-replica-regions"),
    ),
    refused(
        "secretsmanager",
        "RotateSecret",
        "no function",
        lambda w: {"SecretId": w.secret},
        "InvalidRequestException",
        recorded("secretsmanager", "test_first_rotate_secret_with_missing_lambda_arn"),
    ),
    refused(
        "secretsmanager",
        "GetRandomPassword",
        "no character left",
        lambda w: {
            "ExcludeLowercase": True,
            "ExcludeUppercase": True,
            "ExcludeNumbers": True,
            "ExcludePunctuation": True,
        },
        "InvalidParameterException",
        preflight("secretsmanager-generate-secret-string"),
    ),
    refused(
        "secretsmanager",
        "GetRandomPassword",
        "shorter than the kinds asked for",
        lambda w: {"PasswordLength": 3, "RequireEachIncludedType": True},
        "InvalidParameterException",
        preflight("secretsmanager-generate-secret-string"),
    ),
    refused(
        "secretsmanager",
        "DeleteSecret",
        "at once and in a week",
        lambda w: {"SecretId": w.secret, "RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": True},
        "InvalidParameterException",
        api("secrets", "DeleteSecret"),
    ),
    refused(
        "secretsmanager",
        "DeleteSecret",
        "in five days",
        lambda w: {"SecretId": w.secret, "RecoveryWindowInDays": 5},
        "InvalidParameterException",
        api("secrets", "DeleteSecret"),
    ),
    refused(
        "secretsmanager",
        "PutResourcePolicy",
        "open to all",
        lambda w: {
            "SecretId": w.secret,
            "BlockPublicPolicy": True,
            "ResourcePolicy": policy(
                {"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
            ),
        },
        "PublicPolicyException",
        api("secrets", "PutResourcePolicy"),
    ),
    refused(
        "secretsmanager",
        "PutResourcePolicy",
        "not JSON",
        lambda w: {"SecretId": w.secret, "ResourcePolicy": "open"},
        "MalformedPolicyDocumentException",
        api("secrets", "PutResourcePolicy"),
    ),
    refused(
        "secretsmanager",
        "GetSecretValue",
        "no such stage",
        lambda w: {"SecretId": w.secret, "VersionStage": "AWSPREVIOUS"},
        "ResourceNotFoundException",
        recorded("secretsmanager", "test_get_secret_value_errors"),
    ),
)
