"""The load balancer without a cloud around it: rules, health, stickiness, WebSockets, refusals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from local_cloud.data.elb.deployed import Deployed, Target
from local_cloud.data.elb.front import Front
from local_cloud.data.elb.health import Health, Outcome, after
from local_cloud.data.elb.model import HealthCheck, LoadBalancer, Rule, TargetGroup, rules, target_group
from local_cloud.data.elb.routing import Asked, action_for, location
from local_cloud.data.network.model import ALLOWED, Verdict

CHECK = HealthCheck(healthy_after=2, unhealthy_after=2)
FORWARD = Rule((), ({"Type": "forward", "TargetGroupArn": "arn:tg"},))
OK, BAD = Outcome(200), Outcome(503)


@dataclass
class World:
    """What `front.World` asks for, set by hand."""

    ports: dict[Target, int]
    states: dict[Target, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = (FORWARD,)
    sticky: int | None = 3600
    entry: Verdict = ALLOWED
    reach: Verdict = ALLOWED

    @property
    def deployed(self) -> Deployed:
        group = TargetGroup("arn:tg", "tg", 8080, CHECK, self.sticky)
        balancer = LoadBalancer("arn:lb", "lb", ("s",), ("g",), rules=self.rules)
        return Deployed(balancer, {"arn:tg": group}, {"arn:tg": tuple(self.ports)})

    def state(self, group_arn: str, target: Target) -> str:
        return self.states.get(target, "healthy")

    def url(self, target: Target) -> str:
        return f"http://127.0.0.1:{self.ports[target]}"

    async def may_enter(self, client: str, port: int) -> Verdict:
        return self.entry

    async def may_reach(self, target: Target) -> Verdict:
        return self.reach


Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[int]:
    runner = web.ServerRunner(web.Server(handler))
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def balanced(world: World) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser without a cookie jar, whose paths are asked of a load balancer in front of the world."""
    front = Front(world, "10.0.5.5")
    jar = aiohttp.DummyCookieJar()
    try:
        async with (
            serving(front.handle) as port,
            aiohttp.ClientSession(f"http://127.0.0.1:{port}", cookie_jar=jar) as session,
        ):
            yield session
    finally:
        await front.close()


def named(name: str) -> Handler:
    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Upgrade"):
            socket = web.WebSocketResponse(protocols=["chat"])
            await socket.prepare(request)
            async for message in socket:
                await socket.send_str(f"{name}:{message.data}")
            return socket
        return web.json_response({"name": name, "headers": dict(request.headers), "path": request.raw_path})

    return handle


def test_headers_path_and_cookie() -> None:
    async def scenario() -> None:
        async with serving(named("a")) as port, balanced(World({Target("10.0.0.1", 8080): port})) as session:
            headers = {"X-Forwarded-For": "1.2.3.4", "Host": "chat.corp.example"}
            async with session.get("/x?y=%20z", headers=headers) as answer:
                got = await answer.json()
                assert got["path"] == "/x?y=%20z"
                assert got["headers"]["Host"] == "chat.corp.example"
                assert got["headers"]["X-Forwarded-For"] == "1.2.3.4, 10.0.5.5"
                assert got["headers"]["X-Forwarded-Proto"] == "http"
                assert set(answer.cookies) == {"AWSALB", "AWSALBCORS"}

    asyncio.run(scenario())


def test_browser_stays_until_its_target_is_gone() -> None:
    async def scenario() -> None:
        one, two = Target("10.0.0.1", 8080), Target("10.0.0.2", 8080)
        async with serving(named("a")) as first, serving(named("b")) as second:
            world = World({one: first, two: second})
            async with balanced(world) as session:
                async with session.get("/") as answer:
                    name = (await answer.json())["name"]
                    cookie = {"Cookie": f"AWSALB={answer.cookies['AWSALB'].value}"}
                for _round in range(8):
                    async with session.get("/", headers=cookie) as answer:
                        assert (await answer.json())["name"] == name
                world.states[one if name == "a" else two] = "unhealthy"
                async with session.get("/", headers=cookie) as answer:
                    assert (await answer.json())["name"] != name

    asyncio.run(scenario())


@pytest.mark.parametrize(("state", "status"), [("healthy", 200), ("unhealthy", 200), ("initial", 503)])
def test_fails_open_when_all_targets_are_unhealthy(state: str, status: int) -> None:
    async def scenario() -> None:
        target = Target("10.0.0.1", 8080)
        async with (
            serving(named("a")) as port,
            balanced(World({target: port}, {target: state})) as session,
            session.get("/") as answer,
        ):
            assert answer.status == status

    asyncio.run(scenario())


