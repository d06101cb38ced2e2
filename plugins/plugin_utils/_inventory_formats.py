# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What one value has to look like. Each check takes a value of the right type and returns a sentence, or nothing."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable
from ipaddress import AddressValueError, IPv4Network, NetmaskValueError
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ansible_collections.private_rag.aws.plugins.module_utils._tags import OWNER_TAG
from ansible_collections.private_rag.aws.plugins.plugin_utils._inventory import one_of, show

Check = Callable[[Any], str | None]
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html; 0: for ever
RETENTION_DAYS = (0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922)
RETENTION_DAYS += (3288, 3653)
# Services that the chatbot reaches and that have VPC endpoints.
ENDPOINT_SERVICES = (
    "execute-api",
    "bedrock-runtime",
    "bedrock-agent-runtime",
    "dynamodb",
    "logs",
    "ecr.api",
    "ecr.dkr",
    "s3",
    "secretsmanager",
)
# The parts of a region's name: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
_SIDES = "north|south|east|west|central|northeast|northwest|southeast|southwest"
_REGION = rf"(af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-({_SIDES})-\d"
_MODEL = r"([a-z]{2,6}\.)?[a-z0-9-]+\.[a-z0-9][\w.:-]+"
_HEX = r"([0-9a-f]{8}|[0-9a-f]{17})"
_HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\.?")
# https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
_TAG = re.compile(r"[\w\s+\-=.:/@]*")
_MOST_TAGS = 45
# https://github.com/distribution/reference: [host[:port]/]path[:tag][@digest]
_IMAGE = re.compile(
    r"([A-Za-z0-9.-]+(:\d+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[A-Za-z0-9_][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?"
)


def matches(pattern: str, hint: str) -> Check:
    """The whole value fits the pattern."""
    compiled = re.compile(pattern)

    def check(value: Any) -> str | None:
        return None if compiled.fullmatch(str(value)) else f"{show(value)} is not {hint}."

    return check


def between(least: float, most: float, unit: str) -> Check:
    """A number within bounds, both included."""

    def check(value: Any) -> str | None:
        if least <= float(value) <= most:
            return None
        return f"{show(value)} is out of range; {least} to {most} {unit} are allowed."

    return check


def each(check: Check) -> Check:
    """Every item of a list; and none twice."""

    def checked(values: Any) -> str | None:
        words = [str(value) for value in values]
        found = [told for value in values if (told := check(value))]
        found += [f"{show(word)} stands there twice." for word in dict.fromkeys(words) if words.count(word) > 1]
        return " ".join(found) or None

    return checked


def network(value: Any) -> str | None:
    """An IPv4 block whose host bits are zero, as EC2 asks for."""
    try:
        IPv4Network(str(value))
    except (AddressValueError, NetmaskValueError):
        kind = "an IPv6 block, and the chatbot speaks IPv4 only" if ":" in str(value) else "no IPv4 block"
        return f"{show(value)} is {kind}; write one such as 10.0.0.0/8."
    except ValueError:
        wanted = IPv4Network(str(value), strict=False)
        return f"{show(value)} has bits set behind its prefix; {wanted} is the block that it lies in."
    return None


def url(value: Any) -> str | None:
    """An http or https URL, or a host with an optional port; without a password in it."""
    text = str(value)
    parts = urlsplit(text if "://" in text else f"https://{text}")
    try:
        port = parts.port
    except ValueError:
        return f"{show(value)} has a port that is none."
    if "@" in parts.netloc:
        return (
            f"{show(value)} holds a user name or a password. Keep them in AWS Secrets Manager, and name the secret in "
            "chatbot_elasticsearch_secret_id."
        )
    if parts.scheme not in ("http", "https"):
        return f"{show(value)} begins with {parts.scheme}://; http:// and https:// are known."
    if not parts.hostname or not _HOST.fullmatch(parts.hostname) or port == 0:
        return f"{show(value)} names no server; write one such as https://search.example.co.jp:9200."
    if parts.query or parts.fragment or parts.path not in ("", "/"):
        return f"{show(value)} goes on behind the server's name; the index has a variable of its own."
    return None


