"""The whole backend behind the streaming route: function, Runtime API, API front, egress proxy, TLS, a client.

The model holds after its first piece until the client has it: did anything between them buffer, neither would go on.
"""

from __future__ import annotations

import asyncio
import importlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from aiohttp import web
from ansible_collections.private_rag.aws.plugins.module_utils import _lambda_package as build
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from small_company import ACCOUNT, Company, found

from local_cloud.data.apigateway.front import ApiFront
from local_cloud.data.bedrock.service import BedrockRuntime
from local_cloud.data.egress.proxy import EgressProxy
from local_cloud.data.egress.targets import Connection
from local_cloud.data.lambda_runtime.service import LambdaRuntime
from local_cloud.data.plane import DataPlane
from local_cloud.data.settings import Settings

SOURCE = Path(__file__).parents[5] / "files" / "lambda"
# A name that the VPC resolves by an endpoint; what answers there is the test's search server.
SEARCH_HOST = "sts.ap-northeast-1.amazonaws.com"
DOCUMENT = {"title": "出張旅費規程", "text": "国内出張の宿泊費の上限は一泊12,000円です。", "source": "規程/旅費.md"}
QUESTION = "宿泊費の上限は？"
FIRST, REST = "宿泊費の上限は一泊", "12,000円です [1]。"


@dataclass
class HeldModel:
    """Says FIRST, then waits for `go_on`; `broken` ends it there, as a connection that is lost."""

    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    broken: bool = False
    finished: bool = False

    async def reply(self, body: Mapping[str, Any]) -> str:
        return FIRST + REST

    async def stream(self, body: Mapping[str, Any]) -> AsyncIterator[str]:
        yield FIRST
        await self.go_on.wait()
        if self.broken:
            raise ConnectionResetError
        yield REST
        self.finished = True


async def search(request: web.BaseRequest, _connection: Connection) -> web.StreamResponse:
    if request.path.endswith("_search"):
        return web.json_response({"hits": {"hits": [{"_id": "d1", "_score": 3.0, "_source": DOCUMENT}]}})
    fields = {name: {"type": "text"} for name in DOCUMENT}
    return web.json_response({"docs": {"mappings": {"properties": fields}}})


def packages() -> Iterator[tuple[str, Path]]:
    """What requirements.lock holds beside the runtime's own packages, as installed here."""
    for name in ("requests", "certifi", "idna", "charset_normalizer"):
        folder = Path(str(importlib.import_module(name).__file__)).parent
        yield from ((f"{name}/{path.relative_to(folder).as_posix()}", path) for path in folder.rglob("*.py*"))
        yield from ((f"{name}/{path.name}", path) for path in folder.glob("*.pem"))


def backend() -> bytes:
    return build.zip_bytes(
        build.source_files(SOURCE) | {name: path for name, path in packages() if path.suffix != ".pyc"}
    )