def test_target_that_is_gone_is_a_bad_gateway() -> None:
    async def scenario() -> None:
        async with balanced(World({Target("10.0.0.1", 8080): 1})) as session, session.get("/") as answer:
            assert answer.status == 502
            assert "502 Bad Gateway" in await answer.text()

    asyncio.run(scenario())


@pytest.mark.parametrize("leg", ["entry", "reach"])
def test_refused_connection_names_the_rule_in_two_languages(leg: str) -> None:
    async def scenario() -> None:
        world = World({Target("10.0.0.1", 8080): 1})
        setattr(world, leg, Verdict(False, "alb-sg has no inbound rule"))
        async with balanced(world) as session, session.get("/") as answer:
            text = await answer.text()
            assert answer.status == 504
            assert "alb-sg has no inbound rule" in text
            assert "許可していません" in text

    asyncio.run(scenario())


def test_websocket_both_ways_and_cut_when_a_rule_goes() -> None:
    async def scenario() -> None:
        async with serving(named("a")) as port:
            world = World({Target("10.0.0.1", 8080): port})
            async with balanced(world) as session, session.ws_connect("/", protocols=["chat"]) as socket:
                assert socket.protocol == "chat"
                await socket.send_str("こんにちは")
                assert await socket.receive_str() == "a:こんにちは"
                world.reach = Verdict(False, "revoked")
                message = await socket.receive(timeout=10)
                assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)

    asyncio.run(scenario())


def test_rules_in_order_redirect_and_fixed_response() -> None:
    described = [
        {"Priority": "default", "Actions": [{"Type": "forward", "TargetGroupArn": "t"}]},
        {
            "Priority": "20",
            "Conditions": [{"Field": "path-pattern", "Values": ["/old*"]}],
            "Actions": [
                {"Type": "redirect", "RedirectConfig": {"Path": "/new", "StatusCode": "HTTP_302", "Port": "443"}}
            ],
        },
        {
            "Priority": "3",
            "Conditions": [{"Field": "source-ip", "SourceIpConfig": {"Values": ["192.168.0.0/16"]}}],
            "Actions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403"}}],
        },
    ]
    tried = rules(described)
    asked = Asked("GET", "chat.example", "/old/page", "a=1", "10.0.0.1")
    action = action_for(tried, asked)
    assert action is not None
    assert action["Type"] == "redirect"
    config = {"Protocol": "HTTPS", "Port": "443", "Path": "/#{path}", "StatusCode": "HTTP_301"}
    assert location(config, asked, 80) == "https://chat.example/old/page?a=1"
    elsewhere = action_for(tried, Asked("GET", "h", "/", "", "192.168.1.1"))
    assert elsewhere is not None
    assert elsewhere["Type"] == "fixed-response"
    assert action_for((), asked) is None


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        ([], "initial"),
        ([OK], "healthy"),
        ([BAD], "initial"),
        ([BAD, BAD], "unhealthy"),
        ([BAD, BAD, OK], "unhealthy"),
        ([BAD, BAD, OK, OK], "healthy"),
        ([OK, BAD], "healthy"),
        ([OK, BAD, OK, BAD], "healthy"),
        ([OK, BAD, Outcome(0, "timeout")], "unhealthy"),
    ],
)
def test_health_over_time(outcomes: list[Outcome], state: str) -> None:
    health = Health()
    for outcome in outcomes:
        health = after(health, outcome, CHECK)
    assert health.state == state


@pytest.mark.parametrize(
    ("codes", "status", "good"), [("200", 200, True), ("200,302", 302, True), ("200-299", 301, False)]
)
def test_codes(codes: str, status: int, good: bool) -> None:
    assert HealthCheck(codes=codes).accepts(status) is good


def test_missing_attributes_are_the_defaults() -> None:
    group = target_group({"TargetGroupArn": "a", "TargetGroupName": "n"}, {})
    assert group.sticky_seconds is None
    assert group.check.path == "/"
    sticky = {"stickiness.enabled": "true", "stickiness.type": "lb_cookie"}
    assert target_group({"TargetGroupArn": "a", "TargetGroupName": "n"}, sticky).sticky_seconds == 86400