def image(value: Any) -> str | None:
    """A container image's reference."""
    if _IMAGE.fullmatch(str(value)):
        return None
    return f"{show(value)} is no image; write one such as registry.example.co.jp/python:3.12-slim."


def timezone(value: Any) -> str | None:
    """A name of the IANA time zone database."""
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"{show(value)} is no time zone; write one such as Asia/Tokyo."
    return None


def ca_file(value: Any) -> str | None:
    """A PEM file with certificates, on this machine, and no private key in it."""
    path = Path(str(value))
    if not path.is_file():
        return f"there is no file {show(value)} on this machine."
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return f"{show(value)} cannot be read as a PEM file."
    if "PRIVATE KEY-----" in text:
        return f"{show(value)} holds a private key; only the CA's certificate may go into the function."
    try:
        ssl.create_default_context(cadata=text)
    except (ssl.SSLError, ValueError):
        return f"{show(value)} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)."
    return None


def index_name(value: Any) -> str | None:
    """https://www.elastic.co/guide/en/elasticsearch/reference/current/indices-create-index.html#indices-create-api-path-params"""
    text = str(value)
    wrong = text != text.lower() or re.search(r'[\\/*?"<>| ,#:]', text) or text[:1] in "-_+" or text in (".", "..")
    if wrong or len(text.encode()) > 255:
        return f'{show(value)} is no name of an index: lower case, without any of \\ / * ? " < > | , # : or spaces.'
    return None


def tags(value: Any) -> str | None:
    """Tags as AWS takes them."""
    told = [f"{show(key)} is not allowed: aws: is AWS's own." for key in value if str(key).lower().startswith("aws:")]
    if OWNER_TAG in value:
        told.append(f"{OWNER_TAG} is this collection's own mark.")
    for key, text in value.items():
        if not 1 <= len(str(key)) <= 128 or len(str(text)) > 256:
            told.append(f"{show(key)}: a key has 1 to 128 characters and a value at most 256.")
        elif isinstance(text, dict | list) or not _TAG.fullmatch(str(key)) or not _TAG.fullmatch(str(text)):
            told.append(f"{show(key)}: letters, digits, spaces and + - = . : / @ _ are allowed.")
    if len(value) > _MOST_TAGS:
        told.append(f"there are {len(value)} of them; AWS takes 50 on a resource, {50 - _MOST_TAGS} are kept for us.")
    return " ".join(told) or None


def retention(value: Any) -> str | None:
    """Days, in CloudWatch Logs' own steps."""
    if int(value) in RETENTION_DAYS:
        return None
    nearest = sorted(RETENTION_DAYS[1:], key=lambda days: abs(days - int(value)))[:2]
    return f"{value} days are not offered by CloudWatch Logs; near it are {one_of(map(str, sorted(nearest)))}."


def service(value: Any) -> str | None:
    """A service whose endpoint can be created."""
    return None if value in ENDPOINT_SERVICES else f"{show(value)} is unknown; known are {one_of(ENDPOINT_SERVICES)}."


def account(value: Any) -> str | None:
    """Twelve digits, in quotes."""
    if isinstance(value, int):
        return "it has to stand in quotes: without them YAML takes it for a number and drops leading zeros."
    return matches(r"\d{12}", "an account id of 12 digits")(value)


def arn(service_name: str, resource: str, example: str) -> Check:
    """An ARN of one kind of resource."""
    return matches(rf"arn:aws[a-z-]*:{service_name}:[a-z0-9-]*:(\d{{12}}|aws):{resource}", f"an ARN such as {example}")


