"""Starts the OpenID provider: node, in a process of its own, with the packages of package-lock.json."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

from tools.free_ports import free_ports

FOLDER = Path(__file__).parent
CLIENT_ID = "chatbot"
LIMIT_SECONDS = 300


@dataclass(frozen=True)
class OpenIdProvider:
    """A running one. `ca_file` holds the authority of its certificate."""

    issuer: str
    client_secret: str
    ca_file: Path
    lifetime: Path

    @property
    def metadata_url(self) -> str:
        return f"{self.issuer}/.well-known/openid-configuration"

    @property
    def jwks_url(self) -> str:
        return f"{self.issuer}/jwks"

    @contextmanager
    def tokens_live(self, hours: int) -> Iterator[None]:
        """How long an ID token is good that is made meanwhile; else one hour."""
        self.lifetime.write_text(str(hours * 3600))
        yield
        self.lifetime.write_text("3600")


@contextmanager
def running(folder: Path, redirect_uri: str, groups: Mapping[str, list[str]]) -> Iterator[OpenIdProvider]:
    """The provider, from when it listens; ended with the `with`."""
    _install()
    (port,) = free_ports(1)
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    ca_file, key, chain = folder / "ca.pem", folder / "provider.key", folder / "provider.pem"
    authority.cert_pem.write_to_path(ca_file)
    certificate.private_key_pem.write_to_path(key)
    chain.write_bytes(b"".join(part.bytes() for part in certificate.cert_chain_pems))
    lifetime = folder / "lifetime"
    provider = OpenIdProvider(f"https://127.0.0.1:{port}", secrets.token_urlsafe(32), ca_file, lifetime)
    lifetime.write_text("3600")
    settings = folder / "provider.json"
    settings.write_text(
        json.dumps(
            {
                "port": port,
                "key": str(key),
                "certificate": str(chain),
                "redirectUri": redirect_uri,
                "clientSecret": provider.client_secret,
                "groups": groups,
                "lifetime": str(provider.lifetime),
            }
        )
    )
    process = subprocess.Popen(
        ["node", str(FOLDER / "provider.mjs"), str(settings)],
        stdout=subprocess.PIPE,
        stderr=(folder / "provider.log").open("w"),
        text=True,
    )
    try:
        assert process.stdout
        started = process.stdout.readline()
        assert started.startswith("listening"), (folder / "provider.log").read_text()
        yield provider
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _install() -> None:
    assert shutil.which("node"), "the sign-in tests need node >= 20 and npm (Debian: nodejs, npm)"
    if not (FOLDER / "node_modules").is_dir():
        subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=FOLDER,
            capture_output=True,
            timeout=LIMIT_SECONDS,
            check=True,
        )
