# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Image manifests and configurations as plain data (https://github.com/opencontainers/image-spec)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip"
# Docker's gzipped layer is the same bytes under another name.
_DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
_REFERENCE = re.compile(r"(?P<name>.+?)(?::(?P<tag>[\w][\w.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?")


@dataclass(frozen=True)
class Reference:
    """An image's name as C(docker pull) takes it, taken apart. C(reference) is its tag or digest."""

    host: str
    repository: str
    reference: str


@dataclass(frozen=True)
class Layer:
    """One layer: its compressed bytes' digest and size, its plain bytes' digest, and where they are on disk."""

    digest: str
    diff_id: str
    size: int
    path: Path | None = None
    annotations: Mapping[str, str] = field(default_factory=dict)

    def descriptor(self) -> dict[str, Any]:
        """The layer as a manifest names it."""
        notes = {"annotations": dict(self.annotations)} if self.annotations else {}
        return {"mediaType": LAYER_TYPE, "digest": self.digest, "size": self.size, **notes}


@dataclass(frozen=True)
class Runtime:
    """What a container of the image runs, from the Dockerfile's final stage."""

    env: Mapping[str, str]
    working_dir: str
    user: str
    ports: tuple[str, ...]
    command: tuple[str, ...]
    entrypoint: tuple[str, ...]
    labels: Mapping[str, str]


def parse_reference(name: str) -> Reference:
    """C(registry/repository:tag@digest) taken apart, with Docker's own defaults. Raises ValueError."""
    match = _REFERENCE.fullmatch(name.strip())
    if match is None:
        raise ValueError(f"{name!r} is no image name")
    host, slash, rest = match["name"].partition("/")
    if not slash or not ("." in host or ":" in host or host == "localhost"):
        host, rest = "registry-1.docker.io", match["name"] if slash else f"library/{match['name']}"
    elif host == "docker.io":
        host = "registry-1.docker.io"
    return Reference(host, rest, match["digest"] or match["tag"] or "latest")


def choose_platform(index: Mapping[str, Any], platform: str) -> str:
    """The digest of the image for C(os/architecture) in an index. Raises ValueError where it has none."""
    system, _slash, architecture = platform.partition("/")
    for item in index["manifests"]:
        found = item.get("platform", {})
        if (found.get("os"), found.get("architecture")) == (system, architecture):
            return str(item["digest"])
    raise ValueError(f"the base image has no variant for {platform}")


def image_config(base: Mapping[str, Any], layers: Sequence[Layer], runtime: Runtime) -> dict[str, Any]:
    """The configuration of the base image with layers on top and the Dockerfile's settings in place of its own."""
    old = base.get("config") or {}
    env = dict(item.partition("=")[::2] for item in old.get("Env") or [])
    settings = {
        **old,
        "Env": [f"{name}={value}" for name, value in {**env, **runtime.env}.items()],
        "Labels": {**(old.get("Labels") or {}), **runtime.labels},
        "ExposedPorts": {**(old.get("ExposedPorts") or {}), **{port: {} for port in runtime.ports}},
        **({"WorkingDir": runtime.working_dir} if runtime.working_dir else {}),
        **({"User": runtime.user} if runtime.user else {}),
        **({"Cmd": list(runtime.command)} if runtime.command else {}),
        **({"Entrypoint": list(runtime.entrypoint)} if runtime.entrypoint else {}),
    }
    steps = [{"created_by": "private_rag.aws.ecr_image", "comment": "layers"} for _layer in layers]
    diff_ids = [*base["rootfs"]["diff_ids"], *(layer.diff_id for layer in layers)]
    return {
        **base,
        "config": settings,
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
        "history": [*(base.get("history") or []), *steps],
    }


def image_manifest(base: Mapping[str, Any], layers: Sequence[Layer], config: bytes) -> dict[str, Any]:
    """The manifest of the base image's layers and ours."""
    kept = [
        {**item, "mediaType": LAYER_TYPE if item["mediaType"] == _DOCKER_LAYER else item["mediaType"]}
        for item in base["layers"]
    ]
    return {
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPE,
        "config": {"mediaType": CONFIG_TYPE, "digest": digest_of(config), "size": len(config)},
        "layers": [*kept, *(layer.descriptor() for layer in layers)],
    }


def canonical_json(document: Mapping[str, Any]) -> bytes:
    """JSON in the one form that gives the same digest for the same content."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def digest_of(content: bytes) -> str:
    """The digest of bytes as registries write it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
