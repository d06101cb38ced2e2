"""Sane calls on load balancers, zones and scaling, by the third author: AWS takes all of them, in this order."""

from __future__ import annotations

from tests.integration.cloud import REGION
from tests.integration.refusals.cases import Case, case

READ = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:List*"], "Resource": "arn:aws:s3:::docs-${aws:username}/*"}
RANGE = {"CidrIp": "192.0.2.0/24", "Description": "Site #2 (spare): a+b=c; [x] {y} !$*"}

SANE: tuple[Case, ...] = (
    case("elbv2", "CreateLoadBalancer", "the same as is there: AWS gives it back", lambda w: w.balancer(Name="chat")),
    case(
        "elbv2",
        "CreateTargetGroup",
        "health on another port, many answers",
        lambda w: w.target_group_of(
            Name="health",
            HealthCheckPort="9000",
            Matcher={"HttpCode": "200,202,300-399"},
            HealthCheckIntervalSeconds=5,
            HealthCheckTimeoutSeconds=4,
            HealthyThresholdCount=2,
            UnhealthyThresholdCount=10,
        ),
    ),
    case("elbv2", "CreateTargetGroup", "for a function", lambda w: {"Name": "fn", "TargetType": "lambda"}),
    case(
        "elbv2",
        "CreateListener",
        "redirect to HTTPS",
        lambda w: {
            "LoadBalancerArn": w.balancer_arn,
            "Protocol": "HTTP",
            "Port": 8081,
            "DefaultActions": [
                {
                    "Type": "redirect",
                    "RedirectConfig": {
                        "Protocol": "HTTPS",
                        "Port": "443",
                        "StatusCode": "HTTP_301",
                        "Path": "/#{path}",
                        "Query": "#{query}",
                    },
                }
            ],
        },
    ),
    case(
        "elbv2",
        "ModifyTargetGroupAttributes",
        "no waiting, sticky by a cookie of the application",
        lambda w: {
            "TargetGroupArn": w.target_group,
            "Attributes": [
                {"Key": "deregistration_delay.timeout_seconds", "Value": "0"},
                {"Key": "stickiness.enabled", "Value": "true"},
                {"Key": "stickiness.type", "Value": "app_cookie"},
                {"Key": "stickiness.app_cookie.cookie_name", "Value": "_streamlit_xsrf"},
                {"Key": "load_balancing.algorithm.type", "Value": "least_outstanding_requests"},
            ],
        },
    ),
    case(
        "elbv2",
        "ModifyLoadBalancerAttributes",
        "idle for 4,000 seconds, no false headers",
        lambda w: {
            "LoadBalancerArn": w.balancer_arn,
            "Attributes": [
                {"Key": "idle_timeout.timeout_seconds", "Value": "4000"},
                {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"},
            ],
        },
    ),
    case(
        "elbv2",
        "SetSubnets",
        "the same ones",
        lambda w: {"LoadBalancerArn": w.balancer_arn, "Subnets": [w.subnet_c, w.subnet_a]},
    ),
    case(
        "route53",
        "ChangeResourceRecordSets",
        "an alias, and a text in quotes",
        lambda w: {
            "HostedZoneId": w.zone,
            "ChangeBatch": {
                "Changes": [
                    {
                        "Action": "UPSERT",
                        "ResourceRecordSet": {
                            "Name": "*.corp.example",
                            "Type": "CNAME",
                            "TTL": 0,
                            "ResourceRecords": [{"Value": "front.example.com"}],
                        },
                    },
                    {
                        "Action": "CREATE",
                        "ResourceRecordSet": {
                            "Name": "txt.corp.example",
                            "Type": "TXT",
                            "TTL": 300,
                            "ResourceRecords": [{"Value": '"a" "b"'}],
                        },
                    },
                ]
            },
        },
    ),
    case(
        "route53",
        "AssociateVPCWithHostedZone",
        "a second VPC",
        lambda w: {"HostedZoneId": w.zone, "VPC": {"VPCRegion": REGION, "VPCId": w.dark_vpc}},
    ),
    case(
        "route53",
        "DisassociateVPCFromHostedZone",
        "one of two",
        lambda w: {"HostedZoneId": w.zone, "VPC": {"VPCRegion": REGION, "VPCId": w.dark_vpc}},
    ),
    case(
        "application-autoscaling",
        "RegisterScalableTarget",
        "from none, scaling in stopped",
        lambda w: {
            **w.scalable(),
            "MinCapacity": 0,
            "MaxCapacity": 10,
            "SuspendedState": {"DynamicScalingInSuspended": True},
        },
    ),
    case(
        "application-autoscaling",
        "PutScalingPolicy",
        "memory, not in",
        lambda w: {
            **w.scaling(
                DisableScaleIn=True,
                ScaleOutCooldown=0,
                ScaleInCooldown=300,
                TargetValue=80.5,
                PredefinedMetricSpecification={"PredefinedMetricType": "ECSServiceAverageMemoryUtilization"},
            ),
            "PolicyName": "memory",
        },
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "rate",
        lambda w: {
            **w.scalable(),
            "ScheduledActionName": "often",
            "Schedule": "rate(1 hour)",
            "ScalableTargetAction": {"MaxCapacity": 4},
        },
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "every weekday by names",
        lambda w: {
            **w.scalable(),
            "ScheduledActionName": "eve",
            "Schedule": "cron(30 19 ? * MON,WED-FRI 2026-2030)",
            "Timezone": "Etc/UTC",
            "ScalableTargetAction": {"MinCapacity": 0, "MaxCapacity": 1},
        },
    ),
)
