"""iam_role_set: roles, each with its policies, as one resource."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.integration.cloud import Cloud
from tests.integration.modules.life import OWNER, refused
from tests.integration.running import ModuleFailed, Runner

NAME, OTHER_NAME, MISSING = "lambda-rag-processor-role-test", "ecs.task-role-test", "ecs-execution-role-test"
MANAGED = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
OTHER = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def trust(service: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}],
    }


def allow(*actions: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}


ROLE: dict[str, Any] = {
    "name": NAME,
    "description": "made by a test",
    "assume_role_policy": trust("lambda.amazonaws.com"),
    "inline_policies": {"one": allow("s3:GetObject", "s3:ListBucket"), "two": allow("logs:PutLogEvents")},
    "managed_policies": [MANAGED],
    "max_session_duration": 7200,
    "permissions_boundary": OTHER,
}
SECOND: dict[str, Any] = {"name": OTHER_NAME, "assume_role_policy": trust("ecs-tasks.amazonaws.com")}
THIRD: dict[str, Any] = {**SECOND, "name": MISSING}
CHANGED: dict[str, Any] = {
    "description": "changed",
    "assume_role_policy": trust("ecs-tasks.amazonaws.com"),
    "inline_policies": {"one": allow("s3:GetObject")},
    "managed_policies": [OTHER],
    "max_session_duration": 3600,
    "permissions_boundary": "",
}


def roles(*options: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The options of the module for these roles, or for the first two."""
    return {
        "roles": list(options or (ROLE, SECOND)),
        "tags": {"Team": "search"},
        "deployment": "chatbot-test",
        **more,
    }


def make_by_hand(cloud: Cloud, name: str = NAME, owner: str = "") -> None:
    tags = [{"Key": OWNER, "Value": owner}] if owner else []
    cloud.client("iam").create_role(
        RoleName=name, AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}', Tags=tags
    )


def names(cloud: Cloud) -> set[str]:
    return {role["RoleName"] for role in cloud.client("iam").list_roles()["Roles"]}


def test_created_as_predicted_then_left_alone_then_deleted(run_module: Runner, cloud: Cloud) -> None:
    predicted = run_module.checked("iam_role_set", roles())
    assert predicted["roles"]["arns"][NAME] == f"(known after apply: {NAME} arn)"
    done = run_module.applied("iam_role_set", roles())
    assert done["action"] == "create"
    assert done["roles"]["arns"] == {name: f"arn:aws:iam::123456789012:role/{name}" for name in (NAME, OTHER_NAME)}
    gone = run_module.applied("iam_role_set", roles({"name": NAME}, {"name": OTHER_NAME}, state="absent"))
    assert gone["action"] == "delete"
    assert gone["roles"] == {}
    assert not names(cloud) & {NAME, OTHER_NAME}


@pytest.mark.parametrize("field", sorted(CHANGED))
def test_each_difference_is_corrected_and_named(run_module: Runner, field: str) -> None:
    run_module("iam_role_set", roles())
    done = run_module.applied("iam_role_set", roles({**ROLE, field: CHANGED[field]}, SECOND))
    assert (done["action"], list(done["changes"])) == ("update", [f"{NAME}.{field}"])


def test_changed_tags_are_corrected_on_every_role(run_module: Runner) -> None:
    run_module("iam_role_set", roles())
    done = run_module.applied("iam_role_set", roles(tags={"Group": "search"}))
    assert list(done["changes"]) == [f"{OTHER_NAME}.tags", f"{NAME}.tags"]


def test_description_and_session_do_not_undo_each_other(run_module: Runner) -> None:
    run_module("iam_role_set", roles())
    done = run_module.applied("iam_role_set", roles({**ROLE, "description": "new"}, SECOND))
    assert done["roles"][f"{NAME}.max_session_duration"] == 7200


def test_policies_added_by_hand_are_removed(run_module: Runner, cloud: Cloud) -> None:
    run_module("iam_role_set", roles())
    iam = cloud.client("iam")
    iam.put_role_policy(RoleName=NAME, PolicyName="rogue", PolicyDocument=json.dumps(allow("*")))
    iam.attach_role_policy(RoleName=NAME, PolicyArn=OTHER)
    done = run_module.applied("iam_role_set", roles())
    assert set(done["changes"]) == {f"{NAME}.inline_policies", f"{NAME}.managed_policies"}
    assert iam.list_role_policies(RoleName=NAME)["PolicyNames"] == ["one", "two"]
    assert [it["PolicyArn"] for it in iam.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"]] == [MANAGED]


def test_options_left_out_are_not_managed(run_module: Runner) -> None:
    run_module("iam_role_set", roles())
    little = {"name": NAME, "assume_role_policy": ROLE["assume_role_policy"]}
    run_module.unchanged("iam_role_set", {"roles": [little]})


def test_one_value_or_a_list_of_one_is_the_same(run_module: Runner) -> None:
    run_module("iam_role_set", roles({**ROLE, "inline_policies": {"one": allow("s3:GetObject")}}))
    spelled = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["*"]}}
    run_module.unchanged("iam_role_set", roles({**ROLE, "inline_policies": {"one": spelled}}))


