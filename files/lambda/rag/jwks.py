"""The provider's public keys: read when the first token comes, and again when one names a key that is not known.

How often again is bounded, since anybody can send a token with an invented key id.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Protocol, cast

import requests
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from rag import log
from rag.aws_errors import AwsError, code_of
from rag.credentials import SecretsClient
from rag.errors import IdentityUnavailableError
from rag.identity_settings import KeySettings

Jwk = Mapping[str, Any]
# A key that was withdrawn is believed no longer than this.
_KEEP_SECONDS = 3600.0
_SECONDS_BETWEEN = 60.0
_SECONDS_AFTER_FAILURE = 5.0
_CONNECT_SECONDS = 1.5
_TOTAL_SECONDS = 3.0
_CHUNK_BYTES = 16 * 1024
_MOST_BYTES = 256 * 1024
_MOST_LEFT = 4
READER = "keys"
"""The name of a thread that reads them."""
_MOST_KEYS = 100


class Document(Protocol):
    """Where the key set comes from."""

    def __call__(self) -> bytes:
        """The document (RFC 7517). Raises IdentityUnavailableError."""


class KeySet:
    """Keys by their id. The keys that were read last go on being used for a while where they cannot be read anew."""

    def __init__(self, document: Document, now: Callable[[], float] = time.time) -> None:
        self._document = document
        self._now = now  # wall clock: a frozen container's monotonic clock may stand still
        self._keys: dict[str, Jwk] = {}
        self._read_at = self._again_at = float("-inf")
        self._failed = False
        self._lock = threading.Lock()

    def find(self, kid: str) -> Jwk | None:
        """The key, None where the provider has none of this id. Raises IdentityUnavailableError where that cannot be
        told: its keys were never read, or too long ago, or could not be read again just now."""
        with self._lock:
            now = self._now()
            if (kid not in self._keys or now - self._read_at > _KEEP_SECONDS) and now >= self._again_at:
                self._refresh(now)
            if now - self._read_at > 2 * _KEEP_SECONDS or (self._failed and kid not in self._keys):
                raise IdentityUnavailableError("keys: not to be had")
            return self._keys.get(kid)

    def _refresh(self, now: float) -> None:
        self._failed, self._again_at = True, now + _SECONDS_AFTER_FAILURE
        try:
            self._keys = keys_of(self._document())
        except IdentityUnavailableError as error:
            log.warning("identity_keys", reason=error.reason)
            return
        self._failed, self._read_at, self._again_at = False, now, now + _SECONDS_BETWEEN
        log.info("identity_keys", count=len(self._keys))


def keys_of(document: bytes) -> dict[str, Jwk]:
    """The keys of a set by their id. Keys of other kinds, of an id that stands there twice, or without one are left
    out. Raises IdentityUnavailableError where it is no key set, or has no usable key."""
    try:
        value = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise IdentityUnavailableError("keys: not JSON") from error
    listed = value.get("keys") if isinstance(value, Mapping) else None
    if not isinstance(listed, list) or len(listed) > _MOST_KEYS:
        raise IdentityUnavailableError("keys: not a key set")
    named = [key for key in listed if isinstance(key, Mapping) and isinstance(key.get("kid"), str)]
    ids = [key["kid"] for key in named]
    usable = {key["kid"]: key for key in named if key.get("kty") in ("RSA", "EC") and ids.count(key["kid"]) == 1}
    if not usable:
        raise IdentityUnavailableError("keys: none that can be used")
    return usable


def document_of(settings: KeySettings, secrets: SecretsClient | None) -> Document:
    """The source that the settings name."""
    if settings.url:
        return FetchedDocument(settings)
    if settings.file:
        return FileDocument(settings.file)
    assert secrets is not None
    return SecretDocument(secrets, settings.secret_id)


class FileDocument:
    """A file of the package, for networks that do not reach the provider: new keys come with a deployment."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> bytes:
        try:
            return self._path.read_bytes()
        except OSError as error:
            raise IdentityUnavailableError(f"keys: {type(error).__name__}") from error


class SecretDocument:
    """A secret of Secrets Manager: new keys come with a new version of it. Its 65,536 bytes hold dozens of keys."""

    def __init__(self, client: SecretsClient, secret_id: str) -> None:
        self._client = client
        self._secret_id = secret_id

    def __call__(self) -> bytes:
        try:
            return str(self._client.get_secret_value(SecretId=self._secret_id).get("SecretString", "")).encode()
        except AwsError as error:
            raise IdentityUnavailableError(f"keys: {code_of(error)}") from error


class FetchedDocument:
    """The provider's `jwks_uri`, over HTTPS, within time and size, without following it elsewhere.

    Read in a thread of its own, which is left where the time is over: a socket's timeout bounds one silence, and a
    provider that drips, be it only its head, would hold the question up without end. A few may be left at once.
    """

    def __init__(self, settings: KeySettings, total_seconds: float = _TOTAL_SECONDS) -> None:
        self._settings = settings
        self._total_seconds = total_seconds
        self._left = threading.BoundedSemaphore(_MOST_LEFT)

    def __call__(self) -> bytes:
        if not self._left.acquire(blocking=False):
            raise IdentityUnavailableError("keys: too slow")
        outcome: SimpleQueue[bytes | Exception] = SimpleQueue()
        threading.Thread(target=self._read, args=(outcome,), name=READER, daemon=True).start()
        try:
            found = outcome.get(timeout=self._total_seconds)
        except Empty as error:
            raise IdentityUnavailableError("keys: too slow") from error
        if isinstance(found, bytes):
            return found
        if isinstance(found, IdentityUnavailableError):
            raise found
        raise IdentityUnavailableError(f"keys: {type(found).__name__}") from found

    def _read(self, outcome: SimpleQueue[bytes | Exception]) -> None:
        try:
            outcome.put(self._fetched())
        # HTTPError and OSError: while the body is read.
        except (IdentityUnavailableError, requests.exceptions.RequestException, HTTPError, OSError) as error:
            outcome.put(error)
        finally:
            self._left.release()

    def _fetched(self) -> bytes:
        settings, proxy = self._settings, self._settings.proxy
        end = time.monotonic() + self._total_seconds
        with requests.Session() as session:
            session.trust_env = False  # neither .netrc nor the environment's proxies and authorities
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            with session.get(
                settings.url,
                headers={
                    "Accept": "application/jwk-set+json, application/json",
                    "Accept-Encoding": "identity",  # a few KB; unpacked, they would be of any size
                    "Connection": "close",
                },
                # An urllib3 Timeout bounds connecting and waiting together (HTTPAdapter.send takes one).
                timeout=cast(Any, Timeout(total=self._total_seconds, connect=_CONNECT_SECONDS)),
                verify=str(settings.ca_file) if settings.ca_file else True,
                proxies={"https": proxy, "http": proxy} if proxy else {},
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code != 200:
                    raise IdentityUnavailableError(f"keys: status {response.status_code}")
                if response.headers.get("Content-Encoding", "identity") != "identity":
                    raise IdentityUnavailableError("keys: packed")
                return _body(response, end)


def _body(response: requests.Response, end: float) -> bytes:
    """Within time and size. read1 and not iter_content, which waits until a whole chunk is there."""
    data = bytearray()
    while chunk := response.raw.read1(_CHUNK_BYTES):
        data += chunk
        if len(data) > _MOST_BYTES:
            raise IdentityUnavailableError("keys: too large")
        if time.monotonic() > end:
            raise IdentityUnavailableError("keys: too slow")
    return bytes(data)
