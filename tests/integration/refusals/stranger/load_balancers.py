"""Calls on load balancers and target groups that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import api, preflight
from tests.integration.refusals.world import World

CREATE = api("elb", "CreateLoadBalancer")


GROUP = api("elb", "CreateTargetGroup")


def attributes(w: World, **pairs: str) -> Params:
    return {
        "LoadBalancerArn": w.balancer_arn,
        "Attributes": [{"Key": key.replace("__", "."), "Value": value} for key, value in pairs.items()],
    }


def group_attributes(w: World, *pairs: tuple[str, str]) -> Params:
    return {"TargetGroupArn": w.target_group, "Attributes": [{"Key": key, "Value": value} for key, value in pairs]}


STRANGE: tuple[Case, ...] = (
    refused(
        "elbv2",
        "CreateLoadBalancer",
        "name begins with internal-",
        lambda w: w.balancer(Name="internal-chat"),
        "ValidationError",
        CREATE,
    ),
    refused(
        "elbv2",
        "CreateLoadBalancer",
        "name of 33 characters",
        lambda w: w.balancer(Name="b" * 33),
        "ValidationError",
        CREATE,
    ),
    refused(
        "elbv2",
        "CreateLoadBalancer",
        "underscore in the name",
        lambda w: w.balancer(Name="chat_alb"),
        "ValidationError",
        CREATE,
    ),
    refused(
        "elbv2",
        "CreateLoadBalancer",
        "group of another VPC",
        lambda w: w.balancer(SecurityGroups=[w.dark_group]),
        "InvalidConfigurationRequest",
        preflight("elbv2-lb-sg-vpc-match"),
    ),
    refused(
        "elbv2",
        "CreateLoadBalancer",
        "subnet that is not there",
        lambda w: w.balancer(Subnets=[w.subnet_a, "subnet-0123456789abcdef0"]),
        "SubnetNotFound",
        CREATE,
    ),
    refused(
        "elbv2",
        "CreateLoadBalancer",
        "subnets of two VPCs",
        lambda w: w.balancer(Subnets=[w.subnet_c, w.dark_subnet]),
        "InvalidConfigurationRequest",
        CREATE,
    ),
    refused(
        "elbv2",
        "CreateLoadBalancer",
        "name taken with another scheme",
        lambda w: w.balancer(Name="chat", Scheme="internet-facing"),
        "DuplicateLoadBalancerName",
        CREATE,
    ),
    refused(
        "elbv2",
        "CreateLoadBalancer",
        "subnets and mappings",
        lambda w: w.balancer(SubnetMappings=[{"SubnetId": w.subnet_a}, {"SubnetId": w.subnet_c}]),
        "ValidationError",
        CREATE,
    ),
    refused(
        "elbv2",
        "CreateTargetGroup",
        "path for a TCP check",
        lambda w: w.target_group_of(Protocol="TCP", HealthCheckProtocol="TCP"),
        "InvalidConfigurationRequest",
        preflight("elbv2-tcp-health-check-path"),
    ),
    refused(
        "elbv2",
        "CreateTargetGroup",
        "check takes longer than its interval",
        lambda w: w.target_group_of(HealthCheckIntervalSeconds=10, HealthCheckTimeoutSeconds=20),
        "InvalidConfigurationRequest",
        preflight("elbv2-hc-timeout-interval"),
    ),
    refused(
        "elbv2",
        "CreateTargetGroup",
        "check every 301 s",
        lambda w: w.target_group_of(HealthCheckIntervalSeconds=301),
        "ValidationError",
        GROUP,
    ),
    refused(
        "elbv2",
        "CreateTargetGroup",
        "healthy at 600",
        lambda w: w.target_group_of(Matcher={"HttpCode": "600"}),
        "InvalidConfigurationRequest",
        preflight("elbv2-tg-matcher-range-alb"),
    ),
    refused(
        "elbv2",
        "CreateTargetGroup",
        "no VPC",
        lambda w: {k: v for k, v in w.target_group_of().items() if k != "VpcId"},
        "ValidationError",
        preflight("elbv2-tg-vpc-required-non-lambda"),
    ),
    refused(
        "elbv2",
        "CreateTargetGroup",
        "port of a function",
        lambda w: {"Name": "fn", "TargetType": "lambda", "Port": 80},
        "ValidationError",
        preflight("elbv2-tg-lambda-no-port"),
    ),
    refused(
        "elbv2",
        "CreateTargetGroup",
        "TCP check of HTTP",
        lambda w: {**w.target_group_of(HealthCheckProtocol="TCP"), "HealthCheckPath": "/"},
        "ValidationError",
        preflight("elbv2-tg-hc-tcp-for-http-tg"),
    ),
    refused(
        "elbv2",
        "CreateTargetGroup",
        "name ends with a hyphen",
        lambda w: w.target_group_of(Name="chat-"),
        "ValidationError",
        GROUP,
    ),
    refused(
        "elbv2",
        "CreateTargetGroup",
        "name taken with another port",
        lambda w: w.target_group_of(Name="chat", Port=9090),
        "DuplicateTargetGroupName",
        GROUP,
    ),
    refused(
        "elbv2",
        "DeleteTargetGroup",
        "a listener forwards to it",
        lambda w: {"TargetGroupArn": w.target_group},
        "ResourceInUse",
        api("elb", "DeleteTargetGroup"),
    ),
    refused(
        "elbv2",
        "DeleteLoadBalancer",
        "protected",
        lambda w: {"LoadBalancerArn": w.protected_balancer},
        "OperationNotPermitted",
        api("elb", "DeleteLoadBalancer"),
    ),
    refused(
        "elbv2",
        "DescribeLoadBalancers",
        "name that is not there",
        lambda w: {"Names": ["gone"]},
        "LoadBalancerNotFound",
        api("elb", "DescribeLoadBalancers"),
    ),
    refused(
        "elbv2",
        "SetSubnets",
        "one zone",
        lambda w: {"LoadBalancerArn": w.balancer_arn, "Subnets": [w.subnet_a]},
        "ValidationError",
        api("elb", "SetSubnets"),
    ),
    refused(
        "elbv2",
        "SetSecurityGroups",
        "group that is not there",
        lambda w: {"LoadBalancerArn": w.balancer_arn, "SecurityGroups": ["sg-0123456789abcdef0"]},
        "InvalidSecurityGroup",
        api("elb", "SetSecurityGroups"),
    ),
    refused(
        "elbv2",
        "ModifyLoadBalancerAttributes",
        "idle for 4001 s",
        lambda w: attributes(w, idle_timeout__timeout_seconds="4001"),
        "ValidationError",
        preflight("elbv2-lb-idle-timeout-range"),
    ),
    refused(
        "elbv2",
        "ModifyLoadBalancerAttributes",
        "key that does not exist",
        lambda w: attributes(w, idle__timeout="60"),
        "ValidationError",
        preflight("elbv2-lb-attr-key-known"),
    ),
    refused(
        "elbv2",
        "ModifyLoadBalancerAttributes",
        "logs to no bucket",
        lambda w: attributes(w, access_logs__s3__enabled="true"),
        "ValidationError",
        preflight("elbv2-lb-attr-access-logs-bucket-required"),
    ),
    refused(
        "elbv2",
        "ModifyLoadBalancerAttributes",
        "protection yes",
        lambda w: attributes(w, deletion_protection__enabled="yes"),
        "ValidationError",
        preflight("elbv2-lb-attr-boolean-value"),
    ),
    refused(
        "elbv2",
        "ModifyTargetGroupAttributes",
        "drain for 3601 s",
        lambda w: group_attributes(w, ("deregistration_delay.timeout_seconds", "3601")),
        "ValidationError",
        preflight("elbv2-tg-deregistration-delay-range"),
    ),
    refused(
        "elbv2",
        "ModifyTargetGroupAttributes",
        "stick by nothing",
        lambda w: group_attributes(w, ("stickiness.type", "cookie")),
        "ValidationError",
        preflight("elbv2-stickiness-type-protocol"),
    ),
    refused(
        "elbv2",
        "ModifyTargetGroupAttributes",
        "a key twice",
        lambda w: group_attributes(w, ("stickiness.enabled", "true"), ("stickiness.enabled", "false")),
        "ValidationError",
        preflight("elbv2-tg-attr-duplicate-key"),
    ),
    refused(
        "elbv2",
        "ModifyTargetGroupAttributes",
        "cookie of eight days",
        lambda w: group_attributes(w, ("stickiness.lb_cookie.duration_seconds", "691200")),
        "ValidationError",
        preflight("elbv2-tg-attr-lb-cookie-duration-range"),
    ),
    refused(
        "elbv2",
        "RegisterTargets",
        "public address",
        lambda w: {"TargetGroupArn": w.target_group, "Targets": [{"Id": "8.8.8.8", "Port": 80}]},
        "ValidationError",
        preflight("elbv2-tg-target-ip-not-public"),
    ),
    refused(
        "elbv2",
        "RegisterTargets",
        "instance among addresses",
        lambda w: {"TargetGroupArn": w.target_group, "Targets": [{"Id": "i-0123456789abcdef0"}]},
        "ValidationError",
        api("elb", "RegisterTargets"),
    ),
    refused(
        "elbv2",
        "AddTags",
        "a key twice",
        lambda w: {"ResourceArns": [w.balancer_arn], "Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]},
        "DuplicateTagKeys",
        api("elb", "AddTags"),
    ),
)
