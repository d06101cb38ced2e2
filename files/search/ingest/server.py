"""The search server as the ingestion sees it: a URL, a login, a CA; one pooled session with bounded retries."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

_SECONDS = (10, 120)
"""To connect, and to answer: a bulk request can take long on a busy server."""
_ATTEMPTS = 5
# The server is busy (429, 503), or a proxy before it has lost it (502, 504): the same request may succeed later.
_BUSY = frozenset({429, 502, 503, 504})


class IngestError(Exception):
    """The ingestion cannot go on; the message says why, for the operator, and names no secret."""


@dataclass(frozen=True)
class Connection:
    """`authorization` is the header's value, empty for none; `ca_file` None means the system's trust."""

    url: str
    authorization: str = field(default="", repr=False)
    ca_file: Path | None = None


class Server:
    """Requests of one run."""

    def __init__(self, connection: Connection, sleep: Callable[[float], None] = time.sleep) -> None:
        self._url = connection.url.rstrip("/")
        self._sleep = sleep
        self._session = requests.Session()
        self._session.trust_env = False  # neither a proxy nor a .netrc: the server is in the company
        self._session.verify = str(connection.ca_file) if connection.ca_file else True
        if connection.authorization:
            self._session.headers["Authorization"] = connection.authorization

    def ask(self, method: str, path: str, body: object = None, *, accept: tuple[int, ...] = ()) -> dict[str, Any]:
        """The answer as JSON. Statuses in `accept` are answers, too (an empty mapping where they bear none).

        Raises IngestError for every other status from 400, and where the server cannot be reached.
        """
        data = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
        response = self._send(method, path, data, "application/json")
        if not response.ok and response.status_code not in accept:
            raise IngestError(f"{method} {path.split('?')[0]}: {_refusal(response)}")
        return _object(response)

    def exists(self, path: str) -> bool:
        """HEAD. Raises IngestError for anything but 200 and 404."""
        status = self._send("HEAD", path, None, "application/json").status_code
        if status not in (200, 404):
            raise IngestError(f"HEAD {path}: {status}")
        return status == 200

    def bulk(self, index: str, operations: Iterable[str]) -> None:
        """One `_bulk` request. Raises IngestError naming the first document that is refused."""
        data = "".join(operations).encode()
        path = f"/{quote(index)}/_bulk?filter_path=errors,items.*.error,items.*._id"
        for attempt in range(1, _ATTEMPTS + 1):
            response = self._send("POST", path, data)
            if not response.ok:
                raise IngestError(f"_bulk: {_refusal(response)}")
            answer = _object(response)
            if not answer.get("errors"):
                return
            refused, is_busy = _first_refused(answer)
            if not is_busy or attempt == _ATTEMPTS:
                raise IngestError(f"_bulk: {refused}")
            self._pause(attempt)  # a document whose write queue was full; writing all of them again changes nothing

    def engine(self) -> str:
        """`opensearch` or `elasticsearch`, with its version: `opensearch 3.8.0`."""
        # 403: the login may not ask. 405: an Elasticsearch without its module rest-root.
        version = self.ask("GET", "/", accept=(403, 405)).get("version", {})
        return f"{version.get('distribution', 'elasticsearch')} {version.get('number') or self._node_version()}".strip()

    def _node_version(self) -> str:
        nodes = self.ask("GET", "/_nodes/_local/http?filter_path=nodes.*.version", accept=(403,)).get("nodes", {})
        return next((str(node.get("version", "")) for node in nodes.values()), "")

    def _send(
        self, method: str, path: str, data: bytes | None, content: str = "application/x-ndjson"
    ) -> requests.Response:
        for attempt in range(1, _ATTEMPTS + 1):
            last = attempt == _ATTEMPTS
            try:
                response = self._session.request(
                    method, self._url + path, data=data, headers={"Content-Type": content}, timeout=_SECONDS
                )
            except requests.exceptions.SSLError as error:
                raise IngestError(f"the server's certificate is not accepted: {_tls_cause(error)}") from error
            except requests.RequestException as error:
                if last:
                    raise IngestError(f"the search server {self._url} does not answer: {_cause(error)}") from error
            else:
                if last or response.status_code not in _BUSY:
                    return response
            self._pause(attempt)
        raise AssertionError("the last attempt returns or raises")

    def _pause(self, attempt: int) -> None:
        """Full jitter, so that several runs do not come back at the same moment."""
        self._sleep(random.uniform(0, min(8.0, 0.5 * 2**attempt)))


def _object(response: requests.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {"items": answer}


_MEANING = {
    401: "the server does not accept the login; is the secret right, and the key not expired?",
    403: "the login may not do this",
    413: "the server takes no request of this size (http.max_content_length)",
}


def _refusal(response: requests.Response) -> str:
    """Status and reason; where the operator has to do something, what it means."""
    meaning = _MEANING.get(response.status_code)
    reason = f"{response.status_code} {_reason(response)}"
    return f"{meaning} ({reason})" if meaning else reason


def _reason(response: requests.Response) -> str:
    """The server's own words: this is read by an operator, and holds no document."""
    error = _object(response).get("error")
    if isinstance(error, dict):
        return f"{error.get('type', '')}: {error.get('reason', '')}"[:500]
    return str(error or response.reason)[:200]


def _first_refused(answer: dict[str, Any]) -> tuple[str, bool]:
    """In words, and whether the server was only too busy: then it says so for the first as for all others."""
    for item in answer.get("items", []):
        for outcome in item.values():
            error = outcome.get("error")
            if error:
                kind = str(error.get("type", ""))
                words = f"{outcome.get('_id')}: {kind}: {str(error.get('reason', ''))[:300]}"
                return words, "rejected_execution" in kind
    return "refused without a reason", False


def _cause(error: BaseException) -> str:
    """The innermost error, such as `Connection refused`; requests and urllib3 wrap it two or three times."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def _tls_cause(error: BaseException) -> str:
    """The innermost message of a TLS failure, such as `certificate has expired`."""
    text = str(error)
    start = text.rfind("SSLCertVerificationError")
    return text[start : start + 200] if start >= 0 else type(error).__name__
