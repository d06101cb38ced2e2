"""Lambda, ECS, ECR and Application Auto Scaling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.permissions.needs import Need, Value, arn, needs, pass_role, request_tags
from local_cloud.control.permissions.service_linked import service_linked_role
from local_cloud.control.repairs.lambda_functions import short_name

# --- Lambda ---------------------------------------------------------------------------------------------------------


def _function(call: Call) -> str:
    return arn(call, "lambda", f"function:{short_name(call.params['FunctionName'])}")


@needs(
    "lambda",
    "AddPermission DeleteFunction DeleteFunctionConcurrency GetFunction GetFunctionConcurrency",
    "GetFunctionConfiguration GetPolicy InvokeFunction Invoke PublishVersion PutFunctionConcurrency",
    "RemovePermission UpdateFunctionCode",
)
def on_function(call: Call) -> Iterator[Need]:
    action = "InvokeFunction" if call.operation == "Invoke" else call.operation
    yield Need(f"lambda:{action}", _function(call))


@needs("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def configure(call: Call) -> Iterator[Need]:
    """Lambda looks at the network with the caller's permissions: Lambda guide, 'Attaching functions to a VPC'."""
    sent = request_tags(call.get("Tags"))
    yield Need(f"lambda:{call.operation}", _function(call), sent)
    if sent:
        yield Need("lambda:TagResource", _function(call), sent)
    if call.get("Role"):
        yield pass_role(call.params["Role"], "lambda.amazonaws.com")
    if (call.get("VpcConfig") or {}).get("SubnetIds"):
        for action in ("DescribeSecurityGroups", "DescribeSubnets", "DescribeVpcs"):
            yield Need(f"ec2:{action}")


@needs("lambda", "TagResource", "UntagResource", "ListTags")
def tag_function(call: Call) -> Iterator[Need]:
    yield Need(f"lambda:{call.operation}", call.params["Resource"], request_tags(call.get("Tags")))


# --- ECS ------------------------------------------------------------------------------------------------------------


def _cluster(call: Call, name: str = "cluster") -> str:
    named = call.get(name) or (call.get("clusters") or ["default"])[0]
    return arn(call, "ecs", named if named.startswith("arn:") else f"cluster/{named}")


def _service(call: Call, named: str) -> str:
    cluster = _cluster(call).rpartition("/")[2]
    return named if named.startswith("arn:") else arn(call, "ecs", f"service/{cluster}/{named}")


def _tagged(call: Call, resource: str, context: dict[str, Value] | None = None) -> Iterator[Need]:
    """ECS guide, 'Grant permission to tag resources on creation': TagResource with ecs:CreateAction."""
    sent = request_tags(call.get("tags"))
    yield Need(f"ecs:{call.operation}", resource, {**sent, **(context or {})})
    if sent:
        yield Need("ecs:TagResource", resource, {**sent, "ecs:CreateAction": call.operation})


@needs("ecs", "CreateCluster")
def create_cluster(call: Call) -> Iterator[Need]:
    yield from _tagged(call, _cluster(call, "clusterName"))
    yield from service_linked_role(call, "ecs.amazonaws.com")


@needs("ecs", "DeleteCluster DescribeClusters PutClusterCapacityProviders UpdateCluster UpdateClusterSettings")
def on_cluster(call: Call) -> Iterator[Need]:
    yield Need(f"ecs:{call.operation}", _cluster(call))


@needs("ecs", "CreateService")
def create_service(call: Call) -> Iterator[Need]:
    yield from _tagged(call, _service(call, call.params["serviceName"]), {"ecs:cluster": _cluster(call)})


@needs("ecs", "DeleteService", "UpdateService")
def on_service(call: Call) -> Iterator[Need]:
    yield Need(f"ecs:{call.operation}", _service(call, call.params["service"]), {"ecs:cluster": _cluster(call)})


@needs("ecs", "DescribeServices")
def describe_services(call: Call) -> Iterator[Need]:
    for named in call.params["services"]:
        yield Need("ecs:DescribeServices", _service(call, named), {"ecs:cluster": _cluster(call)})


@needs("ecs", "ListTaskDefinitions DescribeTaskDefinition DeregisterTaskDefinition ListServices ListClusters")
def unscoped(call: Call) -> Iterator[Need]:
    yield Need(f"ecs:{call.operation}")


@needs("ecs", "RegisterTaskDefinition")
def register_task_definition(call: Call) -> Iterator[Need]:
    yield from _tagged(call, arn(call, "ecs", f"task-definition/{call.params['family']}:1"))
    yield from _passed(call.get("executionRoleArn"), call.get("taskRoleArn"))


def _passed(*role_arns: Any) -> Iterator[Need]:
    """ECS guide, 'Amazon ECS task execution IAM role' and 'Task IAM role': passed to ecs-tasks."""
    for each in dict.fromkeys(filter(None, role_arns)):
        yield pass_role(each, "ecs-tasks.amazonaws.com")


@needs("ecs", "RunTask")
def run_task(call: Call) -> Iterator[Need]:
    """The roles of the task definition are passed anew (ECS guide, 'Grant permissions to run tasks')."""
    named = call.params["taskDefinition"].rpartition("/")[2]
    definition = backend("ecs", call.region).describe_task_definition(named)
    yield Need("ecs:RunTask", definition.arn, {"ecs:cluster": _cluster(call), **request_tags(call.get("tags"))})
    if call.get("tags") or call.get("propagateTags") or call.get("enableECSManagedTags"):
        task = arn(call, "ecs", f"task/{_cluster(call).rpartition('/')[2]}/00000000000000000000000000000000")
        yield Need("ecs:TagResource", task, {**request_tags(call.get("tags")), "ecs:CreateAction": "RunTask"})
    overrides = call.get("overrides") or {}
    yield from _passed(
        overrides.get("executionRoleArn") or getattr(definition, "execution_role_arn", None),
        overrides.get("taskRoleArn") or getattr(definition, "task_role_arn", None),
    )


