"""Calls on load balancers, scaling and zones that AWS refuses, by the third author."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import REGION
from tests.integration.refusals.cases import Case, Params
from tests.integration.refusals.sources import guide
from tests.integration.refusals.third_author.sources import of
from tests.integration.refusals.world import World

INVALID = "ValidationError"
REFUSED = "ValidationException"
elb = of("elbv2")
scaling = of("application-autoscaling")
dns = of("route53")
RECORDS = guide("Route53/latest/DeveloperGuide/ResourceRecordTypes.html")


def listener(w: World, **changes: Any) -> Params:
    """A sane CreateListener."""
    return {
        "LoadBalancerArn": w.balancer_arn,
        "Protocol": "HTTP",
        "Port": 8080,
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": w.target_group}],
        **changes,
    }


def attributes(arn: str, key: str, value: str, what: str) -> Params:
    """One attribute of a load balancer or target group."""
    return {what: arn, "Attributes": [{"Key": key, "Value": value}]}


def record(w: World, action: str = "CREATE", **changes: Any) -> Params:
    """A change of one record of the zone."""
    one = {
        "Name": "chat.corp.example.",
        "Type": "A",
        "TTL": 60,
        "ResourceRecords": [{"Value": "10.20.0.10"}],
        **changes,
    }
    return {"HostedZoneId": w.zone, "ChangeBatch": {"Changes": [{"Action": action, "ResourceRecordSet": one}]}}


def made_twice(w: World) -> Params:
    """CREATE of a record that is there."""
    w.clients("route53").change_resource_record_sets(**record(w))
    return record(w)


def zone_with_records(w: World) -> Params:
    """DeleteHostedZone of one that has more than its own records."""
    w.clients("route53").change_resource_record_sets(**record(w))
    return {"Id": w.zone}


def tracked_twice(w: World) -> Params:
    """PutScalingPolicy of a metric that another policy tracks."""
    w.clients("application-autoscaling").put_scaling_policy(**w.scaling())
    return {**w.scaling(), "PolicyName": "cpu-again"}


FAULTY: tuple[Case, ...] = (
    elb("CreateLoadBalancer", "one zone", INVALID, lambda w: w.balancer(Subnets=[w.subnet_a])),
    elb(
        "CreateLoadBalancer",
        "subnets of one zone",
        "InvalidConfigurationRequest",
        lambda w: w.balancer(Subnets=[w.subnet_a, w.subnet_a2]),
    ),
    elb("CreateLoadBalancer", "name with a prefix that is AWS's", INVALID, lambda w: w.balancer(Name="internal-chat")),
    elb(
        "CreateLoadBalancer",
        "taken, other subnets",
        "DuplicateLoadBalancerName",
        lambda w: w.balancer(Name="chat", Subnets=[w.subnet_a2, w.subnet_c]),
    ),
    elb(
        "CreateLoadBalancer",
        "group of another VPC",
        "InvalidConfigurationRequest",
        lambda w: w.balancer(SecurityGroups=[w.dark_group]),
    ),
    elb(
        "CreateTargetGroup",
        "no port",
        INVALID,
        lambda w: {key: value for key, value in w.target_group_of().items() if key != "Port"},
    ),
    elb(
        "CreateTargetGroup",
        "health check that outlasts its interval",
        INVALID,
        lambda w: w.target_group_of(HealthCheckIntervalSeconds=5, HealthCheckTimeoutSeconds=10),
    ),
    elb(
        "CreateTargetGroup",
        "answers from 100 on",
        INVALID,
        lambda w: w.target_group_of(Matcher={"HttpCode": "100"}),
        guide("elasticloadbalancing/latest/APIReference/API_Matcher.html"),
    ),
    elb(
        "CreateTargetGroup",
        "VPC that does not exist",
        INVALID,
        lambda w: w.target_group_of(VpcId="vpc-0123456789abcdef0"),
    ),
    elb("CreateListener", "HTTPS without a certificate", INVALID, lambda w: listener(w, Protocol="HTTPS", Port=443)),
    elb("CreateListener", "TCP", INVALID, lambda w: listener(w, Protocol="TCP")),
    elb("CreateListener", "port taken", "DuplicateListener", lambda w: listener(w, Port=80)),
    elb(
        "CreateListener",
        "group of another balancer",
        "TargetGroupAssociationLimit",
        lambda w: listener(w, LoadBalancerArn=w.protected_balancer),
    ),
    elb(
        "CreateListener",
        "policy of ciphers for HTTP",
        INVALID,
        lambda w: listener(w, SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06"),
    ),
    elb(
        "ModifyListener",
        "redirect to itself",
        "InvalidLoadBalancerAction",
        lambda w: {
            "ListenerArn": w.listener,
            "DefaultActions": [{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301"}}],
        },
        guide("elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html"),
    ),
    elb(
        "ModifyTargetGroupAttributes",
        "an hour and a second",
        INVALID,
        lambda w: attributes(w.target_group, "deregistration_delay.timeout_seconds", "3601", "TargetGroupArn"),
        guide("elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html"),
    ),
    elb(
        "ModifyTargetGroupAttributes",
        "attribute that does not exist",
        INVALID,
        lambda w: attributes(w.target_group, "deregistration_delay", "30", "TargetGroupArn"),
        guide("elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html"),
    ),
    elb(
        "ModifyLoadBalancerAttributes",
        "idle for 4,001 seconds",
        INVALID,
        lambda w: attributes(w.balancer_arn, "idle_timeout.timeout_seconds", "4001", "LoadBalancerArn"),
        guide("elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html"),
    ),
    elb(
        "RegisterTargets",
        "public address",
        INVALID,
        lambda w: {"TargetGroupArn": w.target_group, "Targets": [{"Id": "203.0.113.5"}]},
        guide("elasticloadbalancing/latest/APIReference/API_TargetDescription.html"),
    ),
    elb(
        "DeregisterTargets",
        "group that does not exist",
        "TargetGroupNotFound",
        lambda w: {"TargetGroupArn": w.target_group[:-4] + "0000", "Targets": [{"Id": "10.20.0.9"}]},
    ),
    elb(
        "SetSubnets",
        "one",
        "InvalidConfigurationRequest",
        lambda w: {"LoadBalancerArn": w.balancer_arn, "Subnets": [w.subnet_a]},
    ),
    elb(
        "SetIpAddressType",
        "both, in subnets without IPv6",
        INVALID,
        lambda w: {"LoadBalancerArn": w.balancer_arn, "IpAddressType": "dualstack"},
    ),
    elb(
        "DescribeLoadBalancers",
        "by name and ARN",
        INVALID,
        lambda w: {"Names": ["chat"], "LoadBalancerArns": [w.balancer_arn]},
    ),
    elb(
        "AddTags",
        "one key twice",
        "DuplicateTagKeys",
        lambda w: {"ResourceArns": [w.balancer_arn], "Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]},
    ),
    elb(
        "DeleteTargetGroup", "a listener forwards to it", "ResourceInUse", lambda w: {"TargetGroupArn": w.target_group}
    ),
    scaling(
        "RegisterScalableTarget",
        "more at least than at most",
        REFUSED,
        lambda w: {**w.scalable(), "MinCapacity": 4, "MaxCapacity": 2},
    ),
    scaling(
        "RegisterScalableTarget",
        "the first time, without a maximum",
        REFUSED,
        lambda w: {
            **w.scalable(
                ResourceId="table/history",
                ServiceNamespace="dynamodb",
                ScalableDimension="dynamodb:table:ReadCapacityUnits",
            ),
            "MinCapacity": 1,
        },
    ),
    scaling(
        "RegisterScalableTarget",
        "measure of another service",
        REFUSED,
        lambda w: {
            **w.scalable(ScalableDimension="dynamodb:table:ReadCapacityUnits"),
            "MinCapacity": 1,
            "MaxCapacity": 2,
        },
    ),
    scaling(
        "PutScalingPolicy",
        "no such target",
        "ObjectNotFoundException",
        lambda w: {**w.scaling(), "ResourceId": "service/chat/nothing"},
    ),
    scaling(
        "PutScalingPolicy",
        "a metric of AWS's and an own one",
        REFUSED,
        lambda w: w.scaling(
            CustomizedMetricSpecification={"MetricName": "m", "Namespace": "n", "Statistic": "Average"}
        ),
        guide("autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html"),
    ),
    scaling(
        "PutScalingPolicy",
        "a metric that another policy tracks",
        REFUSED,
        tracked_twice,
        guide("autoscaling/application/userguide/target-tracking-scaling-policy-overview.html"),
    ),
    scaling(
        "PutScheduledAction",
        "cron with five fields",
        REFUSED,
        lambda w: {
            **w.scalable(),
            "ScheduledActionName": "a",
            "Schedule": "cron(0 8 * * ?)",
            "ScalableTargetAction": {"MinCapacity": 1},
        },
    ),
    scaling(
        "PutScheduledAction",
        "zone of time that does not exist",
        REFUSED,
        lambda w: {
            **w.scalable(),
            "ScheduledActionName": "a",
            "Schedule": "cron(0 8 * * ? *)",
            "Timezone": "Asia/Edo",
            "ScalableTargetAction": {"MinCapacity": 1},
        },
    ),
    scaling(
        "DeleteScalingPolicy",
        "that does not exist",
        "ObjectNotFoundException",
        lambda w: {**w.scalable(), "PolicyName": "nothing"},
    ),
    scaling(
        "DescribeScalingPolicies",
        "dimension without a target",
        REFUSED,
        lambda w: {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"},
    ),
    dns("ChangeResourceRecordSets", "record that is there", "InvalidChangeBatch", made_twice),
    dns(
        "ChangeResourceRecordSets",
        "another name at the zone's top",
        "InvalidChangeBatch",
        lambda w: record(w, Name="corp.example.", Type="CNAME", ResourceRecords=[{"Value": "a.example."}]),
        RECORDS,
    ),
    dns(
        "ChangeResourceRecordSets",
        "outside the zone",
        "InvalidChangeBatch",
        lambda w: record(w, Name="chat.other.example."),
    ),
    dns(
        "ChangeResourceRecordSets",
        "address that is none",
        "InvalidChangeBatch",
        lambda w: record(w, ResourceRecords=[{"Value": "10.20.0.256"}]),
        RECORDS,
    ),
    dns("ChangeResourceRecordSets", "deletes what is not there", "InvalidChangeBatch", lambda w: record(w, "DELETE")),
    dns("DeleteHostedZone", "with records", "HostedZoneNotEmpty", zone_with_records),
    dns(
        "DisassociateVPCFromHostedZone",
        "the last one",
        "LastVPCAssociation",
        lambda w: {"HostedZoneId": w.zone, "VPC": {"VPCRegion": REGION, "VPCId": w.vpc}},
    ),
)
