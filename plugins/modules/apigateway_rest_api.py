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
  - Creates, corrects and deletes a REST API, its endpoint type, its VPC endpoints and its tags. What it does is managed
    by M(private_rag.aws.apigateway_definition).
  - A change is live only after a deployment, see M(private_rag.aws.apigateway_stage).
  - Stands on the API Gateway API CreateRestApi, GetRestApis, UpdateRestApi, GetStages, DeleteStage, TagResource,
    UntagResource, DeleteRestApi, and on GetCallerIdentity of STS.
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
    execution_arn: arn:aws:execute-api:ap-northeast-1:123456789012:a1b2c3d4e5
    description: ""
    endpoint_types: [PRIVATE]
    vpc_endpoint_ids: [vpce-0123456789abcdef0]
    minimum_compression_size: -1
    disable_execute_api_endpoint: false
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
  sample: {description: {before: "", after: Private API of the chatbot}}
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
    "stages": {"type": "list", "elements": "str"},
}


class RestApi(Resource):
    kind = "REST API"
    key = "rest_api"
    computed = {"id": "rest api id", "execution_arn": "rest api execution arn"}

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
                "extra_stages": None if params["stages"] is None else [],
                **self.tags(),
            }
        )

    def read(self) -> State | None:
        client = self.client("apigateway")
        found = self._choose(pages(client, "get_rest_apis", "items"))
        if found is None:
            return None
        endpoint = found.get("endpointConfiguration", {})
        account = self.client("sts").get_caller_identity()["Account"]
        region, partition = client.meta.region_name, client.meta.partition
        return {
            "id": found["id"],
            "name": found["name"],
            "execution_arn": f"arn:{partition}:execute-api:{region}:{account}:{found['id']}",
            "description": found.get("description", ""),
            "endpoint_types": endpoint.get("types", ["EDGE"]),
            "vpc_endpoint_ids": sorted(endpoint.get("vpcEndpointIds", [])),
            "minimum_compression_size": found.get("minimumCompressionSize", -1),
            "disable_execute_api_endpoint": found.get("disableExecuteApiEndpoint", False),
            "extra_stages": self._extra_stages(found["id"]),
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

    def _extra_stages(self, api: str) -> list[str]:
        if self.params["stages"] is None:
            return []
        names = [each["stageName"] for each in self.client("apigateway").get_stages(restApiId=api)["item"]]
        return sorted(name for name in names if name not in self.params["stages"])


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
