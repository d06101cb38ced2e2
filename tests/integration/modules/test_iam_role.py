"""iam_role: a role and its policies as one resource."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.cloud import Cloud
from tests.integration.running import ModuleFailed, Runner

NAME = "lambda-rag-processor-role-test"
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
    "tags": {"Team": "search"},
    "deployment": "chatbot-test",
}
CHANGED: dict[str, Any] = {
    "description": "changed",
    "assume_role_policy": trust("ecs-tasks.amazonaws.com"),
    "inline_policies": {"one": allow("s3:GetObject")},
    "managed_policies": [OTHER],
    "max_session_duration": 3600,
    "permissions_boundary": "",
    "tags": {"Team": "other"},
}


def make_by_hand(cloud: Cloud, **options: Any) -> None:
    cloud.client("iam").create_role(
        RoleName=NAME, AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}', **options
    )


def test_created_as_predicted_then_left_alone_then_deleted(run_module: Runner) -> None:
    predicted = run_module.checked("iam_role", ROLE)
    assert predicted["role"]["arn"] == "(known after apply: role arn)"
    done = run_module.applied("iam_role", ROLE)
    assert done["action"] == "create"
    assert done["role"]["arn"] == f"arn:aws:iam::123456789012:role/{NAME}"
    gone = run_module.applied("iam_role", {"name": NAME, "deployment": "chatbot-test", "state": "absent"})
    assert gone["action"] == "delete"
    assert gone["role"] == {}


@pytest.mark.parametrize("field", sorted(CHANGED))
def test_each_difference_is_corrected_and_named(run_module: Runner, field: str) -> None:
    run_module("iam_role", ROLE)
    done = run_module.applied("iam_role", {**ROLE, field: CHANGED[field]})
    assert (done["action"], list(done["changes"])) == ("update", [field])


def test_description_and_session_do_not_undo_each_other(run_module: Runner) -> None:
    run_module("iam_role", ROLE)
    done = run_module.applied("iam_role", {**ROLE, "description": "new"})
    assert done["role"]["max_session_duration"] == 7200


def test_policies_added_by_hand_are_removed(run_module: Runner, cloud: Cloud) -> None:
    run_module("iam_role", ROLE)
    iam = cloud.client("iam")
    iam.put_role_policy(RoleName=NAME, PolicyName="rogue", PolicyDocument=str(allow("*")).replace("'", '"'))
    iam.attach_role_policy(RoleName=NAME, PolicyArn=OTHER)
    done = run_module.applied("iam_role", ROLE)
    assert set(done["changes"]) == {"inline_policies", "managed_policies"}
    assert iam.list_role_policies(RoleName=NAME)["PolicyNames"] == ["one", "two"]
    assert [it["PolicyArn"] for it in iam.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"]] == [MANAGED]


def test_options_left_out_are_not_managed(run_module: Runner) -> None:
    run_module("iam_role", ROLE)
    little = {"name": NAME, "assume_role_policy": ROLE["assume_role_policy"]}
    run_module.unchanged("iam_role", little)


def test_one_value_or_a_list_of_one_is_the_same(run_module: Runner) -> None:
    run_module("iam_role", {**ROLE, "inline_policies": {"one": allow("s3:GetObject")}})
    spelled = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["*"]}}
    run_module.unchanged("iam_role", {**ROLE, "inline_policies": {"one": spelled}})


def test_creation_cut_off_after_the_role_is_finished_by_the_next_run(run_module: Runner, cloud: Cloud) -> None:
    make_by_hand(cloud, Tags=[{"Key": "private-rag:deployment", "Value": "chatbot-test"}])
    done = run_module.applied("iam_role", ROLE)
    assert done["action"] == "update"
    assert set(done["role"]["inline_policies"]) == {"one", "two"}


def test_foreign_role_is_refused_then_adopted(run_module: Runner, cloud: Cloud) -> None:
    make_by_hand(cloud)
    with pytest.raises(ModuleFailed, match=r"not made by this deployment.*max_session_duration: 3600 -> 7200"):
        run_module("iam_role", ROLE)
    run_module.applied("iam_role", {**ROLE, "adopt": True})


def test_foreign_role_is_not_deleted(run_module: Runner, cloud: Cloud) -> None:
    make_by_hand(cloud)
    kept = run_module("iam_role", {"name": NAME, "deployment": "chatbot-test", "state": "absent"})
    assert not kept["changed"]
    assert cloud.client("iam").get_role(RoleName=NAME)["Role"]["RoleName"] == NAME


def test_changed_path_is_refused(run_module: Runner) -> None:
    run_module("iam_role", ROLE)
    with pytest.raises(ModuleFailed, match="needs replacement"):
        run_module("iam_role", {**ROLE, "path": "/other/"})


@pytest.mark.parametrize("check", [True, False])
def test_role_in_an_instance_profile_is_not_deleted(run_module: Runner, cloud: Cloud, check: bool) -> None:
    run_module("iam_role", ROLE)
    iam = cloud.client("iam")
    iam.create_instance_profile(InstanceProfileName="desktop")
    iam.add_role_to_instance_profile(InstanceProfileName="desktop", RoleName=NAME)
    with pytest.raises(ModuleFailed, match="instance profiles desktop"):
        run_module("iam_role", {"name": NAME, "deployment": "chatbot-test", "state": "absent"}, check=check)
    assert len(iam.list_role_policies(RoleName=NAME)["PolicyNames"]) == 2
