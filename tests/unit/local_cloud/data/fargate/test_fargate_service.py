"""Services and one-off tasks, from the pushed image to the answer through the load balancer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from fargate_world import World, balance, build

from local_cloud.data import elb, fargate
from local_cloud.data.plane import DataPlane
from local_cloud.data.settings import Settings

LIMIT_SECONDS = 60


@pytest.fixture
def world(settings: Settings) -> World:
    return build(settings)


@asynccontextmanager
async def running(world: World) -> AsyncIterator[str]:
    """The data plane's ECS and load balancer; yields the URL of the latter."""
    plane = DataPlane.create(world.settings)
    plane.targets.add_server("*.amazonaws.com", world.settings.control_port)
    balancer = await elb.start(plane)
    tasks = await fargate.start(plane)
    try:
        yield f"http://127.0.0.1:{balancer.port}"
    finally:
        await tasks.close()
        await balancer.close()
        await plane.close()


async def until(found: Callable[[], Any]) -> Any:
    """What it finds, as soon as it finds something."""
    async with asyncio.timeout(LIMIT_SECONDS):
        while True:
            result = await asyncio.to_thread(found)
            if result:
                return result
            await asyncio.sleep(0.2)


def settled(world: World) -> bool:
    deployments = world.service()["deployments"]
    return len(deployments) == 1 and deployments[0]["rolloutState"] == "COMPLETED"


def stopped(world: World) -> list[dict[str, Any]]:
    return [t for t in world.tasks("STOPPED") if t["lastStatus"] == "STOPPED"]


async def get(url: str, **options: Any) -> tuple[int, Any, aiohttp.ClientResponse]:
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(cookie_jar=jar) as session, session.get(url, **options) as answer:
        body = await (answer.json(content_type=None) if answer.status == 200 else answer.text())
        return answer.status, body, answer


def balanced(world: World) -> list[dict[str, Any]]:
    return [{"targetGroupArn": world.target_group, "containerName": "web", "containerPort": 8080}]


def test_task_behind_the_load_balancer(world: World) -> None:
    balance(world)
    world.create_service(world.register(), loadBalancers=balanced(world))

    async def scenario() -> None:
        async with running(world) as url:
            await until(lambda: settled(world))
            status, facts, answer = await get(url)
            assert status == 200
            environment = facts["environment"]
            assert facts["greeting"] == "hello"
            assert facts["modules"] == []  # nothing of this machine's Python
            assert environment["CHAT_API_URL"] == "https://example"
            assert environment["COOKIE"] == "s3cret"
            assert environment["FROM_IMAGE"] == "1"
            assert environment["HTTPS_PROXY"].startswith("http://127.0.0.1:")
            assert facts["role"] == world.roles["task"]
            assert "LOCAL_CLOUD_STATE" not in environment
            assert facts["headers"]["X-Forwarded-For"] == "10.0.5.5"
            assert facts["headers"]["X-Forwarded-Port"] == "80"
            assert answer.cookies["AWSALB"].value
            (task,) = world.tasks()
            details = {d["name"]: d["value"] for d in task["attachments"][0]["details"]}
            assert details["subnetId"] in world.subnets
            assert task["containers"][0]["imageDigest"] == world.image.partition("@")[2]

    asyncio.run(scenario())


def test_output_goes_to_cloudwatch_logs(world: World) -> None:
    world.create_service(world.register())
    logs = world.client("logs")

    def messages() -> list[str]:
        streams = logs.describe_log_streams(logGroupName="/ecs/chat")["logStreams"]
        names = [s["logStreamName"] for s in streams]
        assert all(n.startswith("ecs/web/") for n in names)
        return [
            e["message"]
            for n in names
            for e in logs.get_log_events(logGroupName="/ecs/chat", logStreamName=n)["events"]
        ]

    async def scenario() -> None:
        async with running(world):
            assert await until(messages) == ["listening, こんにちは"]

    asyncio.run(scenario())


def test_revoked_rule_is_named_and_health_is_lost(world: World) -> None:
    balance(world)
    world.create_service(world.register(), loadBalancers=balanced(world), healthCheckGracePeriodSeconds=3000)

    async def scenario() -> None:
        async with running(world) as url:
            await until(lambda: settled(world))
            world.revoke_egress("alb", "task", 8080)
            status, text, _answer = await get(url)
            assert status == 504
            assert "alb-sg has no outbound rule for tcp/8080 to task-sg" in text

    asyncio.run(scenario())


