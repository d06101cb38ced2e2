# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is told of an inventory's identity provider before anything is deployed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.private_rag.aws.plugins.plugin_utils._inventory import Inventory
from ansible_collections.private_rag.aws.plugins.plugin_utils._inventory_check import Known, faults

STRINGS = ("issuer", "client_id", "client_secret_arn", "jwks_url", "jwks_file", "jwks_secret_id", "proxy", "scope")
STRINGS += ("metadata_url", "redirect_uri", "groups_claim", "ca_file")
OPTIONS: dict[str, dict[str, Any]] = {f"chatbot_identity_{name}": {"type": "str"} for name in STRINGS}
OPTIONS |= {
    "chatbot_identity_audiences": {"type": "list", "elements": "str"},
    "chatbot_identity_cidrs": {"type": "list", "elements": "str"},
    "chatbot_identity_port": {"type": "int"},
    "chatbot_identity_required": {"type": "bool"},
    "chatbot_certificate_arn": {"type": "str"},
    "chatbot_domain_name": {"type": "str"},
}
SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:chatbot/sign-in-AbCdEf"
CERTIFICATE = "arn:aws:acm:ap-northeast-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
BASE: dict[str, Any] = {
    "chatbot_vpc_name": "corp",
    "chatbot_private_subnet_names": ["a", "c"],
    "chatbot_public_subnet_names": ["a", "c"],
    "chatbot_base_image": "python:3.12",
    "chatbot_certificate_arn": CERTIFICATE,
    "chatbot_domain_name": "chat.corp.example",
}
SOUND = BASE | {
    "chatbot_identity_issuer": "https://login.corp.example/tenant",
    "chatbot_identity_client_id": "chatbot",
    "chatbot_identity_client_secret_arn": SECRET,
    "chatbot_identity_jwks_url": "https://login.corp.example/keys",
    "chatbot_identity_cidrs": ["0.0.0.0/0"],
}


def told(values: dict[str, Any]) -> list[str]:
    known = Known(OPTIONS, frozenset(), {})
    return [f"{fault.variables[0]}: {fault.message}" for fault in faults(Inventory(values), known, list(OPTIONS))]


@pytest.mark.parametrize(
    "values",
    [
        BASE,
        SOUND,
        SOUND | {"chatbot_identity_client_secret_arn": f"{SECRET}:client_secret::"},
        SOUND | {"chatbot_identity_audiences": ["chatbot", "another"]},
        SOUND | {"chatbot_identity_required": True},
        SOUND | {"chatbot_identity_proxy": "http://proxy.corp.example:3128", "chatbot_identity_port": 3128},
        SOUND
        | {
            "chatbot_identity_issuer": "https://login.corp.example:8443/tenant",
            "chatbot_identity_proxy": "http://proxy.corp.example:3128",
            "chatbot_identity_port": 3128,
        },
        SOUND
        | {
            "chatbot_identity_issuer": "https://login.corp.example/tenant",
            "chatbot_identity_metadata_url": "https://login.corp.example:8443/metadata",
            "chatbot_identity_jwks_url": "https://login.corp.example:8443/keys",
            "chatbot_identity_port": 8443,
        },
        SOUND
        | {"chatbot_certificate_arn": "", "chatbot_domain_name": "", "chatbot_chat_url": "http://127.0.0.1:8080/"},
        # Callers of the API bring tokens; nobody signs in on the page, and nobody calls the provider.
        BASE
        | {
            "chatbot_identity_issuer": "https://login.corp.example",
            "chatbot_identity_audiences": ["api-client"],
            "chatbot_identity_jwks_secret_id": "chatbot/keys",
        },
    ],
)
def test_sound_inventories(values: dict[str, Any]) -> None:
    assert told(values) == []


