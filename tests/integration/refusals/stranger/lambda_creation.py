"""Calls on new Lambda functions that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, refused
from tests.integration.refusals.sources import api, preflight, recorded
from tests.integration.refusals.stranger.common import vpc

HERE = f"arn:aws:lambda:{REGION}:{ACCOUNT}"


LAYER = f"{HERE}:layer:libs:1"

STRANGE: tuple[Case, ...] = (
    refused(
        "lambda",
        "CreateFunction",
        "six layers",
        lambda w: w.function(Layers=[LAYER] * 6),
        "InvalidParameterValueException",
        recorded("lambda_", "test_layer_function_quota_exception"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "layer that is not there",
        lambda w: w.function(Layers=[LAYER]),
        "InvalidParameterValueException",
        recorded("lambda_", "test_layer_function_exceptions"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "layer of another region",
        lambda w: w.function(Layers=[LAYER.replace(REGION, "us-east-1")]),
        "InvalidParameterValueException",
        recorded("lambda_", "test_layer_function_exceptions"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "a runtime that is no longer supported",
        lambda w: w.function(Runtime="python3.7"),
        "InvalidParameterValueException",
        recorded("lambda_", "test_create_deprecated_function_runtime_with_validation_enabled[python3.7]"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "two architectures",
        lambda w: w.function(Architectures=["x86_64", "arm64"]),
        "ValidationException",
        recorded("lambda_", "test_create_lambda_exceptions"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "variables of more than 4 KB",
        lambda w: w.function(Environment={"Variables": {"LARGE": "x" * 4096}}),
        "InvalidParameterValueException",
        recorded("lambda_", "test_large_environment_variables_fails"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "variable that begins with a digit",
        lambda w: w.function(Environment={"Variables": {"1ST": "x"}}),
        "ValidationException",
        preflight("lambda-env-key-start-letter"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "10,241 MB",
        lambda w: w.function(MemorySize=10241),
        "ValidationException",
        preflight("lambda-memory-max"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "name of 65 characters",
        lambda w: w.function(FunctionName="f" * 65),
        "InvalidParameterValueException",
        recorded("lambda_", "test_function_arns"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "name taken",
        lambda w: w.function(FunctionName="chat"),
        "ResourceConflictException",
        api("lambda", "CreateFunction"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "image settings on a zip",
        lambda w: w.function(ImageConfig={"Command": ["app.handler"]}),
        "InvalidParameterValueException",
        preflight("lambda-imageconfig-requires-image"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "an image with a handler",
        lambda w: w.function(
            PackageType="Image", Code={"ImageUri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/chat:1"}
        ),
        "InvalidParameterValueException",
        api("lambda", "CreateFunction"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "log group that begins with aws/",
        lambda w: w.function(LoggingConfig={"LogFormat": "JSON", "LogGroup": "aws/lambda/chat"}),
        "InvalidParameterValueException",
        preflight("lambda-loggroup-no-aws-prefix"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "log level of text logs",
        lambda w: w.function(LoggingConfig={"LogFormat": "Text", "ApplicationLogLevel": "INFO"}),
        "InvalidParameterValueException",
        preflight("lambda-loglevel-requires-json"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "subnets without groups",
        lambda w: w.function(VpcConfig=vpc([], [w.subnet_a])),
        "InvalidParameterValueException",
        preflight("lambda-vpc-non-empty"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "group and subnet of two networks",
        lambda w: w.function(VpcConfig=vpc([w.dark_group], [w.subnet_a])),
        "InvalidParameterValueException",
        preflight("lambda-vpc-same-vpc"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "subnet that is not there",
        lambda w: w.function(VpcConfig=vpc([w.group], ["subnet-0123456789abcdef0"])),
        "InvalidParameterValueException",
        recorded("lambda_", "test_invalid_vpc_config_subnet"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "dead letters to a function",
        lambda w: w.function(DeadLetterConfig={"TargetArn": w.function_arn}),
        "InvalidParameterValueException",
        preflight("lambda-dlq-service"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "key that is no ARN",
        lambda w: w.function(KMSKeyArn="alias/chat"),
        "ValidationException",
        api("lambda", "CreateFunction"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "temporary storage of 256 MB",
        lambda w: w.function(EphemeralStorage={"Size": 256}),
        "ValidationException",
        api("lambda", "EphemeralStorage"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "file system without a VPC",
        lambda w: w.function(
            FileSystemConfigs=[
                {
                    "Arn": f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:access-point/fsap-0123456789abcdef0",
                    "LocalMountPath": "/mnt/data",
                }
            ]
        ),
        "InvalidParameterValueException",
        preflight("lambda-efs-requires-vpc"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "zip from a bucket that is not there",
        lambda w: w.function(Code={"S3Bucket": "no-such-bucket-of-the-chat", "S3Key": "app.zip"}),
        "InvalidParameterValueException",
        recorded("lambda_", "test_lambda_code_location_s3_errors"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "zip that is none",
        lambda w: w.function(Code={"ZipFile": b"no zip"}),
        "InvalidParameterValueException",
        recorded("lambda_", "test_create_lambda_exceptions"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "no handler for a zip",
        lambda w: {k: v for k, v in w.function().items() if k != "Handler"},
        "InvalidParameterValueException",
        api("lambda", "CreateFunction"),
    ),
)
