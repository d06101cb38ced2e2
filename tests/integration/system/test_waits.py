"""What a deployment has waited for when it is over."""

from __future__ import annotations

from local_cloud.control.aws_time.rows import ROWS
from tests.integration.system.company import Company

SLOW = "load_balancer.create"


def test_the_load_balancer_is_active_when_the_run_is_over(before_all: Company) -> None:
    """It takes longer here than all the rest, so that nothing else can have waited so long."""
    with before_all.copy() as company:
        company.cloud.put("/_local/time", {"scale": 1, "provisioning": {**dict.fromkeys(ROWS, 0), SLOW: 30}})
        company.site().succeeded()
        (found,) = company.cloud.client("elbv2").describe_load_balancers()["LoadBalancers"]
        assert found["State"]["Code"] == "active"
