"""An identity provider in memory: its keys, and tokens that are right or wrong in one way each."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from rag.identity_settings import IdentitySettings, KeySettings

ISSUER = "https://login.corp.example/tenant"
AUDIENCE = "chatbot-client"
SETTINGS = IdentitySettings(ISSUER, frozenset({AUDIENCE}), KeySettings(url="https://login.corp.example/keys"))


@cache
def private_key(kid: str) -> Any:
    """One key for each id, made once: ids that begin with `ec` are of the curve P-256, `short` is too short."""
    if kid.startswith("ec"):
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, 1024 if kid == "short" else 2048)


def jwk(kid: str, **more: Any) -> dict[str, Any]:
    public = private_key(kid).public_key()
    made = (ECAlgorithm if kid.startswith("ec") else RSAAlgorithm).to_jwk(public, as_dict=True)
    return {**made, "kid": kid, "use": "sig", **more}


def document(*kids: str) -> bytes:
    return json.dumps({"keys": [jwk(kid) for kid in kids]}).encode()


def claims(**more: Any) -> dict[str, Any]:
    """Of a sound token; None takes one away."""
    now = int(time.time())
    sound = {"iss": ISSUER, "sub": "alice", "aud": AUDIENCE, "iat": now, "exp": now + 600, **more}
    return {name: value for name, value in sound.items() if value is not None}


def token(kid: str = "one", algorithm: str = "", header: dict[str, Any] | None = None, **more: Any) -> str:
    """Signed by the provider's key `kid`."""
    algorithm = algorithm or ("ES256" if kid.startswith("ec") else "RS256")
    body = json.dumps(claims(**more)).encode()  # as it is: jwt.encode refuses some of what a provider should not send
    return jwt.PyJWS().encode(body, private_key(kid), algorithm, {"kid": kid, **(header or {})})


def handmade(header: dict[str, Any], body: Any, signature: bytes = b"") -> str:
    """What no library would sign."""
    return ".".join([*(_part(json.dumps(part).encode()) for part in (header, body)), _part(signature)])


def hs256(secret: bytes, kid: str = "one") -> str:
    """Signed with the provider's PUBLIC key as the secret: the classic confusion of algorithms."""
    signed = handmade({"alg": "HS256", "kid": kid}, claims()).rpartition(".")[0]
    return f"{signed}.{_part(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
