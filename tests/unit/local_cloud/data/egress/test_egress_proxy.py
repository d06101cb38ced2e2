"""One interface's way out, with the clients that functions and tasks use: boto3 and requests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ProxyConnectionError
from small_company import Company, found

from local_cloud.data.egress.proxy import EgressProxy
from local_cloud.data.plane import DataPlane
from local_cloud.data.settings import Settings


def through_the_proxy(
    settings: Settings, test: Callable[[Company, EgressProxy], Awaitable[None]], *, in_vpc: bool = True
) -> None:
    company = found(settings)

    async def run() -> None:
        plane = DataPlane.create(settings)
        plane.targets.add_server("*.amazonaws.com", settings.control_port)
        plane.targets.add_server("search.corp.example", settings.control_port, 9200)
        groups = [company.caller_group]
        interface = await plane.interfaces.create(company.subnets[0], groups, "test") if in_vpc else None
        proxy = await plane.open_egress(interface)
        try:
            await test(company, proxy)
        finally:
            await proxy.close()
            await plane.close()

    asyncio.run(run())


def client(service: str, proxy: EgressProxy) -> Any:
    """boto3 as it configures itself from the proxy's environment variables."""
    environment = proxy.environment()
    config = Config(proxies={"https": environment["HTTPS_PROXY"]}, retries={"total_max_attempts": 1})
    return boto3.client(
        service,
        region_name="ap-northeast-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        verify=environment["AWS_CA_BUNDLE"],
        config=config,
    )


def test_boto3_reaches_a_service_behind_its_endpoint(settings: Settings) -> None:
    async def test(company: Company, proxy: EgressProxy) -> None:
        identity = await asyncio.to_thread(client("sts", proxy).get_caller_identity)
        assert identity["Account"] == "123456789012"
        tables = await asyncio.to_thread(client("dynamodb", proxy).list_tables)
        assert tables["TableNames"] == []

    through_the_proxy(settings, test)


def test_a_service_without_endpoint_nor_route_is_out_of_reach(settings: Settings) -> None:
    async def test(company: Company, proxy: EgressProxy) -> None:
        with pytest.raises(ProxyConnectionError):
            await asyncio.to_thread(client("secretsmanager", proxy).list_secrets)
        reason = "caller-sg has no outbound rule for tcp/443 to 52.192.0.10"
        assert reason in (settings.logs / "network.log").read_text()

    through_the_proxy(settings, test)


def test_plain_http_in_absolute_form_is_checked_too(settings: Settings) -> None:
    def get(proxy: EgressProxy) -> int:
        with requests.Session() as session:
            session.trust_env = False
            session.proxies = {"http": proxy.environment()["HTTP_PROXY"]}
            return session.get("http://search.corp.example:9200/_local/health", timeout=10).status_code

    async def test(company: Company, proxy: EgressProxy) -> None:
        with pytest.raises(requests.exceptions.RequestException):
            await asyncio.to_thread(get, proxy)
        reason = "caller-sg has no outbound rule for tcp/9200 to 10.30.0.10 (search.corp.example)"
        assert reason in (settings.logs / "network.log").read_text()

    through_the_proxy(settings, test)


def test_outside_of_a_vpc_only_the_public_side_is_there(settings: Settings) -> None:
    async def test(company: Company, proxy: EgressProxy) -> None:
        secrets = await asyncio.to_thread(client("secretsmanager", proxy).list_secrets)
        assert secrets["SecretList"] == []
        url = f"https://{company.api}-{company.endpoint}.execute-api.ap-northeast-1.amazonaws.com/prod/"
        environment = proxy.environment()
        with pytest.raises(requests.exceptions.RequestException):
            await asyncio.to_thread(
                requests.get,
                url,
                proxies={"https": environment["HTTPS_PROXY"]},
                verify=environment["REQUESTS_CA_BUNDLE"],
                timeout=10,
            )

    through_the_proxy(settings, test, in_vpc=False)