@pytest.mark.parametrize(
    ("typed", "variable", "words"),
    [
        ({"issuer": "http://login.corp.example"}, "issuer", "does not begin with https://"),
        ({"issuer": "login.corp.example"}, "issuer", "is no URL"),
        ({"issuer": "https://user:changeme@login.corp.example"}, "issuer", "user name or a password"),
        ({"issuer": "REPLACE_WITH_ISSUER"}, "issuer", "still holds"),
        ({"issuer": ""}, "issuer", "nobody would be known"),
        ({"jwks_url": "http://login.corp.example/keys"}, "jwks_url", "does not begin with https://"),
        ({"jwks_url": ""}, "jwks_url", "none of them has a value"),
        ({"jwks_secret_id": "chatbot/keys"}, "jwks_url", "several of them"),
        ({"jwks_url": "", "jwks_file": "/nowhere/jwks.json"}, "jwks_file", "no file"),
        ({"client_id": ""}, "client_id", "has no value"),
        ({"client_id": "chat bot"}, "client_id", "has spaces"),
        ({"client_id": "", "audiences": ["chatbot"]}, "client_id", "would not know the page"),
        ({"audiences": ["another"]}, "audiences", "not among them"),
        ({"client_secret_arn": "chatbot/sign-in"}, "client_secret_arn", "is no ARN"),
        ({"client_secret_arn": "", "required": True}, "client_secret_arn", "could answer nobody"),
        ({"cidrs": []}, "cidrs", "nothing would be let out"),
        ({"cidrs": ["0.0.0.0/1"]}, "cidrs", "more than any provider has"),
        ({"cidrs": ["login.corp.example"]}, "cidrs", "no IPv4 block"),
        ({"proxy": "proxy.corp.example:3128"}, "proxy", "is no proxy"),
        ({"proxy": "http://u:p@proxy:3128"}, "proxy", "user name or a password"),
        ({"proxy": "http://proxy.corp.example:3128"}, "port", "port 3128"),
        ({"jwks_url": "https://login.corp.example:8443/keys", "client_secret_arn": ""}, "port", "port 8443"),
        # The page's task asks the provider itself, wherever the function has its keys from.
        ({"issuer": "https://login.corp.example:8443/", "jwks_url": "", "jwks_secret_id": "k"}, "port", "port 8443"),
        ({"metadata_url": "https://m.corp.example:9443/", "jwks_url": "", "jwks_secret_id": "k"}, "port", "port 9443"),
        ({"issuer": "https://login.corp.example:8443/", "port": 8443}, "port", "keys and https://login.corp.example:8"),
        ({"jwks_url": "https://login.corp.example:8443/keys"}, "port", "different ports"),
        ({"redirect_uri": "https://chat.corp.example/"}, "redirect_uri", "/oauth2callback"),
        ({"scope": "profile email"}, "scope", "openid is not among"),
        ({"ca_file": "/nowhere/ca.pem"}, "ca_file", "no file"),
    ],
)
def test_each_fault(typed: dict[str, Any], variable: str, words: str) -> None:
    found = told(SOUND | {f"chatbot_identity_{name}": value for name, value in typed.items()})
    assert len(found) == 1, found
    assert found[0].startswith(f"chatbot_identity_{variable}: ")
    assert words in found[0]
    assert "changeme" not in found[0]


def test_signing_in_over_http() -> None:
    found = told(SOUND | {"chatbot_certificate_arn": "", "chatbot_domain_name": ""})
    assert [each.split(":")[0] for each in found] == ["chatbot_certificate_arn"]


def test_required_without_an_issuer() -> None:
    assert [each.split(":")[0] for each in told(BASE | {"chatbot_identity_required": True})] == [
        "chatbot_identity_required"
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is no set of keys"),
        ("[]", "is no set of keys"),
        ('{"keys": [5]}', "is no set of keys"),
        (json.dumps({"keys": []}), "holds no RSA or EC key"),
        (json.dumps({"keys": [{"kty": "RSA"}]}), "holds no RSA or EC key"),
        (json.dumps({"keys": [{"kty": "RSA", "kid": "1", "d": "secret"}]}), "private key"),
        (json.dumps({"keys": [{"kty": "oct", "kid": "1", "k": "secret"}]}), "private key"),
        (json.dumps({"keys": [{"kty": "RSA", "kid": "1", "n": "x"}]}), ""),
    ],
)
def test_a_file_of_keys(content: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    found = told(SOUND | {"chatbot_identity_jwks_url": "", "chatbot_identity_jwks_file": str(path)})
    assert (words in found[0]) if words else (found == [])
