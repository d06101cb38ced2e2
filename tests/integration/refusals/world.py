"""An account with one of everything the guide's system has, made by sane calls only."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any

from tests.integration.cloud import ACCOUNT, REGION

Clients = Any


def policy(*statements: dict[str, Any]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(service: str) -> str:
    """A trust policy for one service."""
    return policy({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def zipped() -> bytes:
    """A function's code."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(zipfile.ZipInfo("lambda_function.py"), "def lambda_handler(event, context): return event\n")
    return data.getvalue()


INVOKE = policy({"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"})
INTERFACES = policy({"Effect": "Allow", "Action": "ec2:*NetworkInterface*", "Resource": "*"})


RUN_TASK = ("cluster", "taskDefinition", "launchType", "networkConfiguration")


@dataclass
class World:
    """The ids and ARNs of what was made; ``ids`` are read as attributes."""

    clients: Clients
    ids: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> str:
        try:
            return self.ids[name]
        except KeyError:
            raise AttributeError(name) from None

    def function(self, **changes: Any) -> dict[str, Any]:
        """A sane CreateFunction."""
        return {
            "FunctionName": "another",
            "Runtime": "python3.12",
            "Role": self.lambda_role,
            "Handler": "lambda_function.lambda_handler",
            "Code": {"ZipFile": zipped()},
            **changes,
        }

    def definition(self, container: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        """A sane RegisterTaskDefinition for Fargate; ``container`` changes its one container."""
        image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/chat:1"
        app = {"name": "app", "image": image, "portMappings": [{"containerPort": 8080, "protocol": "tcp"}]}
        return {
            "family": "chat",
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": "256",
            "memory": "512",
            "executionRoleArn": self.execution_role,
            "containerDefinitions": [{**app, **(container or {})}],
            **changes,
        }

    def service(self, **changes: Any) -> dict[str, Any]:
        """A sane CreateService."""
        return {
            "cluster": "chat",
            "serviceName": "another",
            "taskDefinition": self.task_definition,
            "desiredCount": 1,
            "launchType": "FARGATE",
            "networkConfiguration": {
                "awsvpcConfiguration": {
                    "subnets": [self.subnet_a, self.subnet_c],
                    "securityGroups": [self.group],
                    "assignPublicIp": "DISABLED",
                }
            },
            **changes,
        }

    def endpoint(self, **changes: Any) -> dict[str, Any]:
        """A sane CreateVpcEndpoint of the interface kind."""
        return {
            "VpcId": self.vpc,
            "ServiceName": f"com.amazonaws.{REGION}.logs",
            "VpcEndpointType": "Interface",
            "SubnetIds": [self.subnet_a, self.subnet_c],
            "SecurityGroupIds": [self.group],
            **changes,
        }

    def balancer(self, **changes: Any) -> dict[str, Any]:
        """A sane CreateLoadBalancer."""
        subnets = [self.subnet_a, self.subnet_c]
        return {"Name": "another", "Subnets": subnets, "SecurityGroups": [self.group], "Scheme": "internal", **changes}

    def target_group_of(self, **changes: Any) -> dict[str, Any]:
        """A sane CreateTargetGroup."""
        return {
            "Name": "another",
            "Protocol": "HTTP",
            "Port": 8080,
            "VpcId": self.vpc,
            "TargetType": "ip",
            "HealthCheckPath": "/_stcore/health",
            **changes,
        }

    def method(self, **changes: Any) -> dict[str, Any]:
        """What names POST / of the API."""
        return {"restApiId": self.api, "resourceId": self.root, "httpMethod": "POST", **changes}

    def integration(self, **changes: Any) -> dict[str, Any]:
        """A sane PutIntegration."""
        return {
            **self.method(),
            "type": "AWS_PROXY",
            "integrationHttpMethod": "POST",
            "uri": f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{self.function_arn}/invocations",
            **changes,
        }

    def table(self, **changes: Any) -> dict[str, Any]:
        """A sane CreateTable."""
        return {
            "TableName": "another",
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            "AttributeDefinitions": [
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            "BillingMode": "PAY_PER_REQUEST",
            **changes,
        }

    def scalable(self, **changes: Any) -> dict[str, Any]:
        """What names the service's scalable target."""
        return {
            "ServiceNamespace": "ecs",
            "ResourceId": "service/chat/chat",
            "ScalableDimension": "ecs:service:DesiredCount",
            **changes,
        }

    def scaling(self, **changes: Any) -> dict[str, Any]:
        """A sane PutScalingPolicy; ``changes`` are those of the target tracking configuration."""
        tracking = {
            "TargetValue": 70.0,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
            **changes,
        }
        return {
            **self.scalable(),
            "PolicyName": "cpu",
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": tracking,
        }


def build(clients: Clients) -> World:
    """Make everything; ``clients`` is a function from a service's name to its boto3 client."""
    world = World(clients)
    for step in (_network, _roles, _endpoints, _storage, _function, _api, _balancer, _service):
        step(world)
    return world


def _network(w: World) -> None:
    ec2 = w.clients("ec2")
    w.ids["vpc"] = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=w.vpc, EnableDnsSupport={"Value": True})
    ec2.modify_vpc_attribute(VpcId=w.vpc, EnableDnsHostnames={"Value": True})
    w.ids["dark_vpc"] = ec2.create_vpc(CidrBlock="10.40.0.0/16")["Vpc"]["VpcId"]
    for name, vpc, block, zone in (
        ("subnet_a", w.vpc, "10.20.0.0/24", "a"),
        ("subnet_c", w.vpc, "10.20.1.0/24", "c"),
        ("subnet_a2", w.vpc, "10.20.2.0/24", "a"),
        ("dark_subnet", w.dark_vpc, "10.40.0.0/24", "a"),
    ):
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=f"{REGION}{zone}")
        w.ids[name] = made["Subnet"]["SubnetId"]
    for name, vpc in (("group", w.vpc), ("other_group", w.vpc), ("dark_group", w.dark_vpc)):
        made = ec2.create_security_group(GroupName=name.replace("_", "-"), Description="made for tests", VpcId=vpc)
        w.ids[name] = made["GroupId"]
    pair = [{"GroupId": w.other_group}]
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": pair}
    ec2.authorize_security_group_ingress(GroupId=w.group, IpPermissions=[rule])
    w.ids["route_table"] = ec2.create_route_table(VpcId=w.vpc)["RouteTable"]["RouteTableId"]
    w.ids["internet"] = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=w.internet, VpcId=w.vpc)


