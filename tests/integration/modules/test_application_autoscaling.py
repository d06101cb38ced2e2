"""application_autoscaling_target, _policy, _scheduled_action: together, since one needs the other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.cloud import Cloud
from tests.integration.modules.life import DEPLOYMENT, adopted, drifted, ended
from tests.integration.running import Runner

TARGET, POLICY = "application_autoscaling_target", "application_autoscaling_policy"
ACTION = "application_autoscaling_scheduled_action"
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
    "scheduled_action_names": ["weekday-morning"],
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
WANTED_ACTION: dict[str, Any] = {
    **RESOURCE,
    "name": "weekday-morning",
    "schedule": "cron(0 8 ? * MON-FRI *)",
    "timezone": "Asia/Tokyo",
    "min_capacity": 2,
    "max_capacity": 5,
}


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
    capacity = {"MinCapacity": 4}
    scaling.put_scheduled_action(
        **API_TARGET, ScheduledActionName="by-hand", Schedule="rate(1 day)", ScalableTargetAction=capacity
    )
    fields = {"min_capacity", "max_capacity", "extra_policies", "extra_scheduled_actions"}
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
    run_module(ACTION, WANTED_ACTION)
    ended(run_module, TARGET, WANTED_TARGET)
    run_module.unchanged(POLICY, {**WANTED_POLICY, "state": "absent"})
    run_module.unchanged(ACTION, {**WANTED_ACTION, "state": "absent"})


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


def test_scheduled_action_drift_and_end(cloud: Cloud, run_module: Runner) -> None:
    run_module(TARGET, WANTED_TARGET)
    wanted = {**WANTED_ACTION, "start": "2027-01-01T09:00:00+09:00", "end": ""}
    run_module.applied(ACTION, wanted)
    cloud.client("application-autoscaling").put_scheduled_action(
        **API_TARGET,
        ScheduledActionName="weekday-morning",
        Schedule="cron(0 9 ? * MON-FRI *)",
        Timezone="UTC",
        ScalableTargetAction={"MinCapacity": 3, "MaxCapacity": 4},
        EndTime="2028-01-01T00:00:00Z",
    )
    fields = {"schedule", "timezone", "min_capacity", "max_capacity", "start", "end"}
    drifted(run_module, ACTION, wanted, fields)
    ended(run_module, ACTION, wanted)


def test_scheduled_action_refuses_what_is_no_time(run_module: Runner) -> None:
    with pytest.raises(AssertionError, match="start is not an ISO 8601 time"):
        run_module(ACTION, {**WANTED_ACTION, "start": "tomorrow"})
