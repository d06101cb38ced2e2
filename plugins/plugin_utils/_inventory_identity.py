# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an inventory says of the identity provider: how each value has to look, and where they contradict each other."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.private_rag.aws.plugins.plugin_utils._inventory import Fault, Inventory, show

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_KEYS = ("chatbot_identity_jwks_url", "chatbot_identity_jwks_file", "chatbot_identity_jwks_secret_id")
# What means nothing without an issuer.
_PARTS = (*_KEYS, "chatbot_identity_client_secret_arn", "chatbot_identity_audiences", "chatbot_identity_client_id")
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html: an ARN, not a name,
# and behind it :json-key:version-stage:version-id
_SECRET_ARN = re.compile(r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+(:[^:]*:[^:]*:[^:]*)?")


def https(value: Any) -> str | None:
    """An https URL without a password; http only to this machine."""
    text = str(value)
    parts = _parts(text)
    if parts is None or not parts.hostname:
        return f"{show(value)} is no URL; write one such as https://login.example.co.jp/tenant."
    if "@" in parts.netloc:
        return f"{show(value)} holds a user name or a password; there is no place for one."
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return f"{show(value)} does not begin with https://: whoever is on the way could say who asks."
    return None


def proxy(value: Any) -> str | None:
    parts = _parts(str(value))
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        return f"{show(value)} is no proxy; write one such as http://proxy.example.co.jp:3128."
    return (
        "it holds a user name or a password; a proxy that asks for one is not served." if "@" in parts.netloc else None
    )


def redirect(value: Any) -> str | None:
    """Streamlit answers there: https://docs.streamlit.io/develop/api-reference/user/st.login"""
    if str(value).endswith("/oauth2callback"):
        return https(value)
    return f"{show(value)} does not end with /oauth2callback, where the page answers."


def key_file(value: Any) -> str | None:
    """A JSON file with public keys (RFC 7517), on this machine, and no private key in it."""
    path = Path(str(value))
    if not path.is_file():
        return f"there is no file {show(value)} on this machine."
    try:
        keys = json.loads(path.read_bytes())["keys"]
        kinds = [(key.get("kty"), key.get("kid"), "d" in key or "k" in key) for key in keys]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return f'{show(value)} is no set of keys: {{"keys": [...]}}, as the provider\'s jwks_uri gives it.'
    if any(private for _kind, _name, private in kinds):
        return f"{show(value)} holds a private key; only the provider's public ones may go into the function."
    if not any(kind in ("RSA", "EC") and name for kind, name, _private in kinds):
        return f"{show(value)} holds no RSA or EC key with a key id (kid)."
    return None


def client_secret(value: Any) -> str | None:
    if _SECRET_ARN.fullmatch(str(value)):
        return None
    return f"{show(value)} is no ARN of a secret, which ECS asks for (Secrets Manager > Secrets: Secret ARN)."


def client_id(value: Any) -> str | None:
    return f"{show(value)} has spaces in it." if re.search(r"\s", str(value)) else None


IDENTITY_CHECKS: dict[str, Callable[[Any], str | None]] = {
    "chatbot_identity_issuer": https,
    "chatbot_identity_metadata_url": https,
    "chatbot_identity_jwks_url": https,
    "chatbot_identity_jwks_file": key_file,
    "chatbot_identity_proxy": proxy,
    "chatbot_identity_redirect_uri": redirect,
    "chatbot_identity_client_secret_arn": client_secret,
    "chatbot_identity_client_id": client_id,
}


def without_issuer(inventory: Inventory) -> Iterator[Fault]:
    """Half a configuration, by which nobody would be known."""
    if inventory.get("chatbot_identity_issuer"):
        return
    given = [name for name in _PARTS if inventory.get(name)]
    if inventory.flag("chatbot_identity_required", False):
        told = "nobody is answered who is not signed in, and without an issuer nobody can sign in."
        yield Fault(("chatbot_identity_required", "chatbot_identity_issuer"), told)
    elif given:
        yield Fault(("chatbot_identity_issuer",), f"has no value, and {given[0]} has one: nobody would be known by it.")


def keys_and_audience(inventory: Inventory) -> Iterator[Fault]:
    """By which keys tokens are checked, and for whom they are made."""
    if not inventory.get("chatbot_identity_issuer"):
        return
    given = [name for name in _KEYS if inventory.get(name)]
    if not given:
        yield Fault(_KEYS, "none of them has a value: by which keys are the tokens of chatbot_identity_issuer checked?")
    elif len(given) > 1:
        yield Fault(tuple(given), "several of them are given; the keys come from one place.")
    if not inventory.get("chatbot_identity_audiences") and not inventory.get("chatbot_identity_client_id"):
        told = "has no value: without it a token that was made for another application would be taken."
        yield Fault(("chatbot_identity_client_id",), told)


def signing_in(inventory: Inventory) -> Iterator[Fault]:
    """What the page needs to let people sign in."""
    if not inventory.get("chatbot_identity_issuer"):
        return
    secret, client = inventory.get("chatbot_identity_client_secret_arn"), inventory.get("chatbot_identity_client_id")
    audiences = inventory.words("chatbot_identity_audiences")
    if not secret:
        if inventory.flag("chatbot_identity_required", False):
            told = "has no value, and chatbot_identity_required is true: the page could answer nobody."
            yield Fault(("chatbot_identity_client_secret_arn",), told)
        return
    if not client and audiences:
        yield Fault(("chatbot_identity_client_id",), "has no value: the provider would not know the page.")
    elif client and audiences and client not in audiences:
        told = f"{show(client)} is not among them: the function would refuse everybody who signs in on the page."
        yield Fault(("chatbot_identity_audiences", "chatbot_identity_client_id"), told)
    address = str(inventory.get("chatbot_identity_redirect_uri") or inventory.get("chatbot_chat_url") or "")
    parts = _parts(address)
    here = parts is not None and (parts.scheme == "https" or parts.hostname in _LOOPBACK)
    if not inventory.get("chatbot_certificate_arn") and not here:
        told = "has no value: people would sign in over http, where their cookie can be read on the way."
        yield Fault(("chatbot_certificate_arn",), told)
    if "openid" not in str(inventory.get("chatbot_identity_scope", "openid")).split():
        yield Fault(("chatbot_identity_scope",), "openid is not among the scopes: there would be no ID token.")


def ways_to_the_provider(inventory: Inventory) -> Iterator[Fault]:
    """Whoever calls the provider has to be let out to it."""
    callers = [
        name for name in ("chatbot_identity_jwks_url", "chatbot_identity_client_secret_arn") if inventory.get(name)
    ]
    if not inventory.get("chatbot_identity_issuer") or not callers:
        return
    if not inventory.get("chatbot_identity_cidrs"):
        told = (
            "has no value: nothing would be let out to the provider. Name its addresses, or the proxy's; for one on "
            "the internet, through a NAT gateway, 0.0.0.0/0."
        )
        yield Fault(("chatbot_identity_cidrs",), told)
    called, opened = _called(inventory), str(inventory.get("chatbot_identity_port", 443))
    shut = [(url, port) for url, port in called.items() if opened.isdecimal() and port != int(opened)]
    if len({*called.values()}) > 1:
        told = (
            f"{' and '.join(map(show, called))} are reached at different ports, and the rules of the security groups "
            "open one. Give the keys by chatbot_identity_jwks_file or chatbot_identity_jwks_secret_id, or name a proxy."
        )
        yield Fault(("chatbot_identity_port",), told)
    elif shut:
        url, port = shut[0]
        told = f"{show(url)} is reached at port {port}, the rules of the security groups open {opened}."
        yield Fault(("chatbot_identity_port",), told)


def _called(inventory: Inventory) -> dict[str, int]:
    """What is called, with its port: a proxy for everything; else the keys, by the function, and the provider's
    metadata, by the task of a page that people sign in on. Not what is told to be no URL."""
    through = inventory.get("chatbot_identity_proxy")
    signs_in = inventory.get("chatbot_identity_client_secret_arn")
    provider = inventory.get("chatbot_identity_metadata_url") or inventory.get("chatbot_identity_issuer")
    named = [through] if through else [inventory.get("chatbot_identity_jwks_url"), provider if signs_in else None]
    fault = proxy if through else https
    ports = {str(url): _port(_parts(str(url))) for url in named if url and fault(url) is None}
    return {url: port for url, port in ports.items() if port}


def whole_internet(inventory: Inventory) -> Iterator[Fault]:
    """0.0.0.0/0 is one thing; halves and quarters of it are a slip."""
    for word in inventory.words("chatbot_identity_cidrs"):
        try:
            block = IPv4Network(word)
        except ValueError:
            continue  # told by its own check
        if 0 < block.prefixlen < 8:
            yield Fault(("chatbot_identity_cidrs",), f"{block} is more than any provider has; name its addresses.")


IDENTITY_RULES: tuple[Callable[[Inventory], Iterator[Fault]], ...] = (
    without_issuer,
    keys_and_audience,
    signing_in,
    ways_to_the_provider,
    whole_internet,
)


def _parts(text: str) -> Any:
    try:
        parts = urlsplit(text)
        _port = parts.port  # raises where it is no number
    except ValueError:
        return None
    return parts


def _port(parts: Any) -> int | None:
    if parts is None or not parts.hostname:
        return None
    standard: Mapping[str, int] = {"https": 443, "http": 80}
    return parts.port or standard.get(parts.scheme)
