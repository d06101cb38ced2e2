"""How callers are known, read from the environment. Without IDENTITY_ISSUER nobody is: public documents only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rag.settings import Reader

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SOURCES = ("IDENTITY_JWKS_URL", "IDENTITY_JWKS_FILE", "IDENTITY_JWKS_SECRET_ID")


@dataclass(frozen=True, slots=True)
class KeySettings:
    """Where the provider's public keys (RFC 7517) come from: exactly one of `url`, `file` and `secret_id`.

    `ca_file` None means the system's trust, `proxy` "" a direct connection; both are for `url` only.
    """

    url: str = ""
    file: Path | None = None
    secret_id: str = ""
    ca_file: Path | None = None
    proxy: str = ""


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """`issuer` and `audiences` as the provider writes them into `iss` and `aud`, character for character.

    `groups_claim` may lead into objects (`realm_access.roles`). `leeway_seconds`: how far clocks may differ.
    `required`: whether a question without a token is refused.
    """

    issuer: str
    audiences: frozenset[str]
    keys: KeySettings
    groups_claim: str = "groups"
    leeway_seconds: int = 60
    required: bool = False


def identity_settings(reader: Reader) -> IdentitySettings | None:
    """The settings, None where no issuer is named; faults are left in the reader."""
    required = reader.flag("IDENTITY_REQUIRED", default=False)
    issuer = reader.text("IDENTITY_ISSUER", "")
    if not issuer:
        if required:  # a slip that would open everything to everybody must not start
            reader.faults.append("IDENTITY_REQUIRED is true, and IDENTITY_ISSUER is not set")
        return None
    if not _is_https(issuer):
        reader.faults.append("IDENTITY_ISSUER is not an https URL")
    return IdentitySettings(
        issuer=issuer,
        audiences=frozenset(reader.text("IDENTITY_AUDIENCES").split()),
        keys=_keys(reader),
        groups_claim=reader.text("IDENTITY_GROUPS_CLAIM", "groups"),
        leeway_seconds=reader.whole("IDENTITY_LEEWAY_SECONDS", 60, 0, 300),
        required=required,
    )


def _keys(reader: Reader) -> KeySettings:
    given = [name for name in _SOURCES if reader.text(name, "")]
    if len(given) != 1:
        reader.faults.append(f"IDENTITY_ISSUER needs exactly one of {', '.join(_SOURCES)}")
    url = reader.text("IDENTITY_JWKS_URL", "")
    if url and not _is_https(url):
        reader.faults.append("IDENTITY_JWKS_URL is not an https URL")
    return KeySettings(
        url=url,
        file=reader.file("IDENTITY_JWKS_FILE"),
        secret_id=reader.text("IDENTITY_JWKS_SECRET_ID", ""),
        ca_file=reader.file("IDENTITY_CA_FILE"),
        proxy=reader.text("IDENTITY_PROXY", ""),
    )


def _is_https(url: str) -> bool:
    """Also http to this machine itself, as in tests."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = bool(parts.hostname) and not (parts.username or parts.password or parts.fragment)
    return plain and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK))
