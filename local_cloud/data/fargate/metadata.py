"""The container credentials endpoint, as a task finds it (ECS developer guide, 'Task IAM role').

One server on loopback for all tasks; a task knows its path and its token, and gets its own role's credentials.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import UTC, datetime, timedelta

from aiohttp import web

from local_cloud.data.credentials import CredentialStore, SessionCredentials
from local_cloud.data.settings import LOOPBACK

RENEW_BEFORE = timedelta(minutes=15)


class Metadata:
    """Started once; `register` gives a task its environment."""

    def __init__(self, store: CredentialStore) -> None:
        self._store = store
        self._runner: web.AppRunner | None = None
        self._tasks: dict[str, tuple[str, str]] = {}
        self._issued: dict[str, SessionCredentials] = {}
        self._port = 0

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/credentials/{task}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, 0)
        await site.start()
        self._port = int(self._runner.addresses[0][1])

    def register(self, task_id: str, role_arn: str) -> dict[str, str]:
        """Variables for the task's process; empty where it has no role."""
        if not role_arn:
            return {}
        token = secrets.token_urlsafe(24)
        self._tasks[task_id] = (role_arn, token)
        return {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://{LOOPBACK}:{self._port}/credentials/{task_id}",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": token,
        }

    def forget(self, task_id: str) -> None:
        self._tasks.pop(task_id, None)
        self._issued.pop(task_id, None)

    async def close(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        task_id = request.match_info["task"]
        role_arn, token = self._tasks.get(task_id, ("", ""))
        given = request.headers.get("Authorization", "")
        if not role_arn or not hmac.compare_digest(given.encode(), token.encode()):
            return web.json_response({"code": "AccessDenied", "message": "no such task or wrong token"}, status=403)
        credentials = await self._credentials(task_id, role_arn)
        return web.json_response(
            {
                "RoleArn": role_arn,
                "AccessKeyId": credentials.access_key_id,
                "SecretAccessKey": credentials.secret_access_key,
                "Token": credentials.session_token,
                "Expiration": credentials.expiration.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
        )

    async def _credentials(self, task_id: str, role_arn: str) -> SessionCredentials:
        known = self._issued.get(task_id)
        if known is None or known.expiration - datetime.now(UTC) < RENEW_BEFORE:
            # ECS names the session after the task (CloudTrail: assumed-role/<role>/<task id>).
            known = self._issued[task_id] = await self._store.for_role(role_arn, task_id)
        return known
