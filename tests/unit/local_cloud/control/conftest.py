"""One control plane for all tests of this folder, and what they build on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from control_builders import (
    ENDPOINT,
    LAMBDA_URI,
    POLICY,
    Api,
    Cloud,
    Network,
    target_group,
    task_definition,
    trust,
    unique,
    zipped,
)

from local_cloud.control.settings import ACCOUNT, REGION, configure_moto

configure_moto()


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The control plane, in this process, on a free port."""
    from local_cloud.control.app import start

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOCAL_CLOUD_STATE", str(tmp_path_factory.mktemp("state")))
        server = start("127.0.0.1", 0)
        yield Cloud(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()


@pytest.fixture
def network(cloud: Cloud) -> Network:
    """A new VPC."""
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"][
            "SubnetId"
        ]
        for number, zone in enumerate("aca")
    ]
    group = ec2.create_security_group(GroupName=unique("group"), Description="test", VpcId=vpc)["GroupId"]
    return Network(vpc, subnets[:2], subnets[2], group)


@pytest.fixture
def endpoint(cloud: Cloud, network: Network) -> str:
    """The id of an interface endpoint for execute-api in both zones."""
    made = cloud.client("ec2").create_vpc_endpoint(
        VpcId=network.vpc,
        ServiceName=ENDPOINT,
        VpcEndpointType="Interface",
        SubnetIds=network.subnets,
        SecurityGroupIds=[network.group],
    )
    return str(made["VpcEndpoint"]["VpcEndpointId"])


@pytest.fixture
def api(cloud: Cloud, endpoint: str) -> Api:
    """A private API with a policy, not deployed."""
    gateway = cloud.client("apigateway")
    made = gateway.create_rest_api(
        name=unique("api"),
        endpointConfiguration={"types": ["PRIVATE"], "vpcEndpointIds": [endpoint]},
        policy=POLICY,
    )
    method = {"restApiId": made["id"], "resourceId": made["rootResourceId"], "httpMethod": "POST"}
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_integration(**method, type="AWS_PROXY", integrationHttpMethod="POST", uri=LAMBDA_URI)
    return Api(made["id"], made["rootResourceId"])


@pytest.fixture
def role(cloud: Cloud) -> str:
    """The ARN of a role that Lambda may assume and that may make network interfaces."""
    iam, name = cloud.client("iam"), unique("role")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))
    statement = {"Effect": "Allow", "Action": "ec2:*NetworkInterface*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=name, PolicyName="interfaces", PolicyDocument=document)
    return str(made["Role"]["Arn"])


@pytest.fixture
def function(role: str) -> dict[str, Any]:
    """The parameters of a sane CreateFunction."""
    return {
        "FunctionName": unique("function"),
        "Runtime": "python3.12",
        "Role": role,
        "Handler": "lambda_function.lambda_handler",
        "Code": {"ZipFile": zipped()},
    }


@pytest.fixture
def balancer(cloud: Cloud, network: Network) -> dict[str, str]:
    """An internal load balancer whose listener forwards to a target group: both ARNs."""
    elb = cloud.client("elbv2")
    made = elb.create_load_balancer(
        Name=unique("alb"), Subnets=network.subnets, SecurityGroups=[network.group], Scheme="internal"
    )
    arn = made["LoadBalancers"][0]["LoadBalancerArn"]
    group = target_group(cloud, network)
    actions = [{"Type": "forward", "TargetGroupArn": group}]
    elb.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=actions)
    return {"arn": arn, "group": group}


@pytest.fixture
def service(cloud: Cloud, network: Network, balancer: dict[str, str]) -> dict[str, Any]:
    """The parameters of a sane CreateService, with the cluster and task definition made."""
    ecs, name = cloud.client("ecs"), unique("cluster")
    ecs.create_cluster(clusterName=name, capacityProviders=["FARGATE"])
    # ECS Exec needs a task role.
    given = {**task_definition(), "taskRoleArn": f"arn:aws:iam::{ACCOUNT}:role/chat-task"}
    definition = ecs.register_task_definition(**given)["taskDefinition"]["taskDefinitionArn"]
    return {
        "cluster": name,
        "serviceName": unique("service"),
        "taskDefinition": definition,
        "desiredCount": 1,
        "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "base": 0, "weight": 1}],
        "deploymentConfiguration": {
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            "maximumPercent": 200,
            "minimumHealthyPercent": 100,
        },
        "availabilityZoneRebalancing": "ENABLED",
        "healthCheckGracePeriodSeconds": 120,
        "platformVersion": "LATEST",
        "propagateTags": "SERVICE",
        "enableExecuteCommand": True,
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": network.subnets,
                "securityGroups": [network.group],
                "assignPublicIp": "DISABLED",
            }
        },
        "loadBalancers": [{"targetGroupArn": balancer["group"], "containerName": "app", "containerPort": 8080}],
        "tags": [{"key": "private-rag:deployment", "value": "chatbot-test"}],
    }


@pytest.fixture
def refused(cloud: Cloud) -> Iterator[Callable[..., None]]:
    """``refused(rule, code, words, call)``: the call fails so, and works once the rule is switched off."""

    def check(rule: str, code: str, words: str, call: Callable[[], Any]) -> None:
        with pytest.raises(ClientError) as raised:
            call()
        error = raised.value.response["Error"]
        assert (error["Code"], words in error["Message"]) == (code, True), error
        cloud.local("PUT", "refusals", {"disabled": [rule]})
        assert call()["ResponseMetadata"]["HTTPStatusCode"] < 300

    yield check
    cloud.local("PUT", "refusals", {"disabled": []})
