#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: network_info
version_added: 1.0.0
short_description: Read a VPC and say what keeps it from carrying the deployment
description:
  - Reads a VPC, the subnets that are named, their routes, the VPC endpoints and AWS's prefix lists, and says in plain
    sentences what must be put right (RV(network.faults)) and what one should know (RV(network.warnings)).
  - Whose account it is comes with it, and is looked at first where O(expected_account_id) says which one is meant.
  - It fails because of what it finds only where O(refuse_faults) says so, and then with all faults at once.
  - Network ACLs, and the way beyond a virtual private or transit gateway, are not looked at.
  - Stands on the EC2 API DescribeVpcs, DescribeVpcAttribute, DescribeSubnets, DescribeRouteTables,
    DescribeVpcEndpoints, DescribeSecurityGroups, DescribePrefixLists, and the STS API GetCallerIdentity.
author:
  - private_rag.aws contributors (@private-rag)
options:
  expected_account_id:
    description: The account that is meant, 12 digits. With credentials of another one, nothing of it is read. Empty for
      whichever it is.
    type: str
    default: ""
  refuse_faults:
    description: Fail where there are faults, with all of them, instead of returning them.
    type: bool
    default: false
  vpc_id:
    description: Id of the VPC. Either this or O(vpc_name) is required.
    type: str
  vpc_name:
    description: The C(Name) tag of the VPC.
    type: str
  private_subnet_ids:
    description: Ids of the private subnets. Either this or O(private_subnet_names) is required.
    type: list
    elements: str
  private_subnet_names:
    description: The C(Name) tags of the private subnets.
    type: list
    elements: str
  public_subnet_ids:
    description: Ids of the public subnets, if there are any.
    type: list
    elements: str
  public_subnet_names:
    description: The C(Name) tags of the public subnets.
    type: list
    elements: str
  elasticsearch_cidrs:
    description: IPv4 addresses of the search servers, which the private subnets must have a route to.
    type: list
    elements: str
    default: []
  identity_cidrs:
    description: IPv4 addresses of the identity provider, which the private subnets must have a route to.
    type: list
    elements: str
    default: []
  corporate_cidrs:
    description: IPv4 addresses of the company, which should not overlap the VPC's.
    type: list
    elements: str
    default: []
  services:
    description:
      - Short names of the services that the deployment calls, such as V(bedrock-runtime). Each needs an endpoint or a
        default route, but for V(execute-api), whose endpoint the deployment makes.
    type: list
    elements: str
    default: []
  deployment:
    description:
      - The deployment that asks, as in the tag C(private-rag:deployment). Its own endpoints come before others, and
        an C(execute-api) endpoint of another deployment is left out, since it admits that deployment's API only.
    type: str
    default: ""
  created_services:
    description: Services whose endpoint the deployment makes where there is none. Left out, that is not judged.
    type: list
    elements: str
  manage_endpoint_rules:
    description: Whether the deployment may add rules to the groups of endpoints that exist. With V(false) it is a fault
      where such a group does not admit the private subnets.
    type: bool
    default: true
attributes:
  check_mode:
    description: Reads only.
    support: full
  diff_mode:
    description: Changes nothing, so there is no difference to show.
    support: N/A
  idempotent:
    description: Changes nothing.
    support: full
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Look at the company's network, and stop where it cannot carry the deployment
  private_rag.aws.network_info:
    expected_account_id: "111122223333"
    vpc_name: corp-vpc
    private_subnet_names: [corp-private-a, corp-private-c]
    elasticsearch_cidrs: [10.30.0.0/16]
    services: [bedrock-runtime, logs, ecr.api, ecr.dkr, s3, dynamodb, secretsmanager, execute-api]
    refuse_faults: true
  register: looked
"""

RETURN = r"""
account_id:
  description: The account that was read.
  returned: always
  type: str
  sample: "111122223333"
