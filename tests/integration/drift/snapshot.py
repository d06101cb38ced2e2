"""All that an account holds of a deployment, deeply, as plain values that can be compared.

`system.account` lists the resources; this adds what belongs to each and is asked for one by one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterator
from typing import Any

from botocore.exceptions import ClientError

from tests.integration.cloud import Cloud
from tests.integration.drift.fields import json_of
from tests.integration.system.account import Snapshot
from tests.integration.system.account import snapshot as listed

# New with every write, and worth nothing to compare.
VOLATILE = {
    *{"RevisionId", "LastModified", "CodeSize", "createdAt", "updatedAt", "rolloutStateReason", "events", "id"},
    *{"revision", "registeredAt", "registeredBy", "deploymentId", "lastUpdatedDate", "createdDate", "CreationTime"},
    *{"LastChangedDate", "AlarmConfigurationUpdatedTimestamp", "StateUpdatedTimestamp", "desiredCount"},
    *{"lastEvaluatedAt", "ScalableTargetARN", "creationTime"},
    # An endpoint's interface in a subnet is another one each time; how many addresses are free follows from that.
    *{"NetworkInterfaceIds", "AvailableIpAddressCount"},
    # The id of the resource, where nothing else was said.
    "cacheNamespace",
    *{"CreateDate", "LastUpdateToPayPerRequestDateTime", "deployments", "taskSets"},
    *{"pendingCount", "runningCount", "EarliestRestorableDateTime", "LatestRestorableDateTime", "version"},
    *{"SecurityGroupRuleId", "ResponseMetadata", "LastUpdateStatus", "NumberOfDecreasesToday", "StateReasonData"},
    *{
        "AlarmArn",
        "PolicyARN",
        "ScheduledActionARN",
        "Alarms",
        "CreationDate",
        "startedAt",
        "deploymentConfigurationId",
    },
}
REVISION = re.compile(r"(task-definition/[\w-]+):\d+")
# In the ARN of a scaling policy and of a scheduled action, and in the names of the alarms that such a policy makes.
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OF_SCALING = re.compile(rf"((?:scalingPolicy:|scheduledAction:|createdBy/|Alarm(?:High|Low)-)){ID.pattern}")
# A listener that was made anew has another ARN, and so have its rules.
LISTENER = re.compile(r"(listener(?:-rule)?/app/[\w-]+/[0-9a-f]+)/[0-9a-f]+(?:/[0-9a-f]+)?")
# Lists of rules and revisions have a number in their name; what they hold is in the group and in the service.
NAMED_BY_NUMBER = ("ec2:SecurityGroupRules", "ecs:taskDefinitionArns", "ec2:NetworkInterfaces")
Make = Callable[[str], Any]


def deep(make: Make, services: Container[str] | None = None) -> Snapshot:
    """Everything under `service:kind:name`; only of some services, if named."""
    shallow = listed(make, services, besides=NAMED_BY_NUMBER)
    readers = [reader for service, reader in READERS.items() if services is None or service in services]
    more = dict(found for reader in readers for found in reader(make))
    return {ID.sub("ID", name): plain(value) for name, value in {**shallow, **more}.items()}


def plain(value: Any) -> Any:
    """Without what is new with every write; revisions without their number; policies in an order of their own."""
    inner = json_of(value)
    if isinstance(inner, dict):
        return {key: plain(item) for key, item in inner.items() if key not in VOLATILE}
    if isinstance(inner, list):
        return sorted((plain(item) for item in inner), key=lambda item: json.dumps(item, sort_keys=True))
    if isinstance(value, (int, float, bool, type(None))):
        return value
    return LISTENER.sub(r"\1/ID", OF_SCALING.sub(r"\1ID", REVISION.sub(r"\1:N", str(value))))


def ask(call: Callable[..., Any], **arguments: Any) -> Any:
    """The answer, or the code of the refusal where there is nothing."""
    try:
        return call(**arguments)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if "NotFound" not in code:
            raise
        return code


def _iam(make: Make) -> Iterator[tuple[str, Any]]:
    iam = make("iam")
    for role in iam.list_roles()["Roles"]:
        name = {"RoleName": role["RoleName"]}
        inline = iam.list_role_policies(**name)["PolicyNames"]
        yield (
            f"iam:role:{role['RoleName']}",
            {
                "role": iam.get_role(**name)["Role"],
                "inline": {each: iam.get_role_policy(**name, PolicyName=each)["PolicyDocument"] for each in inline},
                "attached": iam.list_attached_role_policies(**name)["AttachedPolicies"],
            },
        )


def _functions(make: Make) -> Iterator[tuple[str, Any]]:
    function = make("lambda")
    for each in function.list_functions()["Functions"]:
        name = {"FunctionName": each["FunctionName"]}
        yield (
            f"lambda:function:{each['FunctionName']}",
            {
                "function": function.get_function(**name),
                **{
                    what: ask(getattr(function, what), **name)
                    for what in (
                        "get_policy",
                        "get_function_concurrency",
                        "get_function_url_config",
                        "list_aliases",
                        "list_event_source_mappings",
                    )
                },
            },
        )


def _apis(make: Make) -> Iterator[tuple[str, Any]]:
    gateway = make("apigateway")
    for api in gateway.get_rest_apis()["items"]:
        place = {"restApiId": api["id"]}
        stages = gateway.get_stages(**place)["item"]
        used = {it["stageName"]: gateway.get_deployment(**place, deploymentId=it["deploymentId"]) for it in stages}
        yield (
            f"apigateway:api:{api['name']}",
            {
                "resources": gateway.get_resources(**place, embed=["methods"])["items"],
                "responses": gateway.get_gateway_responses(**place)["items"],
                "stages": stages,
                # A deployment that no stage uses answers nobody.
                "deployed": {name: each.get("description") for name, each in used.items()},
                "authorizers": gateway.get_authorizers(**place).get("items", []),
            },
        )


def _balancers(make: Make) -> Iterator[tuple[str, Any]]:
    elb = make("elbv2")
    for group in elb.describe_target_groups()["TargetGroups"]:
        arn = group["TargetGroupArn"]
        attributes = elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
        yield f"elbv2:attributes:{arn}", [attributes, elb.describe_tags(ResourceArns=[arn])["TagDescriptions"]]
    for balancer in elb.describe_load_balancers()["LoadBalancers"]:
        arn = balancer["LoadBalancerArn"]
        attributes = elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        yield f"elbv2:attributes:{arn}", [attributes, elb.describe_tags(ResourceArns=[arn])["TagDescriptions"]]
        for listener in elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]:
            listener_arn = listener["ListenerArn"]
            rules = elb.describe_rules(ListenerArn=listener_arn)["Rules"]
            certificates = ask(elb.describe_listener_certificates, ListenerArn=listener_arn)
            tags = elb.describe_tags(ResourceArns=[listener_arn])["TagDescriptions"]
            yield f"elbv2:listener:{listener['Port']}", [listener, rules, certificates, tags]


def _tables(make: Make) -> Iterator[tuple[str, Any]]:
    dynamodb = make("dynamodb")
    for name in dynamodb.list_tables()["TableNames"]:
        table = dynamodb.describe_table(TableName=name)["Table"]
        yield (
            f"dynamodb:table:{name}",
            [
                table,
                dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"],
                dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"],
                dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"],
            ],
        )


def _log_groups(make: Make) -> Iterator[tuple[str, Any]]:
    logs = make("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        name = group["logGroupName"]
        yield (
            f"logs:group:{name}",
            [
                logs.list_tags_for_resource(resourceArn=group["arn"].removesuffix(":*"))["tags"],
                logs.describe_metric_filters(logGroupName=name)["metricFilters"],
                logs.describe_subscription_filters(logGroupName=name)["subscriptionFilters"],
            ],
        )


def _repositories(make: Make) -> Iterator[tuple[str, Any]]:
    ecr = make("ecr")
    for repository in ecr.describe_repositories()["repositories"]:
        name = {"repositoryName": repository["repositoryName"]}
        yield (
            f"ecr:repository:{repository['repositoryName']}",
            [
                ask(ecr.get_lifecycle_policy, **name),
                ask(ecr.get_repository_policy, **name),
                ecr.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"],
                ecr.list_images(**name)["imageIds"],
            ],
        )


def _services(make: Make) -> Iterator[tuple[str, Any]]:
    ecs = make("ecs")
    everything = ["TAGS", "SETTINGS", "CONFIGURATIONS"]
    for cluster in ecs.list_clusters()["clusterArns"]:
        yield f"ecs:cluster:{cluster}", ecs.describe_clusters(clusters=[cluster], include=everything)["clusters"]
        for arn in ecs.list_services(cluster=cluster)["serviceArns"]:
            found = ecs.describe_services(cluster=cluster, services=[arn], include=["TAGS"])["services"][0]
            used = ecs.describe_task_definition(taskDefinition=found["taskDefinition"], include=["TAGS"])
            yield f"ecs:service:{found['serviceName']}", [found, used]
    for family in ecs.list_task_definition_families(status="ACTIVE")["families"]:
        newest = ecs.describe_task_definition(taskDefinition=family, include=["TAGS"])
        yield f"ecs:family:{family}", [newest["taskDefinition"], newest.get("tags")]


def _scaling(make: Make) -> Iterator[tuple[str, Any]]:
    scaling = make("application-autoscaling")
    for target in scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]:
        arn = target["ScalableTargetARN"]
        yield (
            f"application-autoscaling:tags:{target['ResourceId']}",
            ask(scaling.list_tags_for_resource, ResourceARN=arn),
        )


def _secrets(make: Make) -> Iterator[tuple[str, Any]]:
    secrets = make("secretsmanager")
    for each in secrets.list_secrets()["SecretList"]:
        name = {"SecretId": each["Name"]}
        value = secrets.get_secret_value(**name)["SecretString"]
        yield f"secretsmanager:secret:{each['Name']}", [ask(secrets.get_resource_policy, **name), hash(value)]


READERS: dict[str, Callable[[Make], Iterator[tuple[str, Any]]]] = {
    "iam": _iam,
    "lambda": _functions,
    "apigateway": _apis,
    "elbv2": _balancers,
    "dynamodb": _tables,
    "logs": _log_groups,
    "ecr": _repositories,
    "ecs": _services,
    "application-autoscaling": _scaling,
    "secretsmanager": _secrets,
}


class Watch:
    """Snapshots that read anew only the services that were written to since (`/_local/revision`)."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.found = deep(cloud.client)
        self.revisions = self._revisions()

    def _revisions(self) -> dict[str, int]:
        revisions: dict[str, int] = self.cloud.get("/_local/revision")
        return revisions

    def now(self) -> Snapshot:
        """All that the account holds."""
        revisions = self._revisions()
        written = {name for name, count in revisions.items() if self.revisions.get(name) != count}
        if written:
            kept = {name: item for name, item in self.found.items() if service_of(name) not in written}
            self.found = {**kept, **deep(self.cloud.client, written)}
            self.revisions = revisions
        return self.found


def service_of(name: str) -> str:
    """The service in a snapshot's key."""
    return name.partition(":")[0]
