# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Layers without a container engine: the same files give the same bytes, whoever builds them and when."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._image_source import Copy, SourceError, file_hash
from ansible_collections.private_rag.aws.plugins.module_utils._oci_image import Layer

# On the layer's descriptor in the manifest: what the dependencies were installed from.
DEPENDENCIES_KEY = "private-rag.dependencies"
# glibc of Debian 12 and newer, Amazon Linux 2023: https://peps.python.org/pep-0600/
_MANYLINUX = ("manylinux2014", "manylinux_2_17", "manylinux_2_24", "manylinux_2_26", "manylinux_2_27", "manylinux_2_28")
_MACHINES = {"linux/amd64": "x86_64", "linux/arm64": "aarch64"}
# About half the time of level 6 for 3 percent more bytes, on wheels.
_GZIP_LEVEL = 4
# Layers that the cache folder keeps, about 150 MB each.
_KEPT_LAYERS = 3


class _Hashing(io.RawIOBase):
    """A file that is written to and hashed at once."""

    def __init__(self, target: Any) -> None:
        self._target, self.hash, self.size = target, hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.hash.update(data)
        self.size += len(data)
        self._target.write(data)
        return len(data)


def write_layer(files: Mapping[str, Path], target: Path) -> Layer:
    """A layer of C(path in the image -> file): sorted, time 0, owned by root, folders 0755, files 0644 or 0755.

    Root owns them as after a Dockerfile's COPY: the container's user reads its code and cannot change it.
    """
    with target.open("wb") as raw:
        packed = _Hashing(raw)
        with gzip.GzipFile(filename="", mode="wb", compresslevel=_GZIP_LEVEL, fileobj=packed, mtime=0) as zipped:
            plain = _Hashing(zipped)
            with tarfile.open(fileobj=plain, mode="w|", format=tarfile.PAX_FORMAT) as archive:
                for folder in sorted({str(parent) for name in files for parent in PurePosixPath(name).parents} - {"."}):
                    archive.addfile(_entry(f"{folder}/", 0o755, tarfile.DIRTYPE))
                for name in sorted(files):
                    _add_file(archive, name, files[name])
    return Layer(f"sha256:{packed.hash.hexdigest()}", f"sha256:{plain.hash.hexdigest()}", packed.size, target)


def _entry(name: str, mode: int, kind: bytes, size: int = 0) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.mode, entry.type, entry.size = mode, kind, size
    return entry


def _add_file(archive: tarfile.TarFile, name: str, path: Path) -> None:
    status = path.stat()
    mode = 0o755 if status.st_mode & 0o100 else 0o644
    with path.open("rb") as file:
        archive.addfile(_entry(name, mode, tarfile.REGTYPE, status.st_size), file)


def app_files(copies: tuple[Copy, ...], context: Mapping[str, Path]) -> dict[str, Path]:
    """Where the COPY steps put the source directory's files, by path in the image without the leading slash."""
    placed: dict[str, Path] = {}
    for copy in copies:
        for source in [] if copy.stage else copy.sources:
            found = _placed(source.strip("/").removeprefix("./"), copy.target, len(copy.sources) > 1, context)
            if not found:
                raise SourceError(f"COPY {source}: there is no such file, or .dockerignore keeps it out")
            placed.update(found)
    return placed


def _placed(source: str, target: str, several: bool, context: Mapping[str, Path]) -> dict[str, Path]:
    root = target.strip("/")
    if source in context:
        into_folder = several or target.endswith("/")
        return {f"{root}/{PurePosixPath(source).name}" if into_folder else root: context[source]}
    prefix = "" if source in ("", ".") else f"{source}/"
    return {f"{root}/{name[len(prefix) :]}": path for name, path in context.items() if name.startswith(prefix)}


def dependencies_target(copies: tuple[Copy, ...]) -> str:
    """The folder that the final stage takes from another stage: where the dependencies go."""
    targets = [copy.target for copy in copies if copy.stage]
    if len(targets) != 1:
        raise SourceError("the Dockerfile's final stage must COPY one folder --from another stage: the packages")
    return targets[0].strip("/")


