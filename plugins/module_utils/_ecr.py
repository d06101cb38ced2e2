# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Images of a private ECR repository, and the way into its registry."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages

_ABSENT = ["ImageNotFoundException", "RepositoryNotFoundException"]
MOST_TAGS = 10


@dataclass(frozen=True)
class Login:
    """Where the registry's HTTP API is (scheme and host), and who may use it for 12 hours."""

    endpoint: str
    user: str
    password: str = field(repr=False)

    @property
    def host(self) -> str:
        """Host and port, as image names carry it."""
        return self.endpoint.partition("://")[2]


def login(ecr: Any) -> Login:
    """The account's registry (GetAuthorizationToken)."""
    data = ecr.get_authorization_token()["authorizationData"][0]
    user, _colon, password = base64.b64decode(data["authorizationToken"]).decode().partition(":")
    return Login(data["proxyEndpoint"].rstrip("/"), user, password)


def find_image(ecr: Any, repository: str, tag: str = "", digest: str = "") -> dict[str, Any] | None:
    """The image under a tag or digest, with its digest, URI, tags and time; C(None) where it or the repository
    does not exist.
    """
    image_id = {"imageDigest": digest} if digest else {"imageTag": tag}
    try:
        found = ecr.describe_images(repositoryName=repository, imageIds=[image_id])["imageDetails"][0]
    except is_boto3_error_code(_ABSENT):
        return None
    uri = ecr.describe_repositories(repositoryNames=[repository])["repositories"][0]["repositoryUri"]
    pushed = found.get("imagePushedAt")
    return {
        "repository": repository,
        "digest": found["imageDigest"],
        "uri": f"{uri}@{found['imageDigest']}",
        "tags": sorted(found.get("imageTags", [])),
        "pushed_at": pushed.isoformat() if pushed else "",
    }


def known_tags(ecr: Any, repository: str) -> list[str]:
    """The tags of the newest images of a repository, newest first, at most I(MOST_TAGS)."""
    return [tag for image in newest_images(ecr, repository) for tag in sorted(image.get("imageTags", []))][:MOST_TAGS]


def newest_images(ecr: Any, repository: str) -> list[dict[str, Any]]:
    """All images of a repository, newest first; none where it does not exist."""
    try:
        images = pages(ecr, "describe_images", "imageDetails", repositoryName=repository)
    except is_boto3_error_code(_ABSENT):
        return []
    return sorted(images, key=lambda image: str(image.get("imagePushedAt", "")), reverse=True)
