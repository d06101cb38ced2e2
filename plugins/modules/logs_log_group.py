#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: logs_log_group
version_added: 1.0.0
short_description: Manage a CloudWatch Logs log group
description:
  - Creates, corrects and deletes a log group, its retention, its KMS key and its tags.
  - Stands on the CloudWatch Logs API CreateLogGroup, PutRetentionPolicy, AssociateKmsKey, TagResource, DeleteLogGroup.
author:
  - private_rag.aws contributors (@private-rag)
options:
  name:
    description: Name of the log group, 1 to 512 characters.
    type: str
    required: true
  retention_days:
    description:
      - Days that log events are kept. V(0) keeps them for ever.
      - One of the values that PutRetentionPolicy takes; any other is refused and nothing is changed.
    type: int
  kms_key_id:
    description: ARN of the KMS key that encrypts the log group. An empty string removes it.
    type: str
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.reconcile.owned
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Log group of the Lambda function, kept for 90 days
  private_rag.aws.logs_log_group:
    name: /aws/lambda/ChatbotBackendFunctionProd
    retention_days: 90
    deployment: chatbot-prod
"""

RETURN = r"""
log_group:
  description: The log group; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    name: /aws/lambda/ChatbotBackendFunctionProd
    arn: arn:aws:logs:ap-northeast-1:123456789012:log-group:/aws/lambda/ChatbotBackendFunctionProd
    retention_days: 90
    kms_key_id: ""
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
  sample: {retention_days: {before: 0, after: 90}}
"""

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages, run
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._tags import own_tags, tag_changes

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
RETENTION_DAYS = {
    *{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731},
    *{1096, 1827, 2192, 2557, 2922, 3288, 3653},
}

ARGUMENT_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "retention_days": {"type": "int"},
    "kms_key_id": {"type": "str"},
}


class LogGroup(Resource):
    kind = "log group"
    key = "log_group"
    computed = {"arn": "log group arn"}

    def desired(self) -> State:
        days = self.params["retention_days"]
        if days is not None and days not in (0, *RETENTION_DAYS):
            allowed = ", ".join(str(value) for value in sorted(RETENTION_DAYS))
            raise ReconcileError(f"retention_days: {days} is none of 0 (for ever), {allowed}")
        managed = {field: self.params[field] for field in ("retention_days", "kms_key_id")}
        given = {field: value for field, value in managed.items() if value is not None}
        return {"name": self.params["name"], **given, **self.tags()}

    def read(self) -> State | None:
        logs, name = self.client("logs"), self.params["name"]
        groups = pages(logs, "describe_log_groups", "logGroups", logGroupNamePrefix=name)
        group = next((group for group in groups if group["logGroupName"] == name), None)
        if group is None:
            return None
        arn = group["arn"].removesuffix(":*")
        return {
            "name": name,
            "arn": arn,
            "retention_days": group.get("retentionInDays", 0),
            "kms_key_id": group.get("kmsKeyId", ""),
            "tags": own_tags(logs.list_tags_for_resource(resourceArn=arn)["tags"]),
        }

    def create(self, desired: State) -> None:
        key = {"kmsKeyId": desired["kms_key_id"]} if desired.get("kms_key_id") else {}
        self.client("logs").create_log_group(logGroupName=desired["name"], tags=desired.get("tags", {}), **key)
        if desired.get("retention_days"):
            self._set_retention(desired["retention_days"])

    def update(self, current: State, changes: Changes) -> None:
        logs, name = self.client("logs"), self.params["name"]
        if "retention_days" in changes:
            self._set_retention(changes["retention_days"][1])
        if "kms_key_id" in changes:
            key = changes["kms_key_id"][1]
            if key:
                logs.associate_kms_key(logGroupName=name, kmsKeyId=key)
            else:
                logs.disassociate_kms_key(logGroupName=name)
        if "tags" in changes:
            to_set, to_remove = tag_changes(*changes["tags"])
            if to_set:
                logs.tag_resource(resourceArn=current["arn"], tags=to_set)
            if to_remove:
                logs.untag_resource(resourceArn=current["arn"], tagKeys=to_remove)

    def delete(self, current: State) -> None:
        self.client("logs").delete_log_group(logGroupName=current["name"])

    def _set_retention(self, days: int) -> None:
        logs, name = self.client("logs"), self.params["name"]
        if days:
            logs.put_retention_policy(logGroupName=name, retentionInDays=days)
        else:
            logs.delete_retention_policy(logGroupName=name)


def main() -> None:
    run(LogGroup, ARGUMENT_SPEC, owned=True)


if __name__ == "__main__":
    main()
