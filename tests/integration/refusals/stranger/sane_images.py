"""Calls on ECR that AWS takes, as companies make them, by one who had not read the rules."""

from __future__ import annotations

import json
from typing import Any

from tests.integration.refusals.cases import Case, Params, case
from tests.integration.refusals.world import policy


def rule(priority: int, action: str = "expire", **selection: Any) -> Params:
    return {"rulePriority": priority, "description": "keep few", "selection": selection, "action": {"type": action}}


def lifecycle(*rules: Params) -> str:
    return json.dumps({"rules": list(rules)})


SANE: tuple[Case, ...] = (
    case(
        "ecr",
        "CreateRepository",
        "all options",
        lambda w: {
            "repositoryName": "corp/team_a/chat-app.web",
            "imageTagMutability": "IMMUTABLE",
            "tags": [{"Key": "Owner", "Value": "team"}],
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": w.key},
        },
    ),
    case(
        "ecr",
        "PutLifecyclePolicy",
        "three rules",
        lambda w: {
            "repositoryName": "chat",
            "lifecyclePolicyText": lifecycle(
                rule(1, tagStatus="untagged", countType="sinceImagePushed", countUnit="days", countNumber=1),
                rule(
                    5,
                    tagStatus="tagged",
                    tagPatternList=["v*", "*prod*"],
                    countType="imageCountMoreThan",
                    countNumber=30,
                ),
                rule(9, tagStatus="any", countType="imageCountMoreThan", countNumber=100),
            ),
        },
    ),
    case(
        "ecr",
        "SetRepositoryPolicy",
        "for Lambda",
        lambda w: {
            "repositoryName": "chat",
            "policyText": policy(
                {
                    "Sid": "LambdaECRImageRetrievalPolicy",
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                }
            ),
        },
    ),
    case(
        "ecr",
        "PutImageTagMutability",
        "mutable again",
        lambda w: {"repositoryName": "chat", "imageTagMutability": "MUTABLE"},
    ),
)
