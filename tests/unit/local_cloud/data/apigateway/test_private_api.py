"""A private API through everything that stands before it: network, TLS, SigV4, policies, permission, function."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from small_company import Company, found, package

from local_cloud.data.apigateway.front import ApiFront
from local_cloud.data.egress.proxy import EgressProxy
from local_cloud.data.lambda_runtime.service import LambdaRuntime
from local_cloud.data.plane import DataPlane
from local_cloud.data.settings import Settings


@dataclass
class Caller:
    """A process in the VPC with a role: what a task is."""

    company: Company
    plane: DataPlane
    proxy: EgressProxy
    runtime: LambdaRuntime
    keys: Credentials

    token: str = ""

    async def post(
        self, body: dict[str, Any], *, url: str = "", signed: bool = True, exchanged: str = ""
    ) -> requests.Response:
        """`exchanged` takes the place of `token` after it was signed."""
        data, url = json.dumps(body).encode(), url or self.company.api_url
        return await asyncio.to_thread(self._post, data, url, signed, exchanged)

    def _post(self, body: bytes, url: str, signed: bool, exchanged: str) -> requests.Response:
        own = {"X-Chat-Id-Token": self.token} if self.token else {}
        request = AWSRequest("POST", url, headers={"Content-Type": "application/json", **own}, data=body)
        if signed:
            SigV4Auth(self.keys, "execute-api", self.company.settings.region).add_auth(request)
        environment = self.proxy.environment()
        with requests.Session() as session:
            session.trust_env = False
            if exchanged:
                request.headers.replace_header("X-Chat-Id-Token", exchanged)
            session.proxies = {"https": environment["HTTPS_PROXY"]}
            session.verify = environment["REQUESTS_CA_BUNDLE"]
            return session.post(url, data=body, headers=dict(request.headers.items()), timeout=20)


@asynccontextmanager
async def calling(company: Company) -> AsyncIterator[Caller]:
    plane = DataPlane.create(company.settings)
    runtime = LambdaRuntime(plane)
    await runtime.start()
    ApiFront(plane, runtime).register()
    plane.targets.add_server("*.amazonaws.com", company.settings.control_port)
    interface = await plane.interfaces.create(company.subnets[0], [company.caller_group], "test caller")
    proxy = await plane.open_egress(interface)
    issued = await plane.credentials.for_role(company.caller_role, "task")
    keys = Credentials(issued.access_key_id, issued.secret_access_key, issued.session_token)
    try:
        yield Caller(company, plane, proxy, runtime, keys)
    finally:
        await proxy.close()
        await runtime.close()
        await plane.close()


def with_caller(company: Company, test: Callable[[Caller], Awaitable[None]]) -> None:
    async def run() -> None:
        async with calling(company) as caller:
            await test(caller)

    asyncio.run(run())


def test_a_signed_question_reaches_the_function(settings: Settings) -> None:
    async def test(caller: Caller) -> None:
        answer = await caller.post({"message": "経費は？"})
        assert answer.status_code == 200, answer.text
        assert answer.headers["X-Answer"] == "yes"
        event = answer.json()["event"]
        assert json.loads(event["body"]) == {"message": "経費は？"}
        assert event["resource"] == event["path"] == "/"
        identity = event["requestContext"]["identity"]
        assert identity["userArn"] == "arn:aws:sts::123456789012:assumed-role/caller-role/task"
        assert identity["vpceId"] == caller.company.endpoint

    with_caller(found(settings), test)


def test_an_id_token_reaches_the_function_and_cannot_be_exchanged_on_the_way(settings: Settings) -> None:
    async def test(caller: Caller) -> None:
        caller.token = "aaa.bbb.ccc"
        event = (await caller.post({})).json()["event"]
        assert event["headers"]["X-Chat-Id-Token"] == "aaa.bbb.ccc"
        assert event["multiValueHeaders"]["X-Chat-Id-Token"] == ["aaa.bbb.ccc"]
        refused = await caller.post({}, exchanged="ddd.eee.fff")
        assert refused.status_code == 403
        assert refused.json()["message"].startswith("The request signature we calculated does not match")

    with_caller(found(settings), test)


def test_the_process_is_clean_warm_and_in_the_vpc(settings: Settings) -> None:
    async def test(caller: Caller) -> None:
        first = (await caller.post({})).json()
        assert first["environment"]["GREETING"] == "こんにちは"
        assert first["environment"]["AWS_LAMBDA_FUNCTION_NAME"] == "chatbot"
        assert first["cwd"] == first["environment"]["LAMBDA_TASK_ROOT"]
        assert "VIRTUAL_ENV" not in first["environment"]
        assert "HOME" not in first["environment"]
        assert (await caller.post({"do": "import", "module": "aiohttp"})).json()["imported"] is False
        again = (await caller.post({"do": "identity"})).json()
        assert again["pid"] == first["pid"]
        assert again["identity"] == "arn:aws:sts::123456789012:assumed-role/function-role/chatbot"

    with_caller(found(settings), test)


def test_refused_by_the_network_at_once(settings: Settings) -> None:
    company = found(settings)

    async def test(caller: Caller) -> None:
        assert (await caller.post({})).status_code == 200
        ec2 = company.client("ec2")
        group = ec2.describe_security_groups(GroupIds=[company.endpoint_group])["SecurityGroups"][0]
        ec2.revoke_security_group_ingress(GroupId=company.endpoint_group, IpPermissions=group["IpPermissions"])
        try:
            await caller.post({})
            refused = False
        except requests.ConnectionError:
            refused = True
        assert refused
        reason = "endpoint-sg has no inbound rule for tcp/443 from caller-sg"
        assert reason in (settings.logs / "network.log").read_text()

    with_caller(company, test)


def test_requests_that_are_not_authorized(settings: Settings) -> None:
    company = found(settings)

    async def test(caller: Caller) -> None:
        unsigned = await caller.post({}, signed=False)
        assert (unsigned.status_code, unsigned.json()) == (403, {"message": "Missing Authentication Token"})
        assert unsigned.headers["Access-Control-Allow-Origin"] == "*"
        right = caller.keys
        caller.keys = Credentials(right.access_key, "wrong", right.token)
        forged = await caller.post({})
        assert forged.status_code == 403
        assert forged.json()["message"].startswith("The request signature we calculated does not match")
        caller.keys = Credentials("AKIAUNKNOWN", "x", "y")
        unknown = await caller.post({})
        assert unknown.json() == {"message": "The security token included in the request is invalid."}
        issued = await caller.plane.credentials.for_role("arn:aws:iam::123456789012:role/function-role", "other")
        caller.keys = Credentials(issued.access_key_id, issued.secret_access_key, issued.session_token)
        other = await caller.post({})
        assert other.status_code == 403
        assert other.json()["Message"].startswith(
            "User: arn:aws:sts::123456789012:assumed-role/function-role/other is not authorized to perform:"
            f" execute-api:Invoke on resource: arn:aws:execute-api:ap-northeast-1:********9012:{company.api}/prod/POST/"
        )

    with_caller(company, test)


def test_a_policy_counts_once_deployed_and_deny_wins(settings: Settings) -> None:
    company = found(settings)

    async def test(caller: Caller) -> None:
        document = company.policy(company.caller_role)
        document["Statement"].append({**document["Statement"][1], "Effect": "Deny"})
        patch = {"op": "replace", "path": "/policy", "value": json.dumps(document)}
        company.client("apigateway").update_rest_api(restApiId=company.api, patchOperations=[patch])
        assert (await caller.post({})).status_code == 200
        company.deploy_api()
        denied = await caller.post({})
        assert denied.status_code == 403
        assert "with an explicit deny" in denied.json()["Message"]

    with_caller(company, test)


def test_unknown_names_paths_and_stages(settings: Settings) -> None:
    company = found(settings)

    async def test(caller: Caller) -> None:
        path = await caller.post({}, url=f"{company.api_url}nothing")
        assert path.json() == {"message": "Missing Authentication Token"}
        stage = await caller.post({}, url=company.api_url.replace("/prod/", "/test/"))
        assert (stage.status_code, stage.json()) == (403, {"message": "Forbidden"})
        api = await caller.post({}, url=company.api_url.replace(company.api, "zzzzzzzzzz"))
        assert api.json() == {"message": "Forbidden"}

    with_caller(company, test)


def test_failures_of_the_function(settings: Settings) -> None:
    company = found(settings)

    async def test(caller: Caller) -> None:
        for what in ("crash", "exit", "hang", "malformed"):
            failed = await caller.post({"do": what})
            assert (failed.status_code, failed.json()) == (502, {"message": "Internal server error"}), what
        assert (await caller.post({})).status_code == 200
        company.client("lambda").remove_permission(FunctionName="chatbot", StatementId="api")
        forbidden = await caller.post({})
        assert (forbidden.status_code, forbidden.json()) == (500, {"message": "Internal server error"})

    with_caller(company, test)


def test_an_integration_that_takes_too_long(settings: Settings) -> None:
    company = found(settings)

    async def test(caller: Caller) -> None:
        patch = {"op": "replace", "path": "/timeoutInMillis", "value": "500"}
        company.client("apigateway").update_integration(
            restApiId=company.api, resourceId=company.root, httpMethod="POST", patchOperations=[patch]
        )
        company.deploy_api()
        answer = await caller.post({"do": "hang"})
        assert (answer.status_code, answer.json()) == (504, {"message": "Endpoint request timed out"})

    with_caller(company, test)


def test_a_function_asked_by_another_method_than_post(settings: Settings) -> None:
    company = found(settings)

    async def test(caller: Caller) -> None:
        patch = {"op": "replace", "path": "/httpMethod", "value": "GET"}
        company.client("apigateway").update_integration(
            restApiId=company.api, resourceId=company.root, httpMethod="POST", patchOperations=[patch]
        )
        company.deploy_api()
        answer = await caller.post({})
        assert (answer.status_code, answer.json()) == (500, {"message": "Internal server error"})

    with_caller(company, test)


def test_a_new_deployment_gets_new_processes(settings: Settings) -> None:
    company = found(settings)

    async def test(caller: Caller) -> None:
        assert (await caller.post({})).json()["event"]
        code = package("def lambda_handler(event, context):\n    return {'statusCode': 201, 'body': 'new'}\n")
        company.client("lambda").update_function_code(FunctionName="chatbot", ZipFile=code)
        answer = await caller.post({})
        assert (answer.status_code, answer.text) == (201, "new")

    with_caller(company, test)


def test_output_goes_to_the_log_group(settings: Settings) -> None:
    company = found(settings)

    async def test(caller: Caller) -> None:
        assert (await caller.post({"do": "nothing"})).status_code == 200

    with_caller(company, test)  # closing sends what is left
    logs = company.client("logs")
    events = logs.filter_log_events(logGroupName="/aws/lambda/chatbot")["events"]
    lines = [event["message"] for event in events]
    kinds = [line.split()[0] for line in lines]
    assert kinds == ["INIT_START", "START", "asked", "END", "REPORT"]
    assert "Memory Size: 256 MB" in lines[-1]
    assert "Init Duration" in lines[-1]


def test_the_functions_interfaces_come_and_go_with_it(settings: Settings) -> None:
    company = found(settings)

    def lambda_interfaces() -> list[Any]:
        described = company.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
        return [i for i in described if i["InterfaceType"] == "lambda"]

    async def test(caller: Caller) -> None:
        assert (await caller.post({})).status_code == 200
        assert {i["SubnetId"] for i in lambda_interfaces()} == set(company.subnets)
        company.client("lambda").delete_function(FunctionName="chatbot")
        await caller.runtime.reconcile()
        assert lambda_interfaces() == []

    with_caller(company, test)
