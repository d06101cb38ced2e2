"""`execute-api`: from a request that came through the network to the integration's answer."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial

from aiohttp import web
from multidict import CIMultiDict

from local_cloud.data.apigateway import errors, proxy_event, signature
from local_cloud.data.apigateway.authorization import ACTION, Policies, authorize, method_arn
from local_cloud.data.apigateway.errors import ApiError, Reply
from local_cloud.data.apigateway.integrations import LambdaProxy, mock
from local_cloud.data.apigateway.request import BODY_LIMIT, ApiRequest, api_id
from local_cloud.data.apigateway.snapshot import Deployed, Method
from local_cloud.data.apigateway.streaming import BrokenStreamError, StreamedReply
from local_cloud.data.credentials import SessionCredentials
from local_cloud.data.egress.forward import path_of
from local_cloud.data.egress.targets import Connection
from local_cloud.data.lambda_runtime.service import READING_ERRORS, LambdaRuntime
from local_cloud.data.plane import DataPlane

LOG = logging.getLogger(__name__)


class ApiFront:
    """Registered for `*.execute-api.<region>.amazonaws.com` and the endpoint's own names."""

    def __init__(self, plane: DataPlane, runtime: LambdaRuntime) -> None:
        self._plane = plane
        self._lambda = LambdaProxy(plane.account, runtime)

    def register(self) -> None:
        region = self._plane.settings.region
        self._plane.targets.add(f"*.execute-api.{region}.amazonaws.com", self.handle, 443)
        self._plane.targets.add(f"*.execute-api.{region}.vpce.amazonaws.com", self.handle, 443)

    async def close(self) -> None:
        """Nothing of its own is open."""

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        """The target of the egress proxies."""
        path, _mark, query = path_of(request).partition("?")
        asked = ApiRequest(
            method=request.method,
            host=request.headers.get("Host", connection.host).partition(":")[0],
            path=path,
            query=query,
            headers=list(request.headers.items()),
            body=b"",
            connection=connection,
            source_ip=connection.source.private_ip if connection.source else "",
        )
        try:
            body = await _read(request)
        except ApiError as error:
            return _response(errors.reply(error, asked.request_id, {}))
        answered = await self.answer(replace(asked, body=body))
        return await send_stream(request, answered) if isinstance(answered, StreamedReply) else _response(answered)

    async def answer(self, request: ApiRequest) -> Reply | StreamedReply:
        """Every case has an answer; nothing is raised."""
        api: Deployed | None = None
        try:
            api = await self._deployed(request)
            return await self._answer(request, api)
        except ApiError as error:
            LOG.info("%s %s %s: %d %s", request.request_id, request.method, request.path, error.status, error.message)
            return errors.reply(error, request.request_id, api.gateway_responses if api else {})
        except READING_ERRORS:
            LOG.exception("%s %s %s", request.request_id, request.method, request.path)
            return errors.reply(errors.internal(), request.request_id, api.gateway_responses if api else {})

    async def _deployed(self, request: ApiRequest) -> Deployed:
        """A private API answers only through a VPC endpoint (associated, where the name says which)."""
        api = api_id(request)
        if not api or not request.stage:
            raise errors.forbidden()
        route = f"/_local/apigateway/{api}/{request.stage}"
        found = await self._plane.account.kept(route, partial(self._plane.account.request, route), "apigateway")
        if found is None:
            raise errors.forbidden()
        deployed = Deployed.from_answer(found)
        endpoint = request.connection.endpoint_id
        named = f"-{endpoint}." in request.host
        not_private = "PRIVATE" in deployed.endpoint_types and not endpoint
        not_associated = named and endpoint not in deployed.endpoint_ids
        if not_private or not_associated or deployed.default_endpoint_disabled:
            raise errors.forbidden()
        return deployed

    async def _answer(self, request: ApiRequest, api: Deployed) -> Reply | StreamedReply:
        method = api.find(request.resource_path, request.method)
        if method is None:
            raise errors.missing_token()
        caller = await self._authorized(request, api, method)
        settings = self._plane.settings
        kind = method.integration.get("type")
        if kind == "MOCK":
            return mock(method.integration, request.request_id)
        if kind != "AWS_PROXY":
            raise errors.internal(500)
        source = method_arn(
            settings.region, settings.account_id, api.api_id, api.stage, method.http_method, method.resource
        )
        event = proxy_event.event(request, api, method, caller, settings.account_id)
        return await self._lambda.invoke(method.integration, source, event, request.request_id)

    async def _authorized(self, request: ApiRequest, api: Deployed, method: Method) -> SessionCredentials | None:
        settings, account = self._plane.settings, self._plane.account
        caller = None
        if method.authorization == "AWS_IAM":
            caller = signature.check(request, settings.region, self._plane.credentials.find)
        elif method.authorization != "NONE":
            raise errors.internal(500)
        endpoint = (await account.network()).endpoints.get(request.connection.endpoint_id)
        policies = Policies(
            resource=api.policy,
            identity=await account.role_policies(caller.role_arn) if caller else (),
            endpoint=endpoint.policy if endpoint else None,
        )
        arn = method_arn(
            settings.region, settings.account_id, api.api_id, api.stage, request.method, request.resource_path
        )
        try:
            authorize(caller, settings.account_id, arn, _context(request), policies)
        except ApiError:
            await self._note(caller, arn, request, "denied")
            raise
        await self._note(caller, arn, request, "allowed")
        return caller

    async def _note(self, caller: SessionCredentials | None, arn: str, request: ApiRequest, decision: str) -> None:
        """In the control plane's record, beside the AWS calls."""
        body = {
            "service": "execute-api",
            "operation": "Invoke",
            "needs": [{"action": ACTION, "resource": arn}],
            "endpoint_id": request.connection.endpoint_id,
            "vpc_id": request.connection.vpc_id,
            "decision": decision,
            "access_key": caller.access_key_id if caller else "",
        }
        await self._plane.account.request("/_local/permissions/judge", "POST", body)


def _context(request: ApiRequest) -> dict[str, str]:
    """Condition keys of a request through a VPC endpoint (IAM guide, 'AWS global condition context keys')."""
    connection = request.connection
    values = {
        "aws:sourcevpce": connection.endpoint_id,
        "aws:sourcevpc": connection.vpc_id if connection.endpoint_id else "",
        "aws:vpcsourceip": request.source_ip if connection.endpoint_id else "",
        "aws:sourceip": "" if connection.endpoint_id else request.source_ip,
        "aws:securetransport": str(connection.secure).lower(),
        "aws:useragent": request.header("User-Agent"),
    }
    return {key: value for key, value in values.items() if value}


async def _read(request: web.BaseRequest) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise errors.too_large()
    return bytes(body)


def _response(reply: Reply) -> web.StreamResponse:
    return web.Response(status=reply.status, headers=CIMultiDict(reply.headers), body=reply.body)


async def send_stream(request: web.BaseRequest, reply: StreamedReply) -> web.StreamResponse:
    """Each piece on its own, as it comes; a stream that breaks is cut off without the end that chunks have."""
    response = web.StreamResponse(status=reply.head.status, headers=CIMultiDict(reply.head.headers))
    await response.prepare(request)
    try:
        async for piece in reply.body:
            await response.write(piece)
        await response.write_eof()
    except BrokenStreamError:
        LOG.warning("a streamed answer broke off")
        if request.transport is not None:
            request.transport.abort()
    except ConnectionError:
        LOG.info("the client of a streamed answer went away")
    return response
