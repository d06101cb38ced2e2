"""What somebody adds by hand beside what a deployment made: the kinds that AWS has for each resource of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Make = Callable[[str], Any]
NAMES = {
    "role": "lambda-rag-processor-role-prod",
    "function": "ChatbotBackendFunctionProd",
    "api": "ChatbotApiProd",
    "balancer": "chatbot-alb-prod",
    "target_group": "chatbot-tg-prod",
    "cluster": "ChatbotFrontendClusterProd",
    "service": "ChatbotFrontendServiceProd",
    "repository": "chatbot-frontend-prod",
    "log_group": "/aws/lambda/ChatbotBackendFunctionProd",
    "table": "ChatHistory",
    "secret": "chatbot/prod/streamlit-cookie",
}
ALLOW_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ANYONE = {"Version": "2012-10-17", "Statement": [{"Sid": "x", "Effect": "Allow", "Principal": "*", "Action": "*"}]}
SCALED = {
    "ServiceNamespace": "ecs",
    "ResourceId": f"service/{NAMES['cluster']}/{NAMES['service']}",
    "ScalableDimension": "ecs:service:DesiredCount",
}


@dataclass(frozen=True)
class Addition:
    """One thing that is added. `service` is the one that is asked.

    `undo`: for what goes with nothing of the deployment, since others find the account afterwards.
    """

    service: str
    name: str
    make: Callable[[Make], Any]
    undo: Callable[[Make], Any] | None = None


def group_id(make: Make, name: str) -> str:
    found = make("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": [name]}])
    return str(found["SecurityGroups"][0]["GroupId"])


def api_id(make: Make) -> str:
    return str(next(it["id"] for it in make("apigateway").get_rest_apis()["items"] if it["name"] == NAMES["api"]))


def root_of(make: Make) -> dict[str, str]:
    api = api_id(make)
    found = make("apigateway").get_resources(restApiId=api)["items"]
    return {"restApiId": api, "resourceId": next(it["id"] for it in found if it["path"] == "/")}


def balancer_arn(make: Make) -> str:
    return str(make("elbv2").describe_load_balancers(Names=[NAMES["balancer"]])["LoadBalancers"][0]["LoadBalancerArn"])


def target_group_arn(make: Make) -> str:
    return str(make("elbv2").describe_target_groups(Names=[NAMES["target_group"]])["TargetGroups"][0]["TargetGroupArn"])


def forward(make: Make) -> list[dict[str, str]]:
    return [{"Type": "forward", "TargetGroupArn": target_group_arn(make)}]


SSH = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
COMPANY_GROUP = "dynamodb-vpce-sg"


def open_rule(make: Make, direction: str, group: str = "chatbot-alb-sg") -> None:
    call = getattr(make("ec2"), f"authorize_security_group_{direction}")
    call(GroupId=group_id(make, group), IpPermissions=[SSH])


def close_company_group(make: Make) -> None:
    make("ec2").revoke_security_group_ingress(GroupId=group_id(make, COMPANY_GROUP), IpPermissions=[SSH])


def attach(make: Make) -> None:
    make("iam").attach_role_policy(RoleName=NAMES["role"], PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")


def method(make: Make) -> None:
    make("apigateway").put_method(**root_of(make), httpMethod="GET", authorizationType="NONE")


def resource(make: Make) -> None:
    root = root_of(make)
    made = make("apigateway").create_resource(
        restApiId=root["restApiId"], parentId=root["resourceId"], pathPart="admin"
    )
    place = {"restApiId": root["restApiId"], "resourceId": made["id"]}
    make("apigateway").put_method(**place, httpMethod="POST", authorizationType="NONE")


def gateway_response(make: Make) -> None:
    make("apigateway").put_gateway_response(
        restApiId=api_id(make),
        responseType="UNAUTHORIZED",
        statusCode="200",
        responseParameters={"gatewayresponse.header.x-by-hand": "'1'"},
    )


def stage(make: Make) -> None:
    make("apigateway").create_deployment(restApiId=api_id(make), stageName="by-hand")


def stage_variable(make: Make) -> None:
    patch = [{"op": "replace", "path": "/variables/byhand", "value": "1"}]
    make("apigateway").update_stage(restApiId=api_id(make), stageName="prod", patchOperations=patch)


def method_setting(make: Make) -> None:
    patch = [{"op": "replace", "path": "/~1/POST/throttling/rateLimit", "value": "1"}]
    make("apigateway").update_stage(restApiId=api_id(make), stageName="prod", patchOperations=patch)


def deployment(make: Make) -> None:
    make("apigateway").create_deployment(restApiId=api_id(make), description="by hand")


def authorizer(make: Make) -> None:
    make("apigateway").create_authorizer(
        restApiId=api_id(make),
        name="by-hand",
        type="TOKEN",
        authorizerUri=(
            "arn:aws:apigateway:ap-northeast-1:lambda:path/2015-03-31/functions/"
            f"arn:aws:lambda:ap-northeast-1:123456789012:function:{NAMES['function']}/invocations"
        ),
        identitySource="method.request.header.Authorization",
    )


def listener(make: Make) -> None:
    make("elbv2").create_listener(
        LoadBalancerArn=balancer_arn(make), Protocol="HTTP", Port=8081, DefaultActions=forward(make)
    )


def listener_rule(make: Make) -> None:
    listeners = make("elbv2").describe_listeners(LoadBalancerArn=balancer_arn(make))["Listeners"]
    make("elbv2").create_rule(
        ListenerArn=next(it["ListenerArn"] for it in listeners if it["Port"] == 80),
        Priority=1,
        Conditions=[{"Field": "path-pattern", "Values": ["/admin"]}],
        Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}],
    )


def scaling_policy(make: Make) -> None:
    metric = {"PredefinedMetricType": "ECSServiceAverageMemoryUtilization"}
    make("application-autoscaling").put_scaling_policy(
        **SCALED,
        PolicyName="by-hand",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={"TargetValue": 10.0, "PredefinedMetricSpecification": metric},
    )


def scheduled_action(make: Make) -> None:
    make("application-autoscaling").put_scheduled_action(
        **SCALED,
        ScheduledActionName="by-hand",
        Schedule="cron(0 1 * * ? *)",
        ScalableTargetAction={"MinCapacity": 0, "MaxCapacity": 1},
    )


def permission(make: Make) -> None:
    make("lambda").add_permission(
        FunctionName=NAMES["function"], StatementId="by-hand", Action="lambda:InvokeFunction", Principal="*"
    )


def metric_filter(make: Make) -> None:
    make("logs").put_metric_filter(
        logGroupName=NAMES["log_group"],
        filterName="by-hand",
        filterPattern="ERROR",
        metricTransformations=[{"metricName": "Errors", "metricNamespace": "Company", "metricValue": "1"}],
    )


def index(make: Make) -> None:
    make("dynamodb").update_table(
        TableName=NAMES["table"],
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("pk", "sk", "user")],
        GlobalSecondaryIndexUpdates=[
            {
                "Create": {
                    "IndexName": "by-hand",
                    "KeySchema": [{"AttributeName": "user", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            }
        ],
    )


ADDITIONS = (
    Addition("ec2", "a rule into a group", lambda make: open_rule(make, "ingress")),
    Addition("ec2", "a rule out of a group", lambda make: open_rule(make, "egress")),
    Addition(
        "ec2",
        "a rule into a group of the company",
        lambda make: open_rule(make, "ingress", COMPANY_GROUP),
        close_company_group,
    ),
    Addition(
        "iam",
        "an inline policy of a role",
        lambda make: make("iam").put_role_policy(
            RoleName=NAMES["role"], PolicyName="by-hand", PolicyDocument=json.dumps(ALLOW_ALL)
        ),
    ),
    Addition("iam", "an attached policy of a role", attach),
    Addition(
        "iam",
        "a permissions boundary of a role",
        lambda make: make("iam").put_role_permissions_boundary(
            RoleName=NAMES["role"], PermissionsBoundary="arn:aws:iam::aws:policy/AdministratorAccess"
        ),
    ),
    Addition("apigateway", "a method", method),
    Addition("apigateway", "a resource with a method", resource),
    Addition("apigateway", "a gateway response", gateway_response),
    Addition("apigateway", "a stage", stage),
    Addition("apigateway", "a stage variable", stage_variable),
    Addition("apigateway", "a method's own throttling", method_setting),
    Addition("apigateway", "a deployment that no stage uses", deployment),
    Addition("apigateway", "an authorizer that no method uses", authorizer),
    Addition("elbv2", "a listener", listener),
    Addition("elbv2", "a rule of a listener", listener_rule),
    Addition("application-autoscaling", "a scaling policy", scaling_policy),
    Addition("application-autoscaling", "a scheduled action", scheduled_action),
    Addition("lambda", "a permission to call the function", permission),
    Addition(
        "lambda",
        "a URL of the function",
        lambda make: make("lambda").create_function_url_config(FunctionName=NAMES["function"], AuthType="NONE"),
    ),
    Addition(
        "lambda",
        "an alias of the function",
        lambda make: make("lambda").create_alias(
            FunctionName=NAMES["function"], Name="by-hand", FunctionVersion="$LATEST"
        ),
    ),
    Addition(
        "lambda",
        "reserved concurrency",
        lambda make: make("lambda").put_function_concurrency(
            FunctionName=NAMES["function"], ReservedConcurrentExecutions=1
        ),
    ),
    Addition(
        "ecr",
        "a policy of the repository",
        lambda make: make("ecr").set_repository_policy(
            repositoryName=NAMES["repository"], policyText=json.dumps(ANYONE)
        ),
    ),
    Addition(
        "secretsmanager",
        "a policy of the secret",
        lambda make: make("secretsmanager").put_resource_policy(
            SecretId=NAMES["secret"], ResourcePolicy=json.dumps({**ANYONE})
        ),
    ),
    Addition("logs", "a metric filter", metric_filter),
    Addition("dynamodb", "an index of the table", index),
)
