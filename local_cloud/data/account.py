"""What is deployed, read from the control plane: AWS APIs through boto3 (in threads) and the `/_local/` routes.

Shared by every part of the data plane. What is derived from many calls (`network`, `role_policies`) is kept for
as long as the control plane says that nothing was written since (`/_local/revision`), so that a security-group
rule revoked now counts for the very next connection without reading the whole account each time.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import unquote

import aiohttp
import boto3
from botocore.config import Config

from local_cloud.data.network.model import NetworkSnapshot
from local_cloud.data.network.reader import CALLS, snapshot
from local_cloud.data.settings import Settings

T = TypeVar("T")
AWS_KEY = "aws-itself"
Document = dict[str, Any]

CONFIG = Config(
    proxies={},
    connect_timeout=5,
    read_timeout=30,
    max_pool_connections=16,
    retries={"mode": "standard", "total_max_attempts": 2},
)


class Credentials(Protocol):
    """Of a session of a role (`credentials.SessionCredentials`)."""

    @property
    def access_key_id(self) -> str: ...
    @property
    def secret_access_key(self) -> str: ...
    @property
    def session_token(self) -> str: ...


class LocalRequestError(Exception):
    """A `/_local/` route answered with an error other than 404."""


class Account:
    """Reader of one account in one region. Safe to share within one event loop."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._session: Any = boto3.Session(
            AWS_KEY,  # what is called here is what AWS's services do by themselves: it is not judged
            AWS_KEY,
            region_name=settings.region,
        )
        self._clients: dict[str, Any] = {}
        self._clients_lock = threading.Lock()
        self._threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="account")
        self._http: aiohttp.ClientSession | None = None
        self._kept: dict[str, tuple[int, asyncio.Future[Any]]] = {}

    def client(self, service: str) -> Any:
        """The boto3 client of a service; blocking, so use `call` from the event loop."""
        with self._clients_lock:
            if service not in self._clients:
                self._clients[service] = self._session.client(
                    service, endpoint_url=self.settings.endpoint, config=CONFIG
                )
            return self._clients[service]

    async def call(self, service: str, operation: str, **parameters: object) -> Document:
        """One AWS call, e.g. `await account.call("ecs", "describe_services", cluster=c, services=[s])`.

        Raises botocore.exceptions.ClientError as boto3 does.
        """
        return await self._in_thread(lambda: getattr(self.client(service), operation)(**parameters))

    async def call_as(
        self, key: Credentials, headers: Mapping[str, str], service: str, operation: str, **parameters: object
    ) -> Document:
        """The same with another's credentials, and with headers of ours; see `actor`."""
        return await self._in_thread(lambda: getattr(self._client_of(key, headers, service), operation)(**parameters))

    def _client_of(self, key: Credentials, headers: Mapping[str, str], service: str) -> Any:
        name = f"{service} {key.access_key_id} {sorted(headers.items())}"
        with self._clients_lock:
            if name not in self._clients:
                self._clients[name] = made = self._session.client(
                    service,
                    endpoint_url=self.settings.endpoint,
                    config=CONFIG,
                    aws_access_key_id=key.access_key_id,
                    aws_secret_access_key=key.secret_access_key,
                    aws_session_token=key.session_token,
                )
                made.meta.events.register("before-send", partial(_add_headers, headers))
            return self._clients[name]

    async def pages(self, service: str, operation: str, key: str, **parameters: object) -> list[Any]:
        """All items under `key` of a paginated operation."""

        def read() -> list[Any]:
            client = self.client(service)
            if not client.can_paginate(operation):
                return list(getattr(client, operation)(**parameters)[key])
            pages = client.get_paginator(operation).paginate(**parameters)
            return [item for page in pages for item in page.get(key, [])]

        return await self._in_thread(read)

    async def request(self, path: str, method: str = "GET", body: object = None) -> Any:
        """A `/_local/...` route: decoded JSON (bytes for other content types), None for 404 and for no content."""
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        async with self._http.request(method, self.settings.endpoint + path, json=body) as answer:
            content = await answer.read()
            if answer.status == 404 or (answer.ok and not content):
                return None
            if not answer.ok:
                raise LocalRequestError(f"{method} {path}: {answer.status}")
            return json.loads(content) if answer.content_type == "application/json" else content

    async def revisions(self) -> Mapping[str, int] | None:
        """`GET /_local/revision`: how often each AWS service was written to; None where it is not kept."""
        answer = await self.request("/_local/revision")
        return answer if isinstance(answer, dict) else None

    async def revision(self, service: str = "") -> int:
        """Changes with every write to `service` ('': to any); -1 where the control plane does not count."""
        revisions = await self.revisions()
        if revisions is None:
            return -1
        return sum(number for name, number in revisions.items() if service in ("", name) or name == "epoch")

    async def network(self) -> NetworkSnapshot:
        """Security groups, subnets, routes, VPC endpoints, prefix lists, as they are now."""
        return await self.kept("network", self._read_network, "ec2")

    async def role_policies(self, role_arn: str) -> list[Document]:
        """Every identity policy document of a role: inline and attached. Empty where the role is gone."""
        return await self.kept(f"role {role_arn}", partial(self._read_role_policies, role_arn), "iam")

    async def kept(self, key: str, read: Callable[[], Awaitable[T]], service: str = "") -> T:
        """`await read()`, or its last result where nothing was written since: to `service`, or to any.

        `service` is boto3's name of it. Askers of the same state share one reading; a failed one is not kept.
        """
        revision = await self.revision(service)
        if revision == -1:
            return await read()
        known = self._kept.get(key)
        if known is None or known[0] != revision or _failed(known[1]):
            known = self._kept[key] = (revision, asyncio.ensure_future(read()))
        return cast(T, await asyncio.shield(known[1]))

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, function: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function)

    async def _read_network(self) -> NetworkSnapshot:
        described = await asyncio.gather(*(self.pages("ec2", name, key) for name, key in CALLS.items()))
        answers = dict(zip(CALLS, described, strict=True))
        await asyncio.gather(*(self._add_dns_attributes(vpc) for vpc in answers["describe_vpcs"]))
        entries = await asyncio.gather(
            *(
                self.pages("ec2", "get_managed_prefix_list_entries", "Entries", PrefixListId=item["PrefixListId"])
                for item in answers["describe_managed_prefix_lists"]
            )
        )
        lists = zip(answers["describe_managed_prefix_lists"], entries, strict=True)
        return snapshot(self.settings.region, answers, {item["PrefixListId"]: found for item, found in lists})

    async def _add_dns_attributes(self, vpc: Document) -> None:
        """DescribeVpcs leaves them out; DescribeVpcAttribute gives one an answer."""
        for name in ("enableDnsSupport", "enableDnsHostnames"):
            answer = await self.call("ec2", "describe_vpc_attribute", VpcId=vpc["VpcId"], Attribute=name)
            value = answer[name[0].upper() + name[1:]]["Value"]
            vpc.setdefault("DnsAttributes", {})[name] = value

    async def _read_role_policies(self, role_arn: str) -> list[Document]:
        role = role_arn.rpartition("/")[2]
        iam = self.client("iam")
        try:
            names = await self.pages("iam", "list_role_policies", "PolicyNames", RoleName=role)
            attached = await self.pages("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=role)
        except iam.exceptions.NoSuchEntityException:
            return []
        inline = [
            (await self.call("iam", "get_role_policy", RoleName=role, PolicyName=name))["PolicyDocument"]
            for name in names
        ]
        return [_document(d) for d in inline] + [await self._managed_policy(p["PolicyArn"]) for p in attached]

    async def _managed_policy(self, arn: str) -> Document:
        policy = (await self.call("iam", "get_policy", PolicyArn=arn))["Policy"]
        version = await self.call("iam", "get_policy_version", PolicyArn=arn, VersionId=policy["DefaultVersionId"])
        return _document(version["PolicyVersion"]["Document"])


def _add_headers(headers: Mapping[str, str], request: Any, **_event: object) -> None:
    for name, value in headers.items():
        request.headers[name] = value


def _failed(reading: asyncio.Future[Any]) -> bool:
    return reading.cancelled() or (reading.done() and reading.exception() is not None)


def _document(value: object) -> Document:
    """IAM returns documents URL-encoded; boto3 decodes most of them."""
    if isinstance(value, dict):
        return value
    loaded: Document = json.loads(unquote(str(value)))
    return loaded
