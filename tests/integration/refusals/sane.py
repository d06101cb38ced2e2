"""Calls that AWS takes, in this order: none may be refused. Many stand close to a limit or to a faulty call."""

from __future__ import annotations

import json

from tests.integration.cloud import REGION
from tests.integration.refusals.cases import case
from tests.integration.refusals.faulty_compute import variables
from tests.integration.refusals.faulty_services import LOG_GROUP
from tests.integration.refusals.world import INVOKE, policy, trust, zipped

AWS = f"com.amazonaws.{REGION}"
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
OPTIONS = "method.response.header.Access-Control-Allow-Origin"
LIFECYCLE = {
    "rules": [
        {
            "rulePriority": 1,
            "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 10},
            "action": {"type": "expire"},
        }
    ]
}
LOG = {
    "logConfiguration": {
        "logDriver": "awslogs",
        "options": {"awslogs-group": "/chat", "awslogs-region": REGION, "awslogs-stream-prefix": "app"},
    }
}
TASK_POLICY = policy(
    {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": f"arn:aws:execute-api:{REGION}:123456789012:*/prod/POST/",
    },
    {
        "Effect": "Deny",
        "Action": ["ec2:*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:RequestedRegion": "x"}},
    },
    {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::secret/*"},
)

NETWORK = (
    case("ec2", "CreateVpc", "the largest", lambda w: {"CidrBlock": "10.64.0.0/16"}),
    case("ec2", "CreateVpc", "the smallest", lambda w: {"CidrBlock": "10.65.0.0/28"}),
    case(
        "ec2",
        "CreateSubnet",
        "next to the others",
        lambda w: {"VpcId": w.vpc, "CidrBlock": "10.20.3.0/28", "AvailabilityZone": f"{REGION}d"},
    ),
    case("ec2", "CreateSubnet", "a zone of AWS's choice", lambda w: {"VpcId": w.vpc, "CidrBlock": "10.20.4.0/24"}),
    case(
        "ec2",
        "ModifySubnetAttribute",
        "public addresses",
        lambda w: {"SubnetId": w.subnet_a, "MapPublicIpOnLaunch": {"Value": False}},
    ),
    case(
        "ec2",
        "CreateSecurityGroup",
        "every sign allowed",
        lambda w: {
            "GroupName": "a b._-:/()#,@[]+=&;{}!$*",
            "Description": "a-z, A-Z, 0-9, ._-:/()#,@[]+=&;{}!$*",
            "VpcId": w.vpc,
        },
    ),
    case(
        "ec2",
        "CreateSecurityGroup",
        "a name of another VPC's group",
        lambda w: {"GroupName": "other-group", "Description": "x", "VpcId": w.dark_vpc},
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "from a block",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [{**HTTPS, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "company"}]}],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "everything from itself",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": w.group}]}],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "ping",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [
                {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
            ],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "the same port, another block",
        lambda w: {"GroupId": w.group, "IpPermissions": [{**HTTPS, "IpRanges": [{"CidrIp": "172.16.0.0/12"}]}]},
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupEgress",
        "IPv6",
        lambda w: {"GroupId": w.group, "IpPermissions": [{**HTTPS, "Ipv6Ranges": [{"CidrIpv6": "fd00::/8"}]}]},
    ),
    case(
        "ec2",
        "RevokeSecurityGroupEgress",
        "the default",
        lambda w: {"GroupId": w.group, "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]},
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "interface",
        lambda w: w.endpoint(
            PrivateDnsEnabled=True,
            PolicyDocument=policy({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}),
        ),
    ),
    case("ec2", "CreateVpcEndpoint", "a second one without private DNS", lambda w: w.endpoint(PrivateDnsEnabled=False)),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "without groups",
        lambda w: {k: v for k, v in w.endpoint(ServiceName=f"{AWS}.ecr.api").items() if k != "SecurityGroupIds"},
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "gateway",
        lambda w: {
            "VpcId": w.vpc,
            "ServiceName": f"{AWS}.dynamodb",
            "VpcEndpointType": "Gateway",
            "RouteTableIds": [w.route_table],
        },
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "without DNS in a VPC without DNS",
        lambda w: w.endpoint(
            VpcId=w.dark_vpc, SubnetIds=[w.dark_subnet], SecurityGroupIds=[w.dark_group], PrivateDnsEnabled=False
        ),
    ),
    case(
        "ec2",
        "ModifyVpcEndpoint",
        "another group",
        lambda w: {"VpcEndpointId": w.api_endpoint, "AddSecurityGroupIds": [w.other_group]},
    ),
    case(
        "ec2",
        "ModifyVpcEndpoint",
        "the default policy",
        lambda w: {"VpcEndpointId": w.api_endpoint, "ResetPolicy": True},
    ),
    case(
        "ec2",
        "CreateRoute",
        "through the internet gateway",
        lambda w: {"RouteTableId": w.route_table, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": w.internet},
    ),
    case(
        "ec2",
        "AssociateRouteTable",
        "a subnet of the VPC",
        lambda w: {"RouteTableId": w.route_table, "SubnetId": w.subnet_a},
    ),
    case(
        "ec2",
        "CreateTags",
        "Japanese value",
        lambda w: {"Resources": [w.vpc], "Tags": [{"Key": "部署", "Value": "情報システム"}]},
    ),
    case("ec2", "DescribeVpcEndpoints", "by VPC", lambda w: {"Filters": [{"Name": "vpc-id", "Values": [w.vpc]}]}),
    case("elbv2", "CreateLoadBalancer", "internal", lambda w: w.balancer(Tags=[{"Key": "a", "Value": ""}])),
    case("elbv2", "CreateLoadBalancer", "a name of 32 letters", lambda w: w.balancer(Name="a" * 32)),
    case(
        "elbv2",
        "ModifyLoadBalancerAttributes",
        "the longest idle timeout",
        lambda w: {
            "LoadBalancerArn": w.balancer_arn,
            "Attributes": [
                {"Key": "idle_timeout.timeout_seconds", "Value": "4000"},
                {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"},
                {"Key": "access_logs.s3.enabled", "Value": "false"},
            ],
        },
    ),
    case(
        "elbv2",
        "CreateTargetGroup",
        "HTTP",
        lambda w: w.target_group_of(
            Matcher={"HttpCode": "200-299,302"},
            HealthCheckIntervalSeconds=30,
            HealthCheckTimeoutSeconds=5,
            HealthyThresholdCount=2,
            UnhealthyThresholdCount=10,
        ),
    ),
    case(
        "elbv2",
        "ModifyTargetGroup",
        "health checks",
        lambda w: {
            "TargetGroupArn": w.target_group,
            "HealthCheckPath": "/",
            "HealthCheckIntervalSeconds": 5,
            "HealthCheckTimeoutSeconds": 2,
        },
    ),
    case(
        "elbv2",
        "ModifyTargetGroupAttributes",
        "stickiness of a week",
        lambda w: {
            "TargetGroupArn": w.target_group,
            "Attributes": [
                {"Key": "stickiness.enabled", "Value": "true"},
                {"Key": "stickiness.type", "Value": "lb_cookie"},
                {"Key": "stickiness.lb_cookie.duration_seconds", "Value": "604800"},
                {"Key": "deregistration_delay.timeout_seconds", "Value": "0"},
            ],
        },
    ),
    case(
        "elbv2",
        "CreateListener",
        "another port",
        lambda w: {
            "LoadBalancerArn": w.balancer_arn,
            "Protocol": "HTTP",
            "Port": 8080,
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": w.target_group}],
        },
    ),
    case(
        "elbv2",
        "ModifyListener",
        "redirect to HTTPS",
        lambda w: {
            "ListenerArn": w.listener,
            "DefaultActions": [
                {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
            ],
        },
    ),
    case(
        "elbv2",
        "ModifyListener",
        "back again",
        lambda w: {
            "ListenerArn": w.listener,
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": w.target_group}],
        },
    ),
    case("elbv2", "DescribeLoadBalancers", "by name", lambda w: {"Names": ["chat"]}),
    case("elbv2", "DeleteTargetGroup", "not in use", lambda w: {"TargetGroupArn": w.idle_target_group}),
)
COMPUTE = (
    case("lambda", "CreateFunction", "plain", lambda w: w.function()),
    case(
        "lambda",
        "CreateFunction",
        "the largest of everything",
        lambda w: w.function(
            FunctionName="large",
            Timeout=900,
            MemorySize=10240,
            EphemeralStorage={"Size": 10240},
            Description="社内文書を探す",
        ),
    ),
    case(
        "lambda",
        "CreateFunction",
        "in the VPC",
        lambda w: w.function(
            FunctionName="in-vpc",
            VpcConfig={"SubnetIds": [w.subnet_a, w.subnet_c], "SecurityGroupIds": [w.group]},
            Architectures=["arm64"],
            LoggingConfig={
                "LogFormat": "JSON",
                "LogGroup": "/chat",
                "ApplicationLogLevel": "INFO",
                "SystemLogLevel": "WARN",
            },
            TracingConfig={"Mode": "PassThrough"},
        ),
    ),
    case(
        "lambda",
        "CreateFunction",
        "variables",
        lambda w: w.function(
            FunctionName="variables", **variables(LOG_LEVEL="INFO", TZ="Asia/Tokyo", LD_LIBRARY_PATH="/opt", EMPTY="")
        ),
    ),
    case(
        "lambda",
        "CreateFunction",
        "a dotted handler",
        lambda w: w.function(
            FunctionName="dotted", Handler="package/module.handler", SnapStart={"ApplyOn": "PublishedVersions"}
        ),
    ),
    case(
        "lambda",
        "UpdateFunctionConfiguration",
        "timeout and variables",
        lambda w: {
            "FunctionName": "chat",
            "Timeout": 28,
            "MemorySize": 512,
            **variables(ES_HOST="https://search.corp.example:9200"),
        },
    ),
    case(
        "lambda",
        "UpdateFunctionConfiguration",
        "into the VPC",
        lambda w: {"FunctionName": "chat", "VpcConfig": {"SubnetIds": [w.subnet_a], "SecurityGroupIds": [w.group]}},
    ),
    case(
        "lambda",
        "UpdateFunctionConfiguration",
        "out of the VPC",
        lambda w: {"FunctionName": "chat", "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []}},
    ),
    case(
        "lambda",
        "UpdateFunctionCode",
        "new code",
        lambda w: {"FunctionName": "chat", "ZipFile": zipped(), "Architectures": ["x86_64"]},
    ),
    case("lambda", "GetFunction", "by ARN", lambda w: {"FunctionName": w.function_arn}),
    case(
        "lambda",
        "AddPermission",
        "for the API",
        lambda w: {
            "FunctionName": "chat",
            "StatementId": "api-2",
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": f"arn:aws:execute-api:{REGION}:123456789012:{w.api}/*/POST/",
        },
    ),
    case("lambda", "RemovePermission", "of the API", lambda w: {"FunctionName": "chat", "StatementId": "api-2"}),
    case(
        "lambda",
        "PutFunctionConcurrency",
        "ten",
        lambda w: {"FunctionName": "chat", "ReservedConcurrentExecutions": 10},
    ),
    case(
        "lambda",
        "PutFunctionConcurrency",
        "none",
        lambda w: {"FunctionName": "chat", "ReservedConcurrentExecutions": 0},
    ),
    case("lambda", "DeleteFunction", "that is there", lambda w: {"FunctionName": "large"}),
    case(
        "ecs",
        "CreateCluster",
        "with Container Insights",
        lambda w: {
            "clusterName": "chat_bot-1",
            "capacityProviders": ["FARGATE", "FARGATE_SPOT"],
            "settings": [{"name": "containerInsights", "value": "enhanced"}],
        },
    ),
    case("ecs", "RegisterTaskDefinition", "the smallest", lambda w: w.definition(LOG)),
    case("ecs", "RegisterTaskDefinition", "a whole CPU", lambda w: w.definition(cpu="1 vCPU", memory="2 GB")),
    case("ecs", "RegisterTaskDefinition", "16 CPUs", lambda w: w.definition(cpu="16384", memory="122880")),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "everything we send",
        lambda w: w.definition(
            {
                **LOG,
                "essential": True,
                "readonlyRootFilesystem": True,
                "user": "10001",
                "environment": [{"name": "A", "value": ""}],
                "secrets": [{"name": "B", "valueFrom": w.secret}],
                "healthCheck": {
                    "command": ["CMD", "true"],
                    "interval": 30,
                    "timeout": 5,
                    "retries": 3,
                    "startPeriod": 60,
                },
                "linuxParameters": {"initProcessEnabled": True},
                "stopTimeout": 120,
            },
            taskRoleArn=w.task_role,
            runtimePlatform={"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
            ephemeralStorage={"sizeInGiB": 21},
            tags=[{"key": "a", "value": "b"}],
        ),
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "two containers",
        lambda w: w.definition(
            containerDefinitions=[
                *w.definition()["containerDefinitions"],
                {"name": "side", "image": "public.ecr.aws/x/y:1", "essential": False},
            ]
        ),
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "bridge mode on EC2",
        lambda w: {
            "family": "old",
            "containerDefinitions": [
                {"name": "a", "image": "b", "memory": 64, "portMappings": [{"containerPort": 80, "hostPort": 0}]}
            ],
        },
    ),
    case("ecs", "CreateService", "without a load balancer", lambda w: w.service()),
    case(
        "ecs",
        "CreateService",
        "as ours",
        lambda w: {
            **{k: v for k, v in w.service(serviceName="ours").items() if k != "launchType"},
            "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "base": 0, "weight": 1}],
            "loadBalancers": [{"targetGroupArn": w.target_group, "containerName": "app", "containerPort": 8080}],
            "availabilityZoneRebalancing": "ENABLED",
            "healthCheckGracePeriodSeconds": 120,
            "deploymentConfiguration": {
                "maximumPercent": 200,
                "minimumHealthyPercent": 100,
                "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            },
            "propagateTags": "SERVICE",
            "enableExecuteCommand": False,
            "platformVersion": "LATEST",
        },
    ),
    case(
        "ecs",
        "UpdateService",
        "another task definition",
        lambda w: {"cluster": "chat", "service": "chat", "taskDefinition": "chat", "forceNewDeployment": True},
    ),
    case("ecs", "UpdateService", "two tasks", lambda w: {"cluster": "chat", "service": "chat", "desiredCount": 2}),
    case("ecs", "UpdateService", "no tasks", lambda w: {"cluster": "chat", "service": "another", "desiredCount": 0}),
    case("ecs", "DeleteService", "scaled to nothing", lambda w: {"cluster": "chat", "service": "another"}),
    case("ecs", "DeleteService", "by force", lambda w: {"cluster": "chat", "service": "ours", "force": True}),
    case("ecs", "DeleteCluster", "an empty one", lambda w: {"cluster": "chat_bot-1"}),
    case(
        "ecr",
        "CreateRepository",
        "with a path",
        lambda w: {
            "repositoryName": "team/chat_bot.web-1",
            "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfiguration": {"encryptionType": "AES256"},
        },
    ),
    case(
        "ecr",
        "PutLifecyclePolicy",
        "keep ten",
        lambda w: {"repositoryName": "chat", "lifecyclePolicyText": json.dumps(LIFECYCLE)},
    ),
    case(
        "ecr",
        "PutImageTagMutability",
        "immutable",
        lambda w: {"repositoryName": "chat", "imageTagMutability": "IMMUTABLE"},
    ),
    case("ecr", "GetAuthorizationToken", "plain", lambda w: {}),
    case(
        "application-autoscaling",
        "RegisterScalableTarget",
        "again, larger",
        lambda w: w.scalable(MinCapacity=0, MaxCapacity=5),
    ),
    case(
        "application-autoscaling",
        "PutScalingPolicy",
        "CPU",
        lambda w: w.scaling(ScaleInCooldown=300, ScaleOutCooldown=60),
    ),
    case(
        "application-autoscaling",
        "PutScalingPolicy",
        "requests",
        lambda w: {
            **w.scaling(
                PredefinedMetricSpecification={
                    "PredefinedMetricType": "ALBRequestCountPerTarget",
                    "ResourceLabel": "/".join(
                        [w.balancer_arn.split("loadbalancer/")[1], w.target_group.split(":")[-1]]
                    ),
                }
            ),
            "PolicyName": "requests",
        },
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "every morning",
        lambda w: w.scalable(
            ScheduledActionName="morning",
            Schedule="cron(0 8 ? * MON-FRI *)",
            Timezone="Asia/Tokyo",
            ScalableTargetAction={"MinCapacity": 2, "MaxCapacity": 5},
        ),
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "once",
        lambda w: w.scalable(
            ScheduledActionName="once", Schedule="at(2027-01-04T08:00:00)", ScalableTargetAction={"MinCapacity": 1}
        ),
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "a rate",
        lambda w: w.scalable(
            ScheduledActionName="rate", Schedule="rate(1 day)", ScalableTargetAction={"MaxCapacity": 4}
        ),
    ),
    case(
        "application-autoscaling",
        "DeleteScheduledAction",
        "that is there",
        lambda w: w.scalable(ScheduledActionName="rate"),
    ),
    case("application-autoscaling", "DeregisterScalableTarget", "that is there", lambda w: w.scalable()),
)
SERVICES = (
    case(
        "apigateway",
        "CreateRestApi",
        "private, no endpoint",
        lambda w: {
            "name": "社内 API",
            "endpointConfiguration": {"types": ["PRIVATE"]},
            "policy": INVOKE,
            "description": "x",
            "tags": {"a": ""},
        },
    ),
    case(
        "apigateway",
        "CreateRestApi",
        "edge optimised",
        lambda w: {
            "name": "edge",
            "minimumCompressionSize": 0,
            "apiKeySource": "HEADER",
            "binaryMediaTypes": ["image/png"],
        },
    ),
    case(
        "apigateway",
        "CreateResource",
        "a greedy path",
        lambda w: {"restApiId": w.api, "parentId": w.root, "pathPart": "{proxy+}"},
    ),
    case(
        "apigateway",
        "CreateResource",
        "a path of signs",
        lambda w: {"restApiId": w.api, "parentId": w.child, "pathPart": "a-b_c.d:e"},
    ),
    case(
        "apigateway",
        "PutMethod",
        "OPTIONS",
        lambda w: w.method(
            httpMethod="OPTIONS", authorizationType="NONE", requestParameters={"method.request.header.Origin": False}
        ),
    ),
    case(
        "apigateway",
        "PutMethod",
        "ANY, signed",
        lambda w: {"restApiId": w.api, "resourceId": w.child, "httpMethod": "ANY", "authorizationType": "AWS_IAM"},
    ),
    case(
        "apigateway",
        "PutIntegration",
        "mock",
        lambda w: {
            **w.method(httpMethod="OPTIONS"),
            "type": "MOCK",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "passthroughBehavior": "WHEN_NO_MATCH",
        },
    ),
    case(
        "apigateway",
        "PutIntegration",
        "HTTP",
        lambda w: {
            "restApiId": w.api,
            "resourceId": w.child,
            "httpMethod": "ANY",
            "type": "HTTP_PROXY",
            "integrationHttpMethod": "ANY",
            "uri": "https://search.corp.example/",
            "timeoutInMillis": 50,
        },
    ),
    case("apigateway", "PutIntegration", "Lambda again", lambda w: w.integration(timeoutInMillis=29000)),
    case(
        "apigateway",
        "PutIntegration",
        "streamed",
        lambda w: w.integration(
            uri=f"arn:aws:apigateway:{REGION}:lambda:path/2021-11-15/functions/{w.function_arn}/response-streaming-invocations",
            responseTransferMode="STREAM",
            timeoutInMillis=300000,
        ),
    ),
    case(
        "apigateway",
        "PutMethodResponse",
        "with a header",
        lambda w: {**w.method(httpMethod="OPTIONS"), "statusCode": "200", "responseParameters": {OPTIONS: False}},
    ),
    case(
        "apigateway",
        "PutIntegrationResponse",
        "with that header",
        lambda w: {**w.method(httpMethod="OPTIONS"), "statusCode": "200", "responseParameters": {OPTIONS: "'*'"}},
    ),
    case(
        "apigateway",
        "PutGatewayResponse",
        "for errors",
        lambda w: {
            "restApiId": w.api,
            "responseType": "DEFAULT_4XX",
            "responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
        },
    ),
    case(
        "apigateway",
        "UpdateRestApi",
        "policy and name",
        lambda w: {
            "restApiId": w.api,
            "patchOperations": [
                {"op": "replace", "path": "/policy", "value": INVOKE},
                {"op": "replace", "path": "/name", "value": "x"},
            ],
        },
    ),
    case(
        "apigateway",
        "UpdateRestApi",
        "an endpoint removed and added",
        lambda w: {
            "restApiId": w.api,
            "patchOperations": [
                {"op": "remove", "path": "/endpointConfiguration/vpcEndpointIds", "value": w.api_endpoint},
                {"op": "add", "path": "/endpointConfiguration/vpcEndpointIds", "value": w.api_endpoint},
            ],
        },
    ),
    case(
        "apigateway",
        "CreateDeployment",
        "again",
        lambda w: {"restApiId": w.api, "stageName": "prod", "description": "x"},
    ),
    case(
        "apigateway",
        "UpdateStage",
        "throttles and metrics",
        lambda w: {
            "restApiId": w.api,
            "stageName": "prod",
            "patchOperations": [
                {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "100.5"},
                {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "50"},
                {"op": "replace", "path": "/*/*/metrics/enabled", "value": "true"},
                {"op": "replace", "path": "/*/*/logging/loglevel", "value": "OFF"},
            ],
        },
    ),
    case(
        "apigateway",
        "UpdateStage",
        "X-Ray and a variable",
        lambda w: {
            "restApiId": w.api,
            "stageName": "prod",
            "patchOperations": [
                {"op": "replace", "path": "/tracingEnabled", "value": "true"},
                {"op": "replace", "path": "/variables/a", "value": "b"},
                {"op": "replace", "path": "/description", "value": "x"},
            ],
        },
    ),
    case(
        "apigateway",
        "CreateStage",
        "another one",
        lambda w: {"restApiId": w.api, "stageName": "dev_1", "deploymentId": w.deployment},
    ),
    case("apigateway", "DeleteStage", "that is there", lambda w: {"restApiId": w.api, "stageName": "dev_1"}),
    case(
        "iam",
        "CreateRole",
        "the longest session",
        lambda w: {
            "RoleName": "a+=,.@-_1",
            "Path": "/team/chat/",
            "AssumeRolePolicyDocument": trust("apigateway.amazonaws.com"),
            "MaxSessionDuration": 43200,
            "Description": "R&D: 50 %",
        },
    ),
    case(
        "iam",
        "CreateRole",
        "an account's principal",
        lambda w: {
            "RoleName": "account",
            "AssumeRolePolicyDocument": policy(
                {
                    "Sid": "",
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
                }
            ),
        },
    ),
    case(
        "iam",
        "PutRolePolicy",
        "three statements",
        lambda w: {"RoleName": "task-role", "PolicyName": "p", "PolicyDocument": TASK_POLICY},
    ),
    case(
        "iam",
        "PutRolePolicy",
        "one statement, no list",
        lambda w: {
            "RoleName": "task-role",
            "PolicyName": "q",
            "PolicyDocument": json.dumps({"Statement": {"Effect": "Allow", "Action": "*", "Resource": ["*"]}}),
        },
    ),
    case(
        "iam",
        "AttachRolePolicy",
        "of AWS",
        lambda w: {"RoleName": "task-role", "PolicyArn": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"},
    ),
    case(
        "iam",
        "DetachRolePolicy",
        "of AWS",
        lambda w: {"RoleName": "task-role", "PolicyArn": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"},
    ),
    case(
        "iam",
        "TagRole",
        "two keys",
        lambda w: {"RoleName": "task-role", "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}]},
    ),
    case("iam", "DeleteRole", "an empty one", lambda w: {"RoleName": "account"}),
    case(
        "dynamodb",
        "CreateTable",
        "provisioned, with an index",
        lambda w: w.table(
            BillingMode="PROVISIONED",
            ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk", "title")],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-title",
                    "KeySchema": [{"AttributeName": "title", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                    "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
                }
            ],
        ),
    ),
    case(
        "dynamodb",
        "CreateTable",
        "encrypted",
        lambda w: w.table(
            TableName="a.b_c-1",
            SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": w.key},
            Tags=[{"Key": "a", "Value": "b"}],
        ),
    ),
    case(
        "dynamodb",
        "UpdateTable",
        "protection off",
        lambda w: {"TableName": "protected", "DeletionProtectionEnabled": False},
    ),
    case("dynamodb", "DeleteTable", "no longer protected", lambda w: {"TableName": "protected"}),
    case(
        "dynamodb",
        "UpdateContinuousBackups",
        "on",
        lambda w: {"TableName": "history", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}},
    ),
    case(
        "dynamodb",
        "UpdateTimeToLive",
        "off",
        lambda w: {"TableName": "history", "TimeToLiveSpecification": {"Enabled": False, "AttributeName": "ttl"}},
    ),
    case(
        "dynamodb",
        "PutItem",
        "a turn",
        lambda w: {
            "TableName": "history",
            "Item": {"pk": {"S": "USER#1"}, "sk": {"S": "MSG#1"}, "text": {"S": "有給"}},
        },
    ),
    case(
        "dynamodb",
        "Query",
        "a user's turns",
        lambda w: {
            "TableName": "history",
            "KeyConditionExpression": "pk = :p",
            "ExpressionAttributeValues": {":p": {"S": "USER#1"}},
            "Limit": 5,
            "ScanIndexForward": False,
        },
    ),
    case(
        "logs",
        "CreateLogGroup",
        "every sign allowed",
        lambda w: {"logGroupName": "/aws/lambda/a-b_c.d#1", "tags": {"a": "b"}},
    ),
    case("logs", "PutRetentionPolicy", "ten years", lambda w: {"logGroupName": "/chat", "retentionInDays": 3653}),
    case("logs", "PutRetentionPolicy", "a day", lambda w: {"logGroupName": "/chat", "retentionInDays": 1}),
    case(
        "logs",
        "TagResource",
        "two tags",
        lambda w: {"resourceArn": LOG_GROUP, "tags": {"a": "", "private-rag:deployment": "chatbot-prod"}},
    ),
    case("logs", "DescribeLogGroups", "by prefix", lambda w: {"logGroupNamePrefix": "/chat"}),
    case(
        "secretsmanager",
        "CreateSecret",
        "every sign allowed",
        lambda w: {"Name": "a/b_c+d=e.f@g-h", "SecretString": "x" * 65536, "Description": ""},
    ),
    case("secretsmanager", "GetRandomPassword", "the longest", lambda w: {"PasswordLength": 4096}),
    case("secretsmanager", "PutSecretValue", "another value", lambda w: {"SecretId": w.secret, "SecretString": "{}"}),
    case("secretsmanager", "DeleteSecret", "in a week", lambda w: {"SecretId": w.secret, "RecoveryWindowInDays": 7}),
    case("sts", "GetCallerIdentity", "plain", lambda w: {}),
    case(
        "sts",
        "AssumeRole",
        "every sign allowed",
        lambda w: {"RoleArn": w.task_role, "RoleSessionName": "a+=,.@-_1", "DurationSeconds": 900},
    ),
    case(
        "kms",
        "CreateKey",
        "with a policy",
        lambda w: {
            "Description": "x",
            "Policy": policy(
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                }
            ),
        },
    ),
    case("kms", "CreateAlias", "with a path", lambda w: {"AliasName": "alias/chat/history", "TargetKeyId": w.key}),
    case("kms", "ScheduleKeyDeletion", "in a week", lambda w: {"KeyId": w.key, "PendingWindowInDays": 7}),
    case(
        "route53",
        "ChangeResourceRecordSets",
        "an address",
        lambda w: {
            "HostedZoneId": w.zone,
            "ChangeBatch": {
                "Changes": [
                    {
                        "Action": "UPSERT",
                        "ResourceRecordSet": {
                            "Name": "chat.corp.example.",
                            "Type": "A",
                            "TTL": 60,
                            "ResourceRecords": [{"Value": "10.20.0.30"}],
                        },
                    }
                ]
            },
        },
    ),
)
SANE = (*NETWORK, *COMPUTE, *SERVICES)