def _roles(w: World) -> None:
    iam = w.clients("iam")
    for name, service in (
        ("lambda_role", "lambda.amazonaws.com"),
        ("bare_role", "lambda.amazonaws.com"),
        ("task_role", "ecs-tasks.amazonaws.com"),
        ("execution_role", "ecs-tasks.amazonaws.com"),
    ):
        made = iam.create_role(RoleName=name.replace("_", "-"), AssumeRolePolicyDocument=trust(service))
        w.ids[name] = made["Role"]["Arn"]
    iam.put_role_policy(RoleName="lambda-role", PolicyName="interfaces", PolicyDocument=INTERFACES)
    iam.attach_role_policy(
        RoleName="execution-role",
        PolicyArn="arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    )
    w.ids["policy"] = iam.create_policy(PolicyName="read", PolicyDocument=INTERFACES)["Policy"]["Arn"]


def _endpoints(w: World) -> None:
    ec2 = w.clients("ec2")
    made = ec2.create_vpc_endpoint(**w.endpoint(ServiceName=f"com.amazonaws.{REGION}.execute-api"))
    w.ids["api_endpoint"] = made["VpcEndpoint"]["VpcEndpointId"]
    made = ec2.create_vpc_endpoint(
        VpcId=w.vpc,
        ServiceName=f"com.amazonaws.{REGION}.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=[w.route_table],
    )
    w.ids["s3_endpoint"] = made["VpcEndpoint"]["VpcEndpointId"]


def _storage(w: World) -> None:
    w.clients("logs").create_log_group(logGroupName="/chat")
    w.clients("dynamodb").create_table(**w.table(TableName="history"))
    w.clients("dynamodb").update_time_to_live(
        TableName="history", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
    )
    w.clients("dynamodb").create_table(**w.table(TableName="protected", DeletionProtectionEnabled=True))
    w.clients("ecr").create_repository(repositoryName="chat")
    made = w.clients("secretsmanager").create_secret(Name="chat/cookie", SecretString="{}")
    w.ids["secret"] = made["ARN"]
    w.ids["key"] = w.clients("kms").create_key()["KeyMetadata"]["Arn"]
    zone = w.clients("route53").create_hosted_zone(
        Name="corp.example.", CallerReference="1", VPC={"VPCRegion": REGION, "VPCId": w.vpc}
    )
    w.ids["zone"] = zone["HostedZone"]["Id"].split("/")[-1]


def _function(w: World) -> None:
    made = w.clients("lambda").create_function(**w.function(FunctionName="chat"))
    w.ids["function_arn"] = made["FunctionArn"]
    w.clients("lambda").add_permission(
        FunctionName="chat",
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )


def _api(w: World) -> None:
    gateway = w.clients("apigateway")
    made = gateway.create_rest_api(
        name="chat", endpointConfiguration={"types": ["PRIVATE"], "vpcEndpointIds": [w.api_endpoint]}, policy=INVOKE
    )
    w.ids["api"], w.ids["root"] = made["id"], made["rootResourceId"]
    gateway.put_method(**w.method(), authorizationType="NONE")
    gateway.put_integration(**w.integration())
    w.ids["child"] = gateway.create_resource(restApiId=w.api, parentId=w.root, pathPart="history")["id"]
    w.ids["deployment"] = gateway.create_deployment(restApiId=w.api, stageName="prod")["id"]
    bare = gateway.create_rest_api(name="bare", endpointConfiguration={"types": ["PRIVATE"]})
    w.ids["bare_api"], w.ids["bare_root"] = bare["id"], bare["rootResourceId"]
    public = gateway.create_rest_api(name="public", endpointConfiguration={"types": ["REGIONAL"]})
    w.ids["public_api"], w.ids["public_root"] = public["id"], public["rootResourceId"]


def _balancer(w: World) -> None:
    elb = w.clients("elbv2")
    w.ids["balancer_arn"] = elb.create_load_balancer(**w.balancer(Name="chat"))["LoadBalancers"][0]["LoadBalancerArn"]
    made = elb.create_load_balancer(**w.balancer(Name="protected"))
    w.ids["protected_balancer"] = made["LoadBalancers"][0]["LoadBalancerArn"]
    protection = [{"Key": "deletion_protection.enabled", "Value": "true"}]
    elb.modify_load_balancer_attributes(LoadBalancerArn=w.protected_balancer, Attributes=protection)
    for name, key in (("chat", "target_group"), ("idle", "idle_target_group")):
        made = elb.create_target_group(**w.target_group_of(Name=name))
        w.ids[key] = made["TargetGroups"][0]["TargetGroupArn"]
    actions = [{"Type": "forward", "TargetGroupArn": w.target_group}]
    made = elb.create_listener(LoadBalancerArn=w.balancer_arn, Protocol="HTTP", Port=80, DefaultActions=actions)
    w.ids["listener"] = made["Listeners"][0]["ListenerArn"]


def _service(w: World) -> None:
    ecs = w.clients("ecs")
    ecs.create_cluster(clusterName="chat", capacityProviders=["FARGATE"])
    made = ecs.register_task_definition(**w.definition())
    w.ids["task_definition"] = made["taskDefinition"]["taskDefinitionArn"]
    balancers = [{"targetGroupArn": w.target_group, "containerName": "app", "containerPort": 8080}]
    ecs.create_service(**w.service(serviceName="chat", loadBalancers=balancers))
    ecs.create_cluster(clusterName="busy", capacityProviders=["FARGATE"])
    placed = {name: value for name, value in w.service(cluster="busy").items() if name in RUN_TASK}
    ecs.run_task(**placed)
    w.clients("application-autoscaling").register_scalable_target(**w.scalable(), MinCapacity=1, MaxCapacity=3)
