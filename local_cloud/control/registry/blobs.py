"""Blobs and running uploads on disk, in ``$LOCAL_CLOUD_STATE/registry/``.

Blobs are named by their digest and shared by all repositories; which repository may see which blob is
moto's ``Repository.layers``. An upload is a file that grows until its digest is given.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from local_cloud.control.settings import state_directory

CHUNK = 1 << 20
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
UPLOAD = re.compile(r"[0-9a-f-]{36}")


class DigestError(Exception):
    """The content does not have the digest it was said to have, or the digest is malformed."""


def _folder(kind: str) -> Path:
    folder = state_directory() / "registry" / kind
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def path_of(digest: str) -> Path:
    """Where the blob is or would be; DigestError for anything but ``sha256:<64 hex digits>``."""
    if not DIGEST.fullmatch(digest):
        raise DigestError(f"invalid digest {digest}")
    return _folder("blobs") / digest.replace(":", "-")


def read(path: Path) -> Iterator[bytes]:
    """The content in chunks."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def begin_upload() -> str:
    """The id of a new, empty upload."""
    upload = str(uuid.uuid4())
    _upload(upload).touch()
    return upload


def _upload(upload: str) -> Path:
    return _folder("uploads") / upload


def upload_size(upload: str) -> int | None:
    """Bytes received so far; None for an unknown upload."""
    if not UPLOAD.fullmatch(upload) or not _upload(upload).exists():
        return None
    return _upload(upload).stat().st_size


def append(upload: str, body: BinaryIO) -> int:
    """Add a chunk of the body; returns the size so far."""
    with _upload(upload).open("ab") as file:
        while chunk := body.read(CHUNK):
            file.write(chunk)
        return file.tell()


def discard(upload: str) -> None:
    """Forget an upload."""
    _upload(upload).unlink(missing_ok=True)


def finish(upload: str, digest: str) -> int:
    """Turn the upload into the blob ``digest``; returns its size. DigestError leaves no blob."""
    target = path_of(digest)
    found = hashlib.sha256()
    for chunk in read(_upload(upload)):
        found.update(chunk)
    if f"sha256:{found.hexdigest()}" != digest:
        discard(upload)
        raise DigestError(f"provided digest {digest} does not match the uploaded content")
    _upload(upload).replace(target)
    return target.stat().st_size
