"""ID tokens: the sound ones, and every way of being wrong."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from backend_tokens import AUDIENCE, SETTINGS, claims, document, handmade, hs256, jwk, private_key, token
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from rag.errors import TokenExpiredError, TokenInvalidError
from rag.jwks import keys_of
from rag.token_check import MAX_TOKEN_CHARS, verified_claims

KEYS = keys_of(document("one", "two", "ec-one", "short"))
IN_2100 = 4102444800
"""Not computed from now: every process of a test run must collect the same names."""


def check(given_token: str, **more: Any) -> Any:
    return verified_claims(given_token, KEYS.get, replace(SETTINGS, **more))


def refused(given_token: str, **more: Any) -> str:
    with pytest.raises(TokenInvalidError) as caught:
        check(given_token, **more)
    return caught.value.reason


@pytest.mark.parametrize(
    ("kid", "algorithm"), [("one", "RS256"), ("one", "PS256"), ("ec-one", "ES256"), ("two", "RS256")]
)
def test_a_sound_token_gives_its_claims(kid: str, algorithm: str) -> None:
    assert check(token(kid, algorithm, groups=["board"]))["groups"] == ["board"]


@pytest.mark.parametrize("audience", [AUDIENCE, [AUDIENCE]])
@pytest.mark.parametrize("party", [None, AUDIENCE])
def test_one_audience_needs_no_azp(audience: Any, party: Any) -> None:
    assert check(token(aud=audience, azp=party))["sub"] == "alice"


def test_of_several_audiences_azp_must_be_one_of_ours() -> None:
    both = [AUDIENCE, "another-client"]
    assert check(token(aud=both, azp=AUDIENCE))["sub"] == "alice"
    assert refused(token(aud=both)) == "several audiences without azp"
    assert refused(token(aud=both, azp="another-client")) == "azp"
    assert refused(token(aud=AUDIENCE, azp="another-client")) == "azp"


@pytest.mark.parametrize(
    "more",
    [
        {"iss": "https://login.corp.example/tenant/"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"iss": 5},
        {"aud": "another-client"},
        {"aud": ["another-client"]},
        {"aud": []},
        {"aud": None},
        {"aud": {"a": 1}},
        {"aud": [AUDIENCE, 5]},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"exp": None},
        {"exp": "soon"},
        {"exp": float("inf")},
        {"nbf": float("inf")},
        {"iat": float("nan")},
        {"exp": [1]},
        {"iat": None},
        {"iat": "then"},
        {"iat": IN_2100},
        {"nbf": IN_2100},
        {"nbf": "later"},
        {"token_use": "access"},
        {"azp": 5},
    ],
    ids=str,
)
def test_claims_that_do_not_hold(more: dict[str, Any]) -> None:
    reason = refused(token(**more))
    assert not [value for value in more.values() if isinstance(value, str) and value and value in reason]


@pytest.mark.parametrize("past", [61, 3600, 10**9])
def test_an_expired_token_is_told_apart_from_a_wrong_one(past: int) -> None:
    with pytest.raises(TokenExpiredError) as caught:
        check(token(exp=int(time.time()) - past))
    assert "サインイン" in caught.value.message


def test_clocks_may_differ_by_the_leeway_and_no_more() -> None:
    now = int(time.time())
    assert check(token(exp=now - 30, iat=now + 30, nbf=now + 30))
    with pytest.raises(TokenExpiredError):
        check(token(exp=now - 30), leeway_seconds=0)
    assert refused(token(nbf=now + 30), leeway_seconds=0)


def test_no_signature_and_symmetric_ones_prove_nothing() -> None:
    sound = token()
    assert refused(handmade({"alg": "none", "kid": "one"}, claims())) == "alg"
    assert refused(handmade({"alg": "None", "kid": "one"}, claims())) == "alg"
    assert refused(handmade({"alg": "RS256", "kid": "one"}, claims()))
    assert refused(sound.rpartition(".")[0] + ".")
    public = private_key("one").public_key()
    for secret in (public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), jwk("one")["n"].encode(), b""):
        assert refused(hs256(secret)) == "alg"


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "ES384", "EdDSA", "HS512", "", None, ["RS256"], 5])
def test_other_algorithms_are_not_ours(algorithm: Any) -> None:
    assert refused(handmade({"alg": algorithm, "kid": "one"}, claims(), b"x"))


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"kid": "three"}, "unknown key"),
        ({"kid": "two"}, "InvalidSignatureError"),
        ({"kid": "ec-one"}, "key of another kind"),
        ({"kid": ""}, "kid"),
        ({"kid": "x" * 300}, "kid"),
        ({"typ": "at+jwt"}, "typ"),
        ({"typ": "logout+jwt"}, "typ"),
        ({"crit": ["exp"], "exp": 1}, "header: InvalidTokenError"),
    ],
    ids=str,
)
def test_headers_that_do_not_hold(header: dict[str, Any], reason: str) -> None:
    assert refused(token(header=header)) == reason


def test_a_header_without_a_key_id_names_no_key() -> None:
    assert refused(handmade({"alg": "RS256"}, claims(), b"x")) == "kid"


def test_keys_that_the_token_brings_along_are_not_looked_at() -> None:
    """Signed with a key of the attacker's, which the header offers."""
    given_token = token("evil", header={"kid": "one", "jwk": jwk("evil"), "jku": "https://evil.example/keys"})
    assert refused(given_token) == "InvalidSignatureError"


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_key_that_is_too_short_or_not_for_signatures() -> None:
    assert refused(token("short")) == "key too short"
    for more in ({"use": "enc"}, {"alg": "PS256"}, {"kty": "oct", "k": "AAAA"}, {"n": "!"}):
        with pytest.raises(TokenInvalidError):
            verified_claims(token(), {"one": jwk("one", **more)}.get, SETTINGS)


