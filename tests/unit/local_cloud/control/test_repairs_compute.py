"""What is sent to Lambda, ECS and Application Auto Scaling is described, and tasks are as reported."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from control_builders import Cloud, Network, scalable, task_definition, unique, zipped

ADDRESS = "10.20.0.77"


def test_function_configuration(cloud: Cloud, network: Network, function: dict[str, Any]) -> None:
    client, name = cloud.client("lambda"), function["FunctionName"]
    logging = {"LogFormat": "JSON", "LogGroup": "/aws/lambda/chat"}
    config = {"SubnetIds": network.subnets, "SecurityGroupIds": [network.group]}
    client.create_function(**function, LoggingConfig=logging, VpcConfig=config, Tags={"a": "b"})
    shown = client.get_function_configuration(FunctionName=name)
    assert shown["LoggingConfig"] == logging
    assert shown["VpcConfig"]["VpcId"] == network.vpc
    assert (shown["State"], shown["LastUpdateStatus"]) == ("Active", "Successful")
    client.update_function_configuration(
        FunctionName=name, EphemeralStorage={"Size": 1024}, VpcConfig={"SubnetIds": [], "SecurityGroupIds": []}
    )
    shown = client.get_function(FunctionName=name)
    assert shown["Configuration"]["EphemeralStorage"] == {"Size": 1024}
    assert shown["Configuration"]["VpcConfig"]["VpcId"] == ""
    assert shown["Configuration"]["LoggingConfig"] == logging
    assert shown["Tags"] == {"a": "b"}


def test_function_code_can_be_had(cloud: Cloud, function: dict[str, Any]) -> None:
    client, name = cloud.client("lambda"), function["FunctionName"]
    client.create_function(**function)
    location = client.get_function(FunctionName=name)["Code"]["Location"]
    assert location == f"{cloud.url}/_local/lambda/{name}/code"
    assert cloud.http.get(location).content == zipped()
    client.update_function_code(FunctionName=name, ZipFile=zipped("x = 1\n"))
    assert cloud.http.get(location).content == zipped("x = 1\n")


def test_functions_are_not_run_here(cloud: Cloud, function: dict[str, Any]) -> None:
    cloud.client("lambda").create_function(**function)
    with pytest.raises(ClientError) as raised:
        cloud.client("lambda").invoke(FunctionName=function["FunctionName"])
    assert raised.value.response["Error"]["Code"] == "InvalidRequestContentException"


def shown_service(cloud: Cloud, service: dict[str, Any]) -> dict[str, Any]:
    found = cloud.client("ecs").describe_services(
        cluster=service["cluster"], services=[service["serviceName"]], include=["TAGS"]
    )
    return dict(found["services"][0])


def test_service_is_described_as_sent(cloud: Cloud, service: dict[str, Any]) -> None:
    cloud.client("ecs").create_service(**service)
    shown = shown_service(cloud, service)
    assert "launchType" not in shown
    same = [key for key in service if key not in ("cluster", "deploymentConfiguration")]
    assert {key: shown[key] for key in same} == {key: service[key] for key in same}
    alarms = {"alarmNames": [], "enable": False, "rollback": False}
    expected = {**service["deploymentConfiguration"], "strategy": "ROLLING", "bakeTimeInMinutes": 0, "alarms": alarms}
    assert shown["deploymentConfiguration"] == expected


def test_second_service_of_the_name(cloud: Cloud, service: dict[str, Any]) -> None:
    ecs = cloud.client("ecs")
    ecs.create_service(**service)
    with pytest.raises(ClientError, match="Creation of service was not idempotent") as raised:
        ecs.create_service(**service)
    assert raised.value.response["Error"]["Code"] == "InvalidParameterException"


def test_service_update_changes_what_is_sent(cloud: Cloud, service: dict[str, Any]) -> None:
    ecs = cloud.client("ecs")
    first = ecs.create_service(**service)["service"]["deployments"][0]["id"]
    named = {"cluster": service["cluster"], "service": service["serviceName"]}
    configuration = {"maximumPercent": 150, "minimumHealthyPercent": 50}
    ecs.update_service(**named, deploymentConfiguration=configuration, healthCheckGracePeriodSeconds=60, desiredCount=2)
    shown = shown_service(cloud, service)
    assert (shown["healthCheckGracePeriodSeconds"], shown["desiredCount"]) == (60, 2)
    assert shown["deploymentConfiguration"]["maximumPercent"] == 150
    assert shown["propagateTags"] == "SERVICE"
    assert shown["deployments"][0]["id"] == first
    ecs.update_service(**named, forceNewDeployment=True)
    assert [each["status"] for each in shown_service(cloud, service)["deployments"]] == ["PRIMARY", "ACTIVE"]


def report(cloud: Cloud, service: dict[str, Any], task_id: str, **changes: Any) -> Any:
    """Report a running task of the service's newest deployment."""
    shown = shown_service(cloud, service)
    details = [{"name": "privateIPv4Address", "value": ADDRESS}]
    body = {
        "taskArn": f"arn:aws:ecs:ap-northeast-1:123456789012:task/{service['cluster']}/{task_id}",
        "clusterArn": shown["clusterArn"],
        "group": f"service:{service['serviceName']}",
        "startedBy": shown["deployments"][0]["id"],
        "taskDefinitionArn": shown["deployments"][0]["taskDefinition"],
        "lastStatus": "RUNNING",
        "desiredStatus": "RUNNING",
        "startedAt": "2026-11-23T09:00:00Z",
        "attachments": [{"type": "ElasticNetworkInterface", "details": details}],
        **changes,
    }
    return cloud.local("PUT", f"ecs/tasks/{task_id}", body)


