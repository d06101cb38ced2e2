# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the apigateway_* modules share: an API's definition as it is read, and its fingerprint.

A change of the definition is not live until the API is deployed again:
https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import canonical_policy

# Parts of a definition that AWS makes and that say nothing of what the API does.
_NOISE = frozenset({"id", "parentId", "cacheNamespace", "ResponseMetadata"})
# Parts of GetRestApi that a deployment takes up.
_API_FIELDS = ("minimumCompressionSize", "disableExecuteApiEndpoint", "binaryMediaTypes", "apiKeySource")


def resources(client: Any, api: str) -> dict[str, dict[str, Any]]:
    """All resources of an API by path, with their methods, integrations and responses."""
    found = pages(client, "get_resources", "items", restApiId=api, embed=["methods"])
    return {item["path"]: item for item in found}


def gateway_responses(client: Any, api: str) -> dict[str, dict[str, Any]]:
    """The gateway responses that were set, by type. AWS lists its defaults too, marked C(defaultResponse)."""
    found = pages(client, "get_gateway_responses", "items", restApiId=api)
    return {item["responseType"]: item for item in found if not item.get("defaultResponse")}


def definition(client: Any, api: str) -> dict[str, Any]:
    """Everything that a deployment would take up, without ids and times."""
    described = client.get_rest_api(restApiId=api)
    endpoint = described.get("endpointConfiguration", {})
    methods = {path: item.get("resourceMethods") or {} for path, item in resources(client, api).items()}
    whole: dict[str, Any] = _without_noise(
        {
            "api": {field: described[field] for field in _API_FIELDS if field in described},
            "types": sorted(endpoint.get("types", [])),
            "vpc_endpoints": sorted(endpoint.get("vpcEndpointIds", [])),
            "policy": canonical_api_policy(described.get("policy"), api),
            "methods": {path: found for path, found in methods.items() if found},
            "gateway_responses": gateway_responses(client, api),
        }
    )
    return whole


def fingerprint(whole: dict[str, Any]) -> str:
    """A short name of a definition: the same for the same definition, whoever made it."""
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def _without_noise(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_noise(item) for key, item in value.items() if key not in _NOISE and item is not None}
    return value


def canonical_api_policy(policy: str | dict[str, Any] | None, api: str) -> dict[str, Any] | None:
    """A resource policy with its ARNs of this API in the short form.

    API Gateway takes C(execute-api:/stage/METHOD/path) and returns
    C(arn:aws:execute-api:region:account:api/stage/METHOD/path):
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
    """
    canonical = canonical_policy(policy)
    for statement in (canonical or {}).get("Statement", []):
        for key in ("Resource", "NotResource"):
            if key in statement:
                statement[key] = sorted({_short(arn, api) for arn in statement[key]})
    return canonical


def _short(arn: str, api: str) -> str:
    return re.sub(rf"^arn:[^:]*:execute-api:[^:]*:[^:]*:{re.escape(api)}/", "execute-api:/", arn)


def api_arn(client: Any, path: str) -> str:
    """The ARN that tags of an API Gateway resource are set by; C(path) as in C(/restapis/a1b2c3d4e5)."""
    return f"arn:{client.meta.partition}:apigateway:{client.meta.region_name}::{path}"
