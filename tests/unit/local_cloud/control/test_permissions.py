"""A principal's calls are let through or denied by what is deployed, in AWS's words."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from control_builders import POLICY, Cloud, Network, trust, unique

from local_cloud.control.permissions.needs import ROWS
from local_cloud.control.settings import ACCOUNT, REGION

TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/history"
READ = {"Effect": "Allow", "Action": "dynamodb:DescribeTable", "Resource": TABLE}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


class Caller:
    """A user or a role session with these statements, and the clients that sign with its key."""

    def __init__(self, cloud: Cloud, *statements: dict[str, Any], role: str = "", headers: Any = None) -> None:
        self.cloud, self.headers = cloud, headers or {}
        iam = cloud.client("iam")
        if role:
            iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))
            iam.put_role_policy(RoleName=role, PolicyName="own", PolicyDocument=document(*statements))
            arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
            key = cloud.client("sts").assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
        else:
            self.name = unique("user")
            iam.create_user(UserName=self.name)
            if statements:
                iam.put_user_policy(UserName=self.name, PolicyName="own", PolicyDocument=document(*statements))
            key = iam.create_access_key(UserName=self.name)["AccessKey"]
        self.key = key

    def client(self, service: str) -> Any:
        made = boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.cloud.url,
            aws_access_key_id=self.key["AccessKeyId"],
            aws_secret_access_key=self.key["SecretAccessKey"],
            aws_session_token=self.key.get("SessionToken"),
            config=Config(retries={"total_max_attempts": 1}, proxies={}),
        )
        made.meta.events.register("before-send", self._add_headers)
        return made

    def _add_headers(self, request: Any, **_event: object) -> None:
        for name, value in self.headers.items():
            request.headers[name] = value

    def refused(self, service: str, operation: str, **parameters: Any) -> tuple[str, str, int]:
        with pytest.raises(ClientError) as caught:
            getattr(self.client(service), operation)(**parameters)
        answer: Any = caught.value.response
        return answer["Error"]["Code"], answer["Error"]["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code", "action", "resource"),
    [
        (
            "dynamodb",
            "describe_table",
            {"TableName": "history"},
            "AccessDeniedException",
            "dynamodb:DescribeTable",
            TABLE,
        ),
        ("iam", "get_role", {"RoleName": "r"}, "AccessDenied", "iam:GetRole", f"arn:aws:iam::{ACCOUNT}:role/r"),
        ("ec2", "describe_vpcs", {}, "UnauthorizedOperation", "ec2:DescribeVpcs", "*"),
        ("elbv2", "describe_tags", {"ResourceArns": ["a"]}, "AccessDenied", "elasticloadbalancing:DescribeTags", "*"),
        (
            "apigateway",
            "get_stage",
            {"restApiId": "abc", "stageName": "prod"},
            "AccessDeniedException",
            "apigateway:GET",
            f"arn:aws:apigateway:{REGION}::/restapis/abc/stages/prod",
        ),
        (
            "lambda",
            "get_function",
            {"FunctionName": "f"},
            "AccessDeniedException",
            "lambda:GetFunction",
            f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f",
        ),
    ],
)
def test_what_no_policy_allows_is_denied_in_the_service_s_own_way(
    cloud: Cloud, service: str, operation: str, parameters: Any, code: str, action: str, resource: str
) -> None:
    caller = Caller(cloud)
    found, message, _status = caller.refused(service, operation, **parameters)
    words = (
        f"User: arn:aws:iam::{ACCOUNT}:user/{caller.name} is not authorized to perform: {action}"
        f" on resource: {resource}"
        f" because no identity-based policy allows the {action} action"
    )
    assert (found, words in message) == (code, True), message


def test_a_key_that_nobody_has(cloud: Cloud) -> None:
    caller = Caller(cloud, READ)
    caller.key = {"AccessKeyId": "AKIANOBODYHASTHIS", "SecretAccessKey": "x"}
    assert caller.refused("dynamodb", "describe_table", TableName="history")[0] == "UnrecognizedClientException"
    assert caller.refused("ec2", "describe_vpcs")[0] == "AuthFailure"
    assert caller.refused("iam", "get_role", RoleName="r")[0] == "InvalidClientTokenId"


def test_what_is_allowed_is_let_through_and_recorded(cloud: Cloud) -> None:
    """The table does not exist: that is what the service itself says."""
    caller = Caller(cloud, READ)
    assert caller.refused("dynamodb", "describe_table", TableName="history")[0] == "ResourceNotFoundException"
    entry = cloud.http.get(f"{cloud.url}/_local/requests").json()[-1]
    assert (entry["principal"], entry["action"], entry["resource"], entry["decision"]) == (
        f"arn:aws:iam::{ACCOUNT}:user/{caller.name}",
        "dynamodb:DescribeTable",
        TABLE,
        "allowed",
    )


def test_a_boundary_limits_what_a_role_s_own_policy_allows(cloud: Cloud) -> None:
    iam, role = cloud.client("iam"), unique("role")
    caller = Caller(cloud, READ, role=role)
    limit = iam.create_policy(PolicyName=unique("limit"), PolicyDocument=document({**READ, "Action": "s3:*"}))
    iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=limit["Policy"]["Arn"])
    message = caller.refused("dynamodb", "describe_table", TableName="history")[1]
    assert message.startswith(f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{role}/session is not authorized")
    assert message.endswith("because no permissions boundary allows the dynamodb:DescribeTable action")


def test_a_vpc_endpoint_s_policy_limits_what_comes_through_it(cloud: Cloud, endpoint: str) -> None:
    caller = Caller(cloud, READ, headers={"X-Local-Source-Vpce": endpoint, "X-Local-Source-Vpc": "vpc-1"})
    assert caller.refused("dynamodb", "describe_table", TableName="history")[0] == "ResourceNotFoundException"
    other = document({"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"})
    cloud.client("ec2").modify_vpc_endpoint(VpcEndpointId=endpoint, PolicyDocument=other)
    message = caller.refused("dynamodb", "describe_table", TableName="history")[1]
    assert message.endswith("because no VPC endpoint policy allows the dynamodb:DescribeTable action")


def test_the_endpoint_is_a_condition_key(cloud: Cloud, endpoint: str) -> None:
    only = {**READ, "Condition": {"StringEquals": {"aws:SourceVpce": endpoint}}}
    assert Caller(cloud, only).refused("dynamodb", "describe_table", TableName="history")[0] == "AccessDeniedException"
    through = Caller(cloud, only, headers={"X-Local-Source-Vpce": endpoint})
    assert through.refused("dynamodb", "describe_table", TableName="history")[0] == "ResourceNotFoundException"


def test_the_function_s_code_may_not_do_what_lambda_may(cloud: Cloud) -> None:
    """As roles/iam denies it, by lambda:SourceFunctionArn."""
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:chatbot"
    allow = {"Effect": "Allow", "Action": "ec2:DescribeSubnets", "Resource": "*"}
    deny = {**allow, "Effect": "Deny", "Condition": {"ArnEquals": {"lambda:SourceFunctionArn": arn}}}
    caller = Caller(cloud, allow, deny, role=unique("role"))
    assert "Subnets" in caller.client("ec2").describe_subnets()
    path = f"{cloud.url}/_local/permissions/sessions/{caller.key['AccessKeyId']}"
    cloud.http.put(path, json={"lambda:SourceFunctionArn": arn}).raise_for_status()
    message = caller.refused("ec2", "describe_subnets")[1]
    assert message.endswith("with an explicit deny in an identity-based policy")


def test_a_resource_policy_alone_suffices_within_the_account(cloud: Cloud) -> None:
    ecr, name = cloud.client("ecr"), unique("images")
    ecr.create_repository(repositoryName=name)
    caller = Caller(cloud)
    user = f"arn:aws:iam::{ACCOUNT}:user/{caller.name}"
    statement = {"Effect": "Allow", "Principal": {"AWS": user}, "Action": "ecr:DescribeImages"}
    ecr.set_repository_policy(repositoryName=name, policyText=document(statement))
    assert caller.client("ecr").describe_images(repositoryName=name)["imageDetails"] == []
    assert caller.refused("ecr", "list_images", repositoryName=name)[0] == "AccessDeniedException"


def test_passing_a_role_is_a_permission_of_its_own(cloud: Cloud) -> None:
    role = unique("passed")
    cloud.client("iam").create_role(RoleName=role, AssumeRolePolicyDocument=trust("ecs-tasks.amazonaws.com"))
    arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
    register = {"Effect": "Allow", "Action": "ecs:RegisterTaskDefinition", "Resource": "*"}
    other = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    wrong = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": arn, "Condition": other}
    task = {
        "family": unique("task"),
        "containerDefinitions": [{"name": "c", "image": "i", "memory": 64}],
        "taskRoleArn": arn,
    }
    message = Caller(cloud, register, wrong).refused("ecs", "register_task_definition", **task)[1]
    assert f"is not authorized to perform: iam:PassRole on resource: {arn}" in message
    right = {**wrong, "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}}
    made = Caller(cloud, register, right).client("ecs").register_task_definition(**task)
    assert made["taskDefinition"]["taskRoleArn"] == arn


def test_the_tag_of_a_group_is_a_condition_key(cloud: Cloud, network: Network) -> None:
    ours = {"StringEquals": {"aws:ResourceTag/private-rag:deployment": "chatbot-prod"}}
    caller = Caller(cloud, {"Effect": "Allow", "Action": "ec2:DeleteSecurityGroup", "Resource": "*", "Condition": ours})
    assert caller.refused("ec2", "delete_security_group", GroupId=network.group)[0] == "UnauthorizedOperation"
    tag = {"Key": "private-rag:deployment", "Value": "chatbot-prod"}
    cloud.client("ec2").create_tags(Resources=[network.group], Tags=[tag])
    caller.client("ec2").delete_security_group(GroupId=network.group)


def test_an_operation_without_a_row_is_named(cloud: Cloud) -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    assert ("ec2", "DescribeImages") not in ROWS
    code, message, status = Caller(cloud, everything).refused("ec2", "describe_images")
    assert (code, status) == ("NotImplemented", 501)
    assert "ec2 DescribeImages" in message


def test_the_api_s_policy_needs_a_permission_besides(cloud: Cloud, api: Any) -> None:
    patch = {"Effect": "Allow", "Action": "apigateway:PATCH", "Resource": "*"}
    change = [{"op": "replace", "path": "/policy", "value": POLICY}]
    message = Caller(cloud, patch).refused("apigateway", "update_rest_api", restApiId=api.id, patchOperations=change)[1]
    assert "apigateway:UpdateRestApiPolicy" in message
