"""Calls on Secrets Manager that AWS takes, as companies make them, by one who had not read the rules."""

from __future__ import annotations

from tests.integration.refusals.cases import Case, case
from tests.integration.refusals.world import World, policy


def open_to(w: World) -> str:
    return policy(
        {
            "Sid": "Read",
            "Effect": "Allow",
            "Principal": {"AWS": w.lambda_role},
            "Action": "secretsmanager:GetSecretValue",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}},
        }
    )


SANE: tuple[Case, ...] = (
    case(
        "secretsmanager",
        "CreateSecret",
        "all options",
        lambda w: {
            "Name": "chat/prod_1+=.@-search",
            "Description": "検索の鍵",
            "KmsKeyId": w.key,
            "SecretString": '{"key": "x"}',
            "ClientRequestToken": "0" * 32,
            "Tags": [{"Key": "Owner", "Value": "team"}],
        },
    ),
    case(
        "secretsmanager",
        "PutSecretValue",
        "the next one",
        lambda w: {"SecretId": w.secret, "SecretString": "y" * 65536, "VersionStages": ["AWSCURRENT", "BLUE"]},
    ),
    case("secretsmanager", "UpdateSecret", "description only", lambda w: {"SecretId": w.secret, "Description": ""}),
    case(
        "secretsmanager",
        "PutResourcePolicy",
        "one role through one endpoint",
        lambda w: {"SecretId": w.secret, "BlockPublicPolicy": True, "ResourcePolicy": open_to(w)},
    ),
    case(
        "secretsmanager",
        "GetRandomPassword",
        "64 letters",
        lambda w: {
            "PasswordLength": 64,
            "ExcludePunctuation": True,
            "ExcludeCharacters": "0O1l",
            "RequireEachIncludedType": True,
        },
    ),
    case("secretsmanager", "DeleteSecret", "in a week", lambda w: {"SecretId": w.secret, "RecoveryWindowInDays": 7}),
    case("secretsmanager", "RestoreSecret", "after all", lambda w: {"SecretId": w.secret}),
)
