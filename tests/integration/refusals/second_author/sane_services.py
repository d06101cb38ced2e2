"""Sane calls on the other services that use options seldom used, by the second author: AWS takes all, in this order."""

from __future__ import annotations

import json

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, case

LOGS = {"logDriver": "awslogs", "options": {"awslogs-group": "/chat", "awslogs-region": REGION}}
LIFECYCLE = {
    "rules": [
        {
            "rulePriority": 1,
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 7,
            },
            "action": {"type": "expire"},
        },
        {
            "rulePriority": 2,
            "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 20},
            "action": {"type": "expire"},
        },
    ]
}

SANE: tuple[Case, ...] = (
    case(
        "lambda",
        "CreateFunction",
        "Arm, tracing, storage, VPC and a JSON log",
        lambda w: w.function(
            Architectures=["arm64"],
            TracingConfig={"Mode": "Active"},
            EphemeralStorage={"Size": 1024},
            MemorySize=1769,
            Timeout=900,
            LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "DEBUG", "LogGroup": "/chat"},
            VpcConfig={"SubnetIds": [w.subnet_a, w.subnet_c], "SecurityGroupIds": [w.group]},
            Publish=True,
        ),
    ),
    case(
        "lambda",
        "CreateAlias",
        "of the first version",
        lambda w: {"FunctionName": "another", "Name": "live", "FunctionVersion": "1", "Description": "what users see"},
    ),
    case(
        "lambda",
        "AddPermission",
        "for one method of one stage, to the alias",
        lambda w: {
            "FunctionName": "another",
            "Qualifier": "live",
            "StatementId": "api-prod",
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{w.api}/prod/POST/",
        },
    ),
    case(
        "lambda",
        "PutFunctionConcurrency",
        "none: switched off",
        lambda w: {"FunctionName": "another", "ReservedConcurrentExecutions": 0},
    ),
    case(
        "apigateway",
        "PutMethod",
        "IAM, and a header",
        lambda w: {
            "restApiId": w.api,
            "resourceId": w.child,
            "httpMethod": "GET",
            "authorizationType": "AWS_IAM",
            "requestParameters": {"method.request.header.X-User": True, "method.request.querystring.after": False},
        },
    ),
    case(
        "apigateway",
        "PutIntegration",
        "mock with a template and a mapped header",
        lambda w: {
            "restApiId": w.api,
            "resourceId": w.child,
            "httpMethod": "GET",
            "type": "MOCK",
            "passthroughBehavior": "WHEN_NO_TEMPLATES",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "requestParameters": {"integration.request.header.X-User": "method.request.header.X-User"},
        },
    ),
    case(
        "apigateway",
        "UpdateStage",
        "throttling of all methods, and tracing",
        lambda w: {
            "restApiId": w.api,
            "stageName": "prod",
            "patchOperations": [
                {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "50"},
                {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "20"},
                {"op": "replace", "path": "/tracingEnabled", "value": "true"},
            ],
        },
    ),
    case(
        "elbv2",
        "CreateRule",
        "header and method, fixed answer",
        lambda w: {
            "ListenerArn": w.listener,
            "Priority": 50000,
            "Conditions": [
                {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Env", "Values": ["test*"]}},
                {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["POST", "PUT"]}},
            ],
            "Actions": [
                {
                    "Type": "fixed-response",
                    "FixedResponseConfig": {"StatusCode": "503", "ContentType": "text/plain", "MessageBody": "closed"},
                }
            ],
        },
    ),
    case(
        "elbv2",
        "CreateRule",
        "weights and sticky groups",
        lambda w: {
            "ListenerArn": w.listener,
            "Priority": 5,
            "Conditions": [{"Field": "source-ip", "SourceIpConfig": {"Values": ["10.9.0.0/16"]}}],
            "Actions": [
                {
                    "Type": "forward",
                    "ForwardConfig": {
                        "TargetGroups": [
                            {"TargetGroupArn": w.target_group, "Weight": 999},
                            {"TargetGroupArn": w.idle_target_group, "Weight": 0},
                        ],
                        "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 604800},
                    },
                }
            ],
        },
    ),
    case(
        "elbv2",
        "RegisterTargets",
        "address of the office",
        lambda w: {
            "TargetGroupArn": w.idle_target_group,
            "Targets": [{"Id": "10.9.0.10", "Port": 8080, "AvailabilityZone": "all"}],
        },
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "two containers, one waits for the other's health",
        lambda w: w.definition(
            containerDefinitions=[
                {
                    **w.definition()["containerDefinitions"][0],
                    "healthCheck": {"command": ["CMD-SHELL", "true"], "startPeriod": 0, "interval": 5},
                    "secrets": [{"name": "COOKIE", "valueFrom": f"{w.secret}:cookie::"}],
                    "linuxParameters": {"initProcessEnabled": True},
                    "readonlyRootFilesystem": True,
                    "mountPoints": [{"sourceVolume": "tmp", "containerPath": "/tmp"}],
                    "logConfiguration": {**LOGS, "options": {**LOGS["options"], "awslogs-stream-prefix": "app"}},
                },
                {
                    "name": "helper",
                    "image": "public.ecr.aws/docker/library/busybox:stable",
                    "essential": False,
                    "dependsOn": [{"containerName": "app", "condition": "HEALTHY"}],
                },
            ],
            volumes=[{"name": "tmp"}],
            ephemeralStorage={"sizeInGiB": 21},
            runtimePlatform={"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
        ),
    ),
    case(
        "ecs",
        "CreateService",
        "circuit breaker, commands, tags of the service",
        lambda w: w.service(
            deploymentConfiguration={
                "minimumHealthyPercent": 0,
                "maximumPercent": 100,
                "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            },
            propagateTags="SERVICE",
            enableECSManagedTags=True,
            platformVersion="LATEST",
            tags=[{"key": "app", "value": "chat"}],
        ),
    ),
    case("ecs", "DeleteService", "by force", lambda w: {"cluster": "chat", "service": "another", "force": True}),
    case(
        "ecr",
        "PutLifecyclePolicy",
        "days for the untagged, a count for all",
        lambda w: {"repositoryName": "chat", "lifecyclePolicyText": json.dumps(LIFECYCLE)},
    ),
    case(
        "dynamodb",
        "UpdateTable",
        "one index with some attributes",
        lambda w: {
            "TableName": "protected",
            "AttributeDefinitions": [{"AttributeName": "user", "AttributeType": "S"}],
            "GlobalSecondaryIndexUpdates": [
                {
                    "Create": {
                        "IndexName": "by-user",
                        "KeySchema": [{"AttributeName": "user", "KeyType": "HASH"}],
                        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["title"]},
                    }
                }
            ],
        },
    ),
    case(
        "dynamodb",
        "UpdateItem",
        "list and counter, reserved words by alias",
        lambda w: {
            "TableName": "history",
            "Key": {"pk": {"S": "a"}, "sk": {"S": "b"}},
            "UpdateExpression": "SET #v = list_append(if_not_exists(#v, :none), :one) ADD hits :n REMOVE draft",
            "ExpressionAttributeNames": {"#v": "values"},
            "ExpressionAttributeValues": {":none": {"L": []}, ":one": {"L": [{"S": ""}]}, ":n": {"N": "1"}},
            "ReturnValues": "UPDATED_NEW",
        },
    ),
    case(
        "logs",
        "PutMetricFilter",
        "dimensions of a JSON pattern",
        lambda w: {
            "logGroupName": "/chat",
            "filterName": "errors",
            "filterPattern": '{ $.level = "ERROR" }',
            "metricTransformations": [
                {
                    "metricName": "errors",
                    "metricNamespace": "chat",
                    "metricValue": "1",
                    "unit": "Count",
                    "dimensions": {"service": "$.service"},
                }
            ],
        },
    ),
    case(
        "secretsmanager",
        "UpdateSecret",
        "description and the default key",
        lambda w: {"SecretId": "chat/cookie", "Description": "", "KmsKeyId": "alias/aws/secretsmanager"},
    ),
    case(
        "application-autoscaling",
        "PutScalingPolicy",
        "steps with an open end",
        lambda w: {
            **w.scalable(),
            "PolicyName": "steps",
            "PolicyType": "StepScaling",
            "StepScalingPolicyConfiguration": {
                "AdjustmentType": "PercentChangeInCapacity",
                "MinAdjustmentMagnitude": 1,
                "Cooldown": 60,
                "StepAdjustments": [
                    {"MetricIntervalLowerBound": 0.0, "MetricIntervalUpperBound": 10.0, "ScalingAdjustment": 10},
                    {"MetricIntervalLowerBound": 10.0, "ScalingAdjustment": 30},
                ],
            },
        },
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "workdays, Tokyo's clock",
        lambda w: {
            **w.scalable(),
            "ScheduledActionName": "morning",
            "Schedule": "cron(0 8 ? * MON-FRI *)",
            "Timezone": "Asia/Tokyo",
            "ScalableTargetAction": {"MinCapacity": 2},
        },
    ),
)
