"""A deployed chat service for the tests of tasks and load balancer: network, image, roles, service."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import requests

from local_cloud.data.settings import Settings

ACCOUNT = "123456789012"
REGION = "ap-northeast-1"
APP = """
import json, os, signal, sys, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import greeting

class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/_stcore/health":
            return self.answer(b"ok")
        if self.path == "/crash":
            os._exit(7)
        facts = {"environment": dict(os.environ), "greeting": greeting.TEXT, "path": sys.path, "cwd": os.getcwd(),
                 "headers": dict(self.headers), "modules": installed(), "role": role()}
        self.answer(json.dumps(facts).encode())

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass

def installed():
    found = []
    for name in ("boto3", "streamlit", "pip"):
        try:
            __import__(name)
            found.append(name)
        except ImportError:
            pass
    return found

def role():
    url = os.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    if not url:
        return None
    token = {"Authorization": os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]}
    return json.load(urllib.request.urlopen(urllib.request.Request(url, headers=token)))["RoleArn"]

if sys.argv[1:] == ["once"]:
    print("ran once for", os.environ["WHOM"])
    sys.exit(3)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("listening, こんにちは", flush=True)
ThreadingHTTPServer((os.environ["STREAMLIT_SERVER_ADDRESS"], 8080), Page).serve_forever()
"""


def layer(files: Mapping[str, bytes | None]) -> bytes:
    """A tar of these files; None makes a folder."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = (tarfile.DIRTYPE, 0o755) if content is None else (tarfile.REGTYPE, 0o644)
            entry.size = len(content or b"")
            archive.addfile(entry, io.BytesIO(content or b""))
    return buffer.getvalue()


@dataclass
class World:
    """Ids of what was deployed, and how to deploy more."""

    settings: Settings
    vpc: str = ""
    subnets: list[str] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    secret: str = ""
    image: str = ""
    target_group: str = ""

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.settings.endpoint,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    def push(self, layers: list[bytes], command: list[str]) -> str:
        """Pushes an image; its name by digest."""
        token = self.client("ecr").get_authorization_token()["authorizationData"][0]["authorizationToken"]
        base, headers = f"{self.settings.endpoint}/v2/chat", {"Authorization": f"Basic {token}"}
        config = {
            "architecture": "amd64",
            "os": "linux",
            "config": {"Env": ["PYTHONPATH=/app/deps", "FROM_IMAGE=1"], "WorkingDir": "/app", "Cmd": command},
        }
        blobs = [json.dumps(config).encode(), *layers]
        digests = ["sha256:" + hashlib.sha256(blob).hexdigest() for blob in blobs]
        for digest, blob in zip(digests, blobs, strict=True):
            url = f"{base}/blobs/uploads/?digest={digest}"
            assert requests.post(url, data=blob, headers=headers, timeout=10).status_code == 201
        described = [{"digest": d, "size": len(b)} for d, b in zip(digests, blobs, strict=True)]
        media = "application/vnd.oci.image.manifest.v1+json"
        manifest = json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": media,
                "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **described[0]},
                "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", **d} for d in described[1:]],
            }
        ).encode()
        digest = "sha256:" + hashlib.sha256(manifest).hexdigest()
        put = requests.put(
            f"{base}/manifests/{digest}", data=manifest, headers={**headers, "Content-Type": media}, timeout=10
        )
        assert put.status_code == 201, put.text
        return f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/chat@{digest}"

    def register(self, **container: Any) -> str:
        """A task definition of the family `chat`; its ARN."""
        options = {"awslogs-group": "/ecs/chat", "awslogs-region": REGION, "awslogs-stream-prefix": "ecs"}
        definition = {
            "name": "web",
            "image": self.image,
            "essential": True,
            "portMappings": [{"containerPort": 8080, "protocol": "tcp"}],
            "environment": [{"name": "CHAT_API_URL", "value": "https://example"}],
            "secrets": [{"name": "COOKIE", "valueFrom": self.secret}],
            "logConfiguration": {"logDriver": "awslogs", "options": options},
            "stopTimeout": 2,
            **container,
        }
        answer = self.client("ecs").register_task_definition(
            family="chat",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            executionRoleArn=self.roles["execution"],
            taskRoleArn=self.roles["task"],
            containerDefinitions=[definition],
        )
        return str(answer["taskDefinition"]["taskDefinitionArn"])

    @property
    def network(self) -> dict[str, Any]:
        configuration = {"subnets": self.subnets, "securityGroups": [self.groups["task"]]}
        return {"awsvpcConfiguration": {**configuration, "assignPublicIp": "DISABLED"}}

    def create_service(self, definition: str, desired: int = 1, **more: Any) -> None:
        self.client("ecs").create_service(
            cluster="chat",
            serviceName="chat",
            taskDefinition=definition,
            desiredCount=desired,
            launchType="FARGATE",
            networkConfiguration=self.network,
            **more,
        )

    def service(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client("ecs").describe_services(cluster="chat", services=["chat"])
        service: dict[str, Any] = found["services"][0]
        return service

    def tasks(self, status: str = "RUNNING") -> list[dict[str, Any]]:
        ecs = self.client("ecs")
        arns = ecs.list_tasks(cluster="chat", desiredStatus=status)["taskArns"]
        return list(ecs.describe_tasks(cluster="chat", tasks=arns)["tasks"]) if arns else []

    def allow(self, source: str, target: str, port: int) -> None:
        """From one group to another, both rules."""
        ec2 = self.client("ec2")
        ec2.authorize_security_group_egress(
            GroupId=self.groups[source], IpPermissions=[rule(port, UserIdGroupPairs=[{"GroupId": self.groups[target]}])]
        )
        ec2.authorize_security_group_ingress(
            GroupId=self.groups[target], IpPermissions=[rule(port, UserIdGroupPairs=[{"GroupId": self.groups[source]}])]
        )

    def revoke_egress(self, source: str, target: str, port: int) -> None:
        pairs = [{"GroupId": self.groups[target]}]
        self.client("ec2").revoke_security_group_egress(
            GroupId=self.groups[source], IpPermissions=[rule(port, UserIdGroupPairs=pairs)]
        )


def rule(port: int, **other: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **other}


def build(settings: Settings) -> World:
    world = World(settings)
    _network(world)
    _endpoints(world)
    _roles(world)
    world.client("logs").create_log_group(logGroupName="/ecs/chat")
    world.secret = world.client("secretsmanager").create_secret(Name="cookie", SecretString="s3cret")["ARN"]
    world.client("ecr").create_repository(repositoryName="chat")
    files = {"app": None, "app/deps": None, "app/app.py": APP.encode(), "app/deps/greeting.py": b"TEXT = 'hello'\n"}
    world.image = world.push([layer(files)], ["python", "app.py"])
    world.client("ecs").create_cluster(clusterName="chat")
    return world


def _network(world: World) -> None:
    ec2 = world.client("ec2")
    world.vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=world.vpc, **{name: {"Value": True}})
    for cidr, zone in (("10.20.10.0/24", "a"), ("10.20.11.0/24", "c")):
        made = ec2.create_subnet(VpcId=world.vpc, CidrBlock=cidr, AvailabilityZone=REGION + zone)
        world.subnets.append(made["Subnet"]["SubnetId"])
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpcId=world.vpc, VpnGatewayId=gateway)
    table = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [world.vpc]}])["RouteTables"][0]
    ec2.create_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="10.0.0.0/12", GatewayId=gateway)
    for name in ("alb", "task", "endpoint"):
        group = ec2.create_security_group(GroupName=f"{name}-sg", Description=name, VpcId=world.vpc)["GroupId"]
        everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[everything])
        world.groups[name] = group
    world.allow("alb", "task", 8080)
    world.allow("task", "endpoint", 443)
    ec2.authorize_security_group_ingress(
        GroupId=world.groups["alb"], IpPermissions=[rule(80, IpRanges=[{"CidrIp": "10.0.0.0/12"}])]
    )


