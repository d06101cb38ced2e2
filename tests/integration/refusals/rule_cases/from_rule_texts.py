"""One call for each rule of the table that no other case meets, made from the rule's own text."""

from __future__ import annotations

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import case
from tests.integration.refusals.first_author.worked_on_network import AWS, HTTPS
from tests.integration.refusals.first_author.worked_on_services import patch
from tests.integration.refusals.world import policy

OF_AWS = {"aws:made": "x"}
TWICE_UPPER = [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
TWICE_LOWER = [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]
UPPER_OF_AWS, LOWER_OF_AWS = [{"Key": "aws:a", "Value": "1"}], [{"key": "aws:a", "value": "1"}]

RULES = (
    case(
        "apigateway", "DeleteGatewayResponse", "not put", lambda w: {"restApiId": w.api, "responseType": "DEFAULT_4XX"}
    ),
    case(
        "apigateway",
        "PutMethodResponse",
        "a parameter without its place",
        lambda w: {**w.method(), "statusCode": "200", "responseParameters": {"Access-Control-Allow-Origin": True}},
    ),
    case(
        "apigateway",
        "PutIntegration",
        "no method to the integration",
        lambda w: {**w.method(), "type": "HTTP_PROXY", "uri": "https://search.corp.example/"},
    ),
    case(
        "apigateway",
        "UpdateStage",
        "a path that is none",
        lambda w: {"restApiId": w.api, "stageName": "prod", **patch("replace", "/accesslogs", "x")},
    ),
    case(
        "apigateway",
        "TagResource",
        "a key of AWS's",
        lambda w: {"resourceArn": f"arn:aws:apigateway:{REGION}::/restapis/{w.api}", "tags": OF_AWS},
    ),
    case(
        "application-autoscaling",
        "DeregisterScalableTarget",
        "not registered",
        lambda w: w.scalable(ResourceId="service/chat/nothing"),
    ),
    case("application-autoscaling", "DeleteScalingPolicy", "not there", lambda w: w.scalable(PolicyName="nothing")),
    case(
        "application-autoscaling",
        "DeleteScheduledAction",
        "not there",
        lambda w: w.scalable(ScheduledActionName="nothing"),
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "both days given",
        lambda w: w.scalable(
            ScheduledActionName="m", Schedule="cron(0 8 * * MON-FRI *)", ScalableTargetAction={"MinCapacity": 2}
        ),
    ),
    case(
        "application-autoscaling",
        "PutScalingPolicy",
        "steps with a target tracking configuration",
        lambda w: {**w.scaling(), "PolicyType": "StepScaling"},
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "subnets of a gateway endpoint",
        lambda w: {
            "VpcId": w.vpc,
            "ServiceName": f"{AWS}.dynamodb",
            "VpcEndpointType": "Gateway",
            "SubnetIds": [w.subnet_a],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "Japanese description",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [{**HTTPS, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "社内"}]}],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "no ports",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [{"IpProtocol": "tcp", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "a group of another VPC",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [{**HTTPS, "UserIdGroupPairs": [{"GroupId": w.dark_group}]}],
        },
    ),
    case(
        "ecr",
        "PutLifecyclePolicy",
        "a count that is none",
        lambda w: {
            "repositoryName": "chat",
            "lifecyclePolicyText": '{"rules": [{"rulePriority": 1, "action": {"type": "expire"}, "selection": '
            '{"tagStatus": "any", "countType": "images", "countNumber": 1}}]}',
        },
    ),
    case("ecr", "CreateRepository", "a tag of AWS's", lambda w: {"repositoryName": "xy", "tags": UPPER_OF_AWS}),
    case("ecr", "CreateRepository", "a tag twice", lambda w: {"repositoryName": "xy", "tags": TWICE_UPPER}),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "awslogs without a role",
        lambda w: {
            key: value
            for key, value in w.definition(
                {
                    "image": "public.ecr.aws/x/y:1",
                    "logConfiguration": {
                        "logDriver": "awslogs",
                        "options": {"awslogs-group": "g", "awslogs-region": REGION, "awslogs-stream-prefix": "p"},
                    },
                }
            ).items()
            if key != "executionRoleArn"
        },
    ),
    case("ecs", "CreateService", "a name with a space", lambda w: w.service(serviceName="chat bot")),
    case(
        "ecs",
        "CreateService",
        "a provider that the cluster lacks",
        lambda w: {
            **{key: value for key, value in w.service().items() if key != "launchType"},
            "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
        },
    ),
    case(
        "ecs",
        "CreateService",
        "a deployment that cannot move",
        lambda w: w.service(deploymentConfiguration={"maximumPercent": 100, "minimumHealthyPercent": 100}),
    ),
    case("ecs", "CreateCluster", "a tag of AWS's", lambda w: {"clusterName": "c", "tags": LOWER_OF_AWS}),
    case("ecs", "CreateCluster", "a tag twice", lambda w: {"clusterName": "c", "tags": TWICE_LOWER}),
    case(
        "elbv2",
        "SetSubnets",
        "a subnet of another VPC",
        lambda w: {"LoadBalancerArn": w.balancer_arn, "Subnets": [w.subnet_c, w.dark_subnet]},
    ),
    case("elbv2", "DeleteLoadBalancer", "protected", lambda w: {"LoadBalancerArn": w.protected_balancer}),
    case("ecs", "DeleteCluster", "tasks in it", lambda w: {"cluster": "busy"}),
    case("elbv2", "CreateLoadBalancer", "a tag of AWS's", lambda w: w.balancer(Tags=UPPER_OF_AWS)),
    case("elbv2", "CreateLoadBalancer", "a tag twice", lambda w: w.balancer(Tags=TWICE_UPPER)),
    case(
        "iam",
        "CreateRole",
        "a trust policy with a resource and a principal",
        lambda w: {
            "RoleName": "x",
            "AssumeRolePolicyDocument": policy(
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Resource": "*",
                }
            ),
        },
    ),
    case(
        "iam",
        "CreateRole",
        "a trust policy for S3",
        lambda w: {
            "RoleName": "x",
            "AssumeRolePolicyDocument": policy(
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "s3:GetObject"}
            ),
        },
    ),
    case("iam", "TagRole", "a key of AWS's", lambda w: {"RoleName": "task-role", "Tags": UPPER_OF_AWS}),
    case(
        "lambda",
        "CreateFunction",
        "a role without interfaces",
        lambda w: w.function(Role=w.bare_role, VpcConfig={"SubnetIds": [w.subnet_a], "SecurityGroupIds": [w.group]}),
    ),
    case(
        "lambda",
        "CreateFunction",
        "subnets of two VPCs",
        lambda w: w.function(VpcConfig={"SubnetIds": [w.subnet_a, w.dark_subnet], "SecurityGroupIds": [w.group]}),
    ),
    case("lambda", "CreateFunction", "a tag of AWS's", lambda w: w.function(Tags=OF_AWS)),
    case(
        "dynamodb",
        "TagResource",
        "a key of AWS's",
        lambda w: {"ResourceArn": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/history", "Tags": UPPER_OF_AWS},
    ),
    case(
        "dynamodb",
        "TagResource",
        "a key twice",
        lambda w: {"ResourceArn": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/history", "Tags": TWICE_UPPER},
    ),
    case(
        "kms",
        "TagResource",
        "a key of AWS's",
        lambda w: {"KeyId": w.key, "Tags": [{"TagKey": "aws:a", "TagValue": "1"}]},
    ),
    case(
        "kms",
        "TagResource",
        "a key twice",
        lambda w: {"KeyId": w.key, "Tags": [{"TagKey": "a", "TagValue": "1"}, {"TagKey": "a", "TagValue": "2"}]},
    ),
    case(
        "secretsmanager",
        "CreateSecret",
        "a tag of AWS's",
        lambda w: {"Name": "x", "SecretString": "x", "Tags": UPPER_OF_AWS},
    ),
    case(
        "secretsmanager",
        "CreateSecret",
        "a tag twice",
        lambda w: {"Name": "x", "SecretString": "x", "Tags": TWICE_UPPER},
    ),
)
