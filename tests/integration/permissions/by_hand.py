"""What somebody changes by hand on a deployed system, so that the next `site.yml` must repair every kind of resource.

Each call is the root's; what the controller then sends is what repairing needs of permissions.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

Client = Callable[[str], Any]
TAG = "private-rag:deployment"
FUNCTION, TABLE, REPOSITORY = "ChatbotBackendFunctionProd", "ChatHistory", "chatbot-frontend-prod"
CLUSTER, SERVICE = "ChatbotFrontendClusterProd", "ChatbotFrontendServiceProd"
ROLES = ("lambda-rag-processor-role-prod", "ecs-task-execution-role-sg", "ecs-task-role-sg")
SECRET = "chatbot/prod/streamlit-cookie"
LOG_GROUPS = ("/aws/lambda/ChatbotBackendFunctionProd", "/ecs/chatbot-frontend-task-prod")


def change_everything(client: Client) -> None:
    for change in (network, api, roles, stores, function, balancer, tasks, scaling):
        change(client)


def network(client: Client) -> None:
    ec2 = client("ec2")
    found = ec2.describe_security_groups(Filters=[{"Name": f"tag:{TAG}", "Values": ["*"]}])["SecurityGroups"]
    groups = {each["GroupName"]: each["GroupId"] for each in found}
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.9.9.0/24"}]}
    ec2.authorize_security_group_ingress(GroupId=groups["chatbot-alb-sg"], IpPermissions=[rule])
    ec2.create_tags(Resources=list(groups.values()), Tags=[{"Key": "Name", "Value": "drift"}])
    _move_a_rule(ec2)
    [endpoint] = ec2.describe_vpc_endpoints(Filters=[{"Name": f"tag:{TAG}", "Values": ["*"]}])["VpcEndpoints"]
    ec2.create_tags(Resources=[endpoint["VpcEndpointId"]], Tags=[{"Key": "Name", "Value": "drift"}])
    ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint["VpcEndpointId"],
        AddSecurityGroupIds=[groups["chatbot-alb-sg"]],
        RemoveSubnetIds=endpoint["SubnetIds"][:1],
        PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}',
    )


def _move_a_rule(ec2: Any) -> None:
    """One of ours in a group of the company, to another port: its description marks it as ours."""
    named = [{"Name": "group-name", "Values": ["dynamodb-vpce-sg"]}]
    [group] = ec2.describe_security_groups(Filters=named)["SecurityGroups"]
    ours = next(each for each in group["IpPermissions"] if each["UserIdGroupPairs"])
    peers = [{key: each[key] for key in ("GroupId", "Description")} for each in ours["UserIdGroupPairs"]]
    moved = {"IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443, "UserIdGroupPairs": peers}
    ec2.authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[moved])


def api(client: Client) -> None:
    gateway = client("apigateway")
    [found] = [each for each in gateway.get_rest_apis()["items"] if each["name"].startswith("ChatbotApi")]
    where = {"restApiId": found["id"]}
    root = gateway.get_resources(**where)["items"][0]["id"]
    gateway.put_method(**where, resourceId=root, httpMethod="GET", authorizationType="NONE")
    gateway.update_rest_api(**where, patchOperations=[{"op": "replace", "path": "/description", "value": "drift"}])
    arn = f"arn:aws:apigateway:ap-northeast-1::/restapis/{found['id']}"
    gateway.untag_resource(resourceArn=arn, tagKeys=["Name"])
    gateway.put_gateway_response(**where, responseType="UNAUTHORIZED", statusCode="418")


def roles(client: Client) -> None:
    iam = client("iam")
    trust = _allow("sts:AssumeRole").replace('"Resource":"*"', '"Principal":{"Service":"ec2.amazonaws.com"}')
    for role in ROLES:
        iam.put_role_policy(RoleName=role, PolicyName="drift", PolicyDocument=_allow("s3:*"))
        iam.attach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
        iam.update_role(RoleName=role, Description="drift", MaxSessionDuration=7200)
        iam.tag_role(RoleName=role, Tags=[{"Key": "drift", "Value": "yes"}])
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=trust)


def stores(client: Client) -> None:
    logs, dynamodb = client("logs"), client("dynamodb")
    for name in LOG_GROUPS:
        logs.put_retention_policy(logGroupName=name, retentionInDays=7)
    dynamodb.update_table(TableName=TABLE, DeletionProtectionEnabled=False)
    dynamodb.update_continuous_backups(
        TableName=TABLE, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
    )
    dynamodb.update_time_to_live(TableName=TABLE, TimeToLiveSpecification={"Enabled": False, "AttributeName": "ttl"})
    client("secretsmanager").update_secret(SecretId=SECRET, Description="drift")
    client("secretsmanager").delete_secret(SecretId=SECRET, RecoveryWindowInDays=7)


def function(client: Client) -> None:
    aws = client("lambda")
    aws.update_function_code(FunctionName=FUNCTION, ZipFile=_zip())
    aws.update_function_configuration(FunctionName=FUNCTION, MemorySize=3008, Timeout=899)
    aws.add_permission(
        FunctionName=FUNCTION, StatementId="drift", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
    )
    aws.put_function_concurrency(FunctionName=FUNCTION, ReservedConcurrentExecutions=3)
    aws.remove_permission(FunctionName=FUNCTION, StatementId=_statement(aws))


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("drift.py", "")
    return buffer.getvalue()


def _statement(aws: Any) -> str:
    statements = json.loads(aws.get_policy(FunctionName=FUNCTION)["Policy"])["Statement"]
    return str(next(each["Sid"] for each in statements if each["Sid"] != "drift"))


def balancer(client: Client) -> None:
    elb = client("elbv2")
    [found] = elb.describe_load_balancers()["LoadBalancers"]
    [group] = elb.describe_target_groups()["TargetGroups"]
    [listener] = elb.describe_listeners(LoadBalancerArn=found["LoadBalancerArn"])["Listeners"]
    elb.modify_load_balancer_attributes(
        LoadBalancerArn=found["LoadBalancerArn"], Attributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "61"}]
    )
    elb.set_security_groups(LoadBalancerArn=found["LoadBalancerArn"], SecurityGroups=_default_group(client))
    elb.set_subnets(LoadBalancerArn=found["LoadBalancerArn"], Subnets=_public_subnets(client))
    elb.modify_target_group(TargetGroupArn=group["TargetGroupArn"], HealthCheckPath="/drift")
    elb.modify_target_group_attributes(
        TargetGroupArn=group["TargetGroupArn"], Attributes=[{"Key": "stickiness.enabled", "Value": "false"}]
    )
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "418"}}
    elb.modify_listener(ListenerArn=listener["ListenerArn"], DefaultActions=[fixed])
    elb.create_listener(LoadBalancerArn=found["LoadBalancerArn"], Port=81, Protocol="HTTP", DefaultActions=[fixed])
    arns = [found["LoadBalancerArn"], group["TargetGroupArn"], listener["ListenerArn"]]
    elb.add_tags(ResourceArns=arns, Tags=[{"Key": "drift", "Value": "yes"}])


def _default_group(client: Client) -> list[str]:
    found = client("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": ["ecr-vpce-sg"]}])
    return [found["SecurityGroups"][0]["GroupId"]]


def _public_subnets(client: Client) -> list[str]:
    named = [{"Name": "tag:Name", "Values": ["corp-public-a", "corp-public-c"]}]
    return [each["SubnetId"] for each in client("ec2").describe_subnets(Filters=named)["Subnets"]]


def tasks(client: Client) -> None:
    ecs, ecr = client("ecs"), client("ecr")
    service = ecs.describe_services(cluster=CLUSTER, services=[SERVICE])["services"][0]
    ecs.update_service(cluster=CLUSTER, service=SERVICE, healthCheckGracePeriodSeconds=1)
    ecs.tag_resource(resourceArn=service["serviceArn"], tags=[{"key": "drift", "value": "yes"}])
    ecs.put_cluster_capacity_providers(
        cluster=CLUSTER, capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[]
    )
    ecr.put_image_scanning_configuration(repositoryName=REPOSITORY, imageScanningConfiguration={"scanOnPush": False})
    ecr.put_image_tag_mutability(repositoryName=REPOSITORY, imageTagMutability="MUTABLE")
    ecr.delete_lifecycle_policy(repositoryName=REPOSITORY)


def scaling(client: Client) -> None:
    aws = client("application-autoscaling")
    target = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/{CLUSTER}/{SERVICE}",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    aws.register_scalable_target(**target, MinCapacity=1, MaxCapacity=9)
    aws.put_scaling_policy(
        **target,
        PolicyName="drift",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 11,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageMemoryUtilization"},
        },
    )
    aws.put_scheduled_action(
        **target,
        ScheduledActionName="drift",
        Schedule="cron(0 0 * * ? *)",
        ScalableTargetAction={"MinCapacity": 1},
    )


def _allow(action: str) -> str:
    return f'{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"*"}}]}}'
