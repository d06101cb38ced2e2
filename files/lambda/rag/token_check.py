"""An ID token and public keys in, claims out. No I/O, no state; the only thing read besides is the clock.

OpenID Connect Core 1.0, 3.1.3.7 (ID Token Validation); RFC 8725 (JSON Web Token Best Current Practices). PyJWT checks
the signature and the registered claims; what it leaves to its caller is here. Imported only where identity is
configured: with `cryptography` it is the most expensive import of the function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from rag.errors import TokenExpiredError, TokenInvalidError
from rag.identity_settings import IdentitySettings

# Asymmetric only. `none` proves nothing, and with HS* whoever knows the public key could sign.
ALGORITHMS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
# A private API takes 8,000 bytes of header values in all, the request's signature and the role's session token among
# them. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
MAX_TOKEN_CHARS = 6144
# NIST SP 800-131A Rev. 2, 3: shorter RSA keys are disallowed.
_LEAST_RSA_BITS = 2048
_REQUIRED = ("iss", "sub", "aud", "exp", "iat")
_LONGEST_KID = 256

Jwk = Mapping[str, Any]
FindKey = Callable[[str], Jwk | None]
Claims = Mapping[str, Any]


def verified_claims(token: str, find_key: FindKey, settings: IdentitySettings) -> Claims:
    """The claims of a token that is what it says. `find_key` gives a key of the provider by its id.

    Raises TokenExpiredError or TokenInvalidError, whose reasons name the check that failed and no value.
    """
    if len(token) > MAX_TOKEN_CHARS:
        raise TokenInvalidError("too long")
    algorithm, kid = _header(token)
    claims = _decoded(token, _public_key(find_key(kid), algorithm), algorithm, settings)
    _check_parties(claims, settings.audiences)
    return claims


def _header(token: str) -> tuple[str, str]:
    """Algorithm and key id. Nothing else of the header is followed: no `jwk`, no `jku`, no `x5u`."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise TokenInvalidError(f"header: {type(error).__name__}") from error
    algorithm, kid, kind = header.get("alg"), header.get("kid"), header.get("typ", "JWT")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise TokenInvalidError("alg")
    # RFC 9068 marks access tokens (`at+jwt`), and logout tokens are marked too: neither is proof of who asks.
    if not isinstance(kind, str) or kind.upper() != "JWT":
        raise TokenInvalidError("typ")
    if not isinstance(kid, str) or not 0 < len(kid) <= _LONGEST_KID:
        raise TokenInvalidError("kid")
    return algorithm, kid


def _public_key(jwk: Jwk | None, algorithm: str) -> jwt.PyJWK:
    if jwk is None:
        raise TokenInvalidError("unknown key")
    fits = jwk.get("kty") == ALGORITHMS[algorithm] and jwk.get("alg", algorithm) == algorithm
    if not fits or jwk.get("use", "sig") != "sig" or jwk.get("crv", "P-256") != "P-256":
        raise TokenInvalidError("key of another kind")
    try:
        # The public half alone: a document that holds private keys must not give a key of another type.
        key = jwt.PyJWK({name: jwk[name] for name in ("kty", "n", "e", "crv", "x", "y") if name in jwk}, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenInvalidError("key not usable") from error
    if isinstance(key.key, RSAPublicKey) and key.key.key_size < _LEAST_RSA_BITS:
        raise TokenInvalidError("key too short")
    return key


def _decoded(token: str, key: jwt.PyJWK, algorithm: str, settings: IdentitySettings) -> Claims:
    try:
        claims: Claims = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            issuer=settings.issuer,
            audience=settings.audiences,
            leeway=settings.leeway_seconds,
            options={"require": list(_REQUIRED)},
        )
    except jwt.ExpiredSignatureError as error:
        raise TokenExpiredError from error
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise TokenInvalidError(type(error).__name__) from error
    return claims


def _check_parties(claims: Claims, audiences: frozenset[str]) -> None:
    """Core 3.1.3.7, 3 to 5: among several audiences `azp` says for whom the token was made."""
    audience, party = claims["aud"], claims.get("azp")
    if isinstance(audience, list) and len(audience) > 1 and party is None:
        raise TokenInvalidError("several audiences without azp")
    if party is not None and not (isinstance(party, str) and party in audiences):
        raise TokenInvalidError("azp")
    # Amazon Cognito says by `token_use` which of its tokens this is.
    if claims.get("token_use", "id") != "id":
        raise TokenInvalidError("token_use")
    if not claims["sub"]:
        raise TokenInvalidError("sub")
