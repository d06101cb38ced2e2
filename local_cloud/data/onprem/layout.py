"""Lays a runnable OpenSearch out: the unpacked server in the cache, configuration and data in the state folder.

OpenSearch refuses to run as root. Under root it runs as `nobody`, who must be able to enter every folder
above the server and above its data; where the checkout lies under a folder that is closed to others (a home
folder, mostly) both go to a temporary folder instead. `Layout` says where, so that stop can remove it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from local_cloud.data.onprem import artifacts
from local_cloud.data.onprem.java import Java

# LSB 5.0 requires this account on every system; it owns nothing.
UNPRIVILEGED = "nobody"
HEAP = "512m"
DESCRIPTOR = f"""\
name=analysis-kuromoji
description=Japanese morphological analysis
version={artifacts.VERSION}
opensearch.version={artifacts.VERSION}
java.version=21
classname=org.opensearch.plugin.analysis.kuromoji.AnalysisKuromojiPlugin
"""


@dataclass(frozen=True)
class User:
    """Whom the server runs as."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Layout:
    """Where everything of one server lies; `user` is None where this process is no root and keeps its own."""

    home: Path
    work: Path
    user: User | None

    @property
    def config(self) -> Path:
        return self.work / "config"


def prepare(cache: Path, state: Path, java: Java, port: int) -> Layout:
    """Makes server and work folder ready; `port` is the HTTP port on 127.0.0.1."""
    user = unprivileged_user()
    closed = user is not None and not (enterable(cache, user) and enterable(state, user))
    base = Path(tempfile.mkdtemp(prefix="local-cloud-search-")) if closed else None
    if base:
        base.chmod(0o755)
    home = unpack(cache, (base or cache) / f"server-{artifacts.VERSION}")
    work = (base or state) / "opensearch"
    layout = Layout(home, work, user)
    configure(layout, java, port)
    return layout


def unprivileged_user() -> User | None:
    """`nobody` under root, None otherwise."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(UNPRIVILEGED)
    return User(entry.pw_uid, entry.pw_gid)


def enterable(folder: Path, user: User) -> bool:
    """True if that user can enter the folder and all above it: asked of the system, not guessed from modes."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        user=user.uid,
        group=user.gid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        check=False,
    )
    return asked.returncode == 0


def unpack(cache: Path, home: Path) -> Path:
    """Unpacks server and kuromoji plugin once; a half-made folder never bears the final name."""
    if home.is_dir():
        return home
    unfinished = Path(tempfile.mkdtemp(prefix="unpack-", dir=home.parent))
    with zipfile.ZipFile(cache / artifacts.SERVER.filename) as archive:
        archive.extractall(unfinished)
    server = unfinished / f"opensearch-{artifacts.VERSION}"
    for script in (server / "bin").iterdir():
        script.chmod(0o755)  # zipfile drops the modes
    plugin = server / "plugins" / "analysis-kuromoji"
    plugin.mkdir(parents=True)
    for artifact in (artifacts.KUROMOJI_PLUGIN, artifacts.KUROMOJI_LUCENE):
        shutil.copy(cache / artifact.filename, plugin)
        (plugin / artifact.filename).chmod(0o644)
    (plugin / "plugin-descriptor.properties").write_text(DESCRIPTOR)
    server.rename(home)
    shutil.rmtree(unfinished)
    return home


def configure(layout: Layout, java: Java, port: int) -> None:
    """Writes the configuration of one start and hands the work folder to the server's user."""
    shutil.rmtree(layout.config, ignore_errors=True)
    shutil.copytree(layout.home / "config", layout.config)
    for name in ("data", "logs", "tmp"):
        (layout.work / name).mkdir(parents=True, exist_ok=True)
    (layout.config / "opensearch.yml").write_text(settings(layout.work, port))
    options = layout.config / "jvm.options"
    options.write_text(jvm_options(options.read_text(), layout.work, java))
    if layout.user:
        for path in (layout.work, *layout.work.rglob("*")):
            os.chown(path, layout.user.uid, layout.user.gid)


def settings(work: Path, port: int) -> str:
    """opensearch.yml: one node, loopback only, no refusal to index on a disk that is nearly full."""
    return "\n".join(
        (
            "cluster.name: local-cloud",
            "node.name: search.corp.example",
            "discovery.type: single-node",
            "network.host: 127.0.0.1",
            f"http.port: {port}",
            "transport.port: 0",
            "cluster.routing.allocation.disk.threshold_enabled: false",
            f"path.data: {work / 'data'}",
            f"path.logs: {work / 'logs'}",
            "",
        )
    )


def jvm_options(shipped: str, work: Path, java: Java) -> str:
    """The shipped jvm.options with our heap, our folders, and no module that this Java lacks."""
    lines = []
    for line in shipped.splitlines():
        if line.startswith(("-Xms", "-Xmx", "#")) or not line.strip():
            continue
        if "jdk.incubator.vector" in line and not java.has_vector_module:
            continue
        line = line.replace("HeapDumpPath=data", f"HeapDumpPath={work / 'data'}")
        lines.append(line.replace("=logs/", f"={work}/logs/"))
    return "\n".join([*lines, f"-Xms{HEAP}", f"-Xmx{HEAP}", ""])


def remove(layout_work: Path) -> None:
    """Removes the work folder, and the temporary folder around it where there is one."""
    shutil.rmtree(layout_work, ignore_errors=True)
    if layout_work.parent.name.startswith("local-cloud-search-"):
        shutil.rmtree(layout_work.parent, ignore_errors=True)
