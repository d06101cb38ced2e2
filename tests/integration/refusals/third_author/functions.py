"""Calls on functions that AWS refuses, by the third author."""

from __future__ import annotations

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, Params
from tests.integration.refusals.sources import guide
from tests.integration.refusals.third_author.sources import of
from tests.integration.refusals.world import World, zipped

BAD = "InvalidParameterValueException"
fn = of("lambda")


def aliased(w: World) -> Params:
    """DeleteFunction of a version that an alias names."""
    version = w.clients("lambda").publish_version(FunctionName="chat")["Version"]
    w.clients("lambda").create_alias(FunctionName="chat", Name="live", FunctionVersion=version)
    return {"FunctionName": "chat", "Qualifier": version}


def weighted_latest(w: World) -> Params:
    """CreateAlias with a share for another version while it names $LATEST."""
    version = w.clients("lambda").publish_version(FunctionName="chat")["Version"]
    shares = {"AdditionalVersionWeights": {version: 0.5}}
    return {"FunctionName": "chat", "Name": "live", "FunctionVersion": "$LATEST", "RoutingConfig": shares}


def second_url(w: World) -> Params:
    """CreateFunctionUrlConfig where there is one."""
    w.clients("lambda").create_function_url_config(FunctionName="chat", AuthType="AWS_IAM")
    return {"FunctionName": "chat", "AuthType": "AWS_IAM"}


