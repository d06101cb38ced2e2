"""What Elastic Load Balancing refuses of a listener's rules."""

from __future__ import annotations

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

SERVICE = "elbv2"


@refuses(
    "elbv2-condition-in-both-forms",
    SERVICE,
    ["CreateRule", "ModifyRule"],
    code="ValidationError",
    message="You cannot provide both Values and '{form}' for a condition of type '{field}'",
    source="aws-controllers-k8s/community issue 2759",
)
def condition_in_both_forms(call: Call) -> Verdict:
    for each in call.get("Conditions") or []:
        form = next((name for name, value in each.items() if name.endswith("Config") and value), None)
        if form and each.get("Values"):
            return {"form": form, "field": each.get("Field")}
    return None


@refuses(
    "elbv2-default-rule",
    SERVICE,
    "DeleteRule",
    code="OperationNotPermitted",
    message="Default rule '{rule}' cannot be deleted",
    source="DeleteRule API reference: 'You can't delete the default rule'; as quoted in public error reports",
)
def default_rule(call: Call) -> Verdict:
    wanted = call.params["RuleArn"]
    for balancer in backend(SERVICE, call.region).load_balancers.values():
        for listener in balancer.listeners.values():
            if any(rule.arn == wanted and rule.is_default for rule in listener.rules.values()):
                return {"rule": wanted}
    return None
