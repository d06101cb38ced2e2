"""A small deployed account for the data plane's tests: one VPC, two groups, an endpoint, a function, an API."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

import boto3

from local_cloud.data.settings import Settings

ACCOUNT = "123456789012"
HANDLER = """
import json, os, sys, time

def lambda_handler(event, context):
    asked = json.loads(event.get("body") or "{}")
    print("asked", asked.get("do"))
    if asked.get("do") == "crash":
        raise RuntimeError("boom")
    if asked.get("do") == "exit":
        os._exit(3)
    if asked.get("do") == "hang":
        time.sleep(30)
    if asked.get("do") == "malformed":
        return {"answer": 42}
    found = {"event": event, "pid": os.getpid(), "environment": dict(os.environ), "cwd": os.getcwd()}
    if asked.get("do") == "import":
        try:
            __import__(asked["module"])
            found["imported"] = True
        except ImportError:
            found["imported"] = False
    if asked.get("do") == "identity":
        import boto3
        found["identity"] = boto3.client("sts").get_caller_identity()["Arn"]
    return {"statusCode": 200, "headers": {"X-Answer": "yes"}, "body": json.dumps(found, ensure_ascii=False)}
"""


def package(code: str = HANDLER) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", code)
    return buffer.getvalue()


@dataclass
class Company:
    """Ids of what was deployed, and clients to change it with."""

    settings: Settings
    vpc: str = ""
    subnets: tuple[str, ...] = ()
    caller_group: str = ""
    endpoint_group: str = ""
    endpoint: str = ""
    api: str = ""
    root: str = ""
    function_arn: str = ""
    caller_role: str = ""

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            region_name=self.settings.region,
            endpoint_url=self.settings.endpoint,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    @property
    def api_url(self) -> str:
        return f"https://{self.api}-{self.endpoint}.execute-api.{self.settings.region}.amazonaws.com/prod/"

    def policy(self, principal: str) -> dict[str, Any]:
        return {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "execute-api:Invoke",
                    "Resource": "execute-api:/*",
                    "Condition": {"StringNotEquals": {"aws:SourceVpce": self.endpoint}},
                },
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": principal},
                    "Action": "execute-api:Invoke",
                    "Resource": "execute-api:/*",
                },
            ],
        }

    def deploy_api(self) -> None:
        self.client("apigateway").create_deployment(restApiId=self.api, stageName="prod")


def found(settings: Settings) -> Company:
    company = Company(settings)
    _network(company)
    _roles_and_function(company)
    _api(company)
    return company


def _network(company: Company) -> None:
    ec2 = company.client("ec2")
    company.vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=company.vpc, **{name: {"Value": True}})
    zones = {"10.20.10.0/24": "ap-northeast-1a", "10.20.11.0/24": "ap-northeast-1c"}
    company.subnets = tuple(
        ec2.create_subnet(VpcId=company.vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for cidr, zone in zones.items()
    )
    for field, name in (("caller_group", "caller-sg"), ("endpoint_group", "endpoint-sg")):
        group = ec2.create_security_group(GroupName=name, Description=name, VpcId=company.vpc)["GroupId"]
        open_to_all = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[open_to_all])
        setattr(company, field, group)
    ec2.authorize_security_group_egress(GroupId=company.caller_group, IpPermissions=[_https(company.endpoint_group)])
    ec2.authorize_security_group_ingress(GroupId=company.endpoint_group, IpPermissions=[_https(company.caller_group)])
    for service in ("execute-api", "sts", "dynamodb"):
        made = ec2.create_vpc_endpoint(
            VpcId=company.vpc,
            ServiceName=f"com.amazonaws.{company.settings.region}.{service}",
            VpcEndpointType="Interface",
            SubnetIds=list(company.subnets),
            SecurityGroupIds=[company.endpoint_group],
            PrivateDnsEnabled=service != "execute-api",
        )["VpcEndpoint"]["VpcEndpointId"]
        company.endpoint = company.endpoint or made


def _https(group: str) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": group}]}


def _roles_and_function(company: Company) -> None:
    iam, trust = company.client("iam"), {"Version": "2012-10-17", "Statement": []}
    arns = {}
    for name, service in (("function-role", "lambda"), ("caller-role", "ecs-tasks")):
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
        document = json.dumps({**trust, "Statement": [statement]})
        arns[name] = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    company.caller_role = arns["caller-role"]
    # What AWS's own AWSLambdaVPCAccessExecutionRole gives.
    interfaces = [f"ec2:{verb}NetworkInterface" for verb in ("Create", "Delete")]
    looking = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "logs:CreateLogStream", "logs:PutLogEvents"]
    rights = {"Effect": "Allow", "Action": [*interfaces, *looking], "Resource": "*"}
    iam.put_role_policy(
        RoleName="function-role",
        PolicyName="interfaces",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [rights]}),
    )
    company.client("logs").create_log_group(logGroupName="/aws/lambda/chatbot")
    company.function_arn = company.client("lambda").create_function(
        FunctionName="chatbot",
        Runtime="python3.12",
        Handler="app.lambda_handler",
        Role=arns["function-role"],
        Timeout=2,
        MemorySize=256,
        Code={"ZipFile": package()},
        Environment={"Variables": {"GREETING": "こんにちは"}},
        VpcConfig={"SubnetIds": list(company.subnets), "SecurityGroupIds": [company.caller_group]},
    )["FunctionArn"]


def _api(company: Company) -> None:
    gateway, region = company.client("apigateway"), company.settings.region
    company.api = gateway.create_rest_api(
        name="chatbot",
        endpointConfiguration={"types": ["PRIVATE"], "vpcEndpointIds": [company.endpoint]},
        policy=json.dumps(company.policy(company.caller_role)),
    )["id"]
    company.root = gateway.get_resources(restApiId=company.api)["items"][0]["id"]
    here = {"restApiId": company.api, "resourceId": company.root}
    gateway.put_method(**here, httpMethod="POST", authorizationType="AWS_IAM")
    gateway.put_integration(
        **here,
        httpMethod="POST",
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{company.function_arn}/invocations",
    )
    gateway.put_gateway_response(
        restApiId=company.api,
        responseType="DEFAULT_4XX",
        responseParameters={"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
    )
    company.client("lambda").add_permission(
        FunctionName="chatbot",
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{region}:{ACCOUNT}:{company.api}/*/POST/",
    )
    company.deploy_api()