def test_a_huge_token_is_refused_before_it_is_read() -> None:
    assert refused(token(groups=["g" * 100] * 100)) == "too long"
    assert refused("a" * (MAX_TOKEN_CHARS + 1)) == "too long"
    assert check(token(groups=["g" * 50] * 50))


@given(st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{0,60}\.[A-Za-z0-9_-]{0,60}\.[A-Za-z0-9_-]{0,60}"))
@settings(max_examples=300, deadline=None)
def test_garbage_is_refused_and_nothing_else_happens(garbage: str) -> None:
    assert refused(garbage)


SOUND = token()


@given(st.integers(0, len(SOUND) - 1), st.characters(codec="ascii"))
@settings(max_examples=300, deadline=None)
def test_a_token_with_one_other_character_is_refused(place: int, other: str) -> None:
    """Save where the last bits of a base64 part carry nothing."""
    changed = SOUND[:place] + other + SOUND[place + 1 :]
    try:
        found = check(changed)
    except (TokenInvalidError, TokenExpiredError):
        return
    assert found == check(SOUND)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20), st.lists, max_leaves=5
)


@given(
    st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit"]), JSON), st.dictionaries(st.text(max_size=5), JSON)
)
@settings(max_examples=300, deadline=None)
def test_no_header_and_no_body_is_a_fault_of_ours(header: dict[str, Any], body: dict[str, Any]) -> None:
    assert refused(handmade(header, body, b"signature"))


@given(
    st.dictionaries(st.sampled_from(["iss", "aud", "azp", "sub", "exp", "iat", "nbf", "token_use"]), JSON, min_size=1)
)
@settings(max_examples=200, deadline=None)
def test_signed_claims_of_any_form_are_judged_and_break_nothing(more: dict[str, Any]) -> None:
    try:
        found = check(token(**more))
    except (TokenInvalidError, TokenExpiredError):
        return
    assert (found["iss"], found["aud"]) == (SETTINGS.issuer, AUDIENCE)
