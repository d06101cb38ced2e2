"""What the load balancer answers by itself. Pure.

Its own errors look as AWS's do (ELB user guide, 'HTTP error codes'). Where a real one would only let the
client wait, the local cloud says at once which rule is missing.
"""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

SERVER = {"Server": "awselb/2.0"}
REASONS = {503: "Service Temporarily Unavailable", 504: "Gateway Time-out"}


def error(status: int) -> web.Response:
    """AWS's own page of that status."""
    title = f"{status} {REASONS.get(status) or HTTPStatus(status).phrase}"
    page = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n"
        f"<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    )
    return web.Response(status=status, text=page, content_type="text/html", headers=SERVER)


def nothing_deployed() -> web.Response:
    return _plain(
        503,
        "no load balancer deployed\nロードバランサーがまだデプロイされていません。site.yml を実行してください。\n",
    )


def no_listener(name: str) -> web.Response:
    return _plain(
        504,
        f"{name} has no listener on port 80; a real load balancer would refuse the connection.\n"
        f"{name} にポート 80 のリスナーがありません。\n",
    )


def refused(reason: str) -> web.Response:
    """`reason` is the packet walk's."""
    return _plain(
        504,
        f"The network does not let this connection through: {reason}\n"
        "On AWS it would time out; the local cloud tells why.\n\n"
        f"ネットワークがこの接続を許可していません: {reason}\n"
        "AWS ではタイムアウトになります。セキュリティグループの規則またはルートを確認してください。\n",
    )


def _plain(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/plain", headers=SERVER)
