"""Calls on API Gateway and on load balancers that AWS refuses, by the second author."""

from __future__ import annotations

from typing import Any

from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import api, guide
from tests.integration.refusals.world import World

BAD = "BadRequestException"
RULE = api("elb", "CreateRule")


def reference(operation: str) -> str:
    """A page of API Gateway's reference."""
    return guide(f"apigateway/latest/api/API_{operation}.html")


def resource(w: World, path: str, parent: str = "") -> Params:
    """CreateResource under the public API's root or another parent."""
    return {"restApiId": w.public_api, "parentId": parent or w.public_root, "pathPart": path}


def second_variable(w: World) -> Params:
    """CreateResource beside another variable."""
    w.clients("apigateway").create_resource(**resource(w, "{id}"))
    return resource(w, "{name}")


def under_greedy(w: World) -> Params:
    """CreateResource below a variable that takes the rest of the path."""
    parent = w.clients("apigateway").create_resource(**resource(w, "files"))["id"]
    greedy = w.clients("apigateway").create_resource(**resource(w, "{proxy+}", parent))["id"]
    return resource(w, "more", greedy)


def rule(w: World, **changes: Any) -> Params:
    """A sane CreateRule."""
    return {
        "ListenerArn": w.listener,
        "Priority": 10,
        "Conditions": [{"Field": "path-pattern", "Values": ["/api/*"]}],
        "Actions": [{"Type": "forward", "TargetGroupArn": w.target_group}],
        **changes,
    }


def taken_priority(w: World) -> Params:
    """CreateRule with the priority of another rule."""
    w.clients("elbv2").create_rule(**rule(w, Priority=20))
    return rule(w, Priority=20)


def default_rule(w: World) -> Params:
    """DeleteRule of the listener's own rule."""
    found = w.clients("elbv2").describe_rules(ListenerArn=w.listener)["Rules"]
    return {"RuleArn": next(one["RuleArn"] for one in found if one["IsDefault"])}


FAULTY: tuple[Case, ...] = (
    refused(
        "apigateway",
        "CreateResource",
        "second variable under one parent",
        second_variable,
        BAD,
        reference("CreateResource"),
    ),
    refused(
        "apigateway",
        "CreateResource",
        "below a variable that takes the rest of the path",
        under_greedy,
        BAD,
        guide("apigateway/latest/developerguide/api-gateway-set-up-simple-proxy.html"),
    ),
    refused(
        "apigateway",
        "CreateDeployment",
        "API without methods",
        lambda w: {"restApiId": w.bare_api},
        BAD,
        reference("CreateDeployment"),
    ),
    refused(
        "apigateway",
        "DeleteDeployment",
        "a stage points to it",
        lambda w: {"restApiId": w.api, "deploymentId": w.deployment},
        BAD,
        reference("DeleteDeployment"),
    ),
    refused(
        "apigateway",
        "PutMethod",
        "own authorizer, none named",
        lambda w: {**w.method(httpMethod="GET"), "authorizationType": "CUSTOM"},
        BAD,
        reference("PutMethod"),
    ),
    refused(
        "apigateway",
        "PutIntegration",
        "maps a header the method does not declare",
        lambda w: w.integration(
            requestParameters={"integration.request.header.X-User": "method.request.header.X-User"}
        ),
        BAD,
        guide("apigateway/latest/developerguide/request-response-data-mappings.html"),
    ),
    refused(
        "apigateway",
        "PutIntegrationResponse",
        "status the method does not declare",
        lambda w: {**w.method(), "statusCode": "418"},
        "NotFoundException",
        reference("PutIntegrationResponse"),
    ),
    refused(
        "apigateway",
        "UpdateStage",
        "path that does not exist",
        lambda w: {
            "restApiId": w.api,
            "stageName": "prod",
            "patchOperations": [{"op": "replace", "path": "/loggingLevel", "value": "INFO"}],
        },
        BAD,
        guide("apigateway/latest/api/patch-operations.html"),
    ),
    refused(
        "apigateway",
        "CreateApiKey",
        "value of eight characters",
        lambda w: {"name": "chat", "enabled": True, "value": "chat-key"},
        BAD,
        guide("apigateway/latest/developerguide/api-gateway-setup-api-keys.html"),
    ),
    refused("elbv2", "CreateRule", "priority of another rule", taken_priority, "PriorityInUse", RULE),
    refused(
        "elbv2",
        "CreateRule",
        "host names in both forms",
        lambda w: rule(
            w,
            Conditions=[
                {
                    "Field": "host-header",
                    "Values": ["chat.corp.example"],
                    "HostHeaderConfig": {"Values": ["chat.corp.example"]},
                }
            ],
        ),
        "ValidationError",
        "github.com/aws-controllers-k8s/community issue 2759",
    ),
    refused(
        "elbv2",
        "CreateRule",
        "six values in the conditions",
        lambda w: rule(w, Conditions=[{"Field": "path-pattern", "Values": [f"/{n}/*" for n in range(6)]}]),
        "ValidationError",
        guide("elasticloadbalancing/latest/application/load-balancer-limits.html"),
    ),
    refused(
        "elbv2",
        "CreateRule",
        "redirects to itself",
        lambda w: rule(w, Actions=[{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301"}}]),
        "InvalidLoadBalancerAction",
        api("elb", "RedirectActionConfig"),
    ),
    refused("elbv2", "DeleteRule", "the default rule", default_rule, "OperationNotPermitted", api("elb", "DeleteRule")),
    refused(
        "elbv2",
        "CreateListener",
        "target group of another balancer",
        lambda w: {
            "LoadBalancerArn": w.protected_balancer,
            "Protocol": "HTTP",
            "Port": 80,
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": w.target_group}],
        },
        "TargetGroupAssociationLimit",
        api("elb", "CreateListener"),
    ),
    refused(
        "elbv2",
        "ModifyListener",
        "HTTPS without a certificate",
        lambda w: {"ListenerArn": w.listener, "Protocol": "HTTPS", "Port": 443},
        "ValidationError",
        api("elb", "ModifyListener"),
    ),
    refused(
        "elbv2",
        "RegisterTargets",
        "public address",
        lambda w: {"TargetGroupArn": w.target_group, "Targets": [{"Id": "8.8.8.8", "Port": 8080}]},
        "ValidationError",
        api("elb", "TargetDescription"),
    ),
    refused(
        "elbv2",
        "ModifyTargetGroup",
        "timeout as long as the interval",
        lambda w: {
            "TargetGroupArn": w.target_group,
            "HealthCheckTimeoutSeconds": 60,
            "HealthCheckIntervalSeconds": 30,
        },
        "ValidationError",
        guide("elasticloadbalancing/latest/application/target-group-health-checks.html"),
    ),
)
