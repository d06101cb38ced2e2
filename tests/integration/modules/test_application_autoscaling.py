"""application_autoscaling_target, _policy, _schedule: together, since one needs the other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.cloud import Cloud
from tests.integration.modules.life import DEPLOYMENT, adopted, drifted, ended, refused
from tests.integration.running import Runner

TARGET, POLICY = "application_autoscaling_target", "application_autoscaling_policy"
SCHEDULE = "application_autoscaling_schedule"
RESOURCE = {"resource_id": "service/cluster/web"}
API_TARGET = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/cluster/web",
    "ScalableDimension": "ecs:service:DesiredCount",
}
WANTED_TARGET: dict[str, Any] = {
    **RESOURCE,
    "min_capacity": 1,
    "max_capacity": 5,
    "scheduled_min_capacities": [1, 2],
    "policy_names": ["CpuUtilizationScaling"],
    "deployment": DEPLOYMENT,
}
WANTED_POLICY: dict[str, Any] = {
    **RESOURCE,
    "policy_name": "CpuUtilizationScaling",
    "predefined_metric": "ECSServiceAverageCPUUtilization",
    "target_value": 70,
    "scale_in_cooldown": 300,
    "scale_out_cooldown": 60,
    "disable_scale_in": False,
}
MORNING: dict[str, Any] = {
    "name": "weekday-morning",
    "schedule": "cron(0 8 ? * MON-FRI *)",
    "timezone": "Asia/Tokyo",
    "min_capacity": 2,
    "max_capacity": 5,
}
EVENING: dict[str, Any] = {**MORNING, "name": "weekday.evening", "schedule": "cron(0 18 ? * MON-FRI *)"}
FIELDS = {"schedule", "timezone", "min_capacity", "max_capacity", "start", "end"}


def schedule(*actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The options of the module for these scheduled actions."""
    return {**RESOURCE, "actions": list(actions), **more}


def put_by_hand(cloud: Cloud, name: str, capacities: dict[str, int], **more: Any) -> None:
    cloud.client("application-autoscaling").put_scheduled_action(
        **API_TARGET,
        ScheduledActionName=name,
        **{"Schedule": "rate(1 day)", **more},
        ScalableTargetAction=capacities,
    )


def on_aws(cloud: Cloud) -> list[str]:
    """The names of the target's scheduled actions."""
    search = {key: API_TARGET[key] for key in ("ServiceNamespace", "ResourceId")}
    found = cloud.client("application-autoscaling").describe_scheduled_actions(**search)
    return sorted(action["ScheduledActionName"] for action in found["ScheduledActions"])


@pytest.fixture(autouse=True)
def service(cloud: Cloud) -> None:
    """The service that is scaled."""
    ecs = cloud.client("ecs")
    ecs.create_cluster(clusterName="cluster")
    container = {"name": "web", "image": "web", "memory": 128}
    ecs.register_task_definition(family="web", containerDefinitions=[container])
    ecs.create_service(cluster="cluster", serviceName="web", taskDefinition="web", desiredCount=1)


def test_target_drift(cloud: Cloud, run_module: Runner) -> None:
    suspended = {**WANTED_TARGET, "suspended_state": {"scheduled_scaling_suspended": False}}
    run_module.applied(TARGET, suspended)
    scaling = cloud.client("application-autoscaling")
    state = {"ScheduledScalingSuspended": True}
    scaling.register_scalable_target(**API_TARGET, MinCapacity=3, MaxCapacity=9, SuspendedState=state)
    tracking = {
        "TargetValue": 1.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageMemoryUtilization"},
    }
    scaling.put_scaling_policy(
        **API_TARGET,
        PolicyName="by-hand",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=tracking,
    )
    fields = {"min_capacity", "max_capacity", "extra_policies"}
    drifted(run_module, TARGET, suspended, {*fields, "suspended_state.scheduled_scaling_suspended"})


def test_the_schedules_minimum_is_left_alone(cloud: Cloud, run_module: Runner) -> None:
    run_module(TARGET, WANTED_TARGET)
    cloud.client("application-autoscaling").register_scalable_target(**API_TARGET, MinCapacity=2)
    run_module.unchanged(TARGET, WANTED_TARGET)
    drifted(run_module, TARGET, {**WANTED_TARGET, "max_capacity": 6}, {"max_capacity"})
    assert run_module.unchanged(TARGET, {**WANTED_TARGET, "max_capacity": 6})["scalable_target"]["min_capacity"] == 2