def test_creation_cut_off_within_and_between_roles_is_finished(run_module: Runner, cloud: Cloud) -> None:
    make_by_hand(cloud, owner="chatbot-test")
    predicted = run_module.checked("iam_role_set", roles())
    done = run_module("iam_role_set", roles())
    assert predicted["action"] == done["action"] == "update"
    assert set(predicted["changes"]) == set(done["changes"]) >= {"arns", f"{NAME}.inline_policies"}
    assert set(done["roles"][f"{NAME}.inline_policies"]) == {"one", "two"}
    run_module.unchanged("iam_role_set", roles())


def test_every_foreign_role_is_refused_before_any_is_made_then_adopted(run_module: Runner, cloud: Cloud) -> None:
    make_by_hand(cloud, OTHER_NAME)
    make_by_hand(cloud, MISSING)
    wanted = roles(ROLE, SECOND, THIRD)
    words = rf"role {OTHER_NAME} exists already.*role {MISSING} exists already.*not made by.*chatbot_adopt: true"
    refused(run_module, "iam_role_set", wanted, words)
    assert NAME not in names(cloud)
    run_module("iam_role_set", {**wanted, "adopt": True})
    run_module.unchanged("iam_role_set", wanted)


def test_another_deployments_role_is_never_adopted(run_module: Runner, cloud: Cloud) -> None:
    make_by_hand(cloud, OTHER_NAME, "chatbot-other")
    refused(run_module, "iam_role_set", roles(adopt=True), f"{OTHER_NAME} belongs to the deployment 'chatbot-other'")


def test_foreign_roles_are_kept_and_ours_deleted(run_module: Runner, cloud: Cloud) -> None:
    run_module("iam_role_set", roles())
    make_by_hand(cloud, MISSING)
    gone = roles(ROLE, SECOND, THIRD, state="absent")
    done = run_module("iam_role_set", gone)
    assert f"IAM role {MISSING} is kept" in str(done["warnings"])
    assert names(cloud) & {NAME, OTHER_NAME, MISSING} == {MISSING}
    run_module.unchanged("iam_role_set", gone)


def test_what_iam_would_refuse_is_told_at_once(run_module: Runner, cloud: Cloud) -> None:
    wrong = (
        {**ROLE, "max_session_duration": 60, "path": "chat"},
        {"name": OTHER_NAME},
        {**THIRD, "name": "a" * 65},
        {**THIRD, "inline_policies": {"no name": allow("s3:GetObject"), "long": allow("s3:Get" * 2000)}},
        {**THIRD, "description": "x" * 1001},
    )
    words = (
        "max_session_duration 60",
        "path 'chat'",
        "assume_role_policy is missing",
        "is no name of a role",
        "is no name of a policy",
        "more than 10240",
        "longer than 1000",
        "named more than once",
    )
    refused(run_module, "iam_role_set", roles(*wrong), "".join(f"(?=.*{each})" for each in words))
    assert not names(cloud) & {NAME, OTHER_NAME, MISSING}


def test_changed_path_is_refused(run_module: Runner) -> None:
    run_module("iam_role_set", roles())
    refused(run_module, "iam_role_set", roles({**ROLE, "path": "/other/"}, SECOND), "needs replacement")


@pytest.mark.parametrize("check", [True, False])
def test_role_in_an_instance_profile_is_not_deleted(run_module: Runner, cloud: Cloud, check: bool) -> None:
    run_module("iam_role_set", roles(SECOND, ROLE))
    iam = cloud.client("iam")
    iam.create_instance_profile(InstanceProfileName="desktop")
    iam.add_role_to_instance_profile(InstanceProfileName="desktop", RoleName=NAME)
    with pytest.raises(ModuleFailed, match=f"{NAME} is kept: it is in the instance profiles desktop"):
        run_module("iam_role_set", roles(SECOND, ROLE, state="absent"), check=check)
    assert len(iam.list_role_policies(RoleName=NAME)["PolicyNames"]) == 2
    assert OTHER_NAME in names(cloud)
