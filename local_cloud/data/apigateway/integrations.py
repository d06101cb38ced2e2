"""What stands behind a method: a Lambda function by proxy, or a mock (the OPTIONS method of CORS)."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from local_cloud.data.account import Account
from local_cloud.data.apigateway import proxy_event
from local_cloud.data.apigateway.errors import Reply, internal, static_headers, timed_out
from local_cloud.data.apigateway.streaming import Stream, StreamedReply
from local_cloud.data.lambda_runtime.packages import RuntimeUnavailableError
from local_cloud.data.lambda_runtime.pool import ThrottledError
from local_cloud.data.lambda_runtime.runtime_api import InvocationResult, Sink
from local_cloud.data.lambda_runtime.service import FunctionNotFoundError, LambdaRuntime
from local_cloud.data.policy import Decision, Document, Principal, Request, decide

LOG = logging.getLogger(__name__)
TIMEOUT_MS = 29_000
"""Integration timeout where none is set (API Gateway quotas)."""
FUNCTION_URI = re.compile(r":lambda:path/[0-9-]+/functions/(arn:[^/]+)/(response-streaming-)?invocations$")


def mock(integration: Mapping[str, Any], request_id: str) -> Reply:
    """The integration response of the status that the request template names, with its constant headers."""
    template = (integration.get("requestTemplates") or {}).get("application/json", "")
    found = re.search(r'"statusCode"\s*:\s*(\d{3})', template)
    status = found.group(1) if found else "200"
    responses = integration.get("integrationResponses") or {}
    response = responses.get(status)
    if response is None:
        raise internal(500)
    body = (response.get("responseTemplates") or {}).get("application/json") or ""
    headers = {
        "Content-Type": "application/json",
        "x-amzn-RequestId": request_id,
        **static_headers(response.get("responseParameters") or {}, "method.response.header."),
    }
    return Reply(int(response.get("statusCode", status)), tuple(headers.items()), body.encode())


class LambdaProxy:
    """Invokes the function that an integration names, as the API may."""

    def __init__(self, account: Account, runtime: LambdaRuntime) -> None:
        self._account, self._runtime = account, runtime
        self._running: set[asyncio.Task[InvocationResult]] = set()

    async def invoke(
        self, integration: Mapping[str, Any], source_arn: str, event: dict[str, Any], request_id: str
    ) -> Reply | StreamedReply:
        """Raises ApiError 500 (not POST, no permission, no function, throttled), 502 (it failed), 504 (too slow)."""
        if integration.get("httpMethod") != "POST":
            # PutIntegration takes any method; Lambda's Invoke API has POST only (localstack/localstack pull 10512).
            LOG.warning("%s asks Lambda by %s, not by POST", source_arn, integration.get("httpMethod"))
            raise internal(500)
        found = FUNCTION_URI.search(integration.get("uri", ""))
        if found is None or not await self._permitted(found.group(1), source_arn):
            LOG.warning("%s may not invoke %s", source_arn, integration.get("uri"))
            raise internal(500)
        if (integration.get("responseTransferMode") == "STREAM") is not (found.group(2) is not None):
            raise internal(500)  # 'API Gateway requires you to use the InvokeWithResponseStream API'
        seconds = int(integration.get("timeoutInMillis") or TIMEOUT_MS) / 1000
        try:
            if found.group(2):
                stream = Stream(seconds)
                stream.follow(self._start(found.group(1), event, stream.take))
                return await stream.reply(request_id)
            result = await asyncio.wait_for(asyncio.shield(self._start(found.group(1), event)), seconds)
        except TimeoutError:
            raise timed_out() from None
        except (FunctionNotFoundError, ThrottledError, RuntimeUnavailableError) as error:
            LOG.warning("%s cannot run: %s", found.group(1), error)
            raise internal(500) from None
        if result.function_error:
            raise internal(502)
        return proxy_event.answer(result.payload, request_id)

    def _start(
        self, function_arn: str, event: dict[str, Any], sink: Sink | None = None
    ) -> asyncio.Task[InvocationResult]:
        """The invocation by itself: it goes on where nobody waits for it any more."""
        invocation = self._runtime.invoke(function_arn, json.dumps(event).encode(), sink=sink)
        running = asyncio.ensure_future(invocation)
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return running

    async def _permitted(self, function_arn: str, source_arn: str) -> bool:
        """The function's own policy must let API Gateway in for this method (AddPermission)."""
        documents = await self._account.kept(
            f"permission {function_arn}", partial(self._policy, function_arn), "lambda"
        )
        request = Request(
            "lambda:InvokeFunction",
            function_arn,
            Principal(service="apigateway.amazonaws.com"),
            {"aws:sourcearn": source_arn, "aws:sourceaccount": source_arn.split(":")[4]},
        )
        return decide(documents, request, names_principals=True) is Decision.ALLOW

    async def _policy(self, function_arn: str) -> list[Document]:
        try:
            answer = await self._account.call("lambda", "get_policy", FunctionName=function_arn)
        except self._account.client("lambda").exceptions.ResourceNotFoundException:
            return []
        document: Document = json.loads(answer["Policy"])
        return [document]