@needs("ecs", "DescribeTasks", "StopTask")
def on_task(call: Call) -> Iterator[Need]:
    cluster = _cluster(call)
    for named in call.get("tasks") or [call.get("task")]:
        task = named if named.startswith("arn:") else arn(call, "ecs", f"task/{cluster.rpartition('/')[2]}/{named}")
        yield Need(f"ecs:{call.operation}", task, {"ecs:cluster": cluster})


@needs("ecs", "ListTasks")
def list_tasks(call: Call) -> Iterator[Need]:
    """Its resource type is the container instance; the cluster is a condition key."""
    resource = arn(call, "ecs", f"container-instance/{_cluster(call).rpartition('/')[2]}/*")
    yield Need("ecs:ListTasks", resource, {"ecs:cluster": _cluster(call)})


@needs("ecs", "TagResource", "UntagResource", "ListTagsForResource")
def tag_ecs(call: Call) -> Iterator[Need]:
    yield Need(f"ecs:{call.operation}", call.params["resourceArn"], request_tags(call.get("tags")))


# --- ECR ------------------------------------------------------------------------------------------------------------


@needs("ecr", "GetAuthorizationToken")
def log_in(call: Call) -> Iterator[Need]:
    yield Need("ecr:GetAuthorizationToken")


@needs(
    "ecr",
    "BatchCheckLayerAvailability BatchDeleteImage BatchGetImage CompleteLayerUpload CreateRepository",
    "DeleteLifecyclePolicy DeleteRepository DeleteRepositoryPolicy DescribeImages GetDownloadUrlForLayer",
    "GetLifecyclePolicy GetRepositoryPolicy InitiateLayerUpload ListImages PutImage PutImageScanningConfiguration",
    "PutImageTagMutability PutLifecyclePolicy SetRepositoryPolicy UploadLayerPart",
)
def on_repository(call: Call) -> Iterator[Need]:
    resource, sent = arn(call, "ecr", f"repository/{call.params['repositoryName']}"), request_tags(call.get("tags"))
    yield Need(f"ecr:{call.operation}", resource, sent)
    if sent:
        yield Need("ecr:TagResource", resource, sent)


@needs("ecr", "DescribeRepositories")
def describe_repositories(call: Call) -> Iterator[Need]:
    for name in call.get("repositoryNames") or ["*"]:
        yield Need("ecr:DescribeRepositories", arn(call, "ecr", f"repository/{name}"))


@needs("ecr", "TagResource", "UntagResource", "ListTagsForResource")
def tag_repository(call: Call) -> Iterator[Need]:
    yield Need(f"ecr:{call.operation}", call.params["resourceArn"], request_tags(call.get("tags")))


# --- Application Auto Scaling ---------------------------------------------------------------------------------------

SCALING = "application-autoscaling"
LINKED = "ecs.application-autoscaling.amazonaws.com"


@needs(SCALING, "DescribeScalableTargets DescribeScalingPolicies DescribeScheduledActions DescribeScalingActivities")
def describe_scaling(call: Call) -> Iterator[Need]:
    yield Need(f"{SCALING}:{call.operation}")


def _target(call: Call) -> Need:
    """The id of a scalable target is AWS's own, so no caller can know it before: any of the account."""
    keys: dict[str, Value] = {
        f"{SCALING}:service-namespace": call.params["ServiceNamespace"],
        f"{SCALING}:scalable-dimension": call.params["ScalableDimension"],
    }
    resource = arn(call, SCALING, "scalable-target/0ec5000000000000000000000000000000")
    return Need(f"{SCALING}:{call.operation}", resource, {**keys, **request_tags(call.get("Tags"))})


def _of_target(call: Call, *actions: str) -> Iterator[Need]:
    """ECS guide, 'IAM permissions required for Amazon ECS service auto scaling': the service and its alarms."""
    for action in actions:
        if action.startswith("ecs:"):
            yield Need(action, arn(call, "ecs", call.params["ResourceId"]))
        else:
            alarm = f"alarm:TargetTracking-{call.params['ResourceId']}-AlarmHigh-0"
            yield Need(action, arn(call, "cloudwatch", alarm))


@needs(SCALING, "RegisterScalableTarget")
def register_target(call: Call) -> Iterator[Need]:
    main = _target(call)
    yield main
    if call.get("Tags"):
        yield Need(f"{SCALING}:TagResource", main.resource, main.context)
    yield from _of_target(call, "ecs:DescribeServices", "ecs:UpdateService")
    yield from service_linked_role(call, LINKED)


@needs(SCALING, "PutScalingPolicy")
def put_policy(call: Call) -> Iterator[Need]:
    yield _target(call)
    yield from _of_target(call, "cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm")


@needs(SCALING, "DeleteScalingPolicy", "DeregisterScalableTarget")
def delete_policy(call: Call) -> Iterator[Need]:
    yield _target(call)
    yield from _of_target(call, "cloudwatch:DescribeAlarms", "cloudwatch:DeleteAlarms")


@needs(SCALING, "PutScheduledAction", "DeleteScheduledAction")
def schedule(call: Call) -> Iterator[Need]:
    yield _target(call)


@needs(SCALING, "TagResource", "UntagResource", "ListTagsForResource")
def tag_target(call: Call) -> Iterator[Need]:
    yield Need(f"{SCALING}:{call.operation}", call.params["ResourceARN"], request_tags(call.get("Tags")))
