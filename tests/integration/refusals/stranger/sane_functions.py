"""Calls on Lambda that AWS takes, as companies make them, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, Params, case
from tests.integration.refusals.world import zipped

INVOKED = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:*/*/POST/"


def of(name: str = "full", **more: Any) -> Params:
    return {"FunctionName": name, **more}


SANE: tuple[Case, ...] = (
    case(
        "lambda",
        "CreateFunction",
        "all options",
        lambda w: w.function(
            FunctionName="full",
            Description="answers",
            Timeout=900,
            MemorySize=10240,
            Publish=True,
            Architectures=["arm64"],
            VpcConfig={"SubnetIds": [w.subnet_a, w.subnet_c], "SecurityGroupIds": [w.group]},
            Environment={
                "Variables": {"LOG_LEVEL": "INFO", "SEARCH_URL": "https://search.corp.example:9200", "A1": ""}
            },
            TracingConfig={"Mode": "Active"},
            EphemeralStorage={"Size": 512},
            Tags={"Owner": "チーム"},
            LoggingConfig={
                "LogFormat": "JSON",
                "ApplicationLogLevel": "INFO",
                "SystemLogLevel": "WARN",
                "LogGroup": "/chat",
            },
            SnapStart={"ApplyOn": "PublishedVersions"},
        ),
    ),
    case(
        "lambda",
        "CreateFunction",
        "10 GB of temporary storage",
        lambda w: w.function(
            FunctionName="ingest", EphemeralStorage={"Size": 10240}, LoggingConfig={"LogFormat": "Text"}
        ),
    ),
    case("lambda", "CreateAlias", "live", lambda w: of(Name="live", FunctionVersion="1", Description="what users get")),
    case(
        "lambda",
        "AddPermission",
        "on the alias, from one method",
        lambda w: of(
            Qualifier="live",
            StatementId="api-live_1",
            Action="lambda:InvokeFunction",
            SourceArn=INVOKED,
            Principal="apigateway.amazonaws.com",
            SourceAccount=ACCOUNT,
        ),
    ),
    case(
        "lambda",
        "AddPermission",
        "for another account",
        lambda w: of(StatementId="partner", Action="lambda:InvokeFunction", Principal="210987654321"),
    ),
    case("lambda", "PutFunctionConcurrency", "at most ten", lambda w: of(ReservedConcurrentExecutions=10)),
    case(
        "lambda",
        "PutFunctionEventInvokeConfig",
        "no second try",
        lambda w: of(MaximumRetryAttempts=0, MaximumEventAgeInSeconds=60),
    ),
    case(
        "lambda",
        "UpdateFunctionConfiguration",
        "variables of 3.5 KB",
        lambda w: of(Environment={"Variables": {f"K{n}": "v" * 100 for n in range(33)}}, Description=""),
    ),
    case("lambda", "UpdateFunctionCode", "published at once", lambda w: of(ZipFile=zipped(), Publish=True)),
    case(
        "lambda",
        "UpdateFunctionConfiguration",
        "out of the VPC",
        lambda w: of(VpcConfig={"SubnetIds": [], "SecurityGroupIds": []}),
    ),
    case(
        "lambda",
        "TagResource",
        "thirty",
        lambda w: {"Resource": w.function_arn, "Tags": {f"cost:{n}": "v" for n in range(30)}},
    ),
)
