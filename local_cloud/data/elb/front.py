"""One request through the load balancer: rules, security groups, target, answer."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from multidict import CIMultiDict

from local_cloud.data.egress.forward import end_to_end
from local_cloud.data.elb import answers, relay
from local_cloud.data.elb.deployed import Deployed, Target
from local_cloud.data.elb.model import LoadBalancer, TargetGroup, target_groups_of
from local_cloud.data.elb.routing import Asked, action_for, location
from local_cloud.data.elb.sticky import Stickiness
from local_cloud.data.network.model import Verdict


class World(Protocol):
    """What the front asks about: implemented by `balancer.Balancer`, and by tests."""

    deployed: Deployed

    def state(self, group_arn: str, target: Target) -> str: ...
    def url(self, target: Target) -> str: ...
    async def may_enter(self, client: str, port: int) -> Verdict: ...
    async def may_reach(self, target: Target) -> Verdict: ...


class Front:
    """`client` is the address that every browser is taken to have: one in the company's network."""

    def __init__(self, world: World, client: str, choose: Callable[[list[Target]], Target] = random.choice) -> None:
        self._world, self._client, self._choose = world, client, choose
        self._sticky = Stickiness()
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        balancer = self._world.deployed.balancer
        if balancer is None:
            return answers.nothing_deployed()
        verdict = await self._world.may_enter(self._client, balancer.port)
        if not verdict.allowed:
            return answers.refused(verdict.reason)
        asked = self._asked(request)
        action = action_for(balancer.rules, asked)
        if action is None:
            return answers.no_listener(balancer.name)
        if action["Type"] == "forward":
            return await self._forward(request, balancer, action)
        return own_answer(action, asked, balancer.port)

    def _asked(self, request: web.BaseRequest) -> Asked:
        parts = urlsplit(request.raw_path)
        host = request.headers.get("Host", "").partition(":")[0]
        return Asked(request.method, host, parts.path or "/", parts.query, self._client)

    async def _forward(
        self, request: web.BaseRequest, balancer: LoadBalancer, action: Mapping[str, Any]
    ) -> web.StreamResponse:
        chosen = self._target(request, action)
        if chosen is None:
            return answers.error(503)
        group, target = chosen
        verdict = await self._world.may_reach(target)
        if not verdict.allowed:
            return answers.refused(verdict.reason)
        headers = forwarded(request.headers.copy(), self._client, balancer.port)
        seconds = group.sticky_seconds
        try:
            if relay.is_upgrade(request):
                return await self._websocket(request, balancer, target, headers, seconds)
            return await self._http(request, balancer, target, headers, seconds)
        except TimeoutError:
            return answers.error(504)
        except aiohttp.ClientError:
            return answers.error(502)

    def _target(self, request: web.BaseRequest, action: Mapping[str, Any]) -> tuple[TargetGroup, Target] | None:
        """A healthy target, the browser's own if it has one; where none is healthy, any that was (fail open)."""
        for arn in target_groups_of(action):
            group = self._world.deployed.groups.get(arn)
            listed = [t for t in self._world.deployed.targets.get(arn, ()) if not t.draining]
            for state in ("healthy", "unhealthy"):
                usable = [t for t in listed if self._world.state(arn, t) == state]
                if group and usable:
                    kept = self._sticky.find(request.cookies, usable) if group.sticky_seconds else None
                    return group, kept or self._choose(usable)
        return None

    async def _http(
        self,
        request: web.BaseRequest,
        balancer: LoadBalancer,
        target: Target,
        headers: CIMultiDict[str],
        seconds: int | None,
    ) -> web.StreamResponse:
        answer = await self._http_session().request(
            request.method,
            self._world.url(target) + request.raw_path,
            headers=headers,
            data=request.content if request.body_exists else None,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=balancer.idle_seconds),
        )
        async with answer:
            response = web.StreamResponse(status=answer.status, reason=answer.reason)
            response.headers.extend(end_to_end(answer.headers))
            if seconds:
                self._sticky.set(response, target, seconds)
            await response.prepare(request)
            async for chunk in answer.content.iter_any():
                await response.write(chunk)
            await response.write_eof()
        return response

    async def _websocket(
        self,
        request: web.BaseRequest,
        balancer: LoadBalancer,
        target: Target,
        headers: CIMultiDict[str],
        seconds: int | None,
    ) -> web.StreamResponse:
        task = await relay.connect(
            self._http_session(), self._world.url(target) + request.raw_path, headers, relay.protocols(request)
        )
        browser = web.WebSocketResponse(
            protocols=[task.protocol] if task.protocol else [], autoping=False, max_msg_size=0, compress=False
        )
        if seconds:
            self._sticky.set(browser, target, seconds)
        await browser.prepare(request)

        async def still_allowed() -> bool:
            entered = await self._world.may_enter(self._client, balancer.port)
            return entered.allowed and (await self._world.may_reach(target)).allowed

        await relay.Relay(browser, task, still_allowed, balancer.idle_seconds).run()
        return browser

    def _http_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                auto_decompress=False,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                cookie_jar=aiohttp.DummyCookieJar(),
                connector=aiohttp.TCPConnector(limit=0),
            )
        return self._session


def own_answer(action: Mapping[str, Any], asked: Asked, port: int) -> web.Response:
    """A fixed response or a redirect; 500 for an action that is not known here (authentication)."""
    if action["Type"] == "fixed-response":
        config = action["FixedResponseConfig"]
        kind = config.get("ContentType") or "text/plain"
        body, status = config.get("MessageBody") or "", int(config["StatusCode"])
        return web.Response(status=status, text=body, content_type=kind, headers=answers.SERVER)
    if action["Type"] == "redirect":
        config = action["RedirectConfig"]
        status = 301 if config["StatusCode"] == "HTTP_301" else 302
        headers = {"Location": location(config, asked, port), **answers.SERVER}
        return web.Response(status=status, headers=headers)
    return answers.error(500)


def forwarded(headers: CIMultiDict[str], client: str, port: int) -> CIMultiDict[str]:
    """The request's headers with those that an Application Load Balancer adds ('X-Forwarded headers')."""
    passed = end_to_end(headers)
    before = passed.get("X-Forwarded-For")
    passed["X-Forwarded-For"] = f"{before}, {client}" if before else client
    passed["X-Forwarded-Proto"] = "http"
    passed["X-Forwarded-Port"] = str(port)
    passed.setdefault("X-Amzn-Trace-Id", f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}")
    return passed
