"""elbv2_load_balancer, elbv2_target_group, elbv2_listener: together, since one needs the other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.cloud import Cloud
from tests.integration.modules.life import DEPLOYMENT, adopted, drifted, ended, group, network, refused
from tests.integration.running import Runner

BALANCER, GROUP, LISTENER = "elbv2_load_balancer", "elbv2_target_group", "elbv2_listener"


@pytest.fixture
def balancer(cloud: Cloud) -> dict[str, Any]:
    _vpc, subnets, first = network(cloud)
    return {
        "name": "chatbot-alb-test",
        "scheme": "internal",
        "ip_address_type": "ipv4",
        "subnet_ids": subnets,
        "security_group_ids": [first],
        "attributes": {"idle_timeout.timeout_seconds": 300, "routing.http.drop_invalid_header_fields.enabled": True},
        "listener_ports": [80],
        "deployment": DEPLOYMENT,
    }


@pytest.fixture
def target_group(cloud: Cloud) -> dict[str, Any]:
    vpc = cloud.client("ec2").create_vpc(CidrBlock="10.40.0.0/16")["Vpc"]["VpcId"]
    return {
        "name": "chatbot-tg-test",
        "protocol": "HTTP",
        "port": 8080,
        "target_type": "ip",
        "vpc_id": vpc,
        "health_check": {
            "path": "/_stcore/health",
            "protocol": "HTTP",
            "interval": 30,
            "timeout": 5,
            "healthy_threshold": 2,
            "unhealthy_threshold": 2,
            "matcher": "200",
        },
        "attributes": {"stickiness.enabled": True, "stickiness.type": "lb_cookie"},
        "deployment": DEPLOYMENT,
    }


def listener_on(run_module: Runner, balancer: dict[str, Any], target_group: dict[str, Any]) -> dict[str, Any]:
    target_group = {**target_group, "vpc_id": run_module(BALANCER, balancer)["load_balancer"]["vpc_id"]}
    return {
        "load_balancer_arn": run_module(BALANCER, balancer)["load_balancer"]["arn"],
        "port": 80,
        "protocol": "HTTP",
        "default_action": {
            "type": "forward",
            "target_group_arn": run_module(GROUP, target_group)["target_group"]["arn"],
        },
        "deployment": DEPLOYMENT,
    }


def test_load_balancer_drift(cloud: Cloud, run_module: Runner, balancer: dict[str, Any]) -> None:
    made = run_module.applied(BALANCER, balancer)["load_balancer"]
    elbv2, arn = cloud.client("elbv2"), made["arn"]
    assert {"arn", "dns_name", "canonical_hosted_zone_id"} <= made.keys()
    elbv2.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[group(cloud, made["vpc_id"], "second")])
    idle = {"Key": "idle_timeout.timeout_seconds", "Value": "60"}
    elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[idle])
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}
    elbv2.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=8081, DefaultActions=[fixed])
    elbv2.add_tags(ResourceArns=[arn], Tags=[{"Key": "by", "Value": "hand"}])
    fields = {"security_group_ids", "attributes", "extra_listener_ports", "tags"}
    changes = drifted(run_module, BALANCER, balancer, fields)
    assert changes["extra_listener_ports"] == {"before": [8081], "after": []}


def test_load_balancer_subnets_and_what_cannot_change(
    cloud: Cloud, run_module: Runner, balancer: dict[str, Any]
) -> None:
    made = run_module(BALANCER, balancer)["load_balancer"]
    third = cloud.client("ec2").create_subnet(
        VpcId=made["vpc_id"], CidrBlock="10.20.9.0/24", AvailabilityZone="ap-northeast-1d"
    )
    more = {**balancer, "subnet_ids": [*balancer["subnet_ids"], third["Subnet"]["SubnetId"]]}
    drifted(run_module, BALANCER, more, {"subnet_ids"})
    refused(run_module, BALANCER, {**more, "scheme": "internet-facing"}, "cannot change scheme in place")


def test_load_balancer_ownership_and_end(cloud: Cloud, run_module: Runner, balancer: dict[str, Any]) -> None:
    run_module(BALANCER, {**balancer, "deployment": None})
    adopted(run_module, BALANCER, balancer)
    ended(run_module, BALANCER, balancer)


def test_protected_load_balancer_is_deleted_only_by_force(run_module: Runner, balancer: dict[str, Any]) -> None:
    protected = {**balancer, "attributes": {"deletion_protection.enabled": True}}
    run_module.applied(BALANCER, protected)
    refused(run_module, BALANCER, {**protected, "state": "absent"}, "Set force: true")
    ended(run_module, BALANCER, {**protected, "force": True})


def test_load_balancer_needs_subnets_to_be_made(run_module: Runner) -> None:
    with pytest.raises(AssertionError, match="subnet_ids is needed"):
        run_module(BALANCER, {"name": "none"})


def test_target_group_drift(cloud: Cloud, run_module: Runner, target_group: dict[str, Any]) -> None:
    arn = run_module.applied(GROUP, target_group)["target_group"]["arn"]
    elbv2 = cloud.client("elbv2")
    elbv2.modify_target_group(
        TargetGroupArn=arn,
        HealthCheckPath="/",
        HealthCheckIntervalSeconds=60,
        HealthCheckTimeoutSeconds=9,
        HealthyThresholdCount=5,
        UnhealthyThresholdCount=5,
        Matcher={"HttpCode": "200-299"},
    )
    off = {"Key": "stickiness.enabled", "Value": "false"}
    elbv2.modify_target_group_attributes(TargetGroupArn=arn, Attributes=[off])
    keys = ("path", "interval", "timeout", "healthy_threshold", "unhealthy_threshold", "matcher")
    drifted(run_module, GROUP, target_group, {f"health_check.{key}" for key in keys} | {"attributes"})
    refused(run_module, GROUP, {**target_group, "port": 9090}, "cannot change port in place")


def test_target_group_ownership_and_end(run_module: Runner, target_group: dict[str, Any]) -> None:
    run_module(GROUP, {**target_group, "deployment": None})
    adopted(run_module, GROUP, target_group)
    ended(run_module, GROUP, target_group)


def test_target_group_in_use_goes_after_its_load_balancer(
    run_module: Runner, balancer: dict[str, Any], target_group: dict[str, Any]
) -> None:
    listener = listener_on(run_module, balancer, target_group)
    run_module(LISTENER, listener)
    ended(run_module, BALANCER, balancer)
    ended(run_module, GROUP, target_group)


def test_listener_drift(
    cloud: Cloud, run_module: Runner, balancer: dict[str, Any], target_group: dict[str, Any]
) -> None:
    listener = listener_on(run_module, balancer, target_group)
    arn = run_module.applied(LISTENER, listener)["listener"]["arn"]
    elbv2 = cloud.client("elbv2")
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
    elbv2.modify_listener(ListenerArn=arn, DefaultActions=[fixed])
    changes = drifted(run_module, LISTENER, listener, {"default_action"})
    assert changes["default_action"]["after"] == listener["default_action"]
    condition = [{"Field": "path-pattern", "Values": ["/secret"]}]
    elbv2.create_rule(ListenerArn=arn, Priority=1, Conditions=condition, Actions=[fixed])
    assert run_module.unchanged(LISTENER, listener)["listener"]["rules"] == 1


def test_listener_redirects_and_ends(
    run_module: Runner, balancer: dict[str, Any], target_group: dict[str, Any]
) -> None:
    listener = listener_on(run_module, balancer, target_group)
    run_module(LISTENER, {**listener, "deployment": None})
    adopted(run_module, LISTENER, listener)
    redirect = {**listener, "default_action": {"type": "redirect"}}
    changes = drifted(run_module, LISTENER, redirect, {"default_action"})
    wanted = {"type": "redirect", "protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"}
    assert changes["default_action"]["after"] == wanted
    ended(run_module, LISTENER, listener)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"protocol": "HTTPS"}, "needs a certificate_arn"),
        ({"protocol": "HTTP", "certificate_arn": "arn:aws:acm:x"}, "need the protocol HTTPS"),
        ({"protocol": "HTTP"}, "default_action are needed"),
    ],
)
def test_listener_refuses_contradictions(
    run_module: Runner, balancer: dict[str, Any], options: dict[str, Any], words: str
) -> None:
    arn = run_module(BALANCER, balancer)["load_balancer"]["arn"]
    with pytest.raises(AssertionError, match=words):
        run_module(LISTENER, {"load_balancer_arn": arn, "port": 443, **options})


def test_everything_is_predicted_on_an_empty_account(run_module: Runner) -> None:
    arn = run_module.checked(BALANCER, {"name": "new", "subnet_ids": ["subnet-1"]})["load_balancer"]["arn"]
    group_arn = run_module.checked(GROUP, {"name": "new", "protocol": "HTTP", "port": 80})["target_group"]["arn"]
    action = {"type": "forward", "target_group_arn": group_arn}
    listener = {"load_balancer_arn": arn, "port": 80, "protocol": "HTTP", "default_action": action}
    predicted = run_module.checked(LISTENER, listener)
    assert predicted["action"] == "create"
    assert predicted["listener"]["default_action"]["target_group_arn"] == "(known after apply: target group arn)"
