"""What Elastic Load Balancing refuses of application load balancers."""

from __future__ import annotations

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.refusals.networks import subnet_of
from local_cloud.control.rules import Verdict, refuses

SERVICE = "elbv2"
WORDS = "as quoted in public error reports"
MEMORY = "wording from memory"


def _subnets(call: Call) -> list[str]:
    mapped = [each["SubnetId"] for each in call.get("SubnetMappings") or []]
    return call.get("Subnets") or mapped


def _zones(call: Call) -> list[str]:
    found = (subnet_of(call, subnet) for subnet in _subnets(call))
    return [subnet.availability_zone for subnet in found if subnet is not None]


def _application(call: Call) -> bool:
    return "/net/" not in (call.get("LoadBalancerArn") or "") and call.get("Type") in (None, "application")


@refuses(
    "elbv2-subnets-in-one-zone",
    SERVICE,
    ["CreateLoadBalancer", "SetSubnets"],
    code="InvalidConfigurationRequest",
    message="A load balancer cannot be attached to multiple subnets in the same Availability Zone",
    source=WORDS,
)
def subnets_in_one_zone(call: Call) -> Verdict:
    zones = _zones(call)
    return len(set(zones)) < len(zones)


@refuses(
    "elbv2-one-subnet",
    SERVICE,
    ["CreateLoadBalancer", "SetSubnets"],
    code="ValidationError",
    message="At least two subnets in two different Availability Zones must be specified",
    source="kasmtech/terraform issue 5",
)
def one_subnet(call: Call) -> Verdict:
    return _application(call) and len(set(_zones(call))) < 2


@refuses(
    "elbv2-https-without-certificate",
    SERVICE,
    "CreateListener",
    code="ValidationError",
    message="A certificate must be specified for HTTPS listeners",
    source="pulumi/pulumi-awsx issue 1242, cn-terraform/terraform-aws-nexus issue 42",
)
def https_without_certificate(call: Call) -> Verdict:
    return call.get("Protocol") == "HTTPS" and not call.get("Certificates")


@refuses(
    "elbv2-deletion-protection",
    SERVICE,
    "DeleteLoadBalancer",
    code="OperationNotPermitted",
    message="Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
    source="DeleteLoadBalancer API reference; aws-cloudformation/rain issue 187",
)
def deletion_protection(call: Call) -> Verdict:
    arn = call.params["LoadBalancerArn"]
    balancer = backend(SERVICE, call.region).load_balancers.get(arn)
    protected = balancer is not None and balancer.attrs.get("deletion_protection.enabled") == "true"
    return {"arn": arn} if protected else None


@refuses(
    "elbv2-target-group-in-use",
    SERVICE,
    "DeleteTargetGroup",
    code="ResourceInUse",
    message="Target group '{arn}' is currently in use by a listener or a rule",
    source="hashicorp/terraform-provider-aws, internal/service/elbv2/target_group.go",
)
def target_group_in_use(call: Call) -> Verdict:
    arn = call.params["TargetGroupArn"]
    return {"arn": arn} if arn in forwarded(call) else None


def forwarded(call: Call) -> set[str]:
    """The target groups that a listener or rule of some load balancer forwards to."""
    found: set[str] = set()
    for balancer in backend(SERVICE, call.region).load_balancers.values():
        for listener in balancer.listeners.values():
            actions = [*listener.default_actions]
            for rule in listener.rules.values():
                actions += rule.actions
            for action in actions:
                found |= _targets(action.data)
    return found


def _targets(action: dict[str, object]) -> set[str]:
    single = action.get("TargetGroupArn")
    config = action.get("ForwardConfig")
    groups = config.get("TargetGroups", []) if isinstance(config, dict) else []
    several = {str(each["TargetGroupArn"]) for each in groups}
    return several | ({str(single)} if single else set())
