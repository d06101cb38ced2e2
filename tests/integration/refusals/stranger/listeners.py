"""Calls on listeners, their rules and actions that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import api, preflight
from tests.integration.refusals.world import World

LISTENER = api("elb", "CreateListener")


RULE = api("elb", "CreateRule")


def listening(w: World, **changes: Any) -> Params:
    actions = [{"Type": "forward", "TargetGroupArn": w.target_group}]
    return {"LoadBalancerArn": w.balancer_arn, "Protocol": "HTTP", "Port": 8080, "DefaultActions": actions, **changes}


def ruled(w: World, condition: dict[str, Any] | None, **changes: Any) -> Params:
    actions = [{"Type": "forward", "TargetGroupArn": w.target_group}]
    conditions = [] if condition is None else [condition]
    return {"ListenerArn": w.listener, "Priority": 10, "Conditions": conditions, "Actions": actions, **changes}


STRANGE: tuple[Case, ...] = (
    refused(
        "elbv2",
        "CreateListener",
        "HTTPS without a certificate",
        lambda w: listening(w, Protocol="HTTPS"),
        "ValidationError",
        LISTENER,
    ),
    refused(
        "elbv2",
        "CreateListener",
        "certificate on HTTP",
        lambda w: listening(w, Certificates=[{"CertificateArn": f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/0"}]),
        "ValidationError",
        preflight("elbv2-listener-cert-insecure-protocol"),
    ),
    refused("elbv2", "CreateListener", "port taken", lambda w: listening(w, Port=80), "DuplicateListener", LISTENER),
    refused(
        "elbv2",
        "CreateListener",
        "TCP",
        lambda w: listening(w, Protocol="TCP"),
        "ValidationError",
        preflight("elbv2-listener-protocol-lb-type"),
    ),
    refused(
        "elbv2",
        "CreateListener",
        "redirect to itself",
        lambda w: listening(w, DefaultActions=[{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301"}}]),
        "InvalidLoadBalancerAction",
        preflight("elbv2-action-redirect-no-change"),
    ),
    refused(
        "elbv2",
        "CreateListener",
        "fixed answer in XML",
        lambda w: listening(
            w,
            DefaultActions=[
                {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/xml"}}
            ],
        ),
        "ValidationError",
        preflight("elbv2-action-fixed-response-content-type"),
    ),
    refused(
        "elbv2",
        "CreateListener",
        "fixed answer 100",
        lambda w: listening(
            w, DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "100"}}]
        ),
        "ValidationError",
        api("elb", "FixedResponseActionConfig"),
    ),
    refused(
        "elbv2",
        "CreateListener",
        "group of another balancer",
        lambda w: listening(w, LoadBalancerArn=w.protected_balancer),
        "TargetGroupAssociationLimit",
        LISTENER,
    ),
    refused(
        "elbv2",
        "CreateListener",
        "weight of 1000",
        lambda w: listening(
            w,
            DefaultActions=[
                {
                    "Type": "forward",
                    "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": w.target_group, "Weight": 1000}]},
                }
            ],
        ),
        "ValidationError",
        preflight("elbv2-action-forward-weight-range"),
    ),
    refused(
        "elbv2",
        "CreateListener",
        "sign-in without TLS",
        lambda w: listening(
            w,
            DefaultActions=[
                {
                    "Type": "authenticate-oidc",
                    "Order": 1,
                    "AuthenticateOidcConfig": {
                        "Issuer": "https://idp.corp.example",
                        "AuthorizationEndpoint": "https://idp.corp.example/a",
                        "TokenEndpoint": "https://idp.corp.example/t",
                        "UserInfoEndpoint": "https://idp.corp.example/u",
                        "ClientId": "chat",
                        "ClientSecret": "x",
                    },
                },
                {"Type": "forward", "Order": 2, "TargetGroupArn": w.target_group},
            ],
        ),
        "InvalidLoadBalancerAction",
        preflight("elbv2-listener-auth-action-https-only"),
    ),
    refused(
        "elbv2",
        "CreateListener",
        "policy of TLS on HTTP",
        lambda w: listening(w, SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06"),
        "ValidationError",
        preflight("elbv2-listener-sslpolicy-secure-only"),
    ),
    refused(
        "elbv2",
        "CreateRule",
        "no condition",
        lambda w: ruled(w, None),
        "ValidationError",
        preflight("elbv2-rule-conditions-required"),
    ),
    refused(
        "elbv2",
        "CreateRule",
        "priority 0",
        lambda w: ruled(w, {"Field": "path-pattern", "Values": ["/a"]}, Priority=0),
        "ValidationError",
        RULE,
    ),
    refused(
        "elbv2",
        "CreateRule",
        "path of 129 characters",
        lambda w: ruled(w, {"Field": "path-pattern", "Values": ["/" + "a" * 128]}),
        "ValidationError",
        preflight("elbv2-rule-value-length-128"),
    ),
    refused(
        "elbv2",
        "CreateRule",
        "six paths",
        lambda w: ruled(w, {"Field": "path-pattern", "Values": [f"/{n}" for n in range(6)]}),
        "ValidationError",
        preflight("elbv2-rule-condition-values-max"),
    ),
    refused(
        "elbv2",
        "CreateRule",
        "field that does not exist",
        lambda w: ruled(w, {"Field": "hostname", "Values": ["chat.corp.example"]}),
        "ValidationError",
        preflight("elbv2-rule-condition-field-values"),
    ),
    refused(
        "elbv2",
        "CreateRule",
        "source that is no range",
        lambda w: ruled(w, {"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.1"]}}),
        "ValidationError",
        preflight("elbv2-rule-source-ip-cidr"),
    ),
)
