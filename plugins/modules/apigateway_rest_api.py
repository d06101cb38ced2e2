#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: apigateway_rest_api
version_added: 1.0.0
short_description: Manage a REST API of API Gateway
description:
  - Creates, corrects and deletes a REST API, its endpoint type, its VPC endpoints and its tags, and removes methods
    that nobody asked for.
  - A change is live only after a deployment, see M(private_rag.aws.apigateway_stage).
  - Stands on the API Gateway API CreateRestApi, GetRestApis, UpdateRestApi, GetResources, DeleteMethod,
    DeleteResource, DeleteGatewayResponse, DeleteStage, TagResource, UntagResource,
    DeleteRestApi, and on GetCallerIdentity of STS.
author:
  - private_rag.aws contributors (@private-rag)
options:
  name:
    description: Name of the API. AWS lets several APIs have one name; then the one of O(deployment) is meant.
    type: str
    required: true
  description:
    description: Description of the API.
    type: str
  endpoint_types:
    description: The one endpoint type. AWS's default is V(EDGE).
    type: list
    elements: str
    choices: [PRIVATE, REGIONAL, EDGE]
  vpc_endpoint_ids:
    description: The VPC endpoints of a private API, exactly. They give it names that resolve without private DNS.
    type: list
    elements: str
  minimum_compression_size:
    description: Answers of at least so many bytes are compressed, 0 to 10485760. V(-1) turns compression off.
    type: int
  disable_execute_api_endpoint:
    description: Whether the API is reachable by custom domain names only.
    type: bool
  routes:
    description:
      - The methods that the API may have, such as V(POST /). A further one is removed, with its resource if that is
        left empty. Missing ones are made by M(private_rag.aws.apigateway_method).
    type: list
    elements: str
  gateway_responses:
    description: The gateway responses that may differ from API Gateway's own, such as V(DEFAULT_4XX). Others are reset.
    type: list
    elements: str
  stages:
    description: The stages that the API may have. Others, with all that they publish, are deleted.
    type: list
    elements: str
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.reconcile.owned
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: The chatbot's private API
  private_rag.aws.apigateway_rest_api:
    name: ChatbotApiProd
    endpoint_types: [PRIVATE]
    vpc_endpoint_ids: [vpce-0123456789abcdef0]
    routes: [POST /, OPTIONS /]
    deployment: chatbot-prod