network:
  description: The network as it was found.
  returned: always
  type: dict
  contains:
    vpc:
      description: The VPC; empty where it was not found.
      type: dict
      returned: always
      sample:
        {id: vpc-0123456789abcdef0, name: corp-vpc, cidrs: [10.20.0.0/16], dns_support: true, dns_hostnames: true}
    private_subnets:
      description: The private subnets, in the order in which they were named.
      type: list
      elements: dict
      returned: always
      sample:
        - id: subnet-0123456789abcdef0
          name: corp-private-a
          az: ap-northeast-1a
          cidr: 10.20.10.0/24
          default_route: nat
          route_table_id: rtb-0123456789abcdef0
    public_subnets:
      description: The public subnets, likewise.
      type: list
      elements: dict
      returned: always
      sample: []
    endpoints:
      description: By short name, the endpoint through which each of O(services) is reached.
      type: dict
      returned: always
      sample:
        logs:
          id: vpce-0123456789abcdef0
          type: interface
          state: available
          subnet_ids: [subnet-0123456789abcdef0]
          security_group_ids: [sg-0123456789abcdef0]
          route_table_ids: []
          private_dns: true
          owner_deployment: ""
          admits_cidrs: [10.20.0.0/16]
          admits_groups: []
          others: []
    prefix_lists:
      description: Ids of AWS's prefix lists of V(s3) and V(dynamodb).
      type: dict
      returned: always
      sample: {s3: pl-61a54008, dynamodb: pl-78a54011}
    faults:
      description: What must be put right before a deployment, each as one sentence.
      type: list
      elements: str
      returned: always
      sample: []
    warnings:
      description: What one should know, each as one sentence.
      type: list
      elements: str
      returned: always
      sample: []
"""

from ipaddress import IPv4Network
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils import _network as net
from ansible_collections.private_rag.aws.plugins.module_utils._aws import answer, make_module, pages
from ansible_collections.private_rag.aws.plugins.module_utils._network_faults import faults_of, warnings_of
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import ReconcileError
from ansible_collections.private_rag.aws.plugins.module_utils._tags import OWNER_TAG

_WORDS: dict[str, Any] = {"type": "list", "elements": "str"}
ARGUMENT_SPEC: dict[str, Any] = {
    "expected_account_id": {"type": "str", "default": ""},
    "refuse_faults": {"type": "bool", "default": False},
    "vpc_id": {"type": "str"},
    "vpc_name": {"type": "str"},
    "private_subnet_ids": _WORDS,
    "private_subnet_names": _WORDS,
    "public_subnet_ids": _WORDS,
    "public_subnet_names": _WORDS,
    "elasticsearch_cidrs": {**_WORDS, "default": []},
    "identity_cidrs": {**_WORDS, "default": []},
    "corporate_cidrs": {**_WORDS, "default": []},
    "services": {**_WORDS, "default": []},
    "deployment": {"type": "str", "default": ""},
    "created_services": _WORDS,
    "manage_endpoint_rules": {"type": "bool", "default": True},
}
# One of each pair, and whether one must be given. An empty value counts as left out.
EITHER = {
    ("vpc_id", "vpc_name"): True,
    ("private_subnet_ids", "private_subnet_names"): True,
    ("public_subnet_ids", "public_subnet_names"): False,
}


def question_of(params: dict[str, Any], region: str) -> net.Question:
    """What is asked, from the module's options. Raises ReconcileError on options that do not make a question."""
    for pair, needed in EITHER.items():
        given = [option for option in pair if params[option]]
        if len(given) > 1 or (needed and not given):
            raise ReconcileError(f"Give {'either' if needed else 'at most one of'} {' or '.join(pair)}")
    for option in ("elasticsearch_cidrs", "identity_cidrs", "corporate_cidrs"):
        for cidr in params[option]:
            try:
                IPv4Network(cidr, strict=False)
            except ValueError as error:
                raise ReconcileError(f"{option}: {cidr} is no IPv4 address or block such as 10.0.0.0/8") from error
    return net.Question(
        vpc=params["vpc_id"] or params["vpc_name"],
        private=[*(params["private_subnet_ids"] or []), *(params["private_subnet_names"] or [])],
        public=[*(params["public_subnet_ids"] or []), *(params["public_subnet_names"] or [])],
        elasticsearch_cidrs=params["elasticsearch_cidrs"],
        identity_cidrs=params["identity_cidrs"],
        corporate_cidrs=params["corporate_cidrs"],
        services=params["services"],
        region=region,
        deployment=params["deployment"],
        created=params["created_services"],
        manages_rules=params["manage_endpoint_rules"],
    )


