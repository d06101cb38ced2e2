#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: application_autoscaling_scheduled_action
version_added: 1.0.0
short_description: Manage a scheduled action of Application Auto Scaling
description:
  - Creates, corrects and deletes a scheduled action. The scalable target must be registered before,
    see M(private_rag.aws.application_autoscaling_target).
  - Scheduled actions bear no tags; they belong to their scalable target.
  - Stands on the Application Auto Scaling API PutScheduledAction, DescribeScheduledActions, DeleteScheduledAction.
author:
  - private_rag.aws contributors (@private-rag)
options:
  name:
    description: Name of the action, 1 to 256 characters.
    type: str
    required: true
  schedule:
    description: When, as C(cron(...)), C(rate(...)) or C(at(...)). Needed to create it.
    type: str
  timezone:
    description: Time zone of O(schedule), an IANA name.
    type: str
    default: UTC
  min_capacity:
    description: The minimum capacity that it sets.
    type: int
  max_capacity:
    description: The maximum capacity that it sets.
    type: int
  start:
    description: First moment that it may run, ISO 8601 with a zone. An empty string for none.
    type: str
  end:
    description: Last moment that it may run, ISO 8601 with a zone. An empty string for none.
    type: str
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.scalable_target
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: At least two tasks from 8:00 on weekdays
  private_rag.aws.application_autoscaling_scheduled_action:
    name: weekday-morning
    resource_id: service/ChatbotFrontendClusterProd/ChatbotFrontendServiceProd
    schedule: cron(0 8 ? * MON-FRI *)
    timezone: Asia/Tokyo
    min_capacity: 2
    max_capacity: 5
"""

RETURN = r"""
scheduled_action:
  description: The scheduled action; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    name: weekday-morning
    arn: arn:aws:autoscaling:ap-northeast-1:123456789012:scheduledAction:6d8972f3:resource/ecs/service/C/S:scheduledAct
    schedule: cron(0 8 ? * MON-FRI *)
    timezone: Asia/Tokyo
    min_capacity: 2
    max_capacity: 5
    start: ""
    end: ""
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: update
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {timezone: {before: UTC, after: Asia/Tokyo}}
"""

from datetime import UTC, datetime
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
    "name": {"type": "str", "required": True},
    "schedule": {"type": "str"},
    "timezone": {"type": "str", "default": "UTC"},
    "min_capacity": {"type": "int"},
    "max_capacity": {"type": "int"},
    "start": {"type": "str"},
    "end": {"type": "str"},
}


class ScheduledAction(Resource):
    kind = "scheduled action"
    key = "scheduled_action"
    identity = ("resource_id", "name")
    computed = {"arn": "scheduled action arn"}

    def desired(self) -> State:
        options = given(self.params, "name", "schedule", "timezone", "min_capacity", "max_capacity")
        moments = {field: self._moment(field) for field in given(self.params, "start", "end")}
        return {**target_fields(self.params), **options, **moments}

    def read(self) -> State | None:
        client, name = self.client("application-autoscaling"), self.params["name"]
        search = {**target_request(self.params), "ScheduledActionNames": [name]}
        found = next(iter(pages(client, "describe_scheduled_actions", "ScheduledActions", **search)), None)
        if found is None:
            return None
        capacities = found.get("ScalableTargetAction", {})
        return {
            **target_fields(self.params),
            "name": name,
            "arn": found["ScheduledActionARN"],
            "schedule": found["Schedule"],
            "timezone": found.get("Timezone") or "UTC",
            "min_capacity": capacities.get("MinCapacity"),
            "max_capacity": capacities.get("MaxCapacity"),
            "start": utc_text(found.get("StartTime")),
            "end": utc_text(found.get("EndTime")),
        }

    def create(self, desired: State) -> None:
        if "schedule" not in desired or not {"min_capacity", "max_capacity"} & desired.keys():
            raise ReconcileError(f"{self.label} does not exist: schedule and a capacity are needed to create it")
        self._put(desired)

    def update(self, current: State, changes: Changes) -> None:
        # Start and end are forgotten where they are not sent again: API_PutScheduledAction.
        self._put({**current, **wanted_values(changes)})

    def delete(self, current: State) -> None:
        self.client("application-autoscaling").delete_scheduled_action(
            **target_request(self.params), ScheduledActionName=self.params["name"]
        )

    def _moment(self, option: str) -> str:
        try:
            return utc_text(datetime.fromisoformat(self.params[option])) if self.params[option] else ""
        except ValueError as error:
            raise ReconcileError(f"{self.label}: {option} is not an ISO 8601 time: {error}") from error

    def _put(self, fields: State) -> None:
        capacities = {"MinCapacity": fields.get("min_capacity"), "MaxCapacity": fields.get("max_capacity")}
        moments = {"StartTime": fields.get("start"), "EndTime": fields.get("end")}
        self.client("application-autoscaling").put_scheduled_action(
            **target_request(self.params),
            ScheduledActionName=self.params["name"],
            Schedule=fields["schedule"],
            Timezone=fields["timezone"],
            ScalableTargetAction={key: value for key, value in capacities.items() if value is not None},
            **{key: datetime.fromisoformat(value) for key, value in moments.items() if value},
        )


def utc_text(moment: datetime | None) -> str:
    """A moment in UTC to the second, C("") for none; without a zone it counts as UTC."""
    if moment is None:
        return ""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="seconds")


def main() -> None:
    run(ScheduledAction, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