"""

RETURN = r"""
rest_api:
  description: The API; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    id: a1b2c3d4e5
    name: ChatbotApiProd
    root_resource_id: z9y8x7w6v5
    execution_arn: arn:aws:execute-api:ap-northeast-1:123456789012:a1b2c3d4e5
    description: ""
    endpoint_types: [PRIVATE]
    vpc_endpoint_ids: [vpce-0123456789abcdef0]
    minimum_compression_size: -1
    disable_execute_api_endpoint: false
    routes: [OPTIONS /, POST /]
    extra_gateway_responses: []
    extra_stages: []
    tags: {"private-rag:deployment": chatbot-prod}
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: update
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {routes: {before: [GET /admin, POST /], after: [POST /]}}
"""

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils import _apigateway as gateway
from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages, run
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import compact
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._tags import OWNER_TAG, own_tags, tag_changes

ARGUMENT_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "description": {"type": "str"},
    "endpoint_types": {"type": "list", "elements": "str", "choices": ["PRIVATE", "REGIONAL", "EDGE"]},
    "vpc_endpoint_ids": {"type": "list", "elements": "str"},
    "minimum_compression_size": {"type": "int"},
    "disable_execute_api_endpoint": {"type": "bool"},
    "routes": {"type": "list", "elements": "str"},
    **{option: {"type": "list", "elements": "str"} for option in ("gateway_responses", "stages")},
}
# What may be too much: the option that lists what may be there -> the field.
EXTRAS = {"gateway_responses": "extra_gateway_responses", "stages": "extra_stages"}


class RestApi(Resource):
    kind = "REST API"
    key = "rest_api"
    computed = {
        "id": "rest api id",
        "root_resource_id": "rest api root resource id",
        "execution_arn": "rest api execution arn",
    }

    def desired(self) -> State:
        params = self.params
        endpoints = params["vpc_endpoint_ids"]
        if params["endpoint_types"] is not None and len(params["endpoint_types"]) != 1:
            raise ReconcileError(f"{self.label}: endpoint_types takes exactly one type")
        plain = ("name", "description", "endpoint_types", "minimum_compression_size", "disable_execute_api_endpoint")
        return compact(
            {
                **{field: params[field] for field in plain},
                "vpc_endpoint_ids": None if endpoints is None else sorted(set(endpoints)),
                **{field: [] for option, field in EXTRAS.items() if params[option] is not None},
                **self.tags(),
            }
        )

    def differences(self, current: State, desired: State) -> Changes:
        changes = super().differences(current, desired)
        allowed = self.params["routes"]
        # What is missing is for the methods' own tasks to add.
        kept = [route for route in current["routes"] if allowed is None or route in allowed]
        return changes if kept == current["routes"] else {**changes, "routes": (current["routes"], kept)}

    def read(self) -> State | None:
        client = self.client("apigateway")
        found = self._choose(pages(client, "get_rest_apis", "items"))
        if found is None:
            return None
        paths = gateway.resources(client, found["id"])
        endpoint = found.get("endpointConfiguration", {})
        account = self.client("sts").get_caller_identity()["Account"]
        region, partition = client.meta.region_name, client.meta.partition
        return {
            "id": found["id"],
            "name": found["name"],
            "root_resource_id": paths["/"]["id"],
            "execution_arn": f"arn:{partition}:execute-api:{region}:{account}:{found['id']}",
            "description": found.get("description", ""),
            "endpoint_types": endpoint.get("types", ["EDGE"]),
            "vpc_endpoint_ids": sorted(endpoint.get("vpcEndpointIds", [])),
            "minimum_compression_size": found.get("minimumCompressionSize", -1),
            "disable_execute_api_endpoint": found.get("disableExecuteApiEndpoint", False),
            "routes": gateway.routes(paths),
            **self._extras(found["id"]),
            "tags": own_tags(found.get("tags")),
        }

    def create(self, desired: State) -> None:
        size = desired.get("minimum_compression_size", -1)
        endpoint = {"types": desired.get("endpoint_types"), "vpcEndpointIds": desired.get("vpc_endpoint_ids") or None}
        request = {
            "name": desired["name"],
            "description": desired.get("description") or None,
            "endpointConfiguration": compact(endpoint) or None,
            "minimumCompressionSize": size if size >= 0 else None,
            "disableExecuteApiEndpoint": desired.get("disable_execute_api_endpoint"),
            "tags": desired.get("tags"),
        }
        self.client("apigateway").create_rest_api(**compact(request))

    def update(self, current: State, changes: Changes) -> None:
        client, api = self.client("apigateway"), current["id"]
        if "endpoint_types" in changes:
            # By itself and first: only a PRIVATE API takes VPC endpoints.
            client.update_rest_api(restApiId=api, patchOperations=[type_patch(current, changes)])
        patches = patches_for(current, changes)
        if patches:
            client.update_rest_api(restApiId=api, patchOperations=patches)
        if "routes" in changes:
            self._remove_routes(api, *changes["routes"])
        for kind in changes.get("extra_gateway_responses", ([], []))[0]:
            client.delete_gateway_response(restApiId=api, responseType=kind)
        for stage in changes.get("extra_stages", ([], []))[0]:
            client.delete_stage(restApiId=api, stageName=stage)
        if "tags" in changes:
            arn = gateway.api_arn(client, f"/restapis/{api}")
            to_set, to_remove = tag_changes(*changes["tags"])
            if to_set:
                client.tag_resource(resourceArn=arn, tags=to_set)
            if to_remove:
                client.untag_resource(resourceArn=arn, tagKeys=to_remove)

    def delete(self, current: State) -> None:
        self.client("apigateway").delete_rest_api(restApiId=current["id"])

    def _choose(self, items: list[dict[str, Any]]) -> dict[str, Any] | None:
        name, deployment = self.params["name"], self.params["deployment"]
        named = [item for item in items if item["name"] == name]
        ours = [item for item in named if deployment and (item.get("tags") or {}).get(OWNER_TAG) == deployment]
        found = ours or named
        # To be taken away, and none of ours: the first stands for all, which the loop leaves to their owners.
        others_only = self.params["state"] == "absent" and deployment and not ours
        if len(found) > 1 and not others_only:
            ids = ", ".join(sorted(item["id"] for item in found))
            raise ReconcileError(f"{self.label}: several APIs have this name, {ids}. Rename or delete all but one.")
        return found[0] if found else None

    def _extras(self, api: str) -> State:
        client = self.client("apigateway")
        extras: State = {field: [] for field in EXTRAS.values()}
        allowed, stages = self.params["gateway_responses"], self.params["stages"]
        if allowed is not None:
            found = pages(client, "get_gateway_responses", "items", restApiId=api)
            # GetGatewayResponses lists those that nobody changed too: defaultResponse.
            own = [each["responseType"] for each in found if not each.get("defaultResponse")]
            extras["extra_gateway_responses"] = sorted(kind for kind in own if kind not in allowed)
        if stages is not None:
            names = [each["stageName"] for each in client.get_stages(restApiId=api)["item"]]
            extras["extra_stages"] = sorted(name for name in names if name not in stages)
        return extras

    def _remove_routes(self, api: str, now: list[str], kept: list[str]) -> None:
        client = self.client("apigateway")
        found = gateway.resources(client, api)
        allowed = [route.partition(" ")[2] for route in self.params["routes"]]
        doomed = sorted(path for path in found if path != "/" and not any(leads_to(path, other) for other in allowed))
        for method, path in (route.split(" ", 1) for route in now if route not in kept):
            if path not in doomed:
                client.delete_method(restApiId=api, resourceId=found[path]["id"], httpMethod=method)
        for path in reversed(doomed):
            # Children first; DeleteResource takes the methods with it.
            client.delete_resource(restApiId=api, resourceId=found[path]["id"])


def leads_to(path: str, other: str) -> bool:
    """Whether C(other) is C(path) or lies below it."""
    return path in ("/", other) or other.startswith(f"{path}/")


def type_patch(current: State, changes: Changes) -> dict[str, str]:
    """The patch operation of UpdateRestApi for another endpoint type."""
    path = f"/endpointConfiguration/types/{current['endpoint_types'][0]}"
    return {"op": "replace", "path": path, "value": changes["endpoint_types"][1][0]}


def patches_for(current: State, changes: Changes) -> list[dict[str, str]]:
    """The patch operations of UpdateRestApi for all but the endpoint type:
    https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
    """
    wanted = {field: after for field, (_before, after) in changes.items()}
    patches: list[dict[str, str]] = []
    if "description" in wanted:
        patches.append({"op": "replace", "path": "/description", "value": wanted["description"]})
    if "disable_execute_api_endpoint" in wanted:
        value = str(wanted["disable_execute_api_endpoint"]).lower()
        patches.append({"op": "replace", "path": "/disableExecuteApiEndpoint", "value": value})
    if "minimum_compression_size" in wanted:
        size = wanted["minimum_compression_size"]
        # Without a value the setting is nulled.
        value = {"value": str(size)} if size >= 0 else {}
        patches.append({"op": "replace", "path": "/minimumCompressionSize", **value})
    if "vpc_endpoint_ids" in wanted:
        path, now, then = (
            "/endpointConfiguration/vpcEndpointIds",
            current["vpc_endpoint_ids"],
            wanted["vpc_endpoint_ids"],
        )
        patches += [{"op": "add", "path": path, "value": each} for each in then if each not in now]
        patches += [{"op": "remove", "path": path, "value": each} for each in now if each not in then]
    return patches


def main() -> None:
    run(RestApi, ARGUMENT_SPEC, owned=True)


if __name__ == "__main__":
    main()
