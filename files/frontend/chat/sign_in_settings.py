"""What Streamlit's sign-in (OpenID Connect, st.login) is told, made from the environment.

Names on the left are Streamlit's own:
https://docs.streamlit.io/develop/api-reference/user/st.login
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

CALLBACK = "/oauth2callback"
COOKIE_SECRET = "STREAMLIT_SERVER_COOKIE_SECRET"
_REQUIRED = "CHAT_SIGN_IN_REQUIRED"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_NEEDED = ("CHAT_SIGN_IN_CLIENT_ID", "CHAT_SIGN_IN_CLIENT_SECRET", COOKIE_SECRET)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Whether the page offers to sign in, and whether it answers nobody else.

    offered: CHAT_SIGN_IN_METADATA_URL is set. required: CHAT_SIGN_IN_REQUIRED is true.
    """

    offered: bool = False
    required: bool = False


def faults(env: Mapping[str, str]) -> list[str]:
    """What is wrong with these variables, a sentence each; none where signing in is not configured."""
    if _text(env, _REQUIRED).lower() not in ("true", "false", ""):
        return [f"{_REQUIRED} must be true or false"]  # a slip that would open the page to everybody must not pass
    if not _text(env, "CHAT_SIGN_IN_METADATA_URL"):
        return ["CHAT_SIGN_IN_METADATA_URL is not set, and signing in is required"] if _required(env) else []
    found = [f"{name} is not set" for name in _NEEDED if not _text(env, name)]
    if not _is_secure(_text(env, "CHAT_SIGN_IN_METADATA_URL")):
        found.append("CHAT_SIGN_IN_METADATA_URL is not an https URL")
    redirect = _text(env, "CHAT_SIGN_IN_REDIRECT_URI")
    if not (_is_secure(redirect) and redirect.endswith(CALLBACK)):
        found.append(f"CHAT_SIGN_IN_REDIRECT_URI is not an https URL that ends with {CALLBACK}")
    return found


def sign_in(env: Mapping[str, str]) -> SignIn:
    return SignIn(bool(_text(env, "CHAT_SIGN_IN_METADATA_URL")), _required(env))


def streamlit_secrets(env: Mapping[str, str]) -> dict[str, Any] | None:
    """Streamlit's secrets with its section `auth`; None where signing in is not configured, or not well: then the page
    tells that it is not ready, and Streamlit should not offer half of it.

    The ID token is exposed to the page, which hands it on to the API; the access token is not.
    """
    if not sign_in(env).offered or faults(env):
        return None
    return {
        "auth": {
            "redirect_uri": _text(env, "CHAT_SIGN_IN_REDIRECT_URI"),
            "cookie_secret": _text(env, COOKIE_SECRET),
            "client_id": _text(env, "CHAT_SIGN_IN_CLIENT_ID"),
            "client_secret": _text(env, "CHAT_SIGN_IN_CLIENT_SECRET"),
            "server_metadata_url": _text(env, "CHAT_SIGN_IN_METADATA_URL"),
            "client_kwargs": {
                "scope": _text(env, "CHAT_SIGN_IN_SCOPE") or "openid profile email",
                "prompt": _text(env, "CHAT_SIGN_IN_PROMPT") or "select_account",
            },
            "expose_tokens": ["id"],
        }
    }


def trusted_authorities(env: Mapping[str, str]) -> dict[str, str]:
    """The environment that makes httpx, by which Streamlit asks the provider, trust the certificates of
    CHAT_SIGN_IN_CA_PEM beside none other. They lie in memory, since a task's root filesystem is read-only.
    https://www.python-httpx.org/advanced/ssl/
    """
    pem = _text(env, "CHAT_SIGN_IN_CA_PEM")
    if not pem:
        return {}
    handle = os.memfd_create("sign-in-ca", 0)
    os.write(handle, pem.encode("ascii", "replace"))
    return {"SSL_CERT_FILE": f"/proc/{os.getpid()}/fd/{handle}"}


def _required(env: Mapping[str, str]) -> bool:
    return _text(env, _REQUIRED).lower() == "true"


def _text(env: Mapping[str, str], name: str) -> str:
    return env.get(name, "").strip()


def _is_secure(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )
