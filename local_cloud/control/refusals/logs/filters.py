"""What CloudWatch Logs refuses of filters."""

from __future__ import annotations

from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

PREFLIGHT = "cdk-preflight 1.9.1, "
SELECTORS = ("$",)


@refuses(
    "logs-filter-pattern",
    "logs",
    ["PutMetricFilter", "PutSubscriptionFilter", "FilterLogEvents", "TestMetricFilter"],
    code="InvalidParameterException",
    message="If a filter pattern starts with '{start}' it must end with '{end}'",
    source=PREFLIGHT + "logs-filter-pattern-bracket; CloudWatch Logs guide, 'Filter pattern syntax', of the braces",
)
def filter_pattern(call: Call) -> Verdict:
    pattern = (call.get("filterPattern") or "").strip()
    for start, end in ("[]", "{}"):
        if pattern.startswith(start) and not pattern.endswith(end):
            return {"start": start, "end": end}
    return None


@refuses(
    "logs-metric-transformation",
    "logs",
    "PutMetricFilter",
    code="InvalidParameterException",
    message="{fault}",
    source=PREFLIGHT
    + "logs-metric-namespace-reserved, -metric-dimensions-default-exclusive, -metric-dimension-selector",
)
def metric_transformation(call: Call) -> Verdict:
    for each in call.get("metricTransformations") or []:
        dimensions = each.get("dimensions") or {}
        if (each.get("metricNamespace") or "").startswith("AWS/"):
            return {"fault": "Metric namespaces starting with AWS/ are reserved for AWS."}
        if dimensions and each.get("defaultValue") is not None:
            words = "dimensions and default value are mutually exclusive properties"
            return {"fault": f"Invalid metric transformation: {words}"}
        if any(not value.startswith(SELECTORS) for value in dimensions.values()):
            return {"fault": "Invalid metric transformation: dimension value must be valid selector"}
    return None
