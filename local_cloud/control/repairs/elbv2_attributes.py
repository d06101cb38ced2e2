"""Attributes of load balancers and target groups: the whole list that AWS describes, with its defaults.

The lists are those of the LoadBalancerAttribute and TargetGroupAttribute types of the ELBv2 API
reference, for application load balancers and for targets of type ip and instance.
"""

from __future__ import annotations

from local_cloud.control.calls import Call, Proceed, Result, repairs

APPLICATION_LOAD_BALANCER = {
    "access_logs.s3.enabled": "false",
    "access_logs.s3.bucket": "",
    "access_logs.s3.prefix": "",
    "connection_logs.s3.enabled": "false",
    "connection_logs.s3.bucket": "",
    "connection_logs.s3.prefix": "",
    "health_check_logs.s3.enabled": "false",
    "health_check_logs.s3.bucket": "",
    "health_check_logs.s3.prefix": "",
    "client_keep_alive.seconds": "3600",
    "deletion_protection.enabled": "false",
    "idle_timeout.timeout_seconds": "60",
    "load_balancing.cross_zone.enabled": "true",
    "routing.http.desync_mitigation_mode": "defensive",
    "routing.http.drop_invalid_header_fields.enabled": "false",
    "routing.http.preserve_host_header.enabled": "false",
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
    "routing.http.xff_client_port.enabled": "false",
    "routing.http.xff_header_processing.mode": "append",
    "routing.http2.enabled": "true",
    "waf.fail_open.enabled": "false",
    "zonal_shift.config.enabled": "false",
}
TARGET_GROUP = {
    "deregistration_delay.timeout_seconds": "300",
    "load_balancing.algorithm.anomaly_mitigation": "off",
    "load_balancing.algorithm.type": "round_robin",
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
    "slow_start.duration_seconds": "0",
    "stickiness.app_cookie.cookie_name": "",
    "stickiness.app_cookie.duration_seconds": "86400",
    "stickiness.enabled": "false",
    "stickiness.lb_cookie.duration_seconds": "86400",
    "stickiness.type": "lb_cookie",
    "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
}


# moto describes these as if they belonged to target groups, too.
OF_BALANCERS_ONLY = APPLICATION_LOAD_BALANCER.keys() - TARGET_GROUP.keys()
# Always on for an application load balancer, and told so; moto says otherwise (ELB guide, 'Cross-zone load balancing').
ALWAYS = {"load_balancing.cross_zone.enabled": "true"}


def _filled(result: Result, defaults: dict[str, str], fixed: dict[str, str]) -> Result:
    known = {each["Key"]: each.get("Value") or "" for each in result["Attributes"]}
    merged = {**defaults, **known, **fixed}
    return {"Attributes": [{"Key": key, "Value": value} for key, value in merged.items()]}


@repairs("elbv2", "DescribeLoadBalancerAttributes", "ModifyLoadBalancerAttributes")
def load_balancer_attributes(call: Call, proceed: Proceed) -> Result:
    """Every attribute of an application load balancer."""
    result = proceed()
    if "/app/" not in call.params["LoadBalancerArn"]:
        return result
    return _filled(result, APPLICATION_LOAD_BALANCER, ALWAYS)


@repairs("elbv2", "DescribeTargetGroupAttributes", "ModifyTargetGroupAttributes")
def target_group_attributes(call: Call, proceed: Proceed) -> Result:
    """Every attribute of a target group behind an application load balancer."""
    result = proceed()
    result["Attributes"] = [each for each in result["Attributes"] if each["Key"] not in OF_BALANCERS_ONLY]
    return _filled(result, TARGET_GROUP, {})
