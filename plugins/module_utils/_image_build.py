# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The builder C(layers): an image from a base image, a lock file and a source directory, without a container engine."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils import _image_layers as image_layers
from ansible_collections.private_rag.aws.plugins.module_utils import _oci_image as oci
from ansible_collections.private_rag.aws.plugins.module_utils._ecr import Login
from ansible_collections.private_rag.aws.plugins.module_utils._image_source import SourceError, context_files, recipe
from ansible_collections.private_rag.aws.plugins.module_utils._oci_registry import (
    INDEX_TYPES,
    Registry,
    RegistryError,
)

LOCK = "requirements.lock"
_ECR_HOST = re.compile(r"\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com|on\.aws)(\.cn)?")
_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost)(:\d+)?")
# (arguments of "python -m", further environment) -> None; raises SourceError.
RunPython = Callable[[list[str], dict[str, str]], None]


@dataclass(frozen=True)
class Order:
    """What the builder is to make."""

    source: Path
    base_image: str
    platform: str
    python_version: str
    build_args: Mapping[str, str]
    labels: Mapping[str, str]
    index_url: str
    # Keeps the packages' layer between runs; C(scratch) is gone after this one.
    cache: Path
    scratch: Path


def base_registry(name: str, login: Login, verify: bool | str) -> tuple[Registry, str]:
    """The registry of an image name, and the tag or digest in it. ECR's host names take ECR's login."""
    reference = oci.parse_reference(name)
    host = reference.host
    if host == login.host or (_ECR_HOST.fullmatch(host) and not _ECR_HOST.fullmatch(login.host)):
        # The second case: an endpoint of one's own (endpoint_url) that stands for ECR.
        return Registry(login.endpoint, reference.repository, login.user, login.password, verify), reference.reference
    endpoint = f"{'http' if _LOOPBACK.fullmatch(host) else 'https'}://{host}"
    user, password = (login.user, login.password) if _ECR_HOST.fullmatch(host) else ("", "")
    return Registry(endpoint, reference.repository, user, password, verify), reference.reference


def pinned(name: str, login: Login, verify: bool | str) -> str:
    """The image name with the digest that its tag stands for now; unchanged where its registry cannot be asked."""
    try:
        registry, reference = base_registry(name, login, verify)
        digest = registry.digest(reference)
    except RegistryError:
        return name
    return name if name.endswith(digest) else f"{name}@{digest}"


def build_and_push(
    order: Order, registry: Registry, tag: str, base: tuple[Registry, str], earlier: Iterable[str], python: RunPython
) -> str:
    """Build the image, push it under a tag, and return its digest.

    C(earlier) are digests in the same repository whose dependencies may serve again.
    Raises SourceError, RegistryError, ValueError.
    """
    plan = recipe(order.source, order.build_args)
    manifest, config = _base(*base, order.platform)
    layers = [
        _dependencies(order, plan.copies, registry, earlier, python),
        image_layers.write_layer(
            image_layers.app_files(plan.copies, context_files(order.source)), order.scratch / "app.tar.gz"
        ),
    ]
    runtime = replace(plan.runtime, labels={**plan.runtime.labels, **order.labels})
    settings = oci.canonical_json(oci.image_config(config, layers, runtime))
    document = oci.canonical_json(oci.image_manifest(manifest, layers, settings))
    _take_over_base(base[0], registry, manifest, order.scratch)
    for layer in layers:
        if layer.path:
            registry.upload(layer.digest, layer.path)
    registry.upload(oci.digest_of(settings), settings)
    registry.put_manifest(tag, document, oci.MANIFEST_TYPE)
    return oci.digest_of(document)


def _base(registry: Registry, reference: str, platform: str) -> tuple[dict[str, Any], dict[str, Any]]:
    manifest = registry.manifest(reference)
    if manifest["mediaType"] in INDEX_TYPES:
        manifest = registry.manifest(oci.choose_platform(manifest, platform))
    config = registry.json_blob(manifest["config"]["digest"])
    found = f"{config.get('os')}/{config.get('architecture')}"
    if found != platform:
        raise SourceError(f"the base image is for {found}, not for {platform}")
    return manifest, config


def _take_over_base(source: Registry, target: Registry, manifest: Mapping[str, Any], scratch: Path) -> None:
    """The base image's layers into the target repository: mounted where both are in one registry, else copied."""
    for item in manifest["layers"]:
        digest = item["digest"]
        if source.endpoint == target.endpoint and target.mount(digest, source.repository):
            continue
        if not target.has_blob(digest):
            copy = scratch / "base.layer"
            source.download(digest, copy)
            target.upload(digest, copy)
            copy.unlink()


def _dependencies(
    order: Order, copies: Any, registry: Registry, earlier: Iterable[str], python: RunPython
) -> oci.Layer:
    target, lock = image_layers.dependencies_target(copies), order.source / LOCK
    if not lock.exists():
        raise SourceError(f"{LOCK} is missing in {order.source}: it names every package with its hashes")
    key = image_layers.dependencies_key(lock, order.platform, order.python_version, target)
    for digest in earlier:
        manifest = registry.manifest(digest)
        if manifest["mediaType"] == oci.MANIFEST_TYPE:
            config = registry.json_blob(manifest["config"]["digest"])
            known = image_layers.known_dependencies(manifest, config, key)
            if known:
                return known
    return image_layers.dependencies_layer(
        target, key, order.cache, lambda folder: _install(order, target, folder, python)
    )


def _install(order: Order, target: str, folder: Path, python: RunPython) -> None:
    arguments = image_layers.pip_arguments(order.source / LOCK, folder, order.platform, order.python_version)
    python(arguments, {"PIP_INDEX_URL": order.index_url} if order.index_url else {})
    if "{}.{}".format(*sys.version_info) == order.python_version:
        # Compiled here, a container starts in seconds on a quarter of a processor; only the same Python can.
        python(
            ["compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash", "-s", str(folder),
             "-p", f"/{target}", str(folder)],
            {},
        )  # fmt: skip