def _endpoints(world: World) -> None:
    ec2 = world.client("ec2")
    for service in ("ecr.api", "ecr.dkr", "logs", "secretsmanager", "s3"):
        ec2.create_vpc_endpoint(
            VpcId=world.vpc,
            ServiceName=f"com.amazonaws.{REGION}.{service}",
            VpcEndpointType="Interface",
            SubnetIds=world.subnets,
            SecurityGroupIds=[world.groups["endpoint"]],
            PrivateDnsEnabled=True,
        )


def _roles(world: World) -> None:
    iam = world.client("iam")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    for name in ("execution", "task"):
        world.roles[name] = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    actions = ["ecr:*", "logs:*", "secretsmanager:GetSecretValue"]
    rights = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    iam.put_role_policy(
        RoleName="execution",
        PolicyName="start",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [rights]}),
    )


def balance(world: World) -> None:
    """A load balancer with one listener and a sticky target group."""
    elb = world.client("elbv2")
    world.target_group = elb.create_target_group(
        Name="chat",
        Protocol="HTTP",
        Port=8080,
        VpcId=world.vpc,
        TargetType="ip",
        HealthCheckPath="/_stcore/health",
        HealthCheckIntervalSeconds=5,
        HealthCheckTimeoutSeconds=2,
        HealthyThresholdCount=2,
        UnhealthyThresholdCount=2,
    )["TargetGroups"][0]["TargetGroupArn"]
    sticky = {"stickiness.enabled": "true", "stickiness.type": "lb_cookie"}
    elb.modify_target_group_attributes(
        TargetGroupArn=world.target_group, Attributes=[{"Key": k, "Value": v} for k, v in sticky.items()]
    )
    balancer = elb.create_load_balancer(
        Name="chat", Subnets=world.subnets, SecurityGroups=[world.groups["alb"]], Scheme="internal", Type="application"
    )["LoadBalancers"][0]["LoadBalancerArn"]
    elb.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": world.target_group}],
    )
