# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the three Elastic Load Balancing modules share: attributes, tags, and the form of a default action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._fields import with_defaults
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import text
from ansible_collections.private_rag.aws.plugins.module_utils._tags import from_pairs, tag_changes, to_pairs

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html (ALB)
LOAD_BALANCER_DEFAULTS = {
    "access_logs.s3.enabled": "false",
    "access_logs.s3.bucket": "",
    "access_logs.s3.prefix": "",
    "client_keep_alive.seconds": "3600",
    "connection_logs.s3.enabled": "false",
    "connection_logs.s3.bucket": "",
    "connection_logs.s3.prefix": "",
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

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html (behind an ALB)
TARGET_GROUP_DEFAULTS = {
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

# RedirectActionConfig's defaults keep these parts of the address as they are:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html
_KEPT_PARTS = {"Host": "#{host}", "Path": "/#{path}", "Query": "#{query}"}


def wanted_attributes(options: Mapping[str, Any] | None) -> dict[str, str]:
    """The attributes of the option C(attributes), as AWS spells their values."""
    return {key: text(value) for key, value in (options or {}).items()}


def attributes(
    answer: Mapping[str, Any], defaults: Mapping[str, str], options: Mapping[str, Any] | None
) -> dict[str, str]:
    """Of a Describe...Attributes answer the attributes that are managed."""
    return with_defaults(from_pairs(answer["Attributes"]), defaults, options or {})


def read_tags(elbv2: Any, arn: str) -> dict[str, str]:
    """The tags of a load balancer, target group or listener (DescribeTags)."""
    return from_pairs(elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"])


def set_tags(elbv2: Any, arn: str, change: tuple[dict[str, str] | None, dict[str, str]]) -> None:
    """Bring the tags of a load balancer, target group or listener from C(change[0]) to C(change[1])."""
    to_set, to_remove = tag_changes(change[0] or {}, change[1])
    if to_set:
        elbv2.add_tags(ResourceArns=[arn], Tags=to_pairs(to_set))
    if to_remove:
        elbv2.remove_tags(ResourceArns=[arn], TagKeys=to_remove)


def action_of(actions: list[dict[str, Any]]) -> dict[str, Any]:
    """A listener's default actions in the option's form; as AWS tells them where the option has no words for them."""
    if len(actions) != 1:
        return {"actions": actions}
    action = actions[0]
    if action["Type"] == "forward" and (group := _only_target_group(action)):
        return {"type": "forward", "target_group_arn": group}
    redirect = {key: value for key, value in action.get("RedirectConfig", {}).items() if value is not None}
    if action["Type"] == "redirect" and all(redirect.get(part, kept) == kept for part, kept in _KEPT_PARTS.items()):
        return {
            "type": "redirect",
            "protocol": redirect.get("Protocol", "#{protocol}"),
            "port": redirect.get("Port", "#{port}"),
            "status_code": redirect["StatusCode"],
        }
    return {"actions": actions}


def _only_target_group(action: Mapping[str, Any]) -> str:
    """The one target group of a forward action, C("") where it has several or keeps clients at a group."""
    config = action.get("ForwardConfig", {})
    groups = [group["TargetGroupArn"] for group in config.get("TargetGroups", [])]
    if config.get("TargetGroupStickinessConfig", {}).get("Enabled") or len(groups) > 1:
        return ""
    return str(action.get("TargetGroupArn") or (groups[0] if groups else ""))


def action_request(action: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The option's form as CreateListener and ModifyListener take it."""
    if action["type"] == "forward":
        return [{"Type": "forward", "TargetGroupArn": action["target_group_arn"]}]
    config = {"Protocol": action["protocol"], "Port": action["port"], "StatusCode": action["status_code"]}
    return [{"Type": "redirect", "RedirectConfig": {**config, **_KEPT_PARTS}}]
