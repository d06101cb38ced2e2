"""Calls on ECR that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

import json
from typing import Any

from tests.integration.cloud import ACCOUNT
from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import api, preflight


def lifecycle(*rules: tuple[int, str, dict[str, Any]]) -> Params:
    made = [
        {
            "rulePriority": priority,
            "action": {"type": "expire"},
            "selection": {"tagStatus": status, "countType": "imageCountMoreThan", "countNumber": 10, **more},
        }
        for priority, status, more in rules
    ]
    return {"repositoryName": "chat", "lifecyclePolicyText": json.dumps({"rules": made})}


STRANGE: tuple[Case, ...] = (
    refused(
        "ecr",
        "CreateRepository",
        "name taken",
        lambda w: {"repositoryName": "chat"},
        "RepositoryAlreadyExistsException",
        api("ecr", "CreateRepository"),
    ),
    refused(
        "ecr",
        "CreateRepository",
        "capitals",
        lambda w: {"repositoryName": "Chat"},
        "InvalidParameterException",
        api("ecr", "CreateRepository"),
    ),
    refused(
        "ecr",
        "CreateRepository",
        "a key for AES256",
        lambda w: {"repositoryName": "new", "encryptionConfiguration": {"encryptionType": "AES256", "kmsKey": w.key}},
        "InvalidParameterException",
        preflight("ecr-encryption-configuration"),
    ),
    refused(
        "ecr",
        "CreateRepository",
        "exclusions of nothing",
        lambda w: {"repositoryName": "new", "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION"},
        "InvalidParameterException",
        preflight("ecr-image-tag-mutability-filters"),
    ),
    refused(
        "ecr",
        "PutLifecyclePolicy",
        "one priority twice",
        lambda w: lifecycle((1, "untagged", {}), (1, "any", {})),
        "InvalidParameterException",
        preflight("ecr-lifecycle-rule-priority"),
    ),
    refused(
        "ecr",
        "PutLifecyclePolicy",
        "any before others",
        lambda w: lifecycle((1, "any", {}), (2, "untagged", {})),
        "InvalidParameterException",
        preflight("ecr-lifecycle-rule-priority"),
    ),
    refused(
        "ecr",
        "PutLifecyclePolicy",
        "tagged with what",
        lambda w: lifecycle((1, "tagged", {})),
        "InvalidParameterException",
        preflight("ecr-lifecycle-tag-status"),
    ),
    refused(
        "ecr",
        "PutLifecyclePolicy",
        "keep none",
        lambda w: lifecycle((1, "any", {"countNumber": 0})),
        "InvalidParameterException",
        preflight("ecr-lifecycle-count"),
    ),
    refused(
        "ecr",
        "PutLifecyclePolicy",
        "not JSON",
        lambda w: {"repositoryName": "chat", "lifecyclePolicyText": "keep 10"},
        "InvalidParameterException",
        preflight("ecr-lifecycle-policy-syntax"),
    ),
    refused(
        "ecr",
        "SetRepositoryPolicy",
        "not JSON",
        lambda w: {"repositoryName": "chat", "policyText": "open"},
        "InvalidParameterException",
        api("ecr", "SetRepositoryPolicy"),
    ),
    refused(
        "ecr",
        "DescribeImages",
        "tag that is not there",
        lambda w: {"repositoryName": "chat", "imageIds": [{"imageTag": "gone"}]},
        "ImageNotFoundException",
        api("ecr", "DescribeImages"),
    ),
    refused(
        "ecr",
        "DeleteRepository",
        "repository that is not there",
        lambda w: {"repositoryName": "gone", "registryId": ACCOUNT},
        "RepositoryNotFoundException",
        api("ecr", "DeleteRepository"),
    ),
)
