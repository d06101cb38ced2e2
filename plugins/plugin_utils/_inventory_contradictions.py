# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where the variables of an inventory contradict each other. Each rule takes an inventory and yields its faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.private_rag.aws.plugins.plugin_utils._inventory import Fault, Inventory, show

Rule = Callable[[Inventory], Iterator[Fault]]
RULES: list[Rule] = []
# Names that AWS limits, by their keys in playbooks/vars/names.yml: pattern, and where AWS says so.
# elbv2 CreateLoadBalancer, CreateTargetGroup; iam CreateRole; lambda CreateFunction; dynamodb CreateTable;
# ecr CreateRepository; ec2 CreateSecurityGroup; apigateway CreateStage; logs CreateLogGroup; ecs CreateCluster
_GROUP = r"(?!sg-)[\w .:/()#,@\[\]+=&;{}!$*-]{1,255}"
_ELB = r"(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)"
NAME_PATTERNS: dict[str, str] = {
    **dict.fromkeys(("alb_group", "task_group", "endpoint_group", "lambda_group", "services_group"), _GROUP),
    **dict.fromkeys(("lambda_role", "execution_role", "task_role"), r"[\w+=,.@-]{1,64}"),
    **dict.fromkeys(("load_balancer", "target_group"), _ELB),
    **dict.fromkeys(("cluster", "task_family", "container", "service"), r"[\w-]{1,255}"),
    **dict.fromkeys(("lambda_log_group", "task_log_group"), r"[\w/.#-]{1,512}"),
    "function": r"[\w-]{1,64}",
    "table": r"[\w.-]{3,255}",
    "repository": r"(?=.{2,256}$)[a-z0-9]+([._/-][a-z0-9]+)*",
    "stage": r"[\w-]{1,128}",
    "cookie_secret": r"[\w/+=.@-]{1,512}",
}
# Cross-region profiles that stay on one side of a border, with the regions of that side.
# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
_PROFILE_SIDES = {"jp": ("ap-northeast-1", "ap-northeast-3"), "us": ("us-", "ca-"), "eu": ("eu-",), "apac": ("ap-",)}
# Bedrock User Guide, 'Amazon Titan Embeddings Text', 'Cohere Embed v3', 'Cohere Embed v4'; the function knows the same
# (files/lambda/rag/retrieval_settings.py).
_DIMENSIONS = {
    "amazon.titan-embed-text-v2": (1024, 512, 256),
    "cohere.embed-multilingual-v3": (1024,),
    "cohere.embed-english-v3": (1024,),
    "cohere.embed-v4": (1536, 1024, 512, 256),
}


def rule(function: Rule) -> Rule:
    """Register a rule."""
    RULES.append(function)
    return function


@rule
def one_of_each_pair(inventory: Inventory) -> Iterator[Fault]:
    """An id or a name, not both, and one of them where it is needed."""
    pairs = [("chatbot_vpc_id", "chatbot_vpc_name", True)]
    pairs.append(("chatbot_private_subnet_ids", "chatbot_private_subnet_names", True))
    public = inventory.get("chatbot_alb_subnets", "public") == "public"
    pairs.append(("chatbot_public_subnet_ids", "chatbot_public_subnet_names", public))
    for by_id, by_name, needed in pairs:
        given = [name for name in (by_id, by_name) if inventory.get(name)]
        if len(given) > 1:
            yield Fault((by_id, by_name), "both are given; empty one of them.")
        elif needed and not given:
            yield Fault((by_id,), f"has no value, and neither has {by_name}; one of them is needed.")


@rule
def needed_by_another(inventory: Inventory) -> Iterator[Fault]:
    """What is needed only where something else is chosen."""
    if not inventory.flag("chatbot_image_build", True):
        if not inventory.get("chatbot_image_tag"):
            yield Fault(("chatbot_image_tag",), "has no value, and chatbot_image_build is false: nothing to deploy.")
    elif not inventory.get("chatbot_base_image"):
        yield Fault(("chatbot_base_image",), "has no value: the image cannot be built.")
    if inventory.get("chatbot_domain_name") and not inventory.get("chatbot_certificate_arn"):
        told = "has a value, but chatbot_certificate_arn has none: without a certificate the name is of no use."
        yield Fault(("chatbot_domain_name",), told)
    if inventory.get("chatbot_certificate_arn") and not inventory.get("chatbot_domain_name"):
        told = "has no value: with a certificate the page is called by the name in it."
        yield Fault(("chatbot_domain_name",), told)


