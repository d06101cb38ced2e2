"""The cookie `AWSALB`, which keeps a browser at one task. (ELB user guide, 'Sticky sessions', lb_cookie.)

Its value names the target, readable for this load balancer only; a new one goes out with every answer.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from aiohttp import web

from local_cloud.data.elb.deployed import Target

COOKIE, COOKIE_CORS = "AWSALB", "AWSALBCORS"


class Stickiness:
    """One secret a load balancer."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def value(self, target: Target) -> str:
        return hmac.new(self._key, f"{target.address}:{target.port}".encode(), hashlib.sha256).hexdigest()

    def find(self, cookies: Mapping[str, str], targets: Iterable[Target]) -> Target | None:
        """The target that the browser's cookie names, if it is among these."""
        given = cookies.get(COOKIE) or cookies.get(COOKIE_CORS) or ""
        return next((t for t in targets if hmac.compare_digest(self.value(t), given)), None)

    def set(self, response: web.StreamResponse, target: Target, seconds: int) -> None:
        """Adds the cookies; `seconds` is the group's stickiness duration."""
        expires = (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%a, %d %b %Y %H:%M:%S GMT")
        response.set_cookie(COOKIE, self.value(target), path="/", expires=expires)
        response.set_cookie(COOKIE_CORS, self.value(target), path="/", expires=expires, samesite="None")
