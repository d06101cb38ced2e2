"""A real OpenSearch with its plugin k-NN: the newest release of which both are on Maven Central.

The local cloud's own, 3.8.0, is the one without the plugin, on which the search must do with words alone. The plugin
extends modules of the server that the distribution has; its engine lucene needs nothing native.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_cloud.data.onprem import artifacts, java, layout
from local_cloud.data.onprem.artifacts import Artifact
from local_cloud.data.onprem.server import SearchProcess
from local_cloud.supervisor import answers
from tools.free_ports import free_ports
from tools.real_search import EngineError, running

VERSION = "3.5.0"
SERVER = Artifact(
    "org.opensearch.distribution.integ-test-zip",
    "opensearch",
    VERSION,
    "zip",
    "b676ad392c95a94d8d2bd8785b8b922c7811536daf6a9ec0c7277a34bd8a17a9",
)
PLUGIN = Artifact(
    "org.opensearch.plugin",
    "opensearch-knn",
    f"{VERSION}.0",
    "zip",
    "99fdf3ac9ef95974e276298b83a58532bf21ba13bd5fd96a4b59465b7e613309",
)


@contextmanager
def opensearch_knn(downloads: Path, folder: Path) -> Iterator[str]:
    """Its URL, for the length of the `with`."""
    found = java.find(os.environ)
    if not found:
        raise EngineError("no Java of version 21 or newer for OpenSearch")
    downloads.mkdir(parents=True, exist_ok=True)
    for artifact in (SERVER, PLUGIN):
        artifacts.ensure(artifact, downloads)
    (port,) = free_ports(1)
    home, user = _unpack(downloads, folder), layout.unprivileged_user()
    laid_out = layout.Layout(home, folder / "work", user)
    laid_out.work.mkdir()
    layout.configure(laid_out, found, port)
    if user:
        folder.chmod(0o755)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.uid, user.gid)
    process = SearchProcess(
        "opensearch",
        (str(home / "bin" / "opensearch"),),
        {
            "PATH": os.environ.get("PATH", os.defpath),
            "OPENSEARCH_JAVA_HOME": str(found.home),
            "OPENSEARCH_PATH_CONF": str(laid_out.config),
            "OPENSEARCH_TMPDIR": str(laid_out.work / "tmp"),
        },
        user.uid if user else None,
        user.gid if user else None,
    )
    url = f"http://127.0.0.1:{port}"
    with running(process, folder / "opensearch.log", lambda: answers(url)):
        yield url


def _unpack(downloads: Path, folder: Path) -> Path:
    with zipfile.ZipFile(downloads / SERVER.filename) as archive:
        archive.extractall(folder)
    home = folder / f"opensearch-{VERSION}"
    for script in (home / "bin").iterdir():
        script.chmod(0o755)  # zipfile drops the modes
    plugin = home / "plugins" / "opensearch-knn"
    plugin.mkdir(parents=True)
    with zipfile.ZipFile(downloads / PLUGIN.filename) as archive:
        archive.extractall(plugin)
    shutil.rmtree(home / "logs", ignore_errors=True)
    return home
