"""Pulls an image from the local cloud's registry: manifest, configuration, layers, every digest checked.

API: OCI distribution specification, 'Pull'. The image is unpacked once, into `images/<digest>/` of the state folder.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from local_cloud.data.account import Account
from local_cloud.data.actor import Actor
from local_cloud.data.fargate import layers
from local_cloud.data.fargate.image import Image, ImageName, choose_platform

MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
CHUNK = 1024 * 1024


class PullError(Exception):
    """The image cannot be pulled; the message is the end of AWS's own."""


@dataclass(frozen=True)
class Login:
    """ECR's token, and the way of the pulls."""

    token: str
    actor: Actor

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Basic {self.token}", **self.actor.headers}


async def _refused(answer: aiohttp.ClientResponse) -> None:
    """A permission that the token's holder lacks, in AWS's words."""
    if answer.status == 403:
        raise PullError(str((await answer.json())["errors"][0]["message"]))


class Registry:
    """The registry, and the images unpacked below `folder`. An image is pulled once at a time."""

    def __init__(self, account: Account, folder: Path) -> None:
        self._account, self._folder = account, folder
        self._base = f"{account.settings.endpoint}/v2"
        self._pulling: dict[str, asyncio.Lock] = {}

    async def pull(self, name: str, login: Login) -> Image:
        """The image of that name, unpacked. Raises PullError."""
        image = ImageName.parse(name)
        async with aiohttp.ClientSession(headers=login.headers) as session:
            try:
                digest, manifest = await self._manifest(session, image)
                async with self._pulling.setdefault(digest, asyncio.Lock()):
                    if not self._path(digest).is_dir():
                        await self._fetch(session, image, digest, manifest)
            except (aiohttp.ClientError, TimeoutError) as error:
                raise PullError(f"failed to do request: {type(error).__name__}") from error
        return self._load(digest)

    def _path(self, digest: str) -> Path:
        return self._folder / digest.replace(":", "-")

    def _load(self, digest: str) -> Image:
        path = self._path(digest)
        return Image(digest, path / "root", json.loads((path / "config.json").read_text()))

    async def _manifest(self, session: aiohttp.ClientSession, image: ImageName) -> tuple[str, dict[str, Any]]:
        """The digest that the name stands for, and the manifest for our platform."""
        raw = await self._get_manifest(session, image, image.reference)
        digest = f"sha256:{hashlib.sha256(raw).hexdigest()}"
        if image.reference.startswith("sha256:") and digest != image.reference:
            raise PullError(f"unexpected digest {digest}")
        manifest: dict[str, Any] = json.loads(raw)
        if "manifests" in manifest:
            try:
                chosen = choose_platform(manifest)
            except LookupError as error:
                raise PullError(str(error)) from error
            manifest = json.loads(await self._get_manifest(session, image, chosen))
        return digest, manifest

    async def _get_manifest(self, session: aiohttp.ClientSession, image: ImageName, reference: str) -> bytes:
        url = f"{self._base}/{image.repository}/manifests/{reference}"
        async with session.get(url, headers={"Accept": ", ".join(MANIFESTS)}) as answer:
            await _refused(answer)
            if answer.status == 404:
                raise PullError(f"{image.registry}/{image.repository}:{reference}: not found")
            answer.raise_for_status()
            return await answer.read()

    async def _fetch(
        self, session: aiohttp.ClientSession, image: ImageName, digest: str, manifest: Mapping[str, Any]
    ) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".pull-", dir=self._folder))
        try:
            config = unfinished / "image.json"
            await self._blob(session, image, manifest["config"]["digest"], config)
            for layer in manifest["layers"]:
                blob = unfinished / "layer"
                await self._blob(session, image, layer["digest"], blob)
                await asyncio.to_thread(layers.unpack, blob, unfinished / "root")
                blob.unlink()
            (unfinished / "root").mkdir(exist_ok=True)
            (unfinished / "config.json").write_text(json.dumps(json.loads(config.read_text()).get("config") or {}))
            unfinished.rename(self._path(digest))
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    async def _blob(self, session: aiohttp.ClientSession, image: ImageName, digest: str, to: Path) -> None:
        found = hashlib.sha256()
        async with session.get(f"{self._base}/{image.repository}/blobs/{digest}") as answer:
            await _refused(answer)
            answer.raise_for_status()
            with to.open("wb") as stream:
                async for chunk in answer.content.iter_chunked(CHUNK):
                    found.update(chunk)
                    stream.write(chunk)
        if f"sha256:{found.hexdigest()}" != digest:
            raise PullError(f"failed to copy: unexpected digest of {digest}")