def be_healthy(cloud: Cloud, service: dict[str, Any]) -> None:
    target = {"id": ADDRESS, "port": 8080, "state": "healthy"}
    cloud.local("PUT", "elbv2/health", {service["loadBalancers"][0]["targetGroupArn"]: [target]})


def test_rollout_completes_with_healthy_tasks(cloud: Cloud, service: dict[str, Any]) -> None:
    cloud.client("ecs").create_service(**service)
    task = unique("t")
    report(cloud, service, task)
    shown = shown_service(cloud, service)
    assert (shown["runningCount"], shown["deployments"][0]["rolloutState"]) == (1, "IN_PROGRESS")
    be_healthy(cloud, service)
    shown = shown_service(cloud, service)
    assert shown["deployments"][0]["rolloutState"] == "COMPLETED"
    assert "has reached a steady state." in shown["events"][0]["message"]
    listed = cloud.client("ecs").list_tasks(cluster=service["cluster"], serviceName=service["serviceName"])
    assert [each.split("/")[-1] for each in listed["taskArns"]] == [task]
    counted = cloud.client("ecs").describe_clusters(clusters=[service["cluster"]])["clusters"][0]
    assert (counted["runningTasksCount"], counted["activeServicesCount"]) == (1, 1)


def test_breaker_rolls_back(cloud: Cloud, service: dict[str, Any]) -> None:
    ecs = cloud.client("ecs")
    ecs.create_service(**service)
    be_healthy(cloud, service)
    report(cloud, service, unique("t"))
    worse = ecs.register_task_definition(**task_definition())["taskDefinition"]["taskDefinitionArn"]
    ecs.update_service(cluster=service["cluster"], service=service["serviceName"], taskDefinition=worse)
    failure = {"lastStatus": "STOPPED", "desiredStatus": "STOPPED", "stopCode": "TaskFailedToStart"}
    for number in range(3):
        report(cloud, service, unique(f"t{number}"), **failure)
    shown = shown_service(cloud, service)
    assert shown["taskDefinition"] == service["taskDefinition"]
    assert "rolling back" in shown["deployments"][0]["rolloutStateReason"]
    assert shown["deployments"][1]["rolloutState"] == "FAILED"


def test_deleted_service_drains_and_frees_its_name(cloud: Cloud, service: dict[str, Any]) -> None:
    ecs = cloud.client("ecs")
    ecs.create_service(**service)
    task = unique("t")
    report(cloud, service, task)
    named = {"cluster": service["cluster"], "service": service["serviceName"], "force": True}
    assert ecs.delete_service(**named)["service"]["status"] == "DRAINING"
    cloud.local("PUT", f"ecs/tasks/{task}", {"lastStatus": "STOPPED", "desiredStatus": "STOPPED"})
    assert shown_service(cloud, service)["status"] == "INACTIVE"
    assert ecs.list_services(cluster=service["cluster"])["serviceArns"] == []
    assert ecs.create_service(**service)["service"]["status"] == "ACTIVE"


