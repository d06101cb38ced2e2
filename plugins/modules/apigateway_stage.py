#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: apigateway_stage
version_added: 1.0.0
short_description: Manage a stage of a REST API, and deploy the API when its definition changed
description:
  - Creates, corrects and deletes a stage with its settings and tags, and deploys the API to it exactly when the live
    definition is not the one that was deployed.
  - The definition is read from API Gateway - endpoint type and endpoints, policy, resources, methods, integrations,
    responses, gateway responses - and its SHA-256 is kept in the description of the deployment. A deployment that
    someone else made has another description, and is replaced.
  - Deployments that this module made and that no stage uses are deleted, all but the last O(keep_deployments).
  - Stands on the API Gateway API CreateDeployment, CreateStage, UpdateStage, GetStages, GetDeployments,
    DeleteDeployment, DeleteStage, TagResource, UntagResource.
author:
  - private_rag.aws contributors (@private-rag)
options:
  rest_api_id:
    description: Id of the API.
    type: str
    required: true
  name:
    description: Name of the stage, the first part of the path.
    type: str
    required: true
  description:
    description: Description of the stage.
    type: str
  redeploy:
    description:
      - That an earlier task changed the definition, or in check mode would. Then the API is deployed, even where the
        change only undid what somebody had changed and not deployed - so that check mode, which cannot read what is
        not changed yet, predicts exactly what is done. Without it the definition alone decides.
    type: bool
    default: false
  throttling_rate_limit:
    description: Requests a second that all methods together take on average.
    type: float
    aliases: [throttling_rate]
  throttling_burst_limit:
    description: Requests that all methods together take at once.
    type: int
    aliases: [throttling_burst]
  metrics_enabled:
    description: Whether each method has CloudWatch metrics of its own. AWS's default is V(false).
    type: bool
    aliases: [metrics]
  logging_level:
    description:
      - What API Gateway writes to its execution log. Other than V(OFF), AWS's default, it needs a CloudWatch role in
        the account's API Gateway settings.
    type: str
    choices: ["OFF", ERROR, INFO]
  variables:
    description: The stage's variables, exactly.
    type: dict
  exact_settings:
    description: Whether settings of single methods, beside those of all methods, are removed.
    type: bool
    default: false
  keep_deployments:
    description: How many superseded deployments are kept, 0 to 100.
    type: int
    default: 5
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.reconcile.owned
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: The API is live as stage prod
  private_rag.aws.apigateway_stage:
    rest_api_id: a1b2c3d4e5
    name: prod
    throttling_rate_limit: 20
    throttling_burst_limit: 40
    metrics_enabled: true
    deployment: chatbot-prod
"""

RETURN = r"""
stage:
  description: The stage; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    rest_api_id: a1b2c3d4e5
    name: prod
    arn: arn:aws:apigateway:ap-northeast-1::/restapis/a1b2c3d4e5/stages/prod
    deployment_id: d1e2f3
    definition: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    endpoint_domain: execute-api.ap-northeast-1.amazonaws.com
    path: /prod/
    invoke_url: https://a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com/prod/
    description: ""
    throttling_rate_limit: 20.0
    throttling_burst_limit: 40
    metrics_enabled: true
    logging_level: "OFF"
    tags: {"private-rag:deployment": chatbot-prod}
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: update
changes:
  description: Every managed field that differed, with its value before and after. C(definition) means a deployment.
  returned: always
  type: dict
  sample: {metrics_enabled: {before: false, after: true}}
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils import _apigateway as gateway
from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages, run
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import compact, text
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._tags import own_tags, tag_changes
from ansible_collections.private_rag.aws.plugins.module_utils._unknown import has_unknown, unknown

ARGUMENT_SPEC: dict[str, Any] = {
    "rest_api_id": {"type": "str", "required": True},
    "name": {"type": "str", "required": True},
    "description": {"type": "str"},
    "redeploy": {"type": "bool", "default": False},
    "throttling_rate_limit": {"type": "float", "aliases": ["throttling_rate"]},
    "throttling_burst_limit": {"type": "int", "aliases": ["throttling_burst"]},
    "metrics_enabled": {"type": "bool", "aliases": ["metrics"]},
    "logging_level": {"type": "str", "choices": ["OFF", "ERROR", "INFO"]},
    "variables": {"type": "dict"},
    "exact_settings": {"type": "bool", "default": False},
    "keep_deployments": {"type": "int", "default": 5},
}
# How a deployment of ours is told, and what it holds.
MARK = "private-rag:definition="
# Field -> (MethodSetting's name, its path in a patch, AWS's default). `/*/*` stands for every method:
# https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateStage-Patch
SETTINGS: dict[str, tuple[str, str, Any]] = {
    "throttling_rate_limit": ("throttlingRateLimit", "/*/*/throttling/rateLimit", None),
    "throttling_burst_limit": ("throttlingBurstLimit", "/*/*/throttling/burstLimit", None),
    "metrics_enabled": ("metricsEnabled", "/*/*/metrics/enabled", False),
    "logging_level": ("loggingLevel", "/*/*/logging/loglevel", "OFF"),
}


