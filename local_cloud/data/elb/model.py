"""The load balancer as deployed, as plain values; field names follow ELBv2's Describe* answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class HealthCheck:
    """Of a target group; seconds as deployed."""

    path: str = "/"
    codes: str = "200"
    interval: float = 30
    timeout: float = 5
    healthy_after: int = 5
    unhealthy_after: int = 2

    def accepts(self, status: int) -> bool:
        """`codes` as in Matcher.HttpCode: '200', '200,302', '200-299'."""
        for part in self.codes.split(","):
            first, _dash, last = part.partition("-")
            if int(first) <= status <= int(last or first):
                return True
        return False


@dataclass(frozen=True)
class TargetGroup:
    """A target group of type ip; `sticky_seconds` is None where stickiness is off."""

    arn: str
    name: str
    port: int
    check: HealthCheck
    sticky_seconds: int | None = None


@dataclass(frozen=True)
class Rule:
    """One rule of a listener; the default one has no conditions and comes last."""

    conditions: tuple[Mapping[str, Any], ...]
    actions: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class LoadBalancer:
    """The one load balancer that is deployed, with what its HTTP listener does."""

    arn: str
    name: str
    subnets: tuple[str, ...]
    group_ids: tuple[str, ...]
    port: int = 80
    rules: tuple[Rule, ...] = ()
    idle_seconds: float = 60


def target_group(described: Mapping[str, Any], attributes: Mapping[str, str]) -> TargetGroup:
    """From DescribeTargetGroups and DescribeTargetGroupAttributes; a missing attribute is AWS's default."""
    sticky = attributes.get("stickiness.enabled") == "true" and attributes.get("stickiness.type") == "lb_cookie"
    duration = int(attributes.get("stickiness.lb_cookie.duration_seconds", "86400"))
    return TargetGroup(
        arn=described["TargetGroupArn"],
        name=described["TargetGroupName"],
        port=int(described.get("Port", 80)),
        check=HealthCheck(
            path=described.get("HealthCheckPath") or "/",
            codes=(described.get("Matcher") or {}).get("HttpCode") or "200",
            interval=float(described.get("HealthCheckIntervalSeconds") or 30),
            timeout=float(described.get("HealthCheckTimeoutSeconds") or 5),
            healthy_after=int(described.get("HealthyThresholdCount") or 5),
            unhealthy_after=int(described.get("UnhealthyThresholdCount") or 2),
        ),
        sticky_seconds=duration if sticky else None,
    )


def rules(described: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """In the order in which they are tried (DescribeRules; `Priority` is a number or 'default')."""

    def order(rule: Mapping[str, Any]) -> int:
        return 10**6 if rule["Priority"] == "default" else int(rule["Priority"])

    return tuple(
        Rule(tuple(rule.get("Conditions") or ()), tuple(rule["Actions"])) for rule in sorted(described, key=order)
    )


def target_groups_of(action: Mapping[str, Any]) -> list[str]:
    """The ARNs that a forward action sends to; weight 0 sends nothing."""
    config = action.get("ForwardConfig") or {}
    weighted = [g["TargetGroupArn"] for g in config.get("TargetGroups") or [] if g.get("Weight", 1) != 0]
    return weighted or [arn for arn in [action.get("TargetGroupArn")] if arn]
