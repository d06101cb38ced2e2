"""Health of targets, as an Application Load Balancer finds it. Pure.

ELB user guide, 'Health checks for target groups': a new target is `initial` until one check passes, or as many
as the threshold fail; afterwards each change takes its threshold of checks in a row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from local_cloud.data.elb.model import HealthCheck


@dataclass(frozen=True)
class Health:
    """Reason codes are those of DescribeTargetHealth."""

    state: str = "initial"
    reason: str = "Elb.RegistrationInProgress"
    description: str = "Target registration is in progress"
    passed: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Outcome:
    """What one check found: a status, or 0 where there was no answer, and why."""

    status: int
    problem: str = ""


def after(health: Health, outcome: Outcome, check: HealthCheck) -> Health:
    """The health once this outcome is counted."""
    if check.accepts(outcome.status):
        passed = health.passed + 1
        if health.state == "initial" or passed >= check.healthy_after:
            return Health("healthy", "", "", passed, 0)
        return replace(health, passed=passed, failed=0)
    failed = health.failed + 1
    if health.state == "unhealthy" or failed >= check.unhealthy_after:
        return Health("unhealthy", *_why(outcome), failed=failed)
    return replace(health, passed=0, failed=failed)


def _why(outcome: Outcome) -> tuple[str, str]:
    """Reason code and description."""
    if outcome.status:
        return "Target.ResponseCodeMismatch", f"Health checks failed with these codes: [{outcome.status}]"
    if outcome.problem == "timeout":
        return "Target.Timeout", "Request timed out"
    return "Target.FailedHealthChecks", "Health checks failed"
