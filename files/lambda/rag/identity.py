"""Who asks: decided here alone, by the ID token in one header of the request where a provider is configured, else by
what API Gateway's authorizer verified. Nothing that a user types has a say in it.

The user's name in history and logs is a digest of issuer and subject: one and the same for one person, and not to be
turned back into a name. Token and claims end here; only Caller goes on.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from rag.domain import Caller
from rag.errors import SignInRequiredError, TokenInvalidError
from rag.identity_settings import IdentitySettings

# Not Authorization: that one carries the signature (SigV4) by which the API knows the page.
HEADER = "X-Chat-Id-Token"
# A token that names more is cut: Elasticsearch takes 65,536 values in a `terms` filter, and nobody has so many.
MAX_GROUPS = 1000
MAX_GROUP_CHARS = 256

_SUBJECT = re.compile(r"[A-Za-z0-9._:-]{1,128}")

Callers = Callable[[object], Caller]
"""The caller of a proxy event."""
Verify = Callable[[str], Mapping[str, Any]]


def authorizer_caller(event: object) -> Caller:
    """By API Gateway's authorizer; without one everybody is the same anonymous."""
    found: object = event
    for name in ("requestContext", "authorizer", "claims", "sub"):
        found = found.get(name) if isinstance(found, Mapping) else None
    return Caller(user=found) if isinstance(found, str) and _SUBJECT.fullmatch(found) else Caller()


class TokenCallers:
    """The callers of events, by `verify`, which gives the claims of a sound token and raises for every other."""

    def __init__(self, settings: IdentitySettings, verify: Verify) -> None:
        self._settings = settings
        self._verify = verify

    def __call__(self, event: object) -> Caller:
        """Raises TokenExpiredError, TokenInvalidError, SignInRequiredError or IdentityUnavailableError."""
        token = token_of(event)
        if token is None:
            if self._settings.required:
                raise SignInRequiredError("no token")
            return Caller()
        return caller_from(self._verify(token), self._settings)


def token_of(event: object) -> str | None:
    """The token of a proxy event, None where the header is not there. Raises TokenInvalidError for two of them.

    An empty header is no token: it is as good as none, and never better.
    """
    given = _header_values(event)
    if len(given) > 1:
        raise TokenInvalidError("several headers")
    token = given[0].strip() if given else ""
    return token or None


def caller_from(claims: Mapping[str, Any], settings: IdentitySettings) -> Caller:
    """The caller that verified claims speak of."""
    named = json.dumps([claims["iss"], claims["sub"]], ensure_ascii=True)
    return Caller(
        user=f"u-{hashlib.sha256(named.encode()).hexdigest()}", groups=groups_of(claims, settings.groups_claim)
    )


def groups_of(claims: Mapping[str, Any], path: str) -> frozenset[str]:
    """The groups that a claim lists. What is no list of words gives no groups: in doubt less is read, not more."""
    found = claims.get(path)  # names such as https://example.com/groups hold dots themselves
    if found is None:
        found = claims
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
    if not isinstance(found, list):
        return frozenset()
    words = (word for word in found if isinstance(word, str) and 0 < len(word) <= MAX_GROUP_CHARS)
    return frozenset(sorted(set(words))[:MAX_GROUPS])


def _header_values(event: object) -> list[str]:
    """API Gateway gives all values of a header in `multiValueHeaders`, and the last one in `headers`."""
    if not isinstance(event, Mapping):
        return []
    several, single = event.get("multiValueHeaders"), event.get("headers")
    values: list[object] = []
    if isinstance(several, Mapping):
        for name, found in several.items():
            if str(name).lower() == HEADER.lower():
                values += found if isinstance(found, list) else [found]
    if not values and isinstance(single, Mapping):
        values = [value for name, value in single.items() if str(name).lower() == HEADER.lower()]
    return [value for value in values if isinstance(value, str)]