def test_run_task_waits_until_it_is_taken(cloud: Cloud, service: dict[str, Any]) -> None:
    ecs = cloud.client("ecs")
    overrides = {"containerOverrides": [{"name": "app", "command": ["python", "-m", "chat.ask"]}]}
    made = ecs.run_task(
        cluster=service["cluster"],
        taskDefinition=service["taskDefinition"],
        launchType="FARGATE",
        networkConfiguration=service["networkConfiguration"],
        overrides=overrides,
    )["tasks"][0]
    task_id = made["taskArn"].split("/")[-1]

    def waiting() -> list[dict[str, Any]]:
        return [each for each in cloud.local("GET", "ecs/run-requests") if each["taskArn"] == made["taskArn"]]

    assert waiting()[0]["overrides"] == overrides
    assert waiting()[0]["networkConfiguration"] == service["networkConfiguration"]
    cloud.local("PUT", f"ecs/tasks/{task_id}", {"lastStatus": "RUNNING"})
    assert waiting() == []
    ecs.stop_task(cluster=service["cluster"], task=task_id, reason="enough")
    answer = cloud.local("PUT", f"ecs/tasks/{task_id}", {"lastStatus": "RUNNING", "desiredStatus": "RUNNING"})
    assert answer == {"desiredStatus": "STOPPED"}
    cloud.local("PUT", f"ecs/tasks/{task_id}", {"lastStatus": "STOPPED", "containers": [{"exitCode": 0}]})
    shown = ecs.describe_tasks(cluster=service["cluster"], tasks=[task_id, "nothing"])
    assert shown["tasks"][0]["stoppedReason"] == "enough"
    assert shown["tasks"][0]["containers"][0]["exitCode"] == 0
    assert shown["failures"][0]["reason"] == "MISSING"


def test_cluster_settings(cloud: Cloud) -> None:
    ecs, name = cloud.client("ecs"), unique("cluster")
    ecs.create_cluster(clusterName=name, tags=[{"key": "a", "value": "b"}])
    ecs.update_cluster_settings(cluster=name, settings=[{"name": "containerInsights", "value": "enabled"}])
    ecs.create_cluster(clusterName=name)
    shown = ecs.describe_clusters(clusters=[name], include=["SETTINGS", "TAGS"])["clusters"][0]
    assert shown["settings"] == [{"name": "containerInsights", "value": "enabled"}]
    assert shown["tags"] == [{"key": "a", "value": "b"}]
    ecs.update_cluster(cluster=name, settings=[{"name": "containerInsights", "value": "enhanced"}])
    shown = ecs.describe_clusters(clusters=[name], include=["SETTINGS"])["clusters"][0]
    assert shown["settings"] == [{"name": "containerInsights", "value": "enhanced"}]


def test_scaling(cloud: Cloud, service: dict[str, Any]) -> None:
    cloud.client("ecs").create_service(**service)
    client, names = cloud.client("application-autoscaling"), scalable(service)
    suspended = {"ScheduledScalingSuspended": True}
    arn = client.register_scalable_target(
        **names, MinCapacity=1, MaxCapacity=5, Tags={"a": "b"}, SuspendedState=suspended
    )["ScalableTargetARN"]
    metric = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
    client.put_scaling_policy(
        **names,
        PolicyName="CpuUtilizationScaling",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={"TargetValue": 70.0, "PredefinedMetricSpecification": metric},
    )
    action = {"ScheduledActionName": "open", "Schedule": "cron(0 8 ? * MON-FRI *)", "Timezone": "Asia/Tokyo"}
    client.put_scheduled_action(**names, **action, ScalableTargetAction={"MinCapacity": 2})
    resource = {"ServiceNamespace": "ecs", "ResourceId": names["ResourceId"]}
    shown = client.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[names["ResourceId"]])
    assert shown["ScalableTargets"][0]["SuspendedState"]["ScheduledScalingSuspended"] is True
    assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"a": "b"}
    assert client.describe_scheduled_actions(**resource)["ScheduledActions"][0]["Timezone"] == "Asia/Tokyo"
    client.tag_resource(ResourceARN=arn, Tags={"c": "d"})
    client.untag_resource(ResourceARN=arn, TagKeys=["a"])
    assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"c": "d"}
    client.deregister_scalable_target(**names)
    assert client.describe_scaling_policies(**resource)["ScalingPolicies"] == []
    assert client.describe_scheduled_actions(**resource)["ScheduledActions"] == []


def test_task_definition_defaults(cloud: Cloud) -> None:
    ecs, tags = cloud.client("ecs"), [{"key": "a", "value": "b"}]
    made = ecs.register_task_definition(**task_definition(tags=tags))
    assert made["tags"] == tags
    arn = made["taskDefinition"]["taskDefinitionArn"]
    shown = ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])
    mapping = {"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"}
    assert shown["taskDefinition"]["containerDefinitions"][0]["portMappings"] == [mapping]
    assert shown["taskDefinition"]["registeredAt"] == made["taskDefinition"]["registeredAt"]
    assert shown["tags"] == tags