class Stage(Resource):
    kind = "stage"
    key = "stage"
    identity = ("rest_api_id", "name")
    computed = {"deployment_id": "deployment id", "arn": "stage arn", "invoke_url": "invoke url"}

    def desired(self) -> State:
        plain = ("rest_api_id", "name", "description", *SETTINGS)
        if not 0 <= self.params["keep_deployments"] <= 100:
            raise ReconcileError("keep_deployments: takes 0 to 100")
        state = compact({field: self.params[field] for field in plain})
        if self.params["variables"] is not None:
            state["variables"] = {key: text(value) for key, value in self.params["variables"].items()}
        if self.params["exact_settings"]:
            state["extra_settings"] = []
        return {**state, "definition": self._live_definition(), **self.tags()}

    def differences(self, current: State, desired: State) -> Changes:
        again = {"definition": (current["definition"], desired["definition"])} if self.params["redeploy"] else {}
        return {**super().differences(current, desired), **again}

    def shows(self, found: State, desired: State) -> bool:
        return not super().differences(found, desired)

    def read(self) -> State | None:
        client, api, name = self.client("apigateway"), self.params["rest_api_id"], self.params["name"]
        try:
            found = client.get_stage(restApiId=api, stageName=name)
            deployed = client.get_deployment(restApiId=api, deploymentId=found["deploymentId"])
        except is_boto3_error_code("NotFoundException"):
            return None
        settings = (found.get("methodSettings") or {}).get("*/*", {})
        domain = f"execute-api.{client.meta.region_name}.amazonaws.com"
        return {
            "rest_api_id": api,
            "name": name,
            "arn": gateway.api_arn(client, f"/restapis/{api}/stages/{name}"),
            "deployment_id": found["deploymentId"],
            "definition": deployed.get("description", "").partition(MARK)[2],
            "endpoint_domain": domain,
            "path": f"/{name}/",
            "invoke_url": f"https://{api}.{domain}/{name}/",
            "description": found.get("description", ""),
            **{field: settings.get(word, default) for field, (word, _path, default) in SETTINGS.items()},
            "variables": found.get("variables") or {},
            "extra_settings": sorted(key for key in found.get("methodSettings") or {} if key != "*/*"),
            "tags": own_tags(found.get("tags")),
        }

    def create(self, desired: State) -> None:
        client, place = self.client("apigateway"), self._place()
        optional = {"description": desired.get("description") or None, "tags": desired.get("tags")}
        optional["variables"] = desired.get("variables") or None
        client.create_stage(**place, deploymentId=self._deploy(desired["definition"]), **compact(optional))
        patches = patches_for(desired)
        if patches:
            client.update_stage(**place, patchOperations=patches)

    def update(self, current: State, changes: Changes) -> None:
        client, wanted = self.client("apigateway"), {field: after for field, (_before, after) in changes.items()}
        patches = patches_for(wanted)
        if "definition" in wanted:
            fresh = self._deploy(wanted["definition"], besides=current["deployment_id"])
            patches.append({"op": "replace", "path": "/deploymentId", "value": fresh})
        patches += variable_patches(*changes.get("variables", ({}, {})))
        # A setting's key is path and method; its slashes are escaped: patch-operations.html#UpdateStage-Patch
        patches += [{"op": "remove", "path": f"/{key}"} for key in changes.get("extra_settings", ([], []))[0]]
        if "description" in wanted:
            patches.append({"op": "replace", "path": "/description", "value": wanted["description"]})
        if patches:
            client.update_stage(**self._place(), patchOperations=patches)
        if "definition" in wanted:
            self._delete_deployments(keep=self.params["keep_deployments"])
        if "tags" in changes:
            to_set, to_remove = tag_changes(*changes["tags"])
            if to_set:
                client.tag_resource(resourceArn=current["arn"], tags=to_set)
            if to_remove:
                client.untag_resource(resourceArn=current["arn"], tagKeys=to_remove)

    def delete(self, current: State) -> None:
        self.client("apigateway").delete_stage(**self._place())
        self._delete_deployments(keep=0)

    def _place(self) -> dict[str, str]:
        return {"restApiId": self.params["rest_api_id"], "stageName": self.params["name"]}

    def _live_definition(self) -> str:
        api = self.params["rest_api_id"]
        if self.module.check_mode and (self.params["redeploy"] or has_unknown(api)):
            return unknown("definition")
        return gateway.fingerprint(gateway.definition(self.client("apigateway"), api))

    def _deploy(self, definition: str, besides: str = "") -> str:
        """The id of a deployment of what the API is now: a new one, or one that a run made and was cut off.

        C(besides) is the stage's own, which C(redeploy) replaces even by its equal.
        """
        client, api, description = self.client("apigateway"), self.params["rest_api_id"], f"{MARK}{definition}"
        for each in pages(client, "get_deployments", "items", restApiId=api):
            if each.get("description") == description and each["id"] != besides:
                return str(each["id"])
        return str(client.create_deployment(restApiId=api, description=description)["id"])

    def _delete_deployments(self, keep: int) -> None:
        """Delete what we deployed and no stage uses, but for the newest C(keep)."""
        client, api = self.client("apigateway"), self.params["rest_api_id"]
        used = {stage["deploymentId"] for stage in client.get_stages(restApiId=api)["item"]}
        spare = [
            each
            for each in pages(client, "get_deployments", "items", restApiId=api)
            if each.get("description", "").startswith(MARK) and each["id"] not in used
        ]
        for each in sorted(spare, key=lambda it: it["createdDate"], reverse=True)[keep:]:
            client.delete_deployment(restApiId=api, deploymentId=each["id"])


def patches_for(wanted: State) -> list[dict[str, str]]:
    """The patch operations for the method settings among the wanted fields."""
    return [
        {"op": "replace", "path": path, "value": text(wanted[field])}
        for field, (_word, path, _default) in SETTINGS.items()
        if field in wanted
    ]


def variable_patches(now: State, wanted: State) -> list[dict[str, str]]:
    """The patch operations that make the stage's variables what is wanted."""
    to_set, to_remove = tag_changes(now, wanted)
    patches = [{"op": "replace", "path": f"/variables/{key}", "value": value} for key, value in to_set.items()]
    return patches + [{"op": "remove", "path": f"/variables/{key}"} for key in to_remove]


def main() -> None:
    run(Stage, ARGUMENT_SPEC, owned=True)


if __name__ == "__main__":
    main()