def test_two_tasks_spread_over_zones_and_keep_their_browser(world: World) -> None:
    balance(world)
    world.create_service(world.register(), 2, loadBalancers=balanced(world))

    async def scenario() -> None:
        async with running(world) as url:
            await until(lambda: settled(world))
            zones = {task["availabilityZone"] for task in world.tasks()}
            assert zones == {"ap-northeast-1a", "ap-northeast-1c"}
            _status, first, answer = await get(url)
            cookie = {"Cookie": f"AWSALB={answer.cookies['AWSALB'].value}"}
            addresses = {
                (await get(url, headers=cookie))[1]["environment"]["STREAMLIT_SERVER_ADDRESS"] for _round in range(8)
            }
            assert addresses == {first["environment"]["STREAMLIT_SERVER_ADDRESS"]}

    asyncio.run(scenario())


def test_new_definition_replaces_the_task_without_a_gap(world: World) -> None:
    balance(world)
    world.create_service(world.register(), loadBalancers=balanced(world))

    async def scenario() -> None:
        async with running(world) as url:
            await until(lambda: settled(world))
            environment = [{"name": "CHAT_API_URL", "value": "https://new"}]
            new = world.register(environment=environment)
            world.client("ecs").update_service(cluster="chat", service="chat", taskDefinition=new)
            seen: set[str] = set()
            async with asyncio.timeout(LIMIT_SECONDS):
                while "https://new" not in seen or not await asyncio.to_thread(settled, world):
                    status, facts, _answer = await get(url)
                    assert status == 200, facts
                    seen.add(facts["environment"]["CHAT_API_URL"])
                    await asyncio.sleep(0.1)
            assert seen == {"https://example", "https://new"}
            await until(lambda: len(world.tasks()) == 1 and stopped(world))

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("service", "message"),
    [
        ("secretsmanager", "ResourceInitializationError: unable to pull secrets or registry auth"),
        ("ecr.api", "connection issue between the task and Amazon ECR"),
        ("ecr.dkr", "CannotPullContainerError"),
        ("s3", "CannotPullContainerError: ref pull has been retried"),
        ("logs", "failed to validate logger args"),
    ],
)
def test_an_endpoint_that_is_missing_stops_the_task(world: World, service: str, message: str) -> None:
    ec2 = world.client("ec2")
    name = f"com.amazonaws.ap-northeast-1.{service}"
    found = ec2.describe_vpc_endpoints(Filters=[{"Name": "service-name", "Values": [name]}])["VpcEndpoints"]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[found[0]["VpcEndpointId"]])
    world.create_service(world.register())

    async def scenario() -> None:
        async with running(world):
            task = (await until(lambda: stopped(world)))[0]
            assert message in task["stoppedReason"]
            assert task["stopCode"] == "TaskFailedToStart"

    asyncio.run(scenario())


def test_circuit_breaker_rolls_back(world: World) -> None:
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    good = world.register()
    world.create_service(good, deploymentConfiguration=breaker)

    async def scenario() -> None:
        async with running(world):
            await until(lambda: settled(world))
            bad = world.register(command=["python", "nothing.py"])
            world.client("ecs").update_service(cluster="chat", service="chat", taskDefinition=bad)
            await until(lambda: settled(world) and world.service()["taskDefinition"] == good and stopped(world))
            assert [t["lastStatus"] for t in world.tasks()] == ["RUNNING"]

    asyncio.run(scenario())


def test_one_off_task_with_overrides(world: World) -> None:
    definition = world.register()
    change = {
        "name": "web",
        "command": ["python", "app.py", "once"],
        "environment": [{"name": "WHOM", "value": "you"}],
    }
    world.client("ecs").run_task(
        cluster="chat",
        taskDefinition=definition,
        launchType="FARGATE",
        networkConfiguration=world.network,
        overrides={"containerOverrides": [change]},
    )

    async def scenario() -> None:
        async with running(world):
            (task,) = await until(lambda: stopped(world))
            assert task["containers"][0]["exitCode"] == 3
            assert task["stopCode"] == "EssentialContainerExited"

    asyncio.run(scenario())
    logs = world.client("logs")
    stream = logs.describe_log_streams(logGroupName="/ecs/chat")["logStreams"][0]["logStreamName"]
    events = logs.get_log_events(logGroupName="/ecs/chat", logStreamName=stream)["events"]
    assert [e["message"] for e in events] == ["ran once for you"]


def test_scaling_in_and_deleting_stop_tasks(world: World) -> None:
    world.create_service(world.register(), 2)
    ecs = world.client("ecs")

    async def scenario() -> None:
        async with running(world):
            await until(lambda: settled(world))
            ecs.update_service(cluster="chat", service="chat", desiredCount=1)
            await until(lambda: len(world.tasks()) == 1 and len(stopped(world)) == 1)
            ecs.delete_service(cluster="chat", service="chat", force=True)
            await until(lambda: len(stopped(world)) == 2)
            interfaces = world.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
            assert [i for i in interfaces if "attachment" in i["Description"]] == []

    asyncio.run(scenario())
