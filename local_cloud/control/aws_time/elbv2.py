"""A load balancer is ``provisioning`` first, and holds what it uses for a while after its deletion."""

from __future__ import annotations

from typing import Any

from local_cloud.control.aws_time.around import surrounds
from local_cloud.control.backends import backend
from local_cloud.control.calls import Call, Proceed, Result

Record = dict[str, Any]


@surrounds("elbv2", "CreateLoadBalancer")
def create(call: Call, proceed: Proceed) -> Result:
    """``provisioning``, then ``active``; asked for once more, it is answered as it stands."""
    before = set(backend("elbv2", call.region).load_balancers)
    result = proceed()
    for shown in result["LoadBalancers"]:
        if shown["LoadBalancerArn"] not in before:
            call.state.clock.start(shown["LoadBalancerArn"], "load_balancer.create")
    return _current(call, result)


@surrounds("elbv2", "DescribeLoadBalancers")
def describe(call: Call, proceed: Proceed) -> Result:
    """With the states of this moment."""
    return _current(call, proceed())


def _current(call: Call, result: Result) -> Result:
    clock = call.state.clock
    for shown in result["LoadBalancers"]:
        if clock.busy(shown["LoadBalancerArn"]):
            shown["State"] = {"Code": "provisioning"}
    return result


@surrounds("elbv2", "DeleteLoadBalancer")
def delete(call: Call, proceed: Proceed) -> Result:
    """Its listeners, interfaces and target groups stay in use until it is really gone."""
    if call.params["LoadBalancerArn"] not in backend("elbv2", call.region).load_balancers:
        return proceed()
    key = f"{call.params['LoadBalancerArn']}:deleting"
    if not call.state.clock.busy(key):
        call.state.clock.start(key, "load_balancer.delete")
        call.state.clock.later("load_balancer.delete", proceed)
    return {}
