"""What Fargate does with a task's network interface before the first container starts, and how it fails.

Since platform version 1.4.0 image, secrets and logs go through the task's own interface (ECS developer guide,
'Fargate task networking'). The messages are those of the guide's 'Stopped task error messages'.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from local_cloud.data.account import Account
from local_cloud.data.actor import Actor, DeniedError, judge
from local_cloud.data.credentials import SessionCredentials
from local_cloud.data.fargate.definition import Container, Definition, LogTarget
from local_cloud.data.fargate.image import Image
from local_cloud.data.fargate.registry import Login, PullError, Registry
from local_cloud.data.network.model import Interface
from local_cloud.data.network.service import Network
from local_cloud.data.plane import DataPlane

TRUSTED = "ecs-tasks.amazonaws.com"


class StartError(Exception):
    """The task cannot start; the message is its stoppedReason."""


@dataclass(frozen=True)
class Startup:
    """The steps for one task's interface, with the rights of its execution role."""

    plane: DataPlane
    registry: Registry
    interface: Interface
    execution_role: str
    task_id: str
    _sessions: dict[str, SessionCredentials] = field(default_factory=dict)

    @property
    def account(self) -> Account:
        return self.plane.account

    @property
    def network(self) -> Network:
        return self.plane.network

    async def actor(self, service: str) -> Actor:
        """Fargate's agent with the execution role's rights, on the task's way to a service."""
        if not self.execution_role:
            raise StartError(_RESOURCES + "there is no execution role")
        if not self._sessions:
            # The session is named after the task, as the task role's is.
            made = await self.plane.credentials.for_role(self.execution_role, self.task_id)
            self._sessions[self.execution_role] = made
        host = f"{service}.{self.account.settings.region}.amazonaws.com"
        verdict = await self.network.check_host(self.interface, host, 443)
        vpc_id = await self.network.vpc_of(self.interface)
        return Actor(self.account, self._sessions[self.execution_role], verdict.endpoint_id, vpc_id)

    async def check_roles(self, definition: Definition) -> None:
        """Both roles exist and trust ECS tasks."""
        for role in filter(None, (definition.execution_role, definition.task_role)):
            if not await self._trusts_tasks(role):
                raise StartError(
                    f"ECS was unable to assume the role '{role}' that was provided for this task. Please verify"
                    " that the role being passed has the proper trust relationship and permissions and that your"
                    " IAM user has permissions to pass this role."
                )

    async def secrets(self, container: Container) -> dict[str, str]:
        """Name -> value of the container's secrets."""
        values = {}
        for name, reference in container.secrets.items():
            await self._reach("secretsmanager", _SECRET_UNREACHABLE.format(secret=reference))
            values[name] = await self._secret(reference)
        return values

    async def pull(self, container: Container) -> Image:
        """The container's image, unpacked."""
        region, account = self.account.settings.region, self.account.settings.account_id
        await self._reach("api.ecr", _AUTH_UNREACHABLE.format(region=region))
        unreachable = _MANIFEST_UNREACHABLE.format(image=container.image, account=account, region=region)
        await self._reach(f"{account}.dkr.ecr", unreachable)
        bucket = f"prod-{region}-starport-layer-bucket"
        await self._reach(f"{bucket}.s3", _LAYERS_UNREACHABLE.format(bucket=bucket, region=region))
        try:
            token = await (await self.actor("api.ecr")).call("ecr", "get_authorization_token")
        except ClientError as error:
            raise StartError(f"{_RESOURCES}{error}") from error
        try:
            login = Login(token["authorizationData"][0]["authorizationToken"], await self.actor(f"{account}.dkr.ecr"))
            return await self.registry.pull(container.image, login)
        except PullError as error:
            raise StartError(
                "CannotPullContainerError: pull image manifest has been retried 1 time(s):"
                f" failed to resolve ref {container.image}: {error}"
            ) from error

    async def check_log(self, target: LogTarget) -> None:
        """The log group exists and can be reached."""
        await self._reach("logs", _LOG_FAILED.format(reason="RequestError: send request failed: i/o timeout"))
        await self._may_log(target)
        if target.create_group:
            return
        found = await self.account.pages("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=target.group)
        if not any(group["logGroupName"] == target.group for group in found):
            reason = "ResourceNotFoundException: The specified log group does not exist."
            raise StartError(_LOG_FAILED.format(reason=reason))

    async def _reach(self, service: str, otherwise: str) -> None:
        host = f"{service}.{self.account.settings.region}.amazonaws.com"
        if not (await self.network.check_host(self.interface, host, 443)).allowed:
            raise StartError(otherwise)

    async def _may_log(self, target: LogTarget) -> None:
        """What the awslogs driver will need once the container writes."""
        region, owner = self.account.settings.region, self.account.settings.account_id
        group = f"arn:aws:logs:{region}:{owner}:log-group:{target.group}"
        stream = f"{group}:log-stream:{target.prefix}/task"
        wanted = {"logs:CreateLogStream": stream, "logs:PutLogEvents": stream}
        if target.create_group:
            wanted["logs:CreateLogGroup"] = f"{group}:log-stream:"
        actor = await self.actor("logs")
        try:
            await judge(
                self.account,
                "logs",
                "CreateLogStream",
                [{"action": action, "resource": resource} for action, resource in wanted.items()],
                access_key=actor.credentials.access_key_id,
                endpoint_id=actor.endpoint_id,
                vpc_id=actor.vpc_id,
            )
        except DeniedError as error:
            raise StartError(_LOG_FAILED.format(reason=error)) from error

    async def _trusts_tasks(self, role_arn: str) -> bool:
        try:
            answer = await self.account.call("iam", "get_role", RoleName=role_arn.rpartition("/")[2])
        except ClientError:
            return False
        return TRUSTED in json.dumps(answer["Role"]["AssumeRolePolicyDocument"])

    async def _secret(self, reference: str) -> str:
        identifier, key, stage, version = split_secret(reference)
        wanted = {"VersionStage": stage, "VersionId": version}
        try:
            answer = await (await self.actor("secretsmanager")).call(
                "secretsmanager",
                "get_secret_value",
                SecretId=identifier,
                **{name: value for name, value in wanted.items() if value},
            )
            return value_of(answer, key)
        except (ClientError, KeyError, ValueError) as error:
            raise StartError(_SECRET_FAILED.format(secret=reference, reason=error)) from error


def split_secret(reference: str) -> tuple[str, str, str, str]:
    """`valueFrom`: id or ARN, with `:json-key:version-stage:version-id` behind an ARN (ECS guide, 'Secrets').

    >>> split_secret("arn:aws:secretsmanager:r:1:secret:name-AbCdEf:key::")
    ('arn:aws:secretsmanager:r:1:secret:name-AbCdEf', 'key', '', '')
    """
    parts = reference.split(":")
    if not reference.startswith("arn:"):
        return reference, "", "", ""
    key, stage, version = (*parts[7:10], "", "", "")[:3]
    return ":".join(parts[:7]), key, stage, version


def value_of(answer: Mapping[str, Any], key: str) -> str:
    """The secret's text, or one value of its JSON object."""
    text = str(answer["SecretString"])
    return str(json.loads(text)[key]) if key else text


_RESOURCES = "ResourceInitializationError: unable to pull secrets or registry auth: "
_SECRET_UNREACHABLE = (
    _RESOURCES + "execution resource retrieval failed: unable to retrieve secret from asm: service call has been"
    " retried 5 time(s): failed to fetch secret {secret} from secrets manager: RequestCanceled: request context"
    " canceled caused by: context deadline exceeded. Please check your task network configuration."
)
_SECRET_FAILED = (
    _RESOURCES + "execution resource retrieval failed: unable to retrieve secret from asm: service call has been"
    " retried 1 time(s): failed to fetch secret {secret} from secrets manager: {reason}"
)
_AUTH_UNREACHABLE = (
    _RESOURCES + "The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task"
    " and Amazon ECR. Check your task network configuration. RequestError: send request failed caused by: Post"
    ' "https://api.ecr.{region}.amazonaws.com/": dial tcp: i/o timeout'
)
_MANIFEST_UNREACHABLE = (
    "CannotPullContainerError: The task cannot pull {image} from the registry. There is a connection issue between"
    ' the task and the registry. Check your task network configuration. : failed to do request: Head "https://'
    '{account}.dkr.ecr.{region}.amazonaws.com/v2/": dial tcp: i/o timeout'
)
_LAYERS_UNREACHABLE = (
    "CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed open:"
    ' failed to do request: Get "https://{bucket}.s3.{region}.amazonaws.com/": dial tcp: i/o timeout'
)
_LOG_FAILED = (
    "ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon CloudWatch log"
    " group defined in the task definition. There is a connection issue between the task and Amazon CloudWatch."
    " Check your network configuration. : {reason}"
)
