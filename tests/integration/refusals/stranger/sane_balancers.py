"""Calls on load balancers that AWS takes, as companies make them, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.refusals.cases import Case, Params, case
from tests.integration.refusals.world import World


def listening(w: World, port: int, *actions: dict[str, Any]) -> Params:
    return {"LoadBalancerArn": w.balancer_arn, "Protocol": "HTTP", "Port": port, "DefaultActions": list(actions)}


SANE: tuple[Case, ...] = (
    case(
        "elbv2",
        "CreateLoadBalancer",
        "by mappings",
        lambda w: {
            "Name": "Chat-2-prod",
            "Scheme": "internal",
            "Type": "application",
            "IpAddressType": "ipv4",
            "SecurityGroups": [w.group, w.other_group],
            "Tags": [{"Key": "Name", "Value": "チャット"}],
            "SubnetMappings": [{"SubnetId": w.subnet_a}, {"SubnetId": w.subnet_c}],
        },
    ),
    case(
        "elbv2",
        "CreateTargetGroup",
        "HTTP/2 with a matcher of ranges",
        lambda w: w.target_group_of(
            Name="h2",
            ProtocolVersion="HTTP2",
            Matcher={"HttpCode": "200-299,301"},
            HealthCheckIntervalSeconds=300,
            HealthCheckTimeoutSeconds=120,
            HealthyThresholdCount=10,
            UnhealthyThresholdCount=2,
            IpAddressType="ipv4",
            HealthCheckPort="traffic-port",
        ),
    ),
    case(
        "elbv2",
        "CreateTargetGroup",
        "TCP checked by HTTP",
        lambda w: w.target_group_of(Name="tcp", Protocol="TCP", HealthCheckProtocol="HTTP", HealthCheckPort="8081"),
    ),
    case(
        "elbv2",
        "ModifyTargetGroupAttributes",
        "sticky by the app's cookie",
        lambda w: {
            "TargetGroupArn": w.target_group,
            "Attributes": [
                {"Key": "stickiness.enabled", "Value": "true"},
                {"Key": "stickiness.type", "Value": "app_cookie"},
                {"Key": "stickiness.app_cookie.cookie_name", "Value": "chat_session"},
                {"Key": "stickiness.app_cookie.duration_seconds", "Value": "604800"},
                {"Key": "deregistration_delay.timeout_seconds", "Value": "0"},
                {"Key": "slow_start.duration_seconds", "Value": "30"},
                {"Key": "load_balancing.algorithm.type", "Value": "round_robin"},
            ],
        },
    ),
    case(
        "elbv2",
        "ModifyLoadBalancerAttributes",
        "as auditors want it",
        lambda w: {
            "LoadBalancerArn": w.balancer_arn,
            "Attributes": [
                {"Key": "idle_timeout.timeout_seconds", "Value": "4000"},
                {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"},
                {"Key": "routing.http.desync_mitigation_mode", "Value": "strictest"},
                {"Key": "routing.http2.enabled", "Value": "true"},
                {"Key": "routing.http.xff_header_processing.mode", "Value": "preserve"},
                {"Key": "client_keep_alive.seconds", "Value": "3600"},
                {"Key": "access_logs.s3.enabled", "Value": "false"},
            ],
        },
    ),
    case(
        "elbv2",
        "CreateListener",
        "fixed answer",
        lambda w: listening(
            w,
            8081,
            {
                "Type": "fixed-response",
                "FixedResponseConfig": {
                    "StatusCode": "503",
                    "ContentType": "application/json",
                    "MessageBody": '{"message": "maintenance"}',
                },
            },
        ),
    ),
    case(
        "elbv2",
        "CreateListener",
        "on to HTTPS",
        lambda w: listening(
            w,
            8082,
            {
                "Type": "redirect",
                "RedirectConfig": {
                    "Protocol": "HTTPS",
                    "Port": "443",
                    "Host": "#{host}",
                    "Path": "/#{path}",
                    "Query": "#{query}",
                    "StatusCode": "HTTP_301",
                },
            },
        ),
    ),
    case(
        "elbv2",
        "CreateRule",
        "five conditions, weighted",
        lambda w: {
            "ListenerArn": w.listener,
            "Priority": 50000,
            "Conditions": [
                {"Field": "host-header", "HostHeaderConfig": {"Values": ["*.corp.example"]}},
                {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/chat/*"]}},
                {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Canary", "Values": ["yes"]}},
                {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "v", "Value": "2"}]}},
                {"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}},
            ],
            "Actions": [
                {
                    "Type": "forward",
                    "ForwardConfig": {
                        "TargetGroups": [
                            {"TargetGroupArn": w.target_group, "Weight": 999},
                            {"TargetGroupArn": w.idle_target_group, "Weight": 0},
                        ],
                        "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 3600},
                    },
                }
            ],
        },
    ),
    case(
        "elbv2",
        "RegisterTargets",
        "two tasks",
        lambda w: {
            "TargetGroupArn": w.target_group,
            "Targets": [{"Id": "10.20.0.10", "Port": 8080}, {"Id": "10.20.1.10", "Port": 8080}],
        },
    ),
    case(
        "elbv2",
        "AddTags",
        "to two at once",
        lambda w: {
            "ResourceArns": [w.balancer_arn, w.target_group],
            "Tags": [{"Key": "Owner", "Value": "情報システム部"}],
        },
    ),
)
