"""Session credentials of roles, as the runtime hands them to a task or a function, and whose they are.

They are real ones of the control plane (`sts:AssumeRole`), so that it knows the role behind every later call;
the API front needs the secret again to check a signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from local_cloud.data.account import Account


@dataclass(frozen=True)
class SessionCredentials:
    access_key_id: str
    secret_access_key: str
    session_token: str
    expiration: datetime
    role_arn: str
    session_name: str

    @property
    def user_arn(self) -> str:
        """`arn:aws:sts::<account>:assumed-role/<role>/<session>`, the caller's ARN (sts:GetCallerIdentity)."""
        account, role = self.role_arn.split(":")[4], self.role_arn.rpartition("/")[2]
        return f"arn:aws:sts::{account}:assumed-role/{role}/{self.session_name}"

    def environment(self) -> dict[str, str]:
        """As Lambda sets them for a function."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_SESSION_TOKEN": self.session_token,
        }

    def __repr__(self) -> str:
        return f"SessionCredentials({self.access_key_id} of {self.user_arn})"


class CredentialStore:
    """Issues and remembers; memory only."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._issued: dict[str, SessionCredentials] = {}

    async def for_role(
        self, role_arn: str, session_name: str, context: Mapping[str, str] | None = None
    ) -> SessionCredentials:
        """New credentials, valid for one hour. Raises botocore ClientError where the role cannot be assumed.

        `context`: condition keys that every request with them carries, as lambda:SourceFunctionArn.
        """
        answer = await self._account.call(
            "sts", "assume_role", RoleArn=role_arn, RoleSessionName=session_name[:64], DurationSeconds=3600
        )
        made = answer["Credentials"]
        issued = SessionCredentials(
            made["AccessKeyId"],
            made["SecretAccessKey"],
            made["SessionToken"],
            made["Expiration"],
            role_arn,
            session_name[:64],
        )
        self._issued[issued.access_key_id] = issued
        if context:
            path = f"/_local/permissions/sessions/{issued.access_key_id}"
            await self._account.request(path, "PUT", dict(context))
        return issued

    def find(self, access_key_id: str) -> SessionCredentials | None:
        """Whose key it is; None for a key that was not issued here."""
        return self._issued.get(access_key_id)