def _filters(**names: list[str] | str) -> list[dict[str, Any]]:
    return [
        {"Name": name.replace("_", "-"), "Values": values if isinstance(values, list) else [values]}
        for name, values in names.items()
    ]


def read(ec2: Any, params: dict[str, Any]) -> net.Answers:
    """Ask EC2; only for the VPC where that is not found or not the only one of its name."""
    by_id, by_name = {"vpc_id": params["vpc_id"]}, {"tag:Name": params["vpc_name"]}
    vpcs = pages(ec2, "describe_vpcs", "Vpcs", Filters=_filters(**(by_id if params["vpc_id"] else by_name)))
    if len(vpcs) != 1:
        return net.Answers(vpcs=vpcs)
    vpc = vpcs[0]["VpcId"]
    in_vpc = _filters(vpc_id=vpc)
    endpoints = pages(ec2, "describe_vpc_endpoints", "VpcEndpoints", Filters=in_vpc)
    groups = sorted({group["GroupId"] for endpoint in endpoints for group in endpoint.get("Groups", [])})
    return net.Answers(
        vpcs=vpcs,
        dns_support=_attribute(ec2, vpc, "enableDnsSupport"),
        dns_hostnames=_attribute(ec2, vpc, "enableDnsHostnames"),
        subnets=_subnets(ec2, vpc, params),
        route_tables=pages(ec2, "describe_route_tables", "RouteTables", Filters=in_vpc),
        endpoints=endpoints,
        groups=pages(ec2, "describe_security_groups", "SecurityGroups", Filters=_filters(group_id=groups))
        if groups
        else [],
        prefix_lists=pages(ec2, "describe_prefix_lists", "PrefixLists"),
        own_groups=() if params["manage_endpoint_rules"] else _own_groups(ec2, vpc, params["deployment"]),
    )


def _own_groups(ec2: Any, vpc: str, deployment: str) -> list[str]:
    filters = [*_filters(vpc_id=vpc), {"Name": f"tag:{OWNER_TAG}", "Values": [deployment]}]
    return [group["GroupId"] for group in pages(ec2, "describe_security_groups", "SecurityGroups", Filters=filters)]


def _attribute(ec2: Any, vpc: str, name: str) -> bool:
    answered = ec2.describe_vpc_attribute(VpcId=vpc, Attribute=name)
    return bool(answered[name[0].upper() + name[1:]]["Value"])


def _subnets(ec2: Any, vpc: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    here = pages(ec2, "describe_subnets", "Subnets", Filters=_filters(vpc_id=vpc))
    known = {subnet["SubnetId"] for subnet in here}
    asked = [*(params["private_subnet_ids"] or []), *(params["public_subnet_ids"] or [])]
    elsewhere = sorted(set(asked) - known)
    if not elsewhere:
        return here
    return here + pages(ec2, "describe_subnets", "Subnets", Filters=_filters(subnet_id=elsewhere))


def account_of(module: Any) -> str:
    """Whose credentials these are. Raises ReconcileError where another account was meant."""
    account = str(module.client("sts").get_caller_identity()["Account"])
    if module.params["expected_account_id"] not in ("", account):
        raise ReconcileError(
            f"These credentials belong to the account {account}, but the inventory's chatbot_account_id says "
            f"{module.params['expected_account_id']}. Nothing was changed."
        )
    return account


def look(module: Any) -> dict[str, Any]:
    """The module's result."""
    ec2 = module.client("ec2")
    question = question_of(module.params, ec2.meta.region_name)
    account_id = account_of(module)
    answers = read(ec2, module.params)
    network = net.network_of(question, answers)
    faults = faults_of(question, answers, network)
    if faults and module.params["refuse_faults"]:
        listed = "\n".join(f"- {fault}" for fault in faults)
        raise ReconcileError(f"The network cannot carry the chatbot. Nothing was changed.\n{listed}")
    return {
        "changed": False,
        "account_id": account_id,
        "network": {
            "vpc": network.vpc,
            "private_subnets": network.private,
            "public_subnets": network.public,
            "endpoints": network.endpoints,
            "prefix_lists": network.prefix_lists,
            "faults": faults,
            "warnings": warnings_of(question, network),
        },
    }


def main() -> None:
    module = make_module(ARGUMENT_SPEC, state=False)
    answer(module, lambda: look(module), "read the network")


if __name__ == "__main__":
    main()
