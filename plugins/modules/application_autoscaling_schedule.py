#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: application_autoscaling_schedule
version_added: 1.0.0
short_description: Manage the scheduled actions of a scalable target, exactly
description:
  - Creates, corrects and deletes the scheduled actions of a scalable target; any other one of it is deleted. The target
    must be registered before, see M(private_rag.aws.application_autoscaling_target).
  - Faults in the options of any action are all told at once, before anything is written.
  - With O(state=absent) every scheduled action of the target is deleted.
  - Scheduled actions bear no tags; they belong to their scalable target.
  - Stands on the Application Auto Scaling API PutScheduledAction, DescribeScheduledActions, DeleteScheduledAction.
author:
  - private_rag.aws contributors (@private-rag)
options:
  actions:
    description:
      - The scheduled actions, exactly, up to 200; an empty list for none.
      - Required with O(state=present); does not count with O(state=absent).
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the action, 1 to 256 characters without C(:), C(/) and C(|), unique in the target.
        type: str
        required: true
      schedule:
        description: When, as C(cron(...)), C(rate(...)) or C(at(...)). Required with O(state=present).
        type: str
      timezone:
        description: Time zone of O(actions[].schedule), an IANA name.
        type: str
        default: UTC
      min_capacity:
        description:
          - The minimum capacity that it sets, at least 0. This or O(actions[].max_capacity) is required with
            O(state=present).
        type: int
      max_capacity:
        description: The maximum capacity that it sets, at least O(actions[].min_capacity).
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
- name: At least two tasks from 8:00 on weekdays, one from 18:00
  private_rag.aws.application_autoscaling_schedule:
    resource_id: service/ChatbotFrontendClusterProd/ChatbotFrontendServiceProd
    actions:
      - name: weekday-morning
        schedule: cron(0 8 ? * MON-FRI *)
        timezone: Asia/Tokyo
        min_capacity: 2
        max_capacity: 5
      - name: weekday-evening
        schedule: cron(0 18 ? * MON-FRI *)
        timezone: Asia/Tokyo
        min_capacity: 1
        max_capacity: 5
"""

RETURN = r"""
schedule:
  description:
    - The fields of each action under C(name.field), and the names of the actions that are not wanted.
    - Empty after O(state=absent).
  returned: always
  type: dict
  sample:
    weekday-morning.schedule: cron(0 8 ? * MON-FRI *)
    weekday-morning.timezone: Asia/Tokyo
    weekday-morning.min_capacity: 2
    weekday-morning.max_capacity: 5
    weekday-morning.start: ""
    weekday-morning.end: ""
    extra_actions: []
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: update
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {weekday-morning.timezone: {before: UTC, after: Asia/Tokyo}}
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._autoscaling import TARGET_SPEC, target_request
from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages, run
from ansible_collections.private_rag.aws.plugins.module_utils._fields import given, of, wanted_values
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import Changes, State
from ansible_collections.private_rag.aws.plugins.module_utils._whole_set import WholeSet

ARGUMENT_SPEC: dict[str, Any] = {
    **TARGET_SPEC,
    "actions": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": {"type": "str", "required": True},
            "schedule": {"type": "str"},
            "timezone": {"type": "str", "default": "UTC"},
            "min_capacity": {"type": "int"},
            "max_capacity": {"type": "int"},
            "start": {"type": "str"},
            "end": {"type": "str"},
        },
    },
}
MOMENTS = ("start", "end")
# API_PutScheduledAction, ScheduledActionName: no control characters, no blanks around it.
_NAME = re.compile(r"(?! )[^\x00-\x1f\x7f-\x9f:/|]{1,256}(?<! )")


class Schedule(WholeSet):
    kind = "schedule of scalable target"
    key = "schedule"
    parent, option = "resource_id", "actions"

    def found(self) -> dict[str, dict[str, Any]]:
        client, target = self.client("application-autoscaling"), target_request(self.params)
        found = pages(client, "describe_scheduled_actions", "ScheduledActions", **target)
        return {action["ScheduledActionName"]: action for action in found}

    def faults_of(self, options: dict[str, Any]) -> Iterator[str]:
        return (f"{options['name']}: {fault}" for fault in _faults_of_one(options))

    def wanted_state(self, options: dict[str, Any]) -> State:
        plain = given(options, "schedule", "timezone", "min_capacity", "max_capacity")
        return {**plain, **{field: _moment(text) for field, text in given(options, *MOMENTS).items()}}

    def state_of(self, thing: dict[str, Any]) -> State:
        capacities = thing.get("ScalableTargetAction", {})
        return {
            "schedule": thing["Schedule"],
            "timezone": thing.get("Timezone") or "UTC",
            "min_capacity": capacities.get("MinCapacity"),
            "max_capacity": capacities.get("MaxCapacity"),
            "start": utc_text(thing.get("StartTime")),
            "end": utc_text(thing.get("EndTime")),
        }

    def update(self, current: State, changes: Changes) -> None:
        self.delete(current)
        for options in self.wanted:
            name = options["name"]
            wanted = wanted_values(of(name, changes))
            if wanted:
                # Start and end are forgotten where they are not sent again: API_PutScheduledAction.
                self._put(name, {**of(name, current), **wanted})

    def remove(self, name: str) -> None:
        self.client("application-autoscaling").delete_scheduled_action(
            **target_request(self.params), ScheduledActionName=name
        )

    def _put(self, name: str, fields: State) -> None:
        capacities = {"MinCapacity": fields.get("min_capacity"), "MaxCapacity": fields.get("max_capacity")}
        moments = {"StartTime": fields.get("start"), "EndTime": fields.get("end")}
        self.client("application-autoscaling").put_scheduled_action(
            **target_request(self.params),
            ScheduledActionName=name,
            Schedule=fields["schedule"],
            Timezone=fields["timezone"],
            ScalableTargetAction={key: value for key, value in capacities.items() if value is not None},
            **{key: datetime.fromisoformat(value) for key, value in moments.items() if value},
        )


def _faults_of_one(options: dict[str, Any]) -> Iterator[str]:
    least, most = options["min_capacity"], options["max_capacity"]
    if not _NAME.fullmatch(options["name"]):
        yield "is no name of an action: 1 to 256 characters without :, / and |"
    if not options["schedule"]:
        yield "schedule is missing"
    if least is None and most is None:
        yield "min_capacity or max_capacity is missing"
    if least is not None and most is not None and least > most:
        yield f"min_capacity {least} is greater than max_capacity {most}"
    if min(least or 0, most or 0) < 0:
        yield "a capacity is below 0"
    for field, text in given(options, *MOMENTS).items():
        try:
            _moment(text)
        except ValueError as error:
            yield f"{field} is not an ISO 8601 time: {error}"


def _moment(text: str) -> str:
    return utc_text(datetime.fromisoformat(text)) if text else ""


def utc_text(moment: datetime | None) -> str:
    """A moment in UTC to the second, C("") for none; without a zone it counts as UTC."""
    if moment is None:
        return ""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="seconds")


def main() -> None:
    run(Schedule, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