@rule
def at_least_two_subnets(inventory: Inventory) -> Iterator[Fault]:
    """CreateLoadBalancer asks for two Availability Zones, and so does every service that is to survive one."""
    for kind in ("private", "public"):
        for suffix in ("ids", "names"):
            name = f"chatbot_{kind}_subnet_{suffix}"
            found = dict.fromkeys(inventory.words(name))
            if len(found) == 1:
                yield Fault((name,), f"names one subnet, {show(*found)}; two are needed, in different zones.")


@rule
def public_addresses(inventory: Inventory) -> Iterator[Fault]:
    """Who may open the page: the company, not the world."""
    allowed = set(inventory.words("chatbot_public_cidrs_allowed"))
    for block in _blocks(inventory, "chatbot_corporate_cidrs"):
        if block.prefixlen < 8:
            told = f"{block} lets nearly everyone in; name the company's own addresses."
        elif not block.is_private and str(block) not in allowed:
            told = (
                f"{block} are public addresses. If they are the company's own, name it in chatbot_public_cidrs_allowed."
            )
        else:
            continue
        yield Fault(("chatbot_corporate_cidrs",), told)
    for block in _blocks(inventory, "chatbot_elasticsearch_cidrs"):
        if block.prefixlen < 8:
            told = f"{block} would let the function talk to nearly anyone; name the search servers' addresses."
            yield Fault(("chatbot_elasticsearch_cidrs",), told)


@rule
def search_server(inventory: Inventory) -> Iterator[Fault]:
    """Address, port, CA and credentials of the search server fit each other."""
    text = str(inventory.get("chatbot_elasticsearch_url", ""))
    parts = _url(text)
    if not parts:
        return
    port, wanted = parts.port, inventory.get("chatbot_elasticsearch_port")
    told_port = str(wanted or 9200)
    if port and told_port.isdecimal() and port != int(told_port):
        told = f"the URL says port {port}, the rules of the security group {'open' if wanted else 'open by default'} "
        yield Fault(("chatbot_elasticsearch_url", "chatbot_elasticsearch_port"), f"{told}{told_port}.")
    if parts.scheme == "http" and inventory.get("chatbot_elasticsearch_ca_file"):
        told = "a CA is given, but the URL begins with http://: nothing would be checked. Write https://."
        yield Fault(("chatbot_elasticsearch_url", "chatbot_elasticsearch_ca_file"), told)
    if parts.scheme == "http" and inventory.get("chatbot_elasticsearch_secret_id"):
        told = "the credentials would go through the network in clear text. Write https://."
        yield Fault(("chatbot_elasticsearch_url", "chatbot_elasticsearch_secret_id"), told)
    address = _address(parts.hostname or "")
    blocks = list(_blocks(inventory, "chatbot_elasticsearch_cidrs"))
    if address and blocks and not any(address in block for block in blocks):
        told = f"{address} lies in none of {', '.join(map(str, blocks))}: the function could not reach it."
        yield Fault(("chatbot_elasticsearch_url", "chatbot_elasticsearch_cidrs"), told)


@rule
def scaling(inventory: Inventory) -> Iterator[Fault]:
    """Bounds in their order, the scheduled ones included."""
    least, most = _number(inventory, "chatbot_scaling_min", 1), _number(inventory, "chatbot_scaling_max", 5)
    if least is None or most is None:
        return
    if least > most:
        told = f"at least {least} tasks and at most {most} contradict each other."
        yield Fault(("chatbot_scaling_min", "chatbot_scaling_max"), told)
    schedule = inventory.get("ecs_service_scaling_schedule")
    office = 2 if schedule is None else max((_whole(each) for each in schedule), default=0)
    if office > most >= least:
        told = f"{most} is less than the {office} tasks that the schedule asks for in office hours."
        yield Fault(("chatbot_scaling_max",), f"{told} Raise it, or set ecs_service_scaling_schedule.")


@rule
def places_of_arns(inventory: Inventory) -> Iterator[Fault]:
    """What is named by its ARN lies in this region and account."""
    region, account = inventory.get("chatbot_region"), inventory.get("chatbot_account_id")
    names = ("chatbot_certificate_arn", "chatbot_elasticsearch_secret_id", "chatbot_permissions_boundary")
    names += ("chatbot_identity_jwks_secret_id", "chatbot_identity_client_secret_arn")
    for name in names:
        parts = str(inventory.get(name, "")).split(":")
        if len(parts) < 6 or parts[0] != "arn":
            continue
        if parts[3] and region and parts[3] != region:
            yield Fault((name, "chatbot_region"), f"it lies in {parts[3]}, the chatbot in {region}.")
        if account and parts[4] not in (str(account), "aws"):
            yield Fault((name, "chatbot_account_id"), f"it belongs to the account {parts[4]}, not to {account}.")


