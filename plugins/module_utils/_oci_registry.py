# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A registry's HTTP API: pull manifests and blobs, push them.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md. ECR takes Basic authentication
(https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html#registry_auth_http), public registries hand
out a Bearer token on demand (https://distribution.github.io/distribution/spec/auth/token/).
"""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

INDEX_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
IMAGE_TYPES = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
# Seconds to connect, and between two pieces of an answer.
TIMEOUT = (10, 120)
CHUNK = 1 << 20


class RegistryError(Exception):
    """A registry that cannot be reached, refuses, or hands out what has not the digest that it should have."""


@dataclass
class Registry:
    """One repository of one registry. C(endpoint) is scheme and host; C(verify) as in requests."""

    endpoint: str
    repository: str
    user: str = ""
    password: str = field(default="", repr=False)
    verify: bool | str = True
    _headers: dict[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        # Not before: most runs talk to no registry, and the import takes 60 ms.
        try:
            self._requests = importlib.import_module("requests")
            self._session = self._requests.Session()
        except ImportError as error:
            raise RegistryError("the Python package requests is needed to talk to a registry; install it") from error

    def digest(self, reference: str) -> str:
        """The digest that a tag stands for now. Raises RegistryError where there is none or no registry."""
        if reference.startswith("sha256:"):
            return reference
        answer = self._send("HEAD", f"manifests/{reference}", headers={"Accept": ", ".join(INDEX_TYPES + IMAGE_TYPES)})
        return str(answer.headers.get("Docker-Content-Digest") or self._manifest_bytes(reference)[1])

    def manifest(self, reference: str) -> dict[str, Any]:
        """A manifest or index, with C(mediaType) filled in from the answer's type."""
        answer, digest = self._manifest_bytes(reference)
        if reference.startswith("sha256:") and digest != reference:
            raise RegistryError(f"{self.repository}@{reference}: the registry answered with {digest}")
        document: dict[str, Any] = answer.json()
        document.setdefault("mediaType", answer.headers.get("Content-Type", "").partition(";")[0])
        return document

    def _manifest_bytes(self, reference: str) -> tuple[Any, str]:
        answer = self._send("GET", f"manifests/{reference}", headers={"Accept": ", ".join(INDEX_TYPES + IMAGE_TYPES)})
        return answer, f"sha256:{hashlib.sha256(answer.content).hexdigest()}"

    def has_blob(self, digest: str) -> bool:
        """Whether the repository has a blob."""
        return bool(self._send("HEAD", f"blobs/{digest}", allowed=(404,)).status_code == 200)

    def json_blob(self, digest: str) -> dict[str, Any]:
        """A small blob that is JSON, for example an image's configuration."""
        document: dict[str, Any] = self._send("GET", f"blobs/{digest}").json()
        return document

    def download(self, digest: str, target: Path) -> None:
        """Save a blob, checked against its digest."""
        found = hashlib.sha256()
        answer = self._send("GET", f"blobs/{digest}", stream=True)
        with target.open("wb") as file:
            for chunk in self._chunks(answer):
                found.update(chunk)
                file.write(chunk)
        if f"sha256:{found.hexdigest()}" != digest:
            raise RegistryError(f"{self.repository}: blob {digest} arrived damaged")

    def _chunks(self, answer: Any) -> Iterator[bytes]:
        try:
            yield from answer.iter_content(CHUNK)
        except self._requests.RequestException as error:
            raise RegistryError(f"{self.endpoint} broke the download off: {type(error).__name__}") from error

    def mount(self, digest: str, source: str) -> bool:
        """Take a blob over from another repository of this registry, where the registry allows it."""
        if self.has_blob(digest):
            return True
        query = urlencode({"mount": digest, "from": source})
        # 202 is the answer of a registry that would rather have it uploaded; the upload that it began lapses.
        return bool(self._send("POST", f"blobs/uploads/?{query}").status_code == 201)

    def upload(self, digest: str, content: bytes | Path) -> None:
        """Push a blob, unless the repository has it. PATCH, then PUT: the way that every registry takes."""
        if self.has_blob(digest):
            return
        place = self._location(self._send("POST", "blobs/uploads/"))
        kind = {"Content-Type": "application/octet-stream"}
        if isinstance(content, Path):
            with content.open("rb") as file:
                answer = self._send("PATCH", place, headers=kind, data=file)
        else:
            answer = self._send("PATCH", place, headers=kind, data=content)
        place = self._location(answer)
        self._send("PUT", f"{place}{'&' if '?' in place else '?'}{urlencode({'digest': digest})}")

    def put_manifest(self, reference: str, content: bytes, media_type: str) -> None:
        """Push a manifest under a tag or its digest."""
        self._send("PUT", f"manifests/{reference}", headers={"Content-Type": media_type}, data=content)

    def _location(self, answer: Any) -> str:
        return urljoin(str(answer.url), str(answer.headers["Location"]))

    def _send(self, method: str, path: str, allowed: tuple[int, ...] = (), **options: Any) -> Any:
        url = path if "://" in path else f"{self.endpoint}/v2/{self.repository}/{path}"
        try:
            if not self._headers and self.user:
                self._session.auth = (self.user, self.password)
            answer = self._request(method, url, options)
            if answer.status_code == 401 and self._take_token(answer.headers.get("WWW-Authenticate", "")):
                answer = self._request(method, url, options)
        except self._requests.RequestException as error:
            raise RegistryError(f"{self.endpoint} cannot be reached: {type(error).__name__}") from error
        if answer.status_code >= 400 and answer.status_code not in allowed:
            raise RegistryError(f"{method} {url.partition('?')[0]}: {answer.status_code} {_errors(answer)}")
        return answer

    def _request(self, method: str, url: str, options: dict[str, Any]) -> Any:
        headers = {**self._headers, **options.get("headers", {})}
        others = {key: value for key, value in options.items() if key != "headers"}
        return self._session.request(method, url, headers=headers, timeout=TIMEOUT, verify=self.verify, **others)

    def _take_token(self, challenge: str) -> bool:
        """Answer a Bearer challenge; whether there was one."""
        kind, _space, rest = challenge.partition(" ")
        words = dict(re.findall(r'(\w+)="([^"]*)"', rest))
        if kind.lower() != "bearer" or "realm" not in words:
            return False
        query = {key: words[key] for key in ("service", "scope") if key in words}
        answer = self._session.get(words["realm"], params=query, timeout=TIMEOUT, verify=self.verify)
        if answer.status_code != 200:
            return False
        token = answer.json().get("token") or answer.json().get("access_token", "")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._session.auth = None
        return True


def _errors(answer: Any) -> str:
    """A registry's own words for a refusal."""
    try:
        return "; ".join(f"{item.get('code')}: {item.get('message')}" for item in answer.json()["errors"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return str(answer.reason)
