"""Calls on IAM, STS and Secrets Manager that AWS refuses, by the second author."""

from __future__ import annotations

import json
from typing import Any

from tests.integration.cloud import ACCOUNT
from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import IAM_GRAMMAR, IAM_QUOTAS, api, guide
from tests.integration.refusals.world import INTERFACES, World, policy, trust

DELETE = api("secrets", "DeleteSecret")
ALLOW = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}


def inline(document: str, name: str = "another") -> Params:
    """A PutRolePolicy on the function's role."""
    return {"RoleName": "lambda-role", "PolicyName": name, "PolicyDocument": document}


def long_policy(actions: int) -> str:
    """A policy of about 30 characters an action."""
    return policy({**ALLOW, "Action": [f"logs:PutSomethingLong{number:06d}" for number in range(actions)]})


def five_versions(w: World) -> Params:
    """CreatePolicyVersion on a policy that has as many as it may."""
    iam = w.clients("iam")
    arn = iam.create_policy(PolicyName="versioned", PolicyDocument=INTERFACES)["Policy"]["Arn"]
    for _version in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=INTERFACES)
    return {"PolicyArn": arn, "PolicyDocument": INTERFACES}


def eleventh(w: World) -> Params:
    """AttachRolePolicy on a role that has ten."""
    iam = w.clients("iam")
    for number in range(10):
        made = iam.create_policy(PolicyName=f"part{number}", PolicyDocument=INTERFACES)
        iam.attach_role_policy(RoleName="bare-role", PolicyArn=made["Policy"]["Arn"])
    return {"RoleName": "bare-role", "PolicyArn": w.policy}


def linked_role(w: World) -> Params:
    """AttachRolePolicy on a role that belongs to a service."""
    w.clients("iam").create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
    return {"RoleName": "AWSServiceRoleForAutoScaling", "PolicyArn": w.policy}