@rule
def model_regions(inventory: Inventory) -> Iterator[Fault]:
    """A profile that stays within a border is not given regions beyond it."""
    model = str(inventory.get("chatbot_bedrock_model_id", ""))
    sides = _PROFILE_SIDES.get(model.split(".", maxsplit=1)[0])
    outside = [
        region
        for region in inventory.words("chatbot_bedrock_profile_regions")
        if sides and not region.startswith(sides)
    ]
    if outside:
        told = f"{show(model)} does not route to {', '.join(outside)}."
        yield Fault(("chatbot_bedrock_profile_regions", "chatbot_bedrock_model_id"), told)
    region = str(inventory.get("chatbot_region", ""))
    if sides and region and not region.startswith(sides):
        told = f"{show(model)} is not offered in {region}."
        yield Fault(("chatbot_bedrock_model_id", "chatbot_region"), told)


@rule
def vectors(inventory: Inventory) -> Iterator[Fault]:
    """Dimensions that the embedding model gives; and nothing that would never be used."""
    model = str(inventory.get("chatbot_embedding_model_id", ""))
    wanted = str(inventory.get("chatbot_embedding_dimensions", 0))
    offered = next((sizes for name, sizes in _DIMENSIONS.items() if name in model), ())
    if offered and wanted.isdecimal() and int(wanted) and int(wanted) not in offered:
        told = f"{show(model)} gives {', '.join(map(str, offered))} dimensions, not {wanted}."
        yield Fault(("chatbot_embedding_dimensions", "chatbot_embedding_model_id"), told)
    if not model and wanted not in ("0", ""):
        told = "has a value, but chatbot_embedding_model_id has none: no vectors are made."
        yield Fault(("chatbot_embedding_dimensions",), told)
    if model and inventory.get("chatbot_knowledge_base_id"):
        told = "the knowledge base makes its own vectors, and is asked in place of Elasticsearch; empty one of them."
        yield Fault(("chatbot_embedding_model_id", "chatbot_knowledge_base_id"), told)


@rule
def names(inventory: Inventory) -> Iterator[Fault]:
    """The company's own names, as AWS takes them, each used once."""
    overrides = inventory.get("chatbot_name_overrides", {})
    if not isinstance(overrides, Mapping):
        return
    for key, value in overrides.items():
        pattern = NAME_PATTERNS.get(str(key))
        if pattern and not re.fullmatch(pattern, str(value)):
            told = f"{key}: AWS does not take {show(value)} for a name of this kind ({pattern})."
            yield Fault(("chatbot_name_overrides",), told)
    for kinds in (
        ("alb_group", "task_group", "endpoint_group", "lambda_group", "services_group"),
        ("lambda_role", "execution_role", "task_role"),
    ):
        used = [str(overrides[key]) for key in kinds if key in overrides]
        for word in dict.fromkeys(used):
            if used.count(word) > 1:
                told = f"{show(word)} stands for several of {', '.join(kinds)}."
                yield Fault(("chatbot_name_overrides",), told)


@rule
def credentials(inventory: Inventory) -> Iterator[Fault]:
    """Keys of an account do not stand in files; those of a server on this machine open nothing."""
    settings = inventory.get("chatbot_aws_environment", {})
    if not isinstance(settings, Mapping):
        return
    endpoint = _url(str(settings.get("AWS_ENDPOINT_URL", "")))
    here = endpoint is not None and endpoint.hostname in ("127.0.0.1", "localhost", "::1")
    kept = [key for key in settings if key in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")]
    if kept and not here:
        told = f"{', '.join(kept)} must not stand in an inventory; use AWS_PROFILE, SSO, a role or an AWX credential."
        yield Fault(("chatbot_aws_environment",), told)


def _blocks(inventory: Inventory, name: str) -> Iterator[IPv4Network]:
    for word in inventory.words(name):
        try:
            yield IPv4Network(word)
        except ValueError:
            continue  # told by its own check


def _url(text: str) -> Any:
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        _port = parts.port  # raises where it is no number
    except ValueError:
        return None
    return parts if parts.hostname else None


def _address(host: str) -> IPv4Address | None:
    try:
        return IPv4Address(host)
    except ValueError:
        return None


def _number(inventory: Inventory, name: str, default: int) -> int | None:
    text = str(inventory.get(name, default))
    return int(text) if text.isdecimal() else None


def _whole(action: Any) -> int:
    text = str(action.get("min_capacity", 0)) if isinstance(action, Mapping) else ""
    return int(text) if text.isdecimal() else 0
