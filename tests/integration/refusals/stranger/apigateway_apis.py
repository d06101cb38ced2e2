"""Calls on REST APIs, their resources and policies that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import guide, preflight, recorded
from tests.integration.refusals.stranger.common import API_REFERENCE, patch


def new(**changes: Any) -> Params:
    return {"name": "another", "endpointConfiguration": {"types": ["REGIONAL"]}, **changes}


def private(**changes: Any) -> Params:
    return new(endpointConfiguration={"types": ["PRIVATE"], **changes})


STRANGE: tuple[Case, ...] = (
    refused(
        "apigateway",
        "CreateRestApi",
        "empty description",
        lambda w: new(description=""),
        "BadRequestException",
        recorded("apigateway", "test_create_rest_api_with_optional_params"),
    ),
    refused(
        "apigateway",
        "CreateRestApi",
        "two types",
        lambda w: new(endpointConfiguration={"types": ["REGIONAL", "EDGE"]}),
        "BadRequestException",
        recorded("apigateway", "test_create_rest_api_with_endpoint_configuration"),
    ),
    refused(
        "apigateway",
        "CreateRestApi",
        "no type",
        lambda w: new(endpointConfiguration={"types": []}),
        "BadRequestException",
        recorded("apigateway", "test_create_rest_api_with_endpoint_configuration"),
    ),
    refused(
        "apigateway",
        "CreateRestApi",
        "private and ipv4 only",
        lambda w: private(ipAddressType="ipv4"),
        "BadRequestException",
        recorded("apigateway", "test_create_rest_api_private_type"),
    ),
    refused(
        "apigateway",
        "CreateRestApi",
        "compression above 10 MB",
        lambda w: new(minimumCompressionSize=10485761),
        "BadRequestException",
        preflight("apigw-minimum-compression-size-range"),
    ),
    refused(
        "apigateway",
        "CreateRestApi",
        "endpoints of a regional API",
        lambda w: new(endpointConfiguration={"types": ["REGIONAL"], "vpcEndpointIds": [w.api_endpoint]}),
        "BadRequestException",
        preflight("apigw-vpc-endpoint-ids-private-only"),
    ),
    refused(
        "apigateway",
        "CreateRestApi",
        "policy that is none",
        lambda w: new(policy="allow everyone"),
        "BadRequestException",
        preflight("apigw-rest-api-policy-document"),
    ),
    refused(
        "apigateway",
        "UpdateRestApi",
        "add a compression size",
        lambda w: {"restApiId": w.api, **patch("add", "/minimumCompressionSize", "10")},
        "BadRequestException",
        recorded("apigateway", "test_update_rest_api_compression"),
    ),
    refused(
        "apigateway",
        "UpdateRestApi",
        "address type that does not exist",
        lambda w: {"restApiId": w.api, **patch("replace", "/endpointConfiguration/ipAddressType", "wrong")},
        "BadRequestException",
        recorded("apigateway", "test_update_rest_api_ip_address_type"),
    ),
    refused(
        "apigateway",
        "UpdateRestApi",
        "path without a type",
        lambda w: {"restApiId": w.api, **patch("add", "/binaryMediaTypes")},
        "BadRequestException",
        recorded("apigateway", "test_update_rest_api_behaviour"),
    ),
    refused(
        "apigateway",
        "UpdateRestApi",
        "API that is not there",
        lambda w: {"restApiId": "0123456789", **patch("replace", "/name", "x")},
        "NotFoundException",
        recorded("apigateway", "test_update_rest_api_invalid_api_id"),
    ),
    refused(
        "apigateway",
        "CreateResource",
        "path part taken",
        lambda w: {"restApiId": w.api, "parentId": w.root, "pathPart": "history"},
        "ConflictException",
        recorded("apigateway", "test_update_resource_behaviour"),
    ),
    refused(
        "apigateway",
        "CreateResource",
        "space in the path part",
        lambda w: {"restApiId": w.api, "parentId": w.root, "pathPart": "my history"},
        "BadRequestException",
        preflight("apigw-resource-path-part"),
    ),
    refused(
        "apigateway",
        "CreateResource",
        "parent that is not there",
        lambda w: {"restApiId": w.api, "parentId": "000000", "pathPart": "new"},
        "NotFoundException",
        guide(API_REFERENCE + "CreateResource.html"),
    ),
    refused(
        "apigateway",
        "UpdateResource",
        "name for the root",
        lambda w: {"restApiId": w.api, "resourceId": w.root, **patch("replace", "/pathPart", "x")},
        "BadRequestException",
        recorded("apigateway", "test_update_resource_on_root"),
    ),
    refused(
        "apigateway",
        "DeleteResource",
        "resource that is not there",
        lambda w: {"restApiId": w.api, "resourceId": "000000"},
        "NotFoundException",
        recorded("apigateway", "test_update_resource_behaviour"),
    ),
)