def dependencies_key(lock: Path, platform: str, python_version: str, target: str) -> str:
    """What the layer of the dependencies depends on, as a hash."""
    document = ["1", file_hash(lock), platform, python_version, target]
    return hashlib.sha256(json.dumps(document).encode()).hexdigest()


def pip_arguments(lock: Path, folder: Path, platform: str, python_version: str) -> list[str]:
    """Arguments of C(python -m) that install a lock file's wheels for another machine."""
    try:
        machine = _MACHINES[platform]
    except KeyError as error:
        raise SourceError(f"platform {platform}: the builder layers knows {', '.join(_MACHINES)}") from error
    platforms = [word for tag in _MANYLINUX for word in ("--platform", f"{tag}_{machine}")]
    return [
        *("pip", "install", "--no-input", "--disable-pip-version-check", "--quiet", "--no-compile", "--no-deps"),
        *("--require-hashes", "--only-binary=:all:", "--implementation", "cp", "--python-version", python_version),
        *platforms,
        *("--target", str(folder), "--requirement", str(lock)),
    ]


def tidy_packages(folder: Path) -> None:
    """Remove what names this machine: commands with its interpreter's path, and their lines in RECORD."""
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for record in folder.glob("*.dist-info/RECORD"):
        lines = record.read_text("utf-8").splitlines(keepends=True)
        record.write_text("".join(line for line in lines if not line.startswith("../../bin/")), "utf-8")


def dependencies_layer(target: str, key: str, cache: Path, install: Callable[[Path], None]) -> Layer:
    """The layer of the dependencies, from the cache folder or made by C(install(folder))."""
    cache.mkdir(parents=True, exist_ok=True)
    with _alone(cache / ".lock"):
        layer = _cached_layer(key, cache) or _new_layer(target, key, cache, install)
    return replace(layer, path=cache / f"{key}.tar.gz", annotations={DEPENDENCIES_KEY: key})


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Runs that share a cache folder make a layer one after the other; the lock of one that was killed is free."""
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _cached_layer(key: str, cache: Path) -> Layer | None:
    archive, notes = cache / f"{key}.tar.gz", cache / f"{key}.json"
    if not (archive.exists() and notes.exists()):
        return None
    try:
        layer = Layer(**json.loads(notes.read_text("utf-8")))
    except (ValueError, TypeError):  # no such document: a full disk, another version
        return None
    return layer if layer.digest == f"sha256:{file_hash(archive)}" else None


def _new_layer(target: str, key: str, cache: Path, install: Callable[[Path], None]) -> Layer:
    packages, unfinished = cache / f"{key}.packages", cache / f"{key}.unfinished"
    shutil.rmtree(packages, ignore_errors=True)
    try:
        install(packages)
        tidy_packages(packages)
        paths = {path.relative_to(packages).as_posix(): path for path in packages.rglob("*") if path.is_file()}
        layer = write_layer({f"{target}/{name}": path for name, path in paths.items()}, unfinished)
    finally:
        shutil.rmtree(packages, ignore_errors=True)
    unfinished.replace(cache / f"{key}.tar.gz")
    # Whole or not at all, as the archive: a run that is killed here must not leave half a document to the next one.
    notes = json.dumps({"digest": layer.digest, "diff_id": layer.diff_id, "size": layer.size})
    unfinished.write_text(notes, "utf-8")
    unfinished.replace(cache / f"{key}.json")
    _forget_old(cache)
    return layer


def _forget_old(cache: Path) -> None:
    archives = sorted(cache.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for archive in archives[_KEPT_LAYERS:]:
        archive.unlink()
        archive.with_name(archive.name.replace(".tar.gz", ".json")).unlink(missing_ok=True)


def known_dependencies(manifest: Mapping[str, Any], config: Mapping[str, Any], key: str) -> Layer | None:
    """The layer with the dependencies C(key) of an image that was pushed before; C(None) where it has none."""
    for item, diff_id in zip(manifest.get("layers", []), config.get("rootfs", {}).get("diff_ids", []), strict=False):
        if item.get("annotations", {}).get(DEPENDENCIES_KEY) == key:
            return Layer(item["digest"], diff_id, item["size"], annotations={DEPENDENCIES_KEY: key})
    return None
