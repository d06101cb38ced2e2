"""One call for each rule on parameters that exclude or need each other, and on what is taken or in use."""

from __future__ import annotations

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, Params, case
from tests.integration.refusals.first_author.worked_on_services import patch
from tests.integration.refusals.third_author.balancing import record
from tests.integration.refusals.third_author.gateway import authorizer
from tests.integration.refusals.world import World

KEY = {"pk": {"S": "a"}, "sk": {"S": "b"}}
STEPS = {
    "AdjustmentType": "ExactCapacity",
    "StepAdjustments": [{"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": -1}],
}
INDEX = {
    "IndexName": "by-sk",
    "KeySchema": [{"AttributeName": "sk", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}
QUESTION = {"name": "Question", "contentType": "application/json", "schema": '{"type":"object"}'}


def taken_index(w: World) -> Params:
    """UpdateTable with an index that the table has."""
    w.clients("dynamodb").create_table(
        **w.table(TableName="indexed", GlobalSecondaryIndexes=[INDEX]),
    )
    definitions = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")]
    changes = [{"Create": INDEX}]
    return {"TableName": "indexed", "AttributeDefinitions": definitions, "GlobalSecondaryIndexUpdates": changes}


def taken_model(w: World) -> Params:
    """CreateModel of a name that the API has."""
    w.clients("apigateway").create_model(restApiId=w.api, **QUESTION)
    return {"restApiId": w.api, **QUESTION}


def taken_authorizer(w: World) -> Params:
    """CreateAuthorizer of a name that the API has."""
    w.clients("apigateway").create_authorizer(**authorizer(w))
    return authorizer(w)


def taken_address(w: World) -> Params:
    """CreateNetworkInterface with the address of another."""
    sent = {"SubnetId": w.subnet_a, "PrivateIpAddress": "10.20.0.77"}
    w.clients("ec2").create_network_interface(**sent)
    return sent


def main_table(w: World) -> str:
    """The table that came with the VPC."""
    filters = [{"Name": "vpc-id", "Values": [w.vpc]}, {"Name": "association.main", "Values": ["true"]}]
    found = w.clients("ec2").describe_route_tables(Filters=filters)["RouteTables"]
    return str(found[0]["RouteTableId"])


def six_groups(w: World) -> Params:
    """CreateNetworkInterface with six groups."""
    ec2 = w.clients("ec2")
    made = [ec2.create_security_group(GroupName=f"g{n}", Description="g", VpcId=w.vpc)["GroupId"] for n in range(6)]
    return {"SubnetId": w.subnet_a, "Groups": made}


def moved_stage(w: World) -> Params:
    """UpdateSecretVersionStage of a label that another version has."""
    secrets = w.clients("secretsmanager")
    first = secrets.create_secret(Name="moved", SecretString="a")["VersionId"]
    secrets.put_secret_value(SecretId="moved", SecretString="again")
    return {"SecretId": "moved", "VersionStage": "AWSCURRENT", "MoveToVersionId": first}


def beside_an_address(w: World) -> Params:
    """CREATE of a CNAME beside an address."""
    w.clients("route53").change_resource_record_sets(**record(w, Name="both.corp.example."))
    return record(w, Name="both.corp.example.", Type="CNAME", ResourceRecords=[{"Value": "a.example."}])


def stage(op: str, path: str) -> Params:
    """One patch of a method."""
    return {"httpMethod": "POST", **patch(op, path, "x")}


CASES: tuple[Case, ...] = (
    case("logs", "FilterLogEvents", "of no group", lambda _w: {"filterPattern": "ERROR"}),
    case(
        "logs",
        "AssociateKmsKey",
        "of a group and a resource",
        lambda w: {
            "logGroupName": "/chat",
            "resourceIdentifier": f"arn:aws:logs:{REGION}:{ACCOUNT}:query-result:*",
            "kmsKeyId": w.key,
        },
    ),
    case(
        "logs",
        "DescribeLogStreams",
        "by time and prefix",
        lambda _w: {"logGroupName": "/chat", "orderBy": "LastEventTime", "logStreamNamePrefix": "a"},
    ),
    case("logs", "DescribeMetricFilters", "name alone", lambda _w: {"logGroupName": "/chat", "metricName": "m"}),
    case(
        "logs",
        "StartQuery",
        "one group and several",
        lambda _w: {
            "logGroupName": "/chat",
            "logGroupNames": ["/chat"],
            "startTime": 1,
            "endTime": 2,
            "queryString": "fields @message",
        },
    ),
    case("secretsmanager", "PutSecretValue", "no value", lambda _w: {"SecretId": "chat/cookie"}),
    case(
        "secretsmanager",
        "BatchGetSecretValue",
        "list and filters",
        lambda _w: {"SecretIdList": ["chat/cookie"], "Filters": [{"Key": "name", "Values": ["chat"]}]},
    ),
    case("secretsmanager", "UpdateSecretVersionStage", "label of another version", moved_stage),
    case(
        "secretsmanager",
        "CreateSecret",
        "51 tags",
        lambda _w: {"Name": "new", "SecretString": "a", "Tags": [{"Key": f"k{n}", "Value": ""} for n in range(51)]},
    ),
    case(
        "application-autoscaling",
        "DescribeScalableTargets",
        "dimension without targets",
        lambda _w: {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"},
    ),
    case(
        "application-autoscaling",
        "PutScalingPolicy",
        "label of a metric that has none",
        lambda w: w.scaling(
            PredefinedMetricSpecification={
                "PredefinedMetricType": "ECSServiceAverageCPUUtilization",
                "ResourceLabel": "app/chat/1/targetgroup/chat/2",
            }
        ),
    ),
    case("application-autoscaling", "PutScalingPolicy", "cooldown below zero", lambda w: w.scaling(ScaleInCooldown=-1)),
    case(
        "application-autoscaling",
        "PutScalingPolicy",
        "exactly less than none",
        lambda w: {
            **w.scalable(),
            "PolicyName": "steps",
            "PolicyType": "StepScaling",
            "StepScalingPolicyConfiguration": STEPS,
        },
    ),
    case("elbv2", "DescribeListeners", "of nothing", lambda _w: {}),
    case(
        "elbv2",
        "AddTags",
        "51 tags",
        lambda w: {
            "ResourceArns": [w.balancer_arn],
            "Tags": [{"Key": f"k{n}", "Value": ""} for n in range(51)],
        },
    ),
    case(
        "ecr",
        "DescribeImages",
        "a page of named ones",
        lambda _w: {"repositoryName": "chat", "imageIds": [{"imageTag": "1"}], "maxResults": 5},
    ),
    case(
        "ecr", "DescribeRepositories", "a page of named ones", lambda _w: {"repositoryNames": ["chat"], "maxResults": 5}
    ),
    case(
        "ecs",
        "ListTasks",
        "who started them, and the family",
        lambda _w: {"cluster": "chat", "startedBy": "me", "family": "chat"},
    ),
    case("ecs", "ListTasks", "a page of 101", lambda _w: {"cluster": "chat", "maxResults": 101}),
    case(
        "ecs",
        "RunTask",
        "started by a sentence",
        lambda w: {
            "cluster": "chat",
            "taskDefinition": "chat",
            "launchType": "FARGATE",
            "networkConfiguration": w.service()["networkConfiguration"],
            "startedBy": "me and you",
        },
    ),
    case(
        "ecs",
        "CreateService",
        "definition of another Region",
        lambda w: w.service(taskDefinition=w.task_definition.replace(REGION, "eu-west-1")),
    ),
    case("ecs", "PutAccountSetting", "value there is not", lambda _w: {"name": "containerInsights", "value": "maybe"}),
    case("ec2", "CreateVpcEndpoint", "of no service", lambda w: {"VpcId": w.vpc}),
    case("ec2", "ModifySubnetAttribute", "nothing", lambda w: {"SubnetId": w.subnet_a}),
    case("ec2", "CreateNetworkInterface", "taken address", taken_address),
    case(
        "ec2",
        "CreateNetworkInterface",
        "group of another VPC",
        lambda w: {"SubnetId": w.subnet_a, "Groups": [w.dark_group]},
    ),
    case("ec2", "CreateNetworkInterface", "six groups", six_groups),
    case(
        "ec2",
        "DeleteRoute",
        "the local one",
        lambda w: {"RouteTableId": w.route_table, "DestinationCidrBlock": "10.20.0.0/16"},
    ),
    case("ec2", "DeleteRouteTable", "the main one", lambda w: {"RouteTableId": main_table(w)}),
    case(
        "iam",
        "DeletePolicy",
        "of AWS's",
        lambda _w: {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
    ),
    case("apigateway", "CreateModel", "taken", taken_model),
    case("apigateway", "CreateAuthorizer", "taken", taken_authorizer),
    case(
        "apigateway",
        "CreateAuthorizer",
        "function that is none",
        lambda w: authorizer(w, authorizerUri="chat"),
    ),
    case(
        "apigateway",
        "UpdateMethod",
        "path that is none",
        lambda w: {"restApiId": w.api, "resourceId": w.root, **stage("replace", "/authorization")},
    ),
    case(
        "apigateway",
        "UpdateMethod",
        "operation that is none",
        lambda w: {"restApiId": w.api, "resourceId": w.root, **stage("test", "/operationName")},
    ),
    case(
        "dynamodb",
        "BatchGetItem",
        "one key twice",
        lambda _w: {"RequestItems": {"history": {"Keys": [KEY, KEY]}}},
    ),
    case(
        "dynamodb",
        "PutItem",
        "expected and expression",
        lambda _w: {
            "TableName": "history",
            "Item": KEY,
            "Expected": {"pk": {"Exists": False}},
            "ConditionExpression": "attribute_not_exists(pk)",
        },
    ),
    case(
        "dynamodb",
        "Query",
        "some attributes, none named",
        lambda _w: {
            "TableName": "history",
            "KeyConditionExpression": "pk = :v",
            "ExpressionAttributeValues": {":v": {"S": "a"}},
            "Select": "SPECIFIC_ATTRIBUTES",
        },
    ),
    case("dynamodb", "UpdateTable", "index that is there", taken_index),
    case("route53", "ChangeResourceRecordSets", "a name beside an address", beside_an_address),
    case(
        "route53",
        "ChangeResourceRecordSets",
        "a value and an alias",
        lambda w: record(
            w,
            Name="two.corp.example.",
            AliasTarget={"HostedZoneId": w.zone, "DNSName": "chat.corp.example.", "EvaluateTargetHealth": False},
        ),
    ),
    case(
        "route53",
        "ChangeResourceRecordSets",
        "the zone's own record deleted",
        lambda w: record(w, "DELETE", Name="corp.example.", Type="SOA", ResourceRecords=[{"Value": "x"}]),
    ),
    case(
        "route53",
        "AssociateVPCWithHostedZone",
        "twice",
        lambda w: {"HostedZoneId": w.zone, "VPC": {"VPCRegion": REGION, "VPCId": w.vpc}},
    ),
)
