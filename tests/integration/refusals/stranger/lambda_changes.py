"""Calls on Lambda functions that exist that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import api, guide, preflight, recorded
from tests.integration.refusals.stranger.common import vpc


def permission(**changes: Any) -> Params:
    return {
        "FunctionName": "chat",
        "StatementId": "new",
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        **changes,
    }


def of(name: str = "chat", **more: Any) -> Params:
    return {"FunctionName": name, **more}


STRANGE: tuple[Case, ...] = (
    refused(
        "lambda",
        "UpdateFunctionCode",
        "an image for a zip",
        lambda w: of(ImageUri=f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/chat:1"),
        "InvalidParameterValueException",
        recorded("lambda_", "test_lambda_zip_file_to_image"),
    ),
    refused(
        "lambda",
        "UpdateFunctionConfiguration",
        "revision of yesterday",
        lambda w: of(RevisionId="00000000-0000-0000-0000-000000000000", Timeout=10),
        "PreconditionFailedException",
        api("lambda", "UpdateFunctionConfiguration"),
    ),
    refused(
        "lambda",
        "UpdateFunctionConfiguration",
        "role that is not there",
        lambda w: of(Role=f"arn:aws:iam::{ACCOUNT}:role/gone"),
        "InvalidParameterValueException",
        api("lambda", "UpdateFunctionConfiguration"),
    ),
    refused(
        "lambda",
        "UpdateFunctionConfiguration",
        "role without rights for a VPC",
        lambda w: of(Role=w.bare_role, VpcConfig=vpc([w.group], [w.subnet_a])),
        "InvalidParameterValueException",
        guide("lambda/latest/dg/configuration-vpc.html"),
    ),
    refused(
        "lambda",
        "UpdateFunctionConfiguration",
        "function that is not there",
        lambda w: of("gone", Timeout=10),
        "ResourceNotFoundException",
        recorded("lambda_", "test_ops_on_nonexisting_fn"),
    ),
    refused(
        "lambda",
        "AddPermission",
        "statement id taken",
        lambda w: permission(StatementId="api"),
        "ResourceConflictException",
        recorded("lambda_", "test_permission_exceptions"),
    ),
    refused(
        "lambda",
        "AddPermission",
        "principal that does not exist",
        lambda w: permission(Principal="invalid.nonaws.com"),
        "InvalidParameterValueException",
        recorded("lambda_", "test_permission_exceptions"),
    ),
    refused(
        "lambda",
        "AddPermission",
        "dot in the statement id",
        lambda w: permission(StatementId="example.com"),
        "ValidationException",
        recorded("lambda_", "test_permission_exceptions"),
    ),
    refused(
        "lambda",
        "AddPermission",
        "on $LATEST",
        lambda w: permission(Qualifier="$LATEST"),
        "InvalidParameterValueException",
        recorded("lambda_", "test_permission_exceptions"),
    ),
    refused(
        "lambda",
        "AddPermission",
        "on an alias that is not there",
        lambda w: permission(Qualifier="live"),
        "ResourceNotFoundException",
        recorded("lambda_", "test_permission_exceptions"),
    ),
    refused(
        "lambda",
        "RemovePermission",
        "statement that is not there",
        lambda w: of(StatementId="gone"),
        "ResourceNotFoundException",
        recorded("lambda_", "test_remove_multi_permissions"),
    ),
    refused(
        "lambda",
        "PutFunctionConcurrency",
        "more than the account has",
        lambda w: of(ReservedConcurrentExecutions=5000),
        "InvalidParameterValueException",
        recorded("lambda_", "test_function_concurrency_limits"),
    ),
    refused(
        "lambda",
        "PutProvisionedConcurrencyConfig",
        "on $LATEST",
        lambda w: of(Qualifier="$LATEST", ProvisionedConcurrentExecutions=1),
        "InvalidParameterValueException",
        recorded("lambda_", "test_provisioned_concurrency_exceptions"),
    ),
    refused(
        "lambda",
        "PublishVersion",
        "another hash",
        lambda w: of(CodeSha256="somenonexistentsha256"),
        "InvalidParameterValueException",
        recorded("lambda_", "test_publish_with_wrong_sha256"),
    ),
    refused(
        "lambda",
        "PublishVersion",
        "another revision",
        lambda w: of(RevisionId="00000000-0000-0000-0000-000000000000"),
        "PreconditionFailedException",
        recorded("lambda_", "test_publish_with_wrong_revisionid"),
    ),
    refused(
        "lambda",
        "PutFunctionEventInvokeConfig",
        "nothing in it",
        lambda w: of(),
        "InvalidParameterValueException",
        recorded("lambda_", "test_lambda_eventinvokeconfig_exceptions"),
    ),
    refused(
        "lambda",
        "CreateAlias",
        "version that is not there",
        lambda w: of(Name="live", FunctionVersion="7"),
        "ResourceNotFoundException",
        recorded("lambda_", "test_notfound_and_invalid_routingconfigs"),
    ),
    refused(
        "lambda",
        "CreateAlias",
        "a number for a name",
        lambda w: of(Name="2024", FunctionVersion="$LATEST"),
        "ValidationException",
        recorded("lambda_", "test_alias_naming"),
    ),
    refused(
        "lambda",
        "CreateAlias",
        "weights on $LATEST",
        lambda w: of(Name="live", FunctionVersion="$LATEST", RoutingConfig={"AdditionalVersionWeights": {"1": 0.5}}),
        "InvalidParameterValueException",
        recorded("lambda_", "test_notfound_and_invalid_routingconfigs"),
    ),
    refused(
        "lambda",
        "DeleteFunction",
        "$LATEST alone",
        lambda w: of(Qualifier="$LATEST"),
        "InvalidParameterValueException",
        recorded("lambda_", "test_ops_with_arn_qualifier_mismatch"),
    ),
    refused(
        "lambda",
        "GetFunction",
        "of another region",
        lambda w: of(w.function_arn.replace(REGION, "us-east-1")),
        "ResourceNotFoundException",
        recorded("lambda_", "test_get_function_wrong_region"),
    ),
    refused(
        "lambda",
        "TagResource",
        "51 tags",
        lambda w: {"Resource": w.function_arn, "Tags": {f"k{n}": "v" for n in range(51)}},
        "InvalidParameterValueException",
        recorded("lambda_", "test_tag_limits"),
    ),
    refused(
        "lambda",
        "TagResource",
        "reserved prefix",
        lambda w: {"Resource": w.function_arn, "Tags": {"aws:a": "b"}},
        "InvalidParameterValueException",
        preflight("tags-aws-prefix"),
    ),
    refused(
        "lambda",
        "CreateFunctionUrlConfig",
        "qualifier $LATEST",
        lambda w: of(AuthType="AWS_IAM", Qualifier="$LATEST"),
        "ValidationException",
        recorded("lambda_", "test_url_config_exceptions"),
    ),
)
