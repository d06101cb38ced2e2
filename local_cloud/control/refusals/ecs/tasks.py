"""What ECS refuses of circles among containers, of tasks' overrides, and of lists and settings."""

from __future__ import annotations

import re
from typing import Any

from moto.core.exceptions import JsonRESTError, ServiceException

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

BAD, CLIENT = "InvalidParameterException", "ClientException"
DEFINITION = re.compile(r"arn:[^:]+:ecs:([^:]+):(\d{12}):task-definition/[^:]+(:\d+)?")
STARTED_BY = re.compile(r"[A-Za-z0-9_\-/]{0,128}")
LONGEST_PAGE = 100
SETTINGS = ("enabled", "disabled", "enhanced", "on", "off")
OTHER_SETTINGS = ("fargateTaskRetirementWaitPeriod", "defaultLogDriverMode")


@refuses(
    "ecs-circle",
    "ecs",
    "RegisterTaskDefinition",
    code=CLIENT,
    message="Containers depend on each other in a circle: {name}",
    source="ContainerDependency API reference; wording not verified",
)
def circle(call: Call) -> Verdict:
    waits = {
        each.get("name"): [one.get("containerName") for one in each.get("dependsOn") or []]
        for each in call.get("containerDefinitions") or []
    }
    return next(({"name": name} for name in waits if _reaches(waits, name, name, set())), None)


def _reaches(waits: dict[Any, list[Any]], start: Any, wanted: Any, seen: set[Any]) -> bool:
    for name in waits.get(start) or []:
        if name == wanted:
            return True
        if name not in seen and _reaches(waits, name, wanted, seen | {name}):
            return True
    return False


@refuses(
    "ecs-override",
    "ecs",
    "RunTask",
    code=BAD,
    message="Override for container named {name} is not a container in the TaskDefinition.",
    source="ContainerOverride API reference, name; as quoted in public error reports",
)
def override(call: Call) -> Verdict:
    made = backend("ecs", call.region)
    try:
        definition = made.describe_task_definition(call.params["taskDefinition"])
    except (ServiceException, JsonRESTError):
        return None  # moto has its own words for a definition that is not there
    known = {each.get("name") for each in definition.container_definitions}
    for each in (call.get("overrides") or {}).get("containerOverrides") or []:
        if each.get("name") not in known:
            return {"name": each.get("name")}
    return None


@refuses(
    "ecs-definition-arn",
    "ecs",
    ["CreateService", "UpdateService", "RunTask", "DescribeTaskDefinition", "DeregisterTaskDefinition"],
    code=BAD,
    message="Invalid identifier: {arn} is no task definition of this account and Region.",
    source="RunTask API reference, taskDefinition: the family, with a revision, or the full ARN; wording not verified",
)
def definition_arn(call: Call) -> Verdict:
    arn = call.get("taskDefinition") or ""
    found = DEFINITION.fullmatch(arn)
    own = found is not None and (found[1], found[2]) == (call.region, call.account)
    return {"arn": arn} if arn.startswith("arn:") and not own else None


@refuses(
    "ecs-started-by",
    "ecs",
    ["RunTask", "StartTask"],
    code=BAD,
    message="startedBy must be at most 128 letters, numbers, hyphens, slashes and underscores.",
    source="RunTask API reference, startedBy; wording not verified",
)
def started_by(call: Call) -> Verdict:
    return not STARTED_BY.fullmatch(call.get("startedBy") or "")


@refuses(
    "ecs-page",
    "ecs",
    ["ListTasks", "ListServices", "ListClusters", "ListTaskDefinitions", "ListTaskDefinitionFamilies"],
    code=BAD,
    message="maxResults must be between 1 and 100.",
    source="ListTasks API reference, maxResults: 'This value can be between 1 and 100'; wording not verified",
)
def page(call: Call) -> Verdict:
    sent = call.get("maxResults")
    return sent is not None and not 1 <= sent <= LONGEST_PAGE


@refuses(
    "ecs-account-setting",
    "ecs",
    ["PutAccountSetting", "PutAccountSettingDefault"],
    code=BAD,
    message="The value {value} is not valid for {name}.",
    source="PutAccountSetting API reference, value; wording not verified",
)
def account_setting(call: Call) -> Verdict:
    name, value = call.params["name"], call.params["value"]
    return {"name": name, "value": value} if name not in OTHER_SETTINGS and value.lower() not in SETTINGS else None