def test_target_adopted_and_ended_with_its_policies(cloud: Cloud, run_module: Runner) -> None:
    run_module(TARGET, {**WANTED_TARGET, "deployment": None})
    adopted(run_module, TARGET, WANTED_TARGET)
    run_module(POLICY, WANTED_POLICY)
    run_module(SCHEDULE, schedule(MORNING))
    ended(run_module, TARGET, WANTED_TARGET)
    run_module.unchanged(POLICY, {**WANTED_POLICY, "state": "absent"})
    run_module.unchanged(SCHEDULE, {**RESOURCE, "state": "absent"})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"min_capacity": 6}, "min_capacity is greater than max_capacity"),
        ({"max_capacity": None}, "max_capacity are needed"),
    ],
)
def test_target_limits(run_module: Runner, options: dict[str, Any], words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        run_module(TARGET, {**WANTED_TARGET, **options})


def test_policy_drift_and_end(cloud: Cloud, run_module: Runner) -> None:
    run_module(TARGET, WANTED_TARGET)
    run_module.applied(POLICY, WANTED_POLICY)
    metric = {"PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageMemoryUtilization"}}
    cloud.client("application-autoscaling").put_scaling_policy(
        **API_TARGET,
        PolicyName=WANTED_POLICY["policy_name"],
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={**metric, "TargetValue": 50.0, "DisableScaleIn": True},
    )
    options = {"target_value", "predefined_metric", "scale_in_cooldown", "scale_out_cooldown", "disable_scale_in"}
    drifted(run_module, POLICY, WANTED_POLICY, options)
    ended(run_module, POLICY, WANTED_POLICY)


def test_policy_of_another_type_is_made_anew(cloud: Cloud, run_module: Runner) -> None:
    run_module(TARGET, WANTED_TARGET)
    steps = {
        "AdjustmentType": "ChangeInCapacity",
        "StepAdjustments": [{"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": 1}],
    }
    cloud.client("application-autoscaling").put_scaling_policy(
        **API_TARGET,
        PolicyName=WANTED_POLICY["policy_name"],
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration=steps,
    )
    done = run_module.applied(POLICY, WANTED_POLICY)
    assert done["changes"]["policy_type"] == {"before": "StepScaling", "after": "TargetTrackingScaling"}


@pytest.fixture
def target(run_module: Runner) -> None:
    run_module(TARGET, WANTED_TARGET)


@pytest.mark.usefixtures("target")
def test_schedule_created_as_predicted_then_left_alone_then_deleted(run_module: Runner, cloud: Cloud) -> None:
    done = run_module.applied(SCHEDULE, schedule(MORNING, EVENING))
    assert done["action"] == "create"
    assert done["schedule"]["weekday.evening.schedule"] == EVENING["schedule"]
    assert on_aws(cloud) == ["weekday-morning", "weekday.evening"]
    ended(run_module, SCHEDULE, RESOURCE)
    assert on_aws(cloud) == []


@pytest.mark.usefixtures("target")
def test_schedule_drift(run_module: Runner, cloud: Cloud) -> None:
    wanted = schedule({**MORNING, "start": "2027-01-01T09:00:00+09:00", "end": ""}, EVENING)
    run_module.applied(SCHEDULE, wanted)
    put_by_hand(
        cloud,
        "weekday-morning",
        {"MinCapacity": 3, "MaxCapacity": 4},
        Schedule="cron(0 9 ? * MON-FRI *)",
        Timezone="UTC",
        EndTime="2028-01-01T00:00:00Z",
    )
    drifted(run_module, SCHEDULE, wanted, {f"weekday-morning.{field}" for field in FIELDS})


@pytest.mark.usefixtures("target")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("schedule", "rate(1 day)"),
        ("timezone", "UTC"),
        ("min_capacity", 3),
        ("max_capacity", 6),
        ("start", "2027-01-01T00:00:00+00:00"),
        ("end", "2027-06-01T00:00:00+00:00"),
    ],
)
def test_each_difference_of_an_action_is_corrected_alone(run_module: Runner, field: str, value: int | str) -> None:
    first = {**MORNING, "start": "2026-12-01T00:00:00Z", "end": "2027-12-01T00:00:00Z"}
    run_module(SCHEDULE, schedule(first, EVENING))
    drifted(run_module, SCHEDULE, schedule({**first, field: value}, EVENING), {f"weekday-morning.{field}"})


