"""What API Gateway refuses of patches: operations it does not have, and paths that the resource has not.

The paths and their operations: API Gateway API reference, 'Patch operations'.
"""

from __future__ import annotations

from local_cloud.control.calls import Call
from local_cloud.control.refusals.apigateway.apis import BAD, SERVICE
from local_cloud.control.rules import Verdict, refuses

SOURCE = "API Gateway API reference, 'Patch operations'; as localstack/localstack and public error reports quote it"
# First part of the path, of the operations whose paths no other rule knows.
PARTS = {
    "UpdateAccount": "cloudwatchRoleArn features",
    "UpdateApiKey": "customerId description enabled labels name stages value",
    "UpdateAuthorizer": "authType authorizerCredentials authorizerResultTtlInSeconds authorizerUri identitySource "
    "identityValidationExpression name providerARNs type",
    "UpdateDeployment": "description",
    "UpdateGatewayResponse": "responseParameters responseTemplates statusCode",
    "UpdateIntegration": "cacheKeyParameters cacheNamespace connectionId connectionType contentHandling credentials "
    "httpMethod integrationTarget passthroughBehavior requestParameters requestTemplates responseTransferMode "
    "timeoutInMillis tlsConfig uri",
    "UpdateIntegrationResponse": "contentHandling responseParameters responseTemplates selectionPattern",
    "UpdateMethod": "apiKeyRequired authorizationScopes authorizationType authorizerId operationName requestModels "
    "requestParameters requestValidatorId",
    "UpdateMethodResponse": "responseModels responseParameters",
    "UpdateModel": "description schema",
    "UpdateRequestValidator": "name validateRequestBody validateRequestParameters",
    "UpdateResource": "parentId pathPart",
    "UpdateUsagePlan": "apiStages description name productCode quota throttle",
}
# Single values, which are there and cannot be added.
SINGLE = {
    "UpdateRestApi": ("/name", "/description", "/apiKeySource", "/policy", "/disableExecuteApiEndpoint"),
    "UpdateStage": ("/description", "/deploymentId", "/cacheClusterEnabled", "/cacheClusterSize", "/tracingEnabled"),
    "UpdateMethod": ("/authorizationType", "/authorizerId", "/apiKeyRequired", "/operationName"),
    "UpdateDeployment": ("/description",),
    "UpdateModel": ("/description", "/schema"),
}


@refuses(
    "apigateway-patch-operation",
    SERVICE,
    [*PARTS, "UpdateRestApi", "UpdateStage"],
    code=BAD,
    message="Invalid patch operation specified. Must be one of: [add, remove, replace, copy]",
    source=SOURCE,
)
def patch_operation(call: Call) -> Verdict:
    return any(each.get("op") in ("move", "test") for each in call.get("patchOperations") or [])


@refuses(
    "apigateway-patch-path",
    SERVICE,
    list(PARTS),
    code=BAD,
    message="Invalid patch path  '{path}' specified for op '{op}'. Must be one of: [{paths}]",
    source=SOURCE,
)
def patch_path(call: Call) -> Verdict:
    known = PARTS[call.operation].split()
    for each in call.get("patchOperations") or []:
        path = each.get("path") or ""
        if not path.startswith("/") or path.split("/")[1] not in known:
            return {"path": path, "op": each.get("op"), "paths": ", ".join(f"/{part}" for part in known)}
    return None


@refuses(
    "apigateway-patch-adds-a-single-value",
    SERVICE,
    list(SINGLE),
    code=BAD,
    message="Invalid patch path  '{path}' specified for op 'add'. Please choose supported operations",
    source=SOURCE,
)
def adds_a_single_value(call: Call) -> Verdict:
    single = SINGLE[call.operation]
    sent = [each.get("path") for each in call.get("patchOperations") or [] if each.get("op") == "add"]
    return next(({"path": path} for path in sent if path in single), None)
