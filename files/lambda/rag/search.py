"""The Retriever port on Elasticsearch 7 to 9 or OpenSearch, over plain HTTP(S).

No client library: elasticsearch-py refuses OpenSearch and other major versions than its own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Protocol, cast
from urllib.parse import quote

import requests
from urllib3 import Timeout
from urllib3.exceptions import DecodeError, ProtocolError, ReadTimeoutError

from rag import log, search_query, second_stage
from rag.circuit import Circuit
from rag.clock import Deadline
from rag.credentials import Login
from rag.domain import Passage
from rag.errors import SearchTimeoutError, SearchUnavailableError
from rag.settings import SearchSettings

# A packet that is dropped on the way is noticed this early, so that a second attempt has its time.
_CONNECT_SECONDS = 1.5
_LEAST_SECONDS = 0.2
# Firewalls forget idle connections silently; a request on such a one would only time out.
_IDLE_SECONDS = 45.0
# The index can get another mapping behind its alias.
_MAPPING_SECONDS = 300.0
_MOST_BYTES = 8 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024


class Build(Protocol):
    """Makes the body of a `_search` around the index's names and the filter of what may be read."""

    def __call__(self, *, names: search_query.Names, readable: dict[str, Any]) -> dict[str, Any]: ...


class _Login(requests.auth.AuthBase):
    """Sets the header itself, so that requests looks for no .netrc."""

    def __init__(self, login: Login | None) -> None:
        self._login = login

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._login:
            request.headers["Authorization"] = self._login.header()
        return request


