"""REST APIs as CloudFormation resources."""

from __future__ import annotations

import json
from typing import Any

from local_cloud.template.shapes import Account, Record, Resources, pascal, pick, resource, tags, without_empty

INTEGRATION = (
    *("type", "httpMethod", "uri", "timeoutInMillis", "passthroughBehavior", "requestTemplates", "requestParameters"),
    *("contentHandling", "credentials", "connectionType", "connectionId", "responseTransferMode"),
)


def apis(account: Account) -> Resources:
    """AWS::ApiGateway::RestApi."""
    made: Resources = {}
    for api in account["apis"]:
        configuration = api.get("endpointConfiguration") or {}
        endpoint = {"Types": configuration.get("types"), "VpcEndpointIds": configuration.get("vpcEndpointIds")}
        properties = {
            **pascal(pick(api, "name", "description", "apiKeySourceType", "minimumCompressionSize")),
            "ApiKeySourceType": api.get("apiKeySource"),
            "BinaryMediaTypes": api.get("binaryMediaTypes"),
            "DisableExecuteApiEndpoint": api.get("disableExecuteApiEndpoint"),
            "EndpointConfiguration": without_empty(endpoint),
            "Policy": _policy(api.get("policy")),
            "Tags": tags(api.get("tags")),
        }
        made[api["id"]] = resource("AWS::ApiGateway::RestApi", properties)
    return made


def _policy(text: str | None) -> Any:
    """The policy; AWS answers with one whose quotes are escaped once more."""
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return json.loads(text.replace('\\"', '"'))


def resources(account: Account) -> Resources:
    """AWS::ApiGateway::Resource; the root comes with its API."""
    made: Resources = {}
    for api in account["apis"]:
        root = _root(api)
        for each in api["resources"]:
            if each["id"] != root:
                parent = {"Fn::GetAtt": [api["id"], "RootResourceId"]} if each["parentId"] == root else each["parentId"]
                properties = {"RestApiId": api["id"], "ParentId": parent, "PathPart": each["pathPart"]}
                made[each["id"]] = resource("AWS::ApiGateway::Resource", properties)
    return made


def _root(api: Record) -> str:
    return next(str(each["id"]) for each in api["resources"] if each["path"] == "/")


def methods(account: Account) -> Resources:
    """AWS::ApiGateway::Method with its integration."""
    made: Resources = {}
    for api in account["apis"]:
        for each in api["resources"]:
            for verb, method in each["resourceMethods"].items():
                made[_method_name(api, each, verb)] = resource(
                    "AWS::ApiGateway::Method", _method(api, each, verb, method)
                )
    return made


def _method_name(api: Record, owner: Record, verb: str) -> str:
    return f"method {api['id']} {owner['id']} {verb}"


def _method(api: Record, owner: Record, verb: str, method: Record) -> Record:
    at_root = owner["id"] == _root(api)
    responses = [
        {"StatusCode": status, **_parameters(each, "responseParameters", "responseModels")}
        for status, each in (method.get("methodResponses") or {}).items()
    ]
    return {
        "RestApiId": api["id"],
        "ResourceId": {"Fn::GetAtt": [api["id"], "RootResourceId"]} if at_root else owner["id"],
        "HttpMethod": verb,
        **pascal(pick(method, "authorizationType", "apiKeyRequired", "authorizerId", "operationName")),
        "RequestParameters": method.get("requestParameters"),
        "MethodResponses": responses,
        "Integration": _integration(method.get("methodIntegration")),
    }


def _parameters(source: Record, *names: str) -> Record:
    return {name[:1].upper() + name[1:]: source[name] for name in names if source.get(name)}


def _integration(integration: Record | None) -> Record | None:
    if not integration:
        return None
    kept = {key: value for key, value in integration.items() if key in INTEGRATION and value not in (None, "", {})}
    maps = ("requestTemplates", "requestParameters")
    made: Record = {
        **pascal({key: value for key, value in kept.items() if key not in maps}),
        **_parameters(kept, *maps),
    }
    if "HttpMethod" in made:
        made["IntegrationHttpMethod"] = made.pop("HttpMethod")
    responses = integration.get("integrationResponses") or {}
    made["IntegrationResponses"] = [
        {
            "StatusCode": status,
            **_parameters(each, "responseParameters", "responseTemplates", "selectionPattern"),
        }
        for status, each in responses.items()
    ]
    templates = {"RequestTemplates": made.pop("RequestTemplates")} if "RequestTemplates" in made else {}
    kept_parts: Record = without_empty(made)
    return {**kept_parts, **templates}


def gateway_responses(account: Account) -> Resources:
    """AWS::ApiGateway::GatewayResponse of those that were set."""
    made: Resources = {}
    for api in account["apis"]:
        for each in api["gatewayResponses"]:
            properties = {
                "RestApiId": api["id"],
                "ResponseType": each["responseType"],
                "StatusCode": each.get("statusCode"),
                **_parameters(each, "responseParameters", "responseTemplates"),
            }
            made[f"response {api['id']} {each['responseType']}"] = resource(
                "AWS::ApiGateway::GatewayResponse", properties
            )
    return made


def deployments(account: Account) -> Resources:
    """AWS::ApiGateway::Deployment of those that a stage points to; they depend on the methods they froze."""
    made: Resources = {}
    for api in account["apis"]:
        live = {stage["deploymentId"] for stage in api["stages"]}
        names = [_method_name(api, owner, verb) for owner in api["resources"] for verb in owner["resourceMethods"]]
        for each in api["deployments"]:
            if each["id"] in live:
                properties = {"RestApiId": api["id"], "Description": each.get("description")}
                made[each["id"]] = {**resource("AWS::ApiGateway::Deployment", properties), "DependsOn": names}
    return made


def stages(account: Account) -> Resources:
    """AWS::ApiGateway::Stage."""
    made: Resources = {}
    for api in account["apis"]:
        for each in api["stages"]:
            settings = each.get("methodSettings") or {}
            properties = {
                "RestApiId": api["id"],
                **pascal(pick(each, "stageName", "deploymentId", "description", "tracingEnabled")),
                "Variables": each.get("variables"),
                "AccessLogSetting": _access_log(each.get("accessLogSettings")),
                "MethodSettings": [_setting(path, one) for path, one in settings.items()],
                "Tags": tags(each.get("tags")),
            }
            made[f"stage {api['id']} {each['stageName']}"] = resource("AWS::ApiGateway::Stage", properties)
    return made


def _access_log(settings: Record | None) -> Record | None:
    made: Record = pascal(pick(settings or {}, "destinationArn", "format"))
    return made or None


def _setting(path: str, setting: Record) -> Record:
    owner, _slash, verb = path.rpartition("/")
    wanted = ("metricsEnabled", "loggingLevel", "dataTraceEnabled", "throttlingBurstLimit", "throttlingRateLimit")
    return {"ResourcePath": "/" + (owner.strip("/") or ""), "HttpMethod": verb, **pascal(pick(setting, *wanted))}


RENDERERS = (apis, resources, methods, gateway_responses, deployments, stages)