@pytest.mark.usefixtures("target")
def test_an_option_that_was_left_out_is_left_alone(run_module: Runner) -> None:
    run_module(SCHEDULE, schedule({**MORNING, "end": "2027-12-01T00:00:00Z"}))
    little = {"name": "weekday-morning", "schedule": "rate(1 day)", "min_capacity": 1}
    done = run_module.applied(SCHEDULE, schedule(little))
    kept = {field: done["schedule"][f"weekday-morning.{field}"] for field in ("max_capacity", "end")}
    assert kept == {"max_capacity": 5, "end": "2027-12-01T00:00:00+00:00"}


@pytest.mark.usefixtures("target")
def test_other_actions_are_deleted(run_module: Runner, cloud: Cloud) -> None:
    run_module(SCHEDULE, schedule(MORNING))
    put_by_hand(cloud, "by-hand", {"MinCapacity": 4})
    put_by_hand(cloud, "again", {"MaxCapacity": 9})
    changes = drifted(run_module, SCHEDULE, schedule(MORNING), {"extra_actions"})
    assert changes["extra_actions"] == {"before": ["again", "by-hand"], "after": []}
    assert on_aws(cloud) == ["weekday-morning"]


@pytest.mark.usefixtures("target")
def test_an_empty_schedule_deletes_and_then_finds_nothing_to_do(run_module: Runner, cloud: Cloud) -> None:
    run_module.unchanged(SCHEDULE, schedule())
    put_by_hand(cloud, "by-hand", {"MinCapacity": 4})
    drifted(run_module, SCHEDULE, schedule(), {"extra_actions"})
    assert on_aws(cloud) == []


@pytest.mark.usefixtures("target")
def test_an_action_that_is_lacking_is_added_to_the_other(run_module: Runner) -> None:
    run_module(SCHEDULE, schedule(EVENING))
    fields = FIELDS - {"start", "end"}
    drifted(run_module, SCHEDULE, schedule(MORNING, EVENING), {f"weekday-morning.{field}" for field in fields})


@pytest.mark.usefixtures("target")
def test_actions_of_another_target_are_left_alone(run_module: Runner, cloud: Cloud) -> None:
    cloud.client("ecs").create_service(cluster="cluster", serviceName="other", taskDefinition="web", desiredCount=1)
    other = {"resource_id": "service/cluster/other"}
    run_module(TARGET, {**WANTED_TARGET, **other})
    run_module(SCHEDULE, schedule(MORNING, **other))
    run_module.applied(SCHEDULE, schedule(EVENING))
    ended(run_module, SCHEDULE, RESOURCE)
    run_module.unchanged(SCHEDULE, schedule(MORNING, **other))


def test_schedule_of_a_target_that_is_only_predicted(run_module: Runner) -> None:
    unknown = {"resource_id": "(known after apply: resource id)"}
    for resource in (RESOURCE, unknown):
        assert run_module.checked(SCHEDULE, schedule(MORNING, **resource))["action"] == "create"
        assert run_module.checked(SCHEDULE, schedule(**resource))["action"] == "none"
    run_module.unchanged(SCHEDULE, {**RESOURCE, "state": "absent"})


def test_one_question_is_asked_about_a_schedule(run_module: Runner, cloud: Cloud) -> None:
    cloud.forget()
    run_module(SCHEDULE, schedule(MORNING, EVENING), check=True)
    assert [call["operation"] for call in cloud.get("/_local/requests")] == ["DescribeScheduledActions"]


@pytest.mark.usefixtures("target")
def test_every_fault_of_a_schedule_is_told_at_once(run_module: Runner) -> None:
    wrong = (
        MORNING,
        MORNING,
        {"name": "no/name", "schedule": "", "min_capacity": -1},
        {"name": "no-capacity", "start": "tomorrow"},
        {**EVENING, "min_capacity": 6, "end": "never"},
    )
    words = (
        "weekday-morning is named more than once",
        "no/name: is no name of an action",
        "no/name: schedule is missing",
        "no/name: a capacity is below 0",
        "no-capacity: schedule is missing",
        "no-capacity: min_capacity or max_capacity is missing",
        "no-capacity: start is not an ISO 8601 time",
        "weekday.evening: min_capacity 6 is greater than max_capacity 5",
        "weekday.evening: end is not an ISO 8601 time",
    )
    refused(run_module, SCHEDULE, schedule(*wrong), "".join(f"(?=.*{each})" for each in words))


def test_a_schedule_that_was_left_out_is_not_taken_for_an_empty_one(run_module: Runner) -> None:
    refused(run_module, SCHEDULE, RESOURCE, "actions is missing; for none, give an empty list")