class SearchRetriever:
    """One session per container; one retry where no connection came about and time is left."""

    def __init__(self, settings: SearchSettings, login: Login | None, now: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._login = login
        self._now = now  # wall clock: a frozen container's monotonic clock may stand still
        self._names = search_query.Names(
            settings.title_field, settings.text_field, settings.source_field, settings.groups_field
        )
        self._url = f"{settings.url}/{quote(settings.index, safe='*,')}"
        self._verify: bool | str = str(settings.ca_file) if settings.ca_file else True
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._circuit = Circuit(now=now)
        self._last_used = 0.0
        self._fields: tuple[str, ...] = ()
        self._mapping: object = {}
        self._mapping_until = 0.0

    def retrieve(self, query: str, groups: frozenset[str], deadline: Deadline) -> tuple[Passage, ...]:
        """The Retriever port."""
        with self._circuit.call():
            found = self._search(query, groups, deadline)
        ordered = second_stage.order(query, found) if self._settings.second_stage else found
        return ordered[: self._settings.size]

    def ask(self, build: Build, groups: frozenset[str], deadline: Deadline) -> tuple[Passage, ...]:
        """What a query of another kind finds, outside of the circuit. `build` makes the body around names and filter.

        Raises SearchUnavailableError or SearchTimeoutError.
        """
        budget = deadline.within(self._settings.timeout_seconds)
        return self._found(build(names=self._names, readable=self._readable(groups)), budget)

    def mapping(self, deadline: Deadline) -> object:
        """The index's mapping, of the last minutes; {} where the login may not read it."""
        self._read_mapping(deadline.within(self._settings.timeout_seconds))
        return self._mapping

    def _search(self, query: str, groups: frozenset[str], deadline: Deadline) -> tuple[Passage, ...]:
        if self._login:
            self._login.header()  # before the clock of the search starts
        budget = deadline.within(self._settings.timeout_seconds)
        return self._found(self._request(query, groups, budget), budget)

    def _found(self, body: dict[str, Any], budget: Deadline) -> tuple[Passage, ...]:
        status, answer = self._call("POST", "_search", budget, body)
        found = search_query.passages(answer, self._names) if status == 200 else None
        if found is None:
            raise SearchUnavailableError(f"_search: {status} {search_query.error_type(answer)}".strip())
        return found

    def _readable(self, groups: frozenset[str]) -> dict[str, Any]:
        return search_query.readable_by(groups, self._names)

    def _request(self, query: str, groups: frozenset[str], budget: Deadline) -> dict[str, Any]:
        settings = self._settings
        size = max(settings.size, settings.candidates) if settings.second_stage else settings.size
        fields = settings.fields or self._known_fields(budget)
        readable = self._readable(groups)
        return search_query.build_query(query, fields, self._names, size, (readable,), settings.min_score)

    def _known_fields(self, budget: Deadline) -> tuple[str, ...]:
        """The fields to search. A login that may not read the mapping (403) searches title and text."""
        self._read_mapping(budget)
        return self._fields

    def _read_mapping(self, budget: Deadline) -> None:
        if self._now() < self._mapping_until:
            return
        status, mapping = self._call("GET", "_mapping", budget)
        if status not in (200, 403):
            raise SearchUnavailableError(f"_mapping: {status} {search_query.error_type(mapping)}".strip())
        self._mapping = mapping if status == 200 else {}
        self._fields = search_query.searchable_fields(self._mapping, self._names)
        self._mapping_until = self._now() + _MAPPING_SECONDS
        log.info("search_fields", fields=list(self._fields), mapping_status=status)

    def _call(self, method: str, path: str, budget: Deadline, body: dict[str, Any] | None = None) -> tuple[int, object]:
        """Status and JSON of one call; after a 401 once more with a login read anew."""
        status, answer = self._connect(method, path, budget, body)
        if status == 401 and self._login:
            log.warning("search_login_refused")
            self._login.forget()
            status, answer = self._connect(method, path, budget, body)
        return status, answer

    def _connect(self, method: str, path: str, budget: Deadline, body: dict[str, Any] | None) -> tuple[int, object]:
        self._drop_idle_connections()
        try:
            return self._exchange(method, path, budget, body)
        except requests.exceptions.SSLError as error:
            raise SearchUnavailableError("SSLError") from error
        except requests.exceptions.ConnectionError as error:
            if budget.remaining() < _LEAST_SECONDS:
                raise SearchUnavailableError(type(error).__name__) from error
            log.warning("search_retry", error=type(error).__name__)
        try:
            return self._exchange(method, path, budget, body)
        except requests.exceptions.ConnectionError as error:
            raise SearchUnavailableError(type(error).__name__) from error

    def _exchange(self, method: str, path: str, budget: Deadline, body: dict[str, Any] | None) -> tuple[int, object]:
        """One request. Connection errors go through; everything else becomes an error of the port."""
        left = budget.remaining()
        if left <= 0:
            raise SearchTimeoutError(f"{path}: no time left")
        try:
            with self._session.request(
                method,
                f"{self._url}/{path}",
                data=json.dumps(body).encode() if body is not None else None,
                headers={"Content-Type": "application/json", "Accept": "application/json"},
                auth=_Login(self._login),
                # An urllib3 Timeout bounds connecting and waiting together (HTTPAdapter.send takes one).
                timeout=cast(Any, Timeout(total=left, connect=min(_CONNECT_SECONDS, left))),
                # Said here and not on the session, where REQUESTS_CA_BUNDLE would win over it.
                verify=self._verify,
                allow_redirects=False,
                stream=True,
            ) as response:
                return response.status_code, _json(_read(response, budget))
        except requests.exceptions.ReadTimeout as error:
            raise SearchTimeoutError(f"{path}: {type(error).__name__}") from error
        except requests.exceptions.ConnectionError:
            raise
        except requests.exceptions.RequestException as error:
            raise SearchUnavailableError(type(error).__name__) from error

    def _drop_idle_connections(self) -> None:
        now = self._now()
        if now - self._last_used > _IDLE_SECONDS:
            self._session.close()  # empties the pool; the session stays usable
        self._last_used = now


def _read(response: requests.Response, budget: Deadline) -> bytes:
    """The body, within time and size: a server that drips cannot hold the answer up.

    read1 and not iter_content, which waits until a whole chunk is there, however slowly its bytes come.
    """
    data = bytearray()
    try:
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
            data += chunk
            if len(data) > _MOST_BYTES:
                raise SearchUnavailableError("answer too large")
            if budget.remaining() <= 0:
                raise SearchTimeoutError("answer too slow")
    except DecodeError as error:
        raise requests.exceptions.ContentDecodingError("body") from error
    except (ReadTimeoutError, ProtocolError, OSError) as error:
        if isinstance(error, ReadTimeoutError) or budget.remaining() <= 0:
            raise SearchTimeoutError("answer too slow") from error
        raise requests.exceptions.ConnectionError("body") from error
    return bytes(data)


def _json(data: bytes) -> object:
    try:
        answer: object = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return answer
