"""Who is signed in, by Streamlit's own sign-in, and a conversation that waits while its user signs in again."""

from __future__ import annotations

import logging
import re
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from chat.conversation import Conversation
from chat.errors import ChatError

LOG = logging.getLogger("chat.sign_in")
# Codes of the API that mean: sign in (again).
CODES = frozenset({"token_expired", "token_invalid", "sign_in_required"})
# A JWS in its compact form (RFC 7515, 7.1): nothing else goes into a header.
_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
# What a provider may call a person, the most telling one first.
_NAMES = ("name", "preferred_username", "email", "cognito:username")
_LONGEST_NAME = 60
# As the function: a private API takes 8,000 bytes of header values in all, and the signature needs its part.
_LONGEST_TOKEN = 6144


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in. The token is for the API alone, which judges it; here it is only carried. "" where the provider
    gave none that fits into a header."""

    key: tuple[str, str]
    name: str
    token: str = field(repr=False)


def person() -> Person | None:
    """By Streamlit's cookie, which it signed itself; None where nobody is signed in."""
    return person_of(st.user.to_dict(), dict(st.user.tokens)) if st.user.get("is_logged_in") else None


def person_of(claims: Mapping[str, Any], tokens: Mapping[str, str]) -> Person:
    """The person that the claims of an ID token speak of."""
    names = (claims.get(name) for name in _NAMES)
    name = next((name for name in names if isinstance(name, str) and name.strip()), "")
    token = str(tokens.get("id", ""))
    key = (str(claims.get("iss", "")), str(claims.get("sub", "")))
    usable = len(token) <= _LONGEST_TOKEN and _TOKEN.fullmatch(token)
    return Person(key, name.strip()[:_LONGEST_NAME], token if usable else "")


def unusable() -> ChatError:
    """Somebody is signed in and cannot prove it: to ask as nobody in particular would hide that."""
    request_id = f"web-{uuid.uuid4().hex[:12]}"
    LOG.error("the provider's ID token is missing or too long: request_id=%s", request_id)
    return ChatError("token_unusable", request_id)


class Waiting:
    """Conversations of users who went to sign in again: each is given back once, to the same user of the same provider
    and to nobody else. They wait in this process; the load balancer's cookie brings a browser back to it.
    """

    SECONDS = 900.0
    MOST = 500

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], tuple[float, Conversation]] = {}

    def keep(self, who: Person, conversation: Conversation) -> None:
        with self._lock:
            self._kept.pop(who.key, None)
            self._kept[who.key] = (self._clock() + self.SECONDS, conversation)
            while len(self._kept) > self.MOST:
                self._kept.pop(next(iter(self._kept)))

    def take(self, who: Person) -> Conversation | None:
        with self._lock:
            until, conversation = self._kept.pop(who.key, (0.0, None))
        return conversation if self._clock() < until else None
