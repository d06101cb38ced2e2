"""Manifests in the repositories of ECR: what is pushed shows in DescribeImages, and the other way round."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from moto.ecr.models import Image

from local_cloud.control.backends import backend
from local_cloud.control.patching import replace
from local_cloud.control.settings import ACCOUNT

INDEX_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
DEFAULT_TYPE = "application/vnd.docker.distribution.manifest.v2+json"


class RegistryError(Exception):
    """An error of the registry API: HTTP status, the specification's code, a message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def digest_of(manifest: bytes) -> str:
    """The digest of a manifest as it was sent."""
    return f"sha256:{hashlib.sha256(manifest).hexdigest()}"


def _true_digest(image: Any) -> None:
    image._image_digest = digest_of(image.image_manifest.encode())


def _true_size(image: Any) -> int | None:
    """ECR's imageSizeInBytes: the compressed layers and the configuration."""
    manifest = json.loads(image.image_manifest)
    if "layers" not in manifest:
        return None
    parts = [manifest.get("config") or {}, *manifest["layers"]]
    return sum(int(part.get("size", 0)) for part in parts)


# moto hashes the layers' digests, or a random number, and takes the configuration's size for the image's.
replace(Image, _create_digest=_true_digest, get_image_size_in_bytes=_true_size)


def repository(name: str) -> Any:
    """moto's repository; NAME_UNKNOWN where ECR has none (pushing never creates one)."""
    found = backend("ecr").repositories.get(name)
    if found is None:
        message = f"The repository with name '{name}' does not exist in the registry with id '{ACCOUNT}'"
        raise RegistryError(404, "NAME_UNKNOWN", message)
    return found


def find(name: str, reference: str) -> Any:
    """The image of a tag or digest; MANIFEST_UNKNOWN where there is none."""
    for image in repository(name).images:
        if reference in image.image_tags or reference == image.get_image_digest():
            return image
    message = f"Requested image not found: {name}:{reference}"
    raise RegistryError(404, "MANIFEST_UNKNOWN", message)


def put(name: str, reference: str, manifest: bytes, media_type: str) -> str:
    """Store a manifest under a tag, or under its digest; returns the digest."""
    repo = repository(name)
    digest = digest_of(manifest)
    tag = None if reference.startswith("sha256:") else reference
    if tag is None and reference != digest:
        raise RegistryError(400, "DIGEST_INVALID", f"manifest has digest {digest}, not {reference}")
    _require_parts(repo, manifest)
    image = next((each for each in repo.images if each.get_image_digest() == digest), None)
    if image is None:
        # Untagged first, as moto keeps an image without a tag.
        untagged: Any = None
        image = Image(ACCOUNT, untagged, manifest.decode(), name, media_type, digest)
        _tag(repo, image, tag)
        repo.images.append(image)
    else:
        _tag(repo, image, tag)
    return digest


def _require_parts(repo: Any, manifest: bytes) -> None:
    try:
        document = json.loads(manifest)
    except ValueError as error:
        raise RegistryError(400, "MANIFEST_INVALID", f"manifest is not JSON: {error}") from error
    for part in [document.get("config"), *document.get("layers", [])]:
        if part and part["digest"] not in repo.layers:
            raise RegistryError(404, "BLOB_UNKNOWN", f"blob {part['digest']} was not uploaded")
    known = {image.get_image_digest() for image in repo.images}
    for child in document.get("manifests", []):
        if child["digest"] not in known:
            raise RegistryError(404, "MANIFEST_BLOB_UNKNOWN", f"manifest {child['digest']} was not pushed")


def _tag(repo: Any, image: Any, tag: str | None) -> None:
    if tag is None or tag in image.image_tags:
        return
    for other in repo.images:
        if tag in other.image_tags:
            if repo.is_tag_immutable():
                raise RegistryError(400, "TAG_INVALID", immutable(repo.name, tag))
            other.remove_tag(tag)
            if not other.image_tags:
                other.image_tag = None
    image.update_tag(tag)


def immutable(name: str, tag: str) -> str:
    """ECR's words for a tag that may not move."""
    return (
        f"The image tag '{tag}' already exists in the '{name}' repository and cannot be overwritten "
        "because the repository is immutable."
    )