REGION = matches(_REGION, "a region such as ap-northeast-1")
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
SECRET = matches(
    r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+|[\w/+=.@-]{1,512}",
    "the name or ARN of a secret (its contents never stand in an inventory)",
)
CHECKS: dict[str, Check] = {
    # It becomes part of names of at most 32 characters (chatbot-alb-...), and of ECR's, which are in lower case.
    "chatbot_environment": matches(
        r"(?=.{1,20}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
        "a word of lower case letters, digits and single hyphens, at most 20, beginning with a letter",
    ),
    "chatbot_region": REGION,
    "chatbot_account_id": account,
    "chatbot_tags": tags,
    "chatbot_log_retention_days": retention,
    "chatbot_permissions_boundary": arn("iam", "policy/.+", "arn:aws:iam::123456789012:policy/boundary"),
    "chatbot_vpc_id": matches(f"vpc-{_HEX}", "the id of a VPC, such as vpc-0123456789abcdef0"),
    "chatbot_private_subnet_ids": each(matches(f"subnet-{_HEX}", "the id of a subnet")),
    "chatbot_public_subnet_ids": each(matches(f"subnet-{_HEX}", "the id of a subnet")),
    "chatbot_private_subnet_names": each(matches(r".{1,256}", "a Name tag")),
    "chatbot_public_subnet_names": each(matches(r".{1,256}", "a Name tag")),
    "chatbot_corporate_cidrs": each(network),
    "chatbot_public_cidrs_allowed": each(network),
    "chatbot_elasticsearch_cidrs": each(network),
    "chatbot_create_endpoints": each(service),
    "chatbot_elasticsearch_url": url,
    "chatbot_elasticsearch_port": between(1, 65535, ""),
    "chatbot_elasticsearch_index": index_name,
    "chatbot_elasticsearch_title_field": matches(r"[^\s*?,]+", "the name of a field"),
    "chatbot_elasticsearch_text_field": matches(r"[^\s*?,]+", "the name of a field"),
    "chatbot_elasticsearch_source_field": matches(r"[^\s*?,]+", "the name of a field"),
    "chatbot_elasticsearch_secret_id": SECRET,
    "chatbot_elasticsearch_ca_file": ca_file,
    "chatbot_identity_cidrs": each(network),
    "chatbot_identity_port": between(1, 65535, ""),
    "chatbot_identity_ca_file": ca_file,
    "chatbot_identity_jwks_secret_id": SECRET,
    "chatbot_bedrock_model_id": matches(
        _MODEL,
        "a model id or an inference profile id, such as jp.anthropic.claude-opus-5-5",
    ),
    "chatbot_bedrock_profile_regions": each(REGION),
    "chatbot_rewrite_model_id": matches(_MODEL, "a model id or an inference profile id"),
    "chatbot_embedding_model_id": matches(_MODEL, "a model id, such as amazon.titan-embed-text-v2:0"),
    "chatbot_embedding_dimensions": between(0, 4096, ""),
    "chatbot_elasticsearch_vector_field": matches(r"[^\s*?,]+", "the name of a field"),
    "chatbot_rerank_model_id": matches(_MODEL, "a model id, such as amazon.rerank-v1:0"),
    # https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_Retrieve.html
    "chatbot_knowledge_base_id": matches(r"[0-9a-zA-Z]{10}", "the id of a knowledge base, 10 letters and digits"),
    "chatbot_history_ttl_days": between(1, 3650, "days"),
    "chatbot_cors_allow_origin": matches(
        r"\*|https?://[^/\s*]+", "* or one origin without a path, such as https://chat.example.co.jp"
    ),
    "chatbot_certificate_arn": arn(
        "acm", "certificate/[0-9a-f-]{36}", "arn:aws:acm:ap-northeast-1:123456789012:certificate/..."
    ),
    "chatbot_domain_name": matches(
        r"(?=.{1,253}$)(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))+",
        "a domain name such as chat.example.co.jp, without https:// and *",
    ),
    "chatbot_base_image": image,
    "chatbot_image_tag": matches(r"\w[\w.-]{0,127}", "a tag of an image"),
    "chatbot_python_index_url": matches(r"https?://\S+", "a URL of a package index"),
    "chatbot_scaling_min": between(0, 1000, "tasks"),
    "chatbot_scaling_max": between(1, 1000, "tasks"),
    "chatbot_timezone": timezone,
}
