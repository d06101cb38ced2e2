"""ecr_repository and ecr_image_info: every field, policies by what they say, images in it, ownership."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.integration.cloud import Cloud
from tests.integration.modules.life import DEPLOYMENT, adopted, drifted, ended, refused
from tests.integration.running import Runner

MODULE, NAME = "ecr_repository", "chatbot-frontend-test"
RULE: dict[str, Any] = {
    "rulePriority": 1,
    "description": "untagged images",
    "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14},
    "action": {"type": "expire"},
}
POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "pull", "Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}],
}
REPOSITORY: dict[str, Any] = {
    "name": NAME,
    "image_tag_mutability": "IMMUTABLE",
    "scan_on_push": True,
    "encryption": {"type": "AES256"},
    "lifecycle_policy": {"rules": [RULE]},
    "policy": POLICY,
    "deployment": DEPLOYMENT,
}


def put_image(cloud: Cloud, tag: str) -> str:
    """An image without layers, under a tag: its digest."""
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": f"sha256:{'0' * 64}", "size": 1}
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config,
        "layers": [],
        "annotations": {"tag": tag},
    }
    made = cloud.client("ecr").put_image(repositoryName=NAME, imageManifest=json.dumps(manifest), imageTag=tag)
    return str(made["image"]["imageId"]["imageDigest"])


def test_drift(cloud: Cloud, run_module: Runner) -> None:
    arn = run_module.applied(MODULE, REPOSITORY)["repository"]["arn"]
    ecr = cloud.client("ecr")
    ecr.put_image_tag_mutability(repositoryName=NAME, imageTagMutability="MUTABLE")
    ecr.put_image_scanning_configuration(repositoryName=NAME, imageScanningConfiguration={"scanOnPush": False})
    ecr.delete_lifecycle_policy(repositoryName=NAME)
    ecr.delete_repository_policy(repositoryName=NAME)
    ecr.tag_resource(resourceArn=arn, tags=[{"Key": "by", "Value": "hand"}])
    drifted(
        run_module,
        MODULE,
        REPOSITORY,
        {"image_tag_mutability", "scan_on_push", "lifecycle_policy", "policy", "tags"},
    )


def test_policies_are_compared_by_what_they_say_and_removed(run_module: Runner) -> None:
    run_module(MODULE, REPOSITORY)
    statement = {**POLICY["Statement"][0], "Principal": {"AWS": "*"}, "Action": ["ecr:BatchGetImage"]}
    number = {**RULE, "selection": {**RULE["selection"], "countNumber": "14"}}
    same = {"policy": {**POLICY, "Statement": [statement]}, "lifecycle_policy": {"rules": [number]}}
    run_module.unchanged(MODULE, {**REPOSITORY, **same})
    bare = {**REPOSITORY, "policy": {}, "lifecycle_policy": {}}
    drifted(run_module, MODULE, bare, {"policy", "lifecycle_policy"})


def test_encryption_cannot_change(run_module: Runner) -> None:
    run_module(MODULE, REPOSITORY)
    refused(run_module, MODULE, {**REPOSITORY, "encryption": {"type": "KMS"}}, "cannot change encryption.type in place")


def test_images_are_deleted_only_by_force(cloud: Cloud, run_module: Runner) -> None:
    run_module(MODULE, {**REPOSITORY, "deployment": None})
    adopted(run_module, MODULE, REPOSITORY)
    put_image(cloud, "one")
    with pytest.raises(AssertionError, match=r"holds images\. Set force: true"):
        run_module(MODULE, {**REPOSITORY, "state": "absent"})
    ended(run_module, MODULE, {**REPOSITORY, "force": True})


def test_image_is_found_by_tag_and_digest(cloud: Cloud, run_module: Runner) -> None:
    run_module(MODULE, REPOSITORY)
    digest = put_image(cloud, "one")
    image = run_module.checked("ecr_image_info", {"repository": NAME, "tag": "one"})["image"]
    assert image["digest"] == digest
    assert image["uri"].endswith(f"/{NAME}@{digest}")
    assert run_module("ecr_image_info", {"repository": NAME, "digest": digest})["image"] == image


def test_a_missing_image_is_told_with_the_tags_there_are(cloud: Cloud, run_module: Runner) -> None:
    run_module(MODULE, REPOSITORY)
    put_image(cloud, "one")
    with pytest.raises(AssertionError, match=r"has no image two\. It has: one\."):
        run_module("ecr_image_info", {"repository": NAME, "tag": "two"})
    with pytest.raises(AssertionError, match="It has: no tags at all"):
        run_module("ecr_image_info", {"repository": "none", "tag": "two"})
    assert run_module("ecr_image_info", {"repository": NAME, "tag": "two", "missing_ok": True})["image"] == {}
    placeholder = {"repository": NAME, "tag": "(known after apply: tag)"}
    assert run_module("ecr_image_info", placeholder, check=True)["image"] == {}