def operator(w: World, name: str, **changes: Any) -> Params:
    """AssumeRole of a role that trusts its account."""
    document = policy({"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"})
    made = w.clients("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)
    return {"RoleArn": made["Role"]["Arn"], "RoleSessionName": "chat", **changes}


def deleted(w: World, name: str) -> str:
    """A secret that waits for its deletion."""
    w.clients("secretsmanager").create_secret(Name=name, SecretString="{}")
    w.clients("secretsmanager").delete_secret(SecretId=name)
    return name


def same_token(w: World) -> Params:
    """PutSecretValue with a token that has already named another value."""
    token = "0f8b2c0e-6a4e-4a4f-9d2d-0a9b8c7d6e5f"
    w.clients("secretsmanager").put_secret_value(SecretId=w.secret, SecretString="first", ClientRequestToken=token)
    return {"SecretId": w.secret, "SecretString": "second", "ClientRequestToken": token}


def trusting(**statement: Any) -> str:
    """A trust policy with a change."""
    return policy({**json.loads(trust("ecs-tasks.amazonaws.com"))["Statement"][0], **statement})


def role(document: str, **changes: Any) -> Params:
    """A CreateRole."""
    return {"RoleName": "another", "AssumeRolePolicyDocument": document, **changes}


FAULTY: tuple[Case, ...] = (
    refused(
        "iam",
        "CreateRole",
        "trust policy with a resource",
        lambda w: role(trusting(Resource="*")),
        "MalformedPolicyDocument",
        IAM_GRAMMAR,
    ),
    refused(
        "iam",
        "UpdateAssumeRolePolicy",
        "trusts a role that does not exist",
        lambda w: {
            "RoleName": "task-role",
            "PolicyDocument": trusting(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/gone"}),
        },
        "MalformedPolicyDocument",
        guide("IAM/latest/UserGuide/troubleshoot_iam-trust-policy.html"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "names a principal",
        lambda w: inline(policy({**ALLOW, "Principal": "*"})),
        "MalformedPolicyDocument",
        IAM_GRAMMAR,
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "condition operator that does not exist",
        lambda w: inline(policy({**ALLOW, "Condition": {"StringMatches": {"aws:RequestTag/app": "chat"}}})),
        "MalformedPolicyDocument",
        guide("IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "Action and NotAction in one statement",
        lambda w: inline(policy({**ALLOW, "NotAction": "logs:DeleteLogGroup"})),
        "MalformedPolicyDocument",
        IAM_GRAMMAR,
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "inline policy of more than 10,240 characters",
        lambda w: inline(long_policy(400)),
        "LimitExceeded",
        IAM_QUOTAS,
    ),
    refused(
        "iam",
        "CreatePolicy",
        "more than 6,144 characters",
        lambda w: {"PolicyName": "long", "PolicyDocument": long_policy(250)},
        "LimitExceeded",
        IAM_QUOTAS,
    ),
    refused("iam", "CreatePolicyVersion", "sixth version", five_versions, "LimitExceeded", IAM_QUOTAS),
    refused("iam", "AttachRolePolicy", "eleventh policy", eleventh, "LimitExceeded", IAM_QUOTAS),
    refused(
        "iam",
        "AttachRolePolicy",
        "role of a service",
        linked_role,
        "UnmodifiableEntity",
        api("iam", "AttachRolePolicy"),
    ),
    refused(
        "iam",
        "DeletePolicyVersion",
        "the default version",
        lambda w: {"PolicyArn": w.policy, "VersionId": "v1"},
        "DeleteConflict",
        api("iam", "DeletePolicyVersion"),
    ),
    refused(
        "iam",
        "DeleteRole",
        "managed policy still attached",
        lambda w: {"RoleName": "execution-role"},
        "DeleteConflict",
        api("iam", "DeleteRole"),
    ),
    refused(
        "iam",
        "TagRole",
        "keys that differ by case only",
        lambda w: {
            "RoleName": "task-role",
            "Tags": [{"Key": "App", "Value": "chat"}, {"Key": "app", "Value": "chat"}],
        },
        "InvalidInput",
        guide("IAM/latest/UserGuide/id_tags.html"),
    ),
    refused(
        "iam",
        "CreateServiceLinkedRole",
        "suffix for a service without suffixes",
        lambda w: {"AWSServiceName": "ecs.amazonaws.com", "CustomSuffix": "chat"},
        "InvalidInput",
        api("iam", "CreateServiceLinkedRole"),
    ),
    refused(
        "sts",
        "AssumeRole",
        "longer than the role allows",
        lambda w: operator(w, "brief", DurationSeconds=7200),
        "ValidationError",
        api("sts", "AssumeRole"),
    ),
    refused(
        "sts",
        "AssumeRole",
        "session policy that is no JSON",
        lambda w: operator(w, "narrowed", Policy="{'Version': '2012-10-17'}"),
        "MalformedPolicyDocument",
        api("sts", "AssumeRole"),
    ),
    refused(
        "sts",
        "AssumeRole",
        "session name with a blank",
        lambda w: operator(w, "named", RoleSessionName="chat operator"),
        "ValidationError",
        api("sts", "AssumeRole"),
    ),
    refused(
        "secretsmanager",
        "DeleteSecret",
        "recovery window of three days",
        lambda w: {"SecretId": w.secret, "RecoveryWindowInDays": 3},
        "InvalidParameterException",
        DELETE,
    ),
    refused(
        "secretsmanager",
        "DeleteSecret",
        "at once and with a window",
        lambda w: {"SecretId": w.secret, "RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": True},
        "InvalidParameterException",
        DELETE,
    ),
    refused(
        "secretsmanager",
        "GetSecretValue",
        "secret that waits for its deletion",
        lambda w: {"SecretId": deleted(w, "chat/read")},
        "InvalidRequestException",
        api("secrets", "GetSecretValue"),
    ),
    refused(
        "secretsmanager",
        "CreateSecret",
        "name of a secret that waits for its deletion",
        lambda w: {"Name": deleted(w, "chat/again"), "SecretString": "{}"},
        "InvalidRequestException",
        api("secrets", "CreateSecret"),
    ),
    refused(
        "secretsmanager",
        "RotateSecret",
        "no function that rotates",
        lambda w: {"SecretId": w.secret},
        "InvalidRequestException",
        guide("secretsmanager/latest/userguide/troubleshoot_rotation.html"),
    ),
    refused(
        "secretsmanager",
        "PutSecretValue",
        "string and binary",
        lambda w: {"SecretId": w.secret, "SecretString": "a", "SecretBinary": b"a"},
        "InvalidParameterException",
        api("secrets", "PutSecretValue"),
    ),
    refused(
        "secretsmanager",
        "PutSecretValue",
        "token of another value",
        same_token,
        "ResourceExistsException",
        api("secrets", "PutSecretValue"),
    ),
    refused(
        "secretsmanager",
        "PutResourcePolicy",
        "statement without a principal",
        lambda w: {
            "SecretId": w.secret,
            "ResourcePolicy": policy({"Effect": "Deny", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}),
        },
        "MalformedPolicyDocumentException",
        api("secrets", "PutResourcePolicy"),
    ),
)