FAULTY: tuple[Case, ...] = (
    fn(
        "CreateFunction",
        "code by zip and by bucket",
        BAD,
        lambda w: w.function(Code={"ZipFile": zipped(), "S3Bucket": "code", "S3Key": "a.zip"}),
    ),
    fn("CreateFunction", "zip that is none", BAD, lambda w: w.function(Code={"ZipFile": b"no zip"})),
    fn(
        "CreateFunction",
        "zip without a handler",
        BAD,
        lambda w: {key: value for key, value in w.function().items() if key != "Handler"},
    ),
    fn(
        "CreateFunction",
        "variable that Lambda keeps for itself",
        BAD,
        lambda w: w.function(Environment={"Variables": {"AWS_REGION": "eu-west-1"}}),
        guide("lambda/latest/dg/configuration-envvars.html"),
    ),
    fn(
        "CreateFunction",
        "variables of 5 KB",
        BAD,
        lambda w: w.function(Environment={"Variables": {"TEXT": "t" * 5000}}),
        guide("lambda/latest/dg/gettingstarted-limits.html"),
    ),
    fn(
        "CreateFunction",
        "subnets of two VPCs",
        BAD,
        lambda w: w.function(VpcConfig={"SubnetIds": [w.subnet_a, w.dark_subnet], "SecurityGroupIds": [w.group]}),
        guide("lambda/latest/dg/configuration-vpc.html"),
    ),
    fn(
        "CreateFunction",
        "groups without subnets",
        BAD,
        lambda w: w.function(VpcConfig={"SecurityGroupIds": [w.group]}),
        guide("lambda/latest/api/API_VpcConfig.html"),
    ),
    fn(
        "CreateFunction",
        "dead letters to a table",
        BAD,
        lambda w: w.function(DeadLetterConfig={"TargetArn": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/history"}),
        guide("lambda/latest/api/API_DeadLetterConfig.html"),
    ),
    fn(
        "CreateFunction",
        "SnapStart for Node.js",
        BAD,
        lambda w: w.function(Runtime="nodejs22.x", SnapStart={"ApplyOn": "PublishedVersions"}),
        guide("lambda/latest/dg/snapstart.html"),
    ),
    fn(
        "CreateFunction",
        "file system without a VPC",
        BAD,
        lambda w: w.function(
            FileSystemConfigs=[
                {
                    "Arn": f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:access-point/fsap-0123456789abcdef0",
                    "LocalMountPath": "/mnt/data",
                }
            ]
        ),
        guide("lambda/latest/api/API_FileSystemConfig.html"),
    ),
    fn(
        "CreateFunction",
        "log level for text logs",
        BAD,
        lambda w: w.function(LoggingConfig={"LogFormat": "Text", "ApplicationLogLevel": "INFO"}),
        guide("lambda/latest/api/API_LoggingConfig.html"),
    ),
    fn("CreateFunction", "two architectures", BAD, lambda w: w.function(Architectures=["x86_64", "arm64"])),
    fn(
        "UpdateFunctionConfiguration",
        "revision of another time",
        "PreconditionFailedException",
        lambda w: {"FunctionName": "chat", "Timeout": 9, "RevisionId": "00000000-0000-0000-0000-000000000000"},
    ),
    fn(
        "UpdateFunctionCode",
        "image for a zip function",
        BAD,
        lambda w: {"FunctionName": "chat", "ImageUri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/chat:1"},
    ),
    fn("PublishVersion", "hash of other code", BAD, lambda w: {"FunctionName": "chat", "CodeSha256": "A" * 43 + "="}),
    fn(
        "CreateAlias",
        "version that does not exist",
        "ResourceNotFoundException",
        lambda w: {"FunctionName": "chat", "Name": "live", "FunctionVersion": "7"},
    ),
    fn(
        "CreateAlias",
        "named like a version",
        "InvalidParameterValueException",
        lambda w: {"FunctionName": "chat", "Name": "12", "FunctionVersion": "$LATEST"},
    ),
    fn(
        "CreateAlias",
        "shares beside $LATEST",
        BAD,
        weighted_latest,
        guide("lambda/latest/dg/configuring-alias-routing.html"),
    ),
    fn("DeleteFunction", "version that an alias names", "ResourceConflictException", aliased),
    fn("DeleteFunction", "$LATEST alone", BAD, lambda w: {"FunctionName": "chat", "Qualifier": "$LATEST"}),
    fn(
        "AddPermission",
        "account of no service, for a service with a wrong name",
        BAD,
        lambda w: {
            "FunctionName": "chat",
            "StatementId": "x",
            "Action": "lambda:InvokeFunction",
            "Principal": "not a principal",
        },
    ),
    fn(
        "AddPermission",
        "URL's auth type for another action",
        BAD,
        lambda w: {
            "FunctionName": "chat",
            "StatementId": "x",
            "Action": "lambda:InvokeFunction",
            "Principal": "*",
            "FunctionUrlAuthType": "NONE",
        },
    ),
    fn(
        "RemovePermission",
        "statement that does not exist",
        "ResourceNotFoundException",
        lambda w: {"FunctionName": "chat", "StatementId": "nothing"},
    ),
    fn(
        "PutFunctionConcurrency",
        "all that the account has",
        BAD,
        lambda w: {"FunctionName": "chat", "ReservedConcurrentExecutions": 1000},
        guide("lambda/latest/dg/configuration-concurrency.html"),
    ),
    fn(
        "PutProvisionedConcurrencyConfig",
        "$LATEST",
        BAD,
        lambda w: {"FunctionName": "chat", "Qualifier": "$LATEST", "ProvisionedConcurrentExecutions": 1},
        guide("lambda/latest/dg/provisioned-concurrency.html"),
    ),
    fn("CreateFunctionUrlConfig", "the second", "ResourceConflictException", second_url),
    fn("PutFunctionEventInvokeConfig", "nothing to set", BAD, lambda w: {"FunctionName": "chat"}),
    fn(
        "TagResource",
        "a version's ARN",
        BAD,
        lambda w: {"Resource": f"{w.function_arn}:1", "Tags": {"a": "b"}},
        guide("lambda/latest/dg/configuration-tags.html"),
    ),
    fn(
        "Invoke",
        "payload that is not JSON",
        "InvalidRequestContentException",
        lambda w: {"FunctionName": "chat", "Payload": b"{no"},
    ),
    fn(
        "GetFunction",
        "version that does not exist",
        "ResourceNotFoundException",
        lambda w: {"FunctionName": "chat", "Qualifier": "9"},
    ),
)
