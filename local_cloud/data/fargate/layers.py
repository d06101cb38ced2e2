"""Unpacks the layers of an image into a folder, in order, with their whiteouts (OCI image spec, 'Layer').

Nothing is ever written outside of the folder: Python's `data` filter checks every entry, absolute links are
made to mean the image's root, devices are left out.
"""

from __future__ import annotations

import logging
import os
import shutil
import tarfile
from pathlib import Path, PurePosixPath

LOG = logging.getLogger(__name__)
WHITEOUT, OPAQUE = ".wh.", ".wh..wh..opq"


def unpack(layer: Path, root: Path) -> None:
    """One layer (tar, also gzip) over what the layers below it left in `root`."""
    root.mkdir(parents=True, exist_ok=True)
    root = root.resolve()
    with tarfile.open(layer, "r:*") as archive:
        for member in archive:
            name = PurePosixPath(member.name).name
            if name == OPAQUE:
                _empty(_within(root, PurePosixPath(member.name).parent))
            elif name.startswith(WHITEOUT):
                _remove(_within(root, PurePosixPath(member.name).with_name(name.removeprefix(WHITEOUT))))
            else:
                _extract(archive, member, root)


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, root: Path) -> None:
    try:
        checked = tarfile.data_filter(_rooted(member), str(root))
        place = _within(root, PurePosixPath(checked.name))
    except (tarfile.FilterError, ValueError) as error:
        LOG.info("left out of the image: %s", error)
        return
    # By its real place: the folder may be known by a link, and may not be there yet.
    place.parent.mkdir(parents=True, exist_ok=True)
    checked = checked.replace(name=str(place.relative_to(root)), deep=False)
    if not checked.isdir() and (place.is_symlink() or place.exists()):
        _remove(place)  # a layer replaces, and never writes through a link
    archive.extract(checked, root, set_attrs=True, filter="fully_trusted")  # filtered above


def _rooted(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """An absolute link means a path of the image, not of this machine."""
    if not member.issym() or not member.linkname.startswith("/"):
        return member
    parent = PurePosixPath("/") / PurePosixPath(member.name.lstrip("/")).parent
    return member.replace(linkname=os.path.relpath(member.linkname, parent))


def _within(root: Path, path: PurePosixPath) -> Path:
    """The place of a path below the (resolved) root, with the links above it followed; ValueError if that leads out."""
    place = root / str(path).lstrip("/")
    parent = place.parent.resolve()
    if not parent.is_relative_to(root) or ".." in path.parts:
        raise ValueError(f"{path} leads out of the image")
    return parent / place.name


def _empty(folder: Path) -> None:
    for entry in folder.iterdir() if folder.is_dir() else ():
        _remove(entry)


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
