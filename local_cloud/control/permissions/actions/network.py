"""EC2's network side and Elastic Load Balancing."""

from __future__ import annotations

from collections.abc import Iterator

from local_cloud.control.backends import ec2
from local_cloud.control.calls import Call
from local_cloud.control.permissions.needs import Need, Value, arn, needs, request_tags, resource_tags
from local_cloud.control.permissions.service_linked import service_linked_role

LISTS = """
DescribeAvailabilityZones DescribeInternetGateways DescribeManagedPrefixLists DescribeNatGateways
DescribeNetworkInterfaces DescribePrefixLists DescribeRouteTables DescribeSecurityGroupRules DescribeSecurityGroups
DescribeSubnets DescribeTags DescribeVpcEndpoints DescribeVpcEndpointServices DescribeVpcs DescribeVpnGateways
GetManagedPrefixListEntries
"""
KINDS = {"sg": "security-group", "vpce": "vpc-endpoint", "subnet": "subnet", "rtb": "route-table", "vpc": "vpc"}


def _existing(call: Call, resource_id: str) -> tuple[str, dict[str, Value]]:
    """ARN and aws:ResourceTag/... of a resource by its id."""
    kind = KINDS[resource_id.partition("-")[0]]
    return arn(call, "ec2", f"{kind}/{resource_id}"), resource_tags(ec2(call.region).tags.get(resource_id))


def _on(call: Call, *resource_ids: str) -> Iterator[Need]:
    for each in resource_ids:
        yield Need(f"ec2:{call.operation}", *_existing(call, each))


def _made(call: Call, kind: str) -> Iterator[Need]:
    """A resource that does not exist yet, and its tags: EC2 guide, 'Grant permission to tag on creation'."""
    new, tags = arn(call, "ec2", f"{kind}/new"), {}
    for each in call.get("TagSpecifications") or []:
        if each["ResourceType"] == kind:
            tags = request_tags(each.get("Tags"))
    yield Need(f"ec2:{call.operation}", new, tags)
    if tags:
        yield Need("ec2:CreateTags", new, {**tags, "ec2:CreateAction": call.operation})


@needs("ec2", LISTS)
def lists(call: Call) -> Iterator[Need]:
    yield Need(f"ec2:{call.operation}")


@needs("ec2", "DescribeVpcAttribute")
def vpc_attribute(call: Call) -> Iterator[Need]:
    yield from _on(call, call.params["VpcId"])


@needs("ec2", "CreateSecurityGroup")
def create_security_group(call: Call) -> Iterator[Need]:
    yield from _made(call, "security-group")
    if call.get("VpcId"):
        yield from _on(call, call.params["VpcId"])


@needs(
    "ec2",
    "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress DeleteSecurityGroup RevokeSecurityGroupEgress",
    "RevokeSecurityGroupIngress UpdateSecurityGroupRuleDescriptionsEgress UpdateSecurityGroupRuleDescriptionsIngress",
    "ModifySecurityGroupRules",
)
def on_security_group(call: Call) -> Iterator[Need]:
    yield from _on(call, call.params["GroupId"])


@needs("ec2", "CreateTags", "DeleteTags")
def tags(call: Call) -> Iterator[Need]:
    sent = request_tags(call.get("Tags"))
    for resource_id in call.params["Resources"]:
        resource, borne = _existing(call, resource_id)
        yield Need(f"ec2:{call.operation}", resource, {**sent, **borne})


@needs("ec2", "CreateVpcEndpoint")
def create_vpc_endpoint(call: Call) -> Iterator[Need]:
    """Private DNS associates the VPC with a hosted zone: VPC guide, 'Create an interface endpoint'."""
    yield from _made(call, "vpc-endpoint")
    yield from _on(call, call.params["VpcId"], *_parts(call, "SubnetIds", "SecurityGroupIds", "RouteTableIds"))
    if call.get("PrivateDnsEnabled"):
        yield Need("route53:AssociateVPCWithHostedZone")


@needs("ec2", "ModifyVpcEndpoint")
def modify_vpc_endpoint(call: Call) -> Iterator[Need]:
    added = _parts(call, "AddSubnetIds", "AddSecurityGroupIds", "AddRouteTableIds")
    removed = _parts(call, "RemoveSubnetIds", "RemoveSecurityGroupIds", "RemoveRouteTableIds")
    yield from _on(call, call.params["VpcEndpointId"], *added, *removed)


@needs("ec2", "DeleteVpcEndpoints")
def delete_vpc_endpoints(call: Call) -> Iterator[Need]:
    yield from _on(call, *call.params["VpcEndpointIds"])


def _parts(call: Call, *names: str) -> list[str]:
    return [each for name in names for each in call.get(name) or []]


# --- Elastic Load Balancing -----------------------------------------------------------------------------------------

ELB = "elasticloadbalancing"
NEW_ID = "0000000000000000"


@needs(
    "elbv2",
    "DescribeListeners DescribeListenerAttributes DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules",
    "DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth",
)
def describe(call: Call) -> Iterator[Need]:
    yield Need(f"{ELB}:{call.operation}")


def _create(call: Call, rest: str) -> Iterator[Need]:
    """ELB guide, 'Tag resources during creation': AddTags with the condition key CreateAction."""
    new, sent = arn(call, ELB, rest), request_tags(call.get("Tags"))
    yield Need(f"{ELB}:{call.operation}", new, sent)
    if sent:
        yield Need(f"{ELB}:AddTags", new, {**sent, f"{ELB}:CreateAction": call.operation})


@needs("elbv2", "CreateLoadBalancer")
def create_load_balancer(call: Call) -> Iterator[Need]:
    yield from _create(call, f"loadbalancer/app/{call.params['Name']}/{NEW_ID}")
    yield from service_linked_role(call, "elasticloadbalancing.amazonaws.com")


@needs("elbv2", "CreateTargetGroup")
def create_target_group(call: Call) -> Iterator[Need]:
    yield from _create(call, f"targetgroup/{call.params['Name']}/{NEW_ID}")


@needs("elbv2", "CreateListener")
def create_listener(call: Call) -> Iterator[Need]:
    """Asked on the load balancer; its tags on the listener to be."""
    balancer, sent = call.params["LoadBalancerArn"], request_tags(call.get("Tags"))
    yield Need(f"{ELB}:CreateListener", balancer, sent)
    if sent:
        listener = f"{balancer.replace(':loadbalancer/', ':listener/')}/{NEW_ID}"
        yield Need(f"{ELB}:AddTags", listener, {**sent, f"{ELB}:CreateAction": "CreateListener"})


@needs(
    "elbv2",
    "DeleteListener DeleteLoadBalancer DeleteRule DeleteTargetGroup ModifyListener ModifyLoadBalancerAttributes",
    "ModifyTargetGroup ModifyTargetGroupAttributes SetIpAddressType SetSecurityGroups SetSubnets",
)
def change(call: Call) -> Iterator[Need]:
    named = ("ListenerArn", "RuleArn", "TargetGroupArn", "LoadBalancerArn")
    resource, *_others = (call.params[name] for name in named if name in call.params)
    yield Need(f"{ELB}:{call.operation}", resource)


@needs("elbv2", "AddTags", "RemoveTags")
def change_tags(call: Call) -> Iterator[Need]:
    for each in call.params["ResourceArns"]:
        yield Need(f"{ELB}:{call.operation}", each, request_tags(call.get("Tags")))
