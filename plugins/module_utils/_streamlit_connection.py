# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A browser's two steps to a Streamlit page: the page itself, which sets the load balancer's cookie, then the
WebSocket with that cookie, so that both reach the same task."""

from __future__ import annotations

import socket
import ssl
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlsplit

from ansible.module_utils.urls import ConnectionError as UrlConnectionError
from ansible.module_utils.urls import Request, SSLValidationError
from ansible_collections.private_rag.aws.plugins.module_utils._streamlit import PageError

try:
    from websockets.exceptions import ConnectionClosed, WebSocketException
    from websockets.sync.client import ClientConnection, connect
    from websockets.typing import Origin, Subprotocol

    WEBSOCKETS_IMPORT_ERROR: str | None = None
except ImportError:
    WEBSOCKETS_IMPORT_ERROR = traceback.format_exc()

# Streamlit's own limit of one message is 200 MB (server.maxMessageSize); a chat page needs far less.
MAX_MESSAGE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Target:
    """Where the page is and by which name it is asked for."""

    url: str
    host_header: str | None = None
    validate_certs: bool = True
    ca_path: str | None = None

    @property
    def secure(self) -> bool:
        return urlsplit(self.url).scheme == "https"

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise PageError("the url must be http:// or https:// with a host")
        return parts.hostname, parts.port or (443 if self.secure else 80)

    @property
    def authority(self) -> str:
        return self.host_header or urlsplit(self.url).netloc

    @property
    def path(self) -> str:
        return urlsplit(self.url).path.rstrip("/")


class PageConnection:
    """A WebSocket to the page; whatever breaks it becomes a PageError."""

    def __init__(self, websocket: ClientConnection) -> None:
        self._websocket = websocket

    def send(self, message: bytes) -> None:
        try:
            self._websocket.send(message)
        except ConnectionClosed as error:
            raise PageError("the page closed the connection") from error

    def receive(self, timeout: float) -> bytes:
        try:
            message = self._websocket.recv(timeout=timeout)
        except ConnectionClosed as error:
            raise PageError("the page closed the connection before it had answered") from error
        if isinstance(message, str):
            raise PageError("the address answers, but not as a Streamlit page")
        return message


@contextmanager
def open_page(target: Target, timeout: float) -> Iterator[PageConnection]:
    """Opens the page; C(timeout): seconds for each step. Raises PageError with the step that failed."""
    address = target.address
    cookies = _load(target, timeout)
    try:
        plain = socket.create_connection(address, timeout)
        with connect(
            f"{'wss' if target.secure else 'ws'}://{target.authority}{target.path}/_stcore/stream",
            sock=plain,
            ssl=_tls(target),
            origin=Origin(f"{urlsplit(target.url).scheme}://{target.authority}"),
            subprotocols=[Subprotocol("streamlit")],
            additional_headers={"Cookie": cookies} if cookies else None,
            open_timeout=timeout,
            max_size=MAX_MESSAGE_BYTES,
            proxy=None,
        ) as websocket:
            yield PageConnection(websocket)
    except (OSError, WebSocketException) as error:
        raise PageError(f"the page's WebSocket does not open: {error}") from error


def _load(target: Target, timeout: float) -> str:
    """GETs the page and returns the cookies that it sets, as a header's value."""
    jar = CookieJar()
    request = Request(
        use_proxy=False,
        timeout=timeout,
        validate_certs=target.validate_certs,
        ca_path=target.ca_path,
        cookies=jar,
        headers={"Host": target.host_header} if target.host_header else {},
    )
    try:
        request.open("GET", target.url).read()
    except HTTPError as error:
        raise PageError(f"the page answers with HTTP status {error.code}") from error
    except (OSError, HTTPException, UrlConnectionError, SSLValidationError, ValueError) as error:
        raise PageError(f"the page does not answer: {getattr(error, 'reason', error)}") from error
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def _tls(target: Target) -> ssl.SSLContext | None:
    if not target.secure:
        return None
    context = ssl.create_default_context(cafile=target.ca_path)
    if not target.validate_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
