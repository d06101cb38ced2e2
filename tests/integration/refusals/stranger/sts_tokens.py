"""Calls on STS that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import api, recorded
from tests.integration.refusals.world import World


def assumed(w: World, **changes: Any) -> Params:
    return {"RoleArn": w.task_role, "RoleSessionName": "deploy", **changes}


STRANGE: tuple[Case, ...] = (
    refused(
        "sts",
        "AssumeRole",
        "not an ARN",
        lambda w: assumed(w, RoleArn="nothing-valid-in-here"),
        "ValidationError",
        recorded("sts", "test_sts_invalid_parameters"),
    ),
    refused(
        "sts",
        "AssumeRole",
        "colon in the session's name",
        lambda w: assumed(w, RoleSessionName="deploy:2"),
        "ValidationError",
        recorded("sts", "test_sts_invalid_parameters"),
    ),
    refused(
        "sts",
        "AssumeRole",
        "session of a minute",
        lambda w: assumed(w, DurationSeconds=60),
        "ValidationError",
        api("sts", "AssumeRole"),
    ),
    refused(
        "sts",
        "AssumeRole",
        "tag keys that differ by case only",
        lambda w: assumed(w, Tags=[{"Key": "Team", "Value": "a"}, {"Key": "team", "Value": "b"}]),
        "InvalidParameterValue",
        recorded("sts", "test_assume_role_tag_validation"),
    ),
    refused(
        "sts",
        "AssumeRole",
        "transitive key that is no tag",
        lambda w: assumed(w, Tags=[{"Key": "Team", "Value": "a"}], TransitiveTagKeys=["Cost"]),
        "InvalidParameterValue",
        recorded("sts", "test_assume_role_tag_validation"),
    ),
)
