"""Real Elasticsearch 7, 8 and 9 with security on: TLS by a private authority, users, API keys.

The distributions on Maven Central have x-pack's security, but neither analysis-common nor plugins: the server on
which the index must do with the standard analyser. Nothing of them is shipped.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import shutil
import ssl
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import trustme

from local_cloud.data.onprem import artifacts, java, layout
from local_cloud.data.onprem.artifacts import Artifact
from local_cloud.data.onprem.server import SearchProcess
from tests.integration.search import security_plugin
from tools.free_ports import free_ports
from tools.real_search import EngineError, running

GROUP = "org.elasticsearch.distribution.integ-test-zip"
ADMIN = ("admin", "the-administrators-password")
CHATBOT = ("chatbot", "the-chatbots-password")


@dataclass(frozen=True)
class Release:
    """One version with the Java it runs on (Elastic's support matrix: 7.17 ends before the end of SecurityManager)."""

    version: str
    sha256: str
    oldest_java: int
    newest_java: int | None = None

    @property
    def artifact(self) -> Artifact:
        return Artifact(GROUP, "elasticsearch", self.version, "zip", self.sha256)


RELEASES = (
    Release("7.17.29", "841ee00be1a72ba8e707b5a2fb55f23fe7a4184369b4585393238b1c903eedaf", 17, 23),
    Release("8.19.21", "215d5f3dbf0609a149f6218a9e47b6ae2df34ebbff3c5754e35f15a5e5393c8a", 17),
    Release("9.5.3", "bec49f3b8d00e75c8d1cec85c35298635ec9fbd3ae80ef5aeb6bc05abdb3db2d", 21),
)


@dataclass(frozen=True)
class Elasticsearch:
    """A running server; `authority` issued its certificate, `ca_file` is that authority's."""

    url: str
    ca_file: Path
    authority: trustme.CA
    config: Path

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """The answer to the administrator, which must be one."""
        answer = requests.request(method, self.url + path, json=body, auth=ADMIN, verify=str(self.ca_file), timeout=60)
        assert answer.ok, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def api_key(self, rights: dict[str, Any]) -> dict[str, Any]:
        """A key with these rights only: `id`, `api_key`, and `encoded`, which is both of them in base64."""
        return self.ask("POST", "/_security/api_key", {"name": "chatbot", "role_descriptors": {"only": rights}})

    def certify(self, not_after: datetime | None = None) -> None:
        """Another certificate, which the server takes while it runs; returns when it shows that one."""
        issued = _write_certificate(self.authority, self.config, not_after)
        address = urlsplit(self.url)
        deadline = time.monotonic() + 60
        while ssl.get_server_certificate((address.hostname or "", address.port or 0)).split() != issued.split():
            assert time.monotonic() < deadline, "the server does not take its new certificate"
            time.sleep(0.2)


@contextmanager
def elasticsearch(release: Release, downloads: Path, folder: Path) -> Iterator[Elasticsearch]:
    """The server, from when it answers by TLS to the administrator."""
    found = java.find(os.environ, release.oldest_java, release.newest_java)
    if not found:
        raise EngineError(f"no Java from {release.oldest_java} to {release.newest_java} for {release.version}")
    downloads.mkdir(parents=True, exist_ok=True)
    artifacts.ensure(release.artifact, downloads)
    (port,) = free_ports(1)
    authority = trustme.CA()
    home, user = _unpack(release, downloads, folder), layout.unprivileged_user()
    security_plugin.install(home, release.version, found, downloads)
    config = _configure(home, folder, port, authority, found)
    if user:
        folder.chmod(0o755)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.uid, user.gid)
    process = SearchProcess(
        "elasticsearch",
        (str(home / "bin" / "elasticsearch"),),
        {
            "PATH": os.environ.get("PATH", os.defpath),
            "ES_JAVA_HOME": str(found.home),
            "ES_PATH_CONF": str(config),
            "ES_TMPDIR": str(folder / "tmp"),
        },
        user.uid if user else None,
        user.gid if user else None,
    )
    ca_file = folder / "authority.pem"
    url = f"https://127.0.0.1:{port}"

    def is_ready() -> bool:
        try:
            # The index of API keys, too, must be there to be made: asked of the cluster, not only of the port.
            answer = requests.get(f"{url}/_cluster/health", auth=ADMIN, verify=str(ca_file), timeout=5)
        except requests.RequestException:
            return False
        return answer.status_code == 200

    with running(process, folder / "elasticsearch.log", is_ready):
        yield Elasticsearch(url, ca_file, authority, config)


def _unpack(release: Release, downloads: Path, folder: Path) -> Path:
    with zipfile.ZipFile(downloads / release.artifact.filename) as archive:
        archive.extractall(folder)
    home = folder / f"elasticsearch-{release.version}"
    for script in (home / "bin").iterdir():
        script.chmod(0o755)  # zipfile drops the modes
    return home


def _configure(home: Path, folder: Path, port: int, authority: trustme.CA, found: java.Java) -> Path:
    config = folder / "config"
    shutil.copytree(home / "config", config)
    for name in ("data", "logs", "tmp"):
        (folder / name).mkdir()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    _write_certificate(authority, config)
    (config / "elasticsearch.yml").write_text(_settings(folder, port))
    users = (ADMIN, CHATBOT)
    (config / "users").write_text("".join(f"{name}:{_hashed(password)}\n" for name, password in users))
    (config / "users_roles").write_text("superuser:admin\nreader:chatbot\n")
    reader = {"cluster": "[]", "indices": '[{names: ["company-*"], privileges: [read, view_index_metadata]}]'}
    (config / "roles.yml").write_text("reader:\n" + "".join(f"  {key}: {value}\n" for key, value in reader.items()))
    options = config / "jvm.options"
    options.write_text(layout.jvm_options(options.read_text(), folder, found))
    return config


def _write_certificate(authority: trustme.CA, config: Path, not_after: datetime | None = None) -> str:
    """The certificate as PEM. The files keep their owner: they are written in place."""
    certificate = authority.issue_cert("127.0.0.1", not_after=not_after)
    (config / "http.key").write_bytes(certificate.private_key_pem.bytes())
    (config / "http.pem").write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    return certificate.cert_chain_pems[0].bytes().decode()


def _settings(folder: Path, port: int) -> str:
    return "\n".join(
        (
            "discovery.type: single-node",
            "network.host: 127.0.0.1",
            f"http.port: {port}",
            f"transport.port: {free_ports(1)[0]}",
            "cluster.routing.allocation.disk.threshold_enabled: false",
            f"path.data: {folder / 'data'}",
            f"path.logs: {folder / 'logs'}",
            "xpack.security.enabled: true",
            "xpack.security.http.ssl.enabled: true",
            "xpack.security.http.ssl.key: http.key",
            "xpack.security.http.ssl.certificate: http.pem",
            "xpack.security.authc.api_key.enabled: true",
            "resource.reload.interval.high: 1s",  # how often certificates are looked at
            "",
        )
    )


def _hashed(password: str) -> str:
    """As the file realm stores it: {PBKDF2}cost$salt$hash, HMAC-SHA512, 256 bits (xpack Hasher)."""
    salt = secrets.token_bytes(32)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 10_000, 32)
    return f"{{PBKDF2}}10000${base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"
