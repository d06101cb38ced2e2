"""What API Gateway refuses of the tree of paths, and of mappings from what a method does not declare."""

from __future__ import annotations

from local_cloud.control.calls import Call
from local_cloud.control.refusals.apigateway.apis import BAD, SERVICE, api_of, method_of
from local_cloud.control.rules import Verdict, refuses

# 'method.request.body' and below are not declared by the method (guide, 'parameter mapping').
DECLARED = ("method.request.header.", "method.request.querystring.", "method.request.path.")


@refuses(
    "apigateway-second-variable",
    SERVICE,
    "CreateResource",
    code=BAD,
    message="A sibling ({sibling}) of this resource already has a variable path part -- only one is allowed",
    source="localstack/localstack, localstack/services/apigateway/provider.py; as quoted in public error reports",
)
def second_variable(call: Call) -> Verdict:
    part = call.get("pathPart") or ""
    if not part.startswith("{"):
        return None
    siblings = [each for each in api_of(call).resources.values() if each.parent_id == call.get("parentId")]
    taken = [each.path_part for each in siblings if each.path_part.startswith("{") and each.path_part != part]
    return {"sibling": taken[0]} if taken else None


@refuses(
    "apigateway-below-a-greedy-variable",
    SERVICE,
    "CreateResource",
    code=BAD,
    message="Cannot create a child of a resource with a greedy path variable: {parent}",
    source="API Gateway guide, 'Set up a proxy integration with a proxy resource': no child of {proxy+}; as quoted "
    "in public error reports",
)
def below_a_greedy_variable(call: Call) -> Verdict:
    parent = api_of(call).resources.get(call.get("parentId"))
    part = parent.path_part if parent is not None else ""
    return {"parent": part} if part.endswith("+}") else None


@refuses(
    "apigateway-undeclared-parameter",
    SERVICE,
    "PutIntegration",
    code=BAD,
    message="Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping "
    "expression parameter specified: {parameter}]",
    source="API Gateway guide, 'Parameter mapping': method request parameters must be declared first; as quoted in "
    "public error reports",
)
def undeclared_parameter(call: Call) -> Verdict:
    method = method_of(call)
    declared = (method.request_parameters or {}) if method else {}
    sent = (call.get("requestParameters") or {}).values()
    return next(({"parameter": each} for each in sent if each.startswith(DECLARED) and each not in declared), None)