def deployed(settings: Settings) -> Company:
    """The small company with our own function, and POST /stream beside POST /."""
    company = found(settings)
    ec2, gateway, functions = (company.client(name) for name in ("ec2", "apigateway", "lambda"))
    ec2.create_vpc_endpoint(
        VpcId=company.vpc,
        ServiceName=f"com.amazonaws.{settings.region}.bedrock-runtime",
        VpcEndpointType="Interface",
        SubnetIds=list(company.subnets),
        SecurityGroupIds=[company.endpoint_group],
        PrivateDnsEnabled=True,
    )
    company.client("dynamodb").create_table(
        TableName="ChatHistory",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        BillingMode="PAY_PER_REQUEST",
    )
    rights = [{"Effect": "Allow", "Action": ["dynamodb:*", "bedrock:*"], "Resource": "*"}]
    document = json.dumps({"Version": "2012-10-17", "Statement": rights})
    company.client("iam").put_role_policy(RoleName="function-role", PolicyName="rag", PolicyDocument=document)
    functions.update_function_code(FunctionName="chatbot", ZipFile=backend())
    functions.update_function_configuration(
        FunctionName="chatbot",
        Handler="lambda_function.lambda_handler",
        Timeout=60,
        Environment={"Variables": VARIABLES},
    )
    route = gateway.create_resource(restApiId=company.api, parentId=company.root, pathPart="stream")["id"]
    here = {"restApiId": company.api, "resourceId": route, "httpMethod": "POST"}
    gateway.put_method(**here, authorizationType="AWS_IAM")
    gateway.put_integration(
        **here,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        responseTransferMode="STREAM",
        timeoutInMillis=60_000,
        uri=f"arn:aws:apigateway:{settings.region}:lambda:path/2021-11-15/functions/{company.function_arn}"
        "/response-streaming-invocations",
    )
    functions.add_permission(
        FunctionName="chatbot",
        StatementId="stream",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{settings.region}:{ACCOUNT}:{company.api}/*/POST/stream",
    )
    company.deploy_api()
    return company


VARIABLES = {
    "AWS_LAMBDA_EXEC_WRAPPER": "/var/task/exec_wrapper",
    "STREAMING": "true",
    "ES_HOST": f"https://{SEARCH_HOST}",
    "ES_INDEX": "docs",
    "BEDROCK_MODEL_ID": "jp.anthropic.claude-opus-5-5",
    "DYNAMODB_TABLE_NAME": "ChatHistory",
}


@dataclass
class Client:
    company: Company
    proxy: EgressProxy
    keys: Credentials
    model: HeldModel

    def open(self, route: str = "stream") -> requests.Response:
        """Asks; the answer's body is still to be read."""
        url, data = f"{self.company.api_url}{route}", json.dumps({"message": QUESTION}).encode()
        request = AWSRequest("POST", url, headers={"Content-Type": "application/json"}, data=data)
        SigV4Auth(self.keys, "execute-api", self.company.settings.region).add_auth(request)
        environment = self.proxy.environment()
        session = requests.Session()
        session.trust_env = False
        session.proxies = {"https": environment["HTTPS_PROXY"]}
        session.verify = environment["REQUESTS_CA_BUNDLE"]
        return session.post(url, data=data, headers=dict(request.headers.items()), timeout=60, stream=True)

    def turns(self) -> int:
        found = self.company.client("dynamodb").scan(TableName="ChatHistory")["Items"]
        return sum(item["sk"]["S"].startswith("REQ#") for item in found)


@asynccontextmanager
async def client(company: Company) -> AsyncIterator[Client]:
    plane = DataPlane.create(company.settings)
    runtime, model = LambdaRuntime(plane), HeldModel()
    await runtime.start()
    ApiFront(plane, runtime).register()
    plane.targets.add(SEARCH_HOST, search)
    plane.targets.add("bedrock-runtime.*.amazonaws.com", BedrockRuntime(model))
    plane.targets.add_server("*.amazonaws.com", company.settings.control_port)
    interface = await plane.interfaces.create(company.subnets[0], [company.caller_group], "test caller")
    proxy = await plane.open_egress(interface)
    issued = await plane.credentials.for_role(company.caller_role, "task")
    keys = Credentials(issued.access_key_id, issued.secret_access_key, issued.session_token)
    try:
        yield Client(company, proxy, keys, model)
    finally:
        await proxy.close()
        await runtime.close()
        await plane.close()


def with_client(settings: Settings, test: Callable[[Client], Awaitable[None]]) -> None:
    async def run() -> None:
        async with client(deployed(settings)) as opened:
            await test(opened)

    asyncio.run(run())


def read(opened: requests.Response, seen: Callable[[dict[str, Any]], None]) -> list[dict[str, Any]]:
    """The lines, each told to `seen` as it comes."""
    lines = []
    for raw in opened.iter_lines(chunk_size=None):
        lines.append(json.loads(raw))
        seen(lines[-1])
    return lines


async def asked(opened: Client, seen: Callable[[dict[str, Any]], None]) -> tuple[int, list[dict[str, Any]]]:
    def ask() -> tuple[int, list[dict[str, Any]]]:
        with opened.open() as response:
            return response.status_code, read(response, seen)

    return await asyncio.to_thread(ask)


def test_the_first_words_reach_the_client_while_the_model_still_thinks(settings: Settings) -> None:
    async def test(opened: Client) -> None:
        loop = asyncio.get_running_loop()

        def seen(line: dict[str, Any]) -> None:
            if line["type"] == "draft":
                loop.call_soon_threadsafe(opened.model.go_on.set)

        status, lines = await asked(opened, seen)
        assert status == 200, lines
        assert [line["type"] for line in lines] == ["start", "draft", "draft", "text", "done"]
        assert lines[1]["text"] == FIRST
        assert lines[-1]["response"] == FIRST + REST
        assert [citation["source"] for citation in lines[-1]["citations"]] == [DOCUMENT["source"]]
        assert opened.turns() == 1
        buffered = await asyncio.to_thread(whole, opened)
        assert buffered["response"] == FIRST + REST

    with_client(settings, test)


def whole(opened: Client) -> dict[str, Any]:
    """POST / of the same function."""
    with opened.open("") as response:
        answer: dict[str, Any] = response.json()
        return answer


def test_a_model_that_breaks_off_is_told_and_nothing_is_stored(settings: Settings) -> None:
    async def test(opened: Client) -> None:
        loop = asyncio.get_running_loop()
        opened.model.broken = True

        def seen(line: dict[str, Any]) -> None:
            if line["type"] == "draft":
                loop.call_soon_threadsafe(opened.model.go_on.set)

        status, lines = await asked(opened, seen)
        assert status == 200
        assert [line["type"] for line in lines] == ["start", "draft", "error"]
        assert lines[-1]["error"]["code"] == "model_unavailable"
        assert lines[-1]["error"]["request_id"] == lines[0]["request_id"]
        assert opened.turns() == 0

    with_client(settings, test)


def test_a_client_that_goes_away_does_not_stop_the_function(settings: Settings) -> None:
    async def test(opened: Client) -> None:
        def leave() -> None:
            with opened.open() as response:
                assert b"start" in next(response.iter_lines(chunk_size=None))

        await asyncio.to_thread(leave)
        opened.model.go_on.set()
        async with asyncio.timeout(30):
            while not await asyncio.to_thread(opened.turns):
                await asyncio.sleep(0.05)
        assert opened.model.finished

    with_client(settings, test)
