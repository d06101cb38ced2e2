#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: application_autoscaling_policy
version_added: 1.0.0
short_description: Manage a target tracking scaling policy of Application Auto Scaling
description:
  - Creates, corrects and deletes a target tracking policy. The scalable target must be registered before,
    see M(private_rag.aws.application_autoscaling_target).
  - Scaling policies bear no tags; they belong to their scalable target.
  - Stands on the Application Auto Scaling API PutScalingPolicy, DescribeScalingPolicies, DeleteScalingPolicy.
author:
  - private_rag.aws contributors (@private-rag)
options:
  policy_name:
    description: Name of the policy, 1 to 255 characters.
    type: str
    required: true
  target_value:
    description: Value of the metric that is held, for CPU in percent. Needed to create it.
    type: float
  predefined_metric:
    description: The metric, for example V(ECSServiceAverageCPUUtilization). Needed to create it.
    type: str
  scale_in_cooldown:
    description: Seconds after a scale-in until the next.
    type: int
  scale_out_cooldown:
    description: Seconds after a scale-out until the next.
    type: int
  disable_scale_in:
    description: Whether the policy never scales in.
    type: bool
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.scalable_target
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Hold the chat page's CPU at 70 percent
  private_rag.aws.application_autoscaling_policy:
    policy_name: CpuUtilizationScaling
    resource_id: service/ChatbotFrontendClusterProd/ChatbotFrontendServiceProd
    predefined_metric: ECSServiceAverageCPUUtilization
    target_value: 70
    scale_out_cooldown: 60
    scale_in_cooldown: 300
"""

RETURN = r"""
scaling_policy:
  description: The policy; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    policy_name: CpuUtilizationScaling
    arn: arn:aws:autoscaling:ap-northeast-1:123456789012:scalingPolicy:6d8972f3:resource/ecs/service/C/S:policyName/Cpu
    policy_type: TargetTrackingScaling
    target_value: 70.0
    predefined_metric: ECSServiceAverageCPUUtilization
    scale_in_cooldown: 300
    scale_out_cooldown: 60
    disable_scale_in: false
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: update
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {target_value: {before: 50.0, after: 70.0}}
"""

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._autoscaling import (
    TARGET_SPEC,
    target_fields,
    target_request,
)
from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages, run
from ansible_collections.private_rag.aws.plugins.module_utils._fields import given, wanted_values
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)

ARGUMENT_SPEC: dict[str, Any] = {
    **TARGET_SPEC,
    "policy_name": {"type": "str", "required": True},
    "target_value": {"type": "float"},
    "predefined_metric": {"type": "str"},
    "scale_in_cooldown": {"type": "int"},
    "scale_out_cooldown": {"type": "int"},
    "disable_scale_in": {"type": "bool"},
}
TRACKING = "TargetTrackingScaling"
# https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html
CONFIGURATION = {
    "target_value": "TargetValue",
    "scale_in_cooldown": "ScaleInCooldown",
    "scale_out_cooldown": "ScaleOutCooldown",
    "disable_scale_in": "DisableScaleIn",
}


class ScalingPolicy(Resource):
    kind = "scaling policy"
    key = "scaling_policy"
    identity = ("resource_id", "policy_name")
    computed = {"arn": "scaling policy arn"}

    def desired(self) -> State:
        options = given(self.params, "policy_name", "predefined_metric", *CONFIGURATION)
        return {**target_fields(self.params), "policy_type": TRACKING, **options}

    def read(self) -> State | None:
        client, name = self.client("application-autoscaling"), self.params["policy_name"]
        search = {**target_request(self.params), "PolicyNames": [name]}
        found = next(iter(pages(client, "describe_scaling_policies", "ScalingPolicies", **search)), None)
        if found is None:
            return None
        config = found.get("TargetTrackingScalingPolicyConfiguration", {})
        return {
            **target_fields(self.params),
            "policy_name": name,
            "arn": found["PolicyARN"],
            "policy_type": found["PolicyType"],
            "predefined_metric": config.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType", ""),
            **{field: config.get(key) for field, key in CONFIGURATION.items()},
            "disable_scale_in": config.get("DisableScaleIn", False),
        }

    def create(self, desired: State) -> None:
        if not {"target_value", "predefined_metric"} <= desired.keys():
            raise ReconcileError(f"{self.label} does not exist: target_value and predefined_metric are needed")
        self._put(desired)

    def update(self, current: State, changes: Changes) -> None:
        if "policy_type" in changes:
            # A policy keeps its type for life: API_PutScalingPolicy.
            self.delete(current)
        # The configuration is replaced by what is sent: API_PutScalingPolicy.
        self._put({**current, **wanted_values(changes)})

    def delete(self, current: State) -> None:
        self.client("application-autoscaling").delete_scaling_policy(
            **target_request(self.params), PolicyName=self.params["policy_name"]
        )

    def _put(self, fields: State) -> None:
        values = {key: fields[field] for field, key in CONFIGURATION.items() if fields.get(field) is not None}
        metric = {"PredefinedMetricSpecification": {"PredefinedMetricType": fields["predefined_metric"]}}
        self.client("application-autoscaling").put_scaling_policy(
            **target_request(self.params),
            PolicyName=self.params["policy_name"],
            PolicyType=TRACKING,
            TargetTrackingScalingPolicyConfiguration={**metric, **values},
        )


def main() -> None:
    run(ScalingPolicy, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
