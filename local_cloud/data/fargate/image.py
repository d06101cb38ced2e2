"""Image names and the configuration of an image. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLATFORM = ("linux", "amd64")


@dataclass(frozen=True)
class ImageName:
    """`registry/repository:tag` or `registry/repository@sha256:...`."""

    registry: str
    repository: str
    reference: str

    @classmethod
    def parse(cls, name: str) -> ImageName:
        """As Docker reads it: the part before the first slash is a registry if it looks like a host."""
        registry, slash, path = name.partition("/")
        if not slash or not ("." in registry or ":" in registry or registry == "localhost"):
            registry, path = "", name
        repository, at, digest = path.partition("@")
        if at:
            return cls(registry, repository.partition(":")[0], digest)
        repository, _colon, tag = path.partition(":")
        return cls(registry, repository, tag or "latest")


@dataclass(frozen=True)
class Image:
    """An image unpacked on this machine: its digest, its root folder, the `config` of its OCI configuration."""

    digest: str
    root: Path
    config: Mapping[str, Any]

    @property
    def environment(self) -> dict[str, str]:
        pairs = (entry.partition("=") for entry in self.config.get("Env") or [])
        return {name: value for name, _sign, value in pairs}

    @property
    def working_directory(self) -> str:
        return str(self.config.get("WorkingDir") or "/")

    def words(self, key: str) -> tuple[str, ...]:
        """`Entrypoint` or `Cmd`."""
        return tuple(self.config.get(key) or ())

    def inside(self, path: str) -> Path:
        """Where an absolute path of the image lies on this machine."""
        return self.root / path.lstrip("/")


def choose_platform(index: Mapping[str, Any]) -> str:
    """The digest of the linux/amd64 manifest in an image index; LookupError where there is none."""
    for entry in index["manifests"]:
        platform = entry.get("platform") or {}
        if (platform.get("os"), platform.get("architecture")) == PLATFORM:
            return str(entry["digest"])
    raise LookupError("no match for platform in manifest: not found")
