"""Whose access key it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.settings import ACCOUNT

ROOT_KEY = "testing"
AWS_KEY = "aws-itself"
"""Of the data plane, where it does what AWS's services do by themselves."""
KEY = re.compile(r"Credential=([^/,\s]+)/")


@dataclass(frozen=True)
class Principal:
    """``kind`` is root, aws, user, role or unknown. ``arn`` as GetCallerIdentity gives it; ``identity`` is the ARN that
    policies hang on (a session's role).
    """

    kind: str
    arn: str
    identity: str
    access_key: str = ""

    @property
    def judged(self) -> bool:
        """The root may do everything, and AWS is not asked."""
        return self.kind not in ("root", "aws")

    @property
    def names(self) -> tuple[str, ...]:
        """Every ARN by which a policy may name it."""
        return (self.arn,) if self.arn == self.identity else (self.identity, self.arn)


ROOT = Principal("root", f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{ACCOUNT}:root", ROOT_KEY)
AWS = Principal("aws", "aws", "aws", AWS_KEY)


def of_request(environ: dict[str, Any]) -> Principal:
    """By the key of its Authorization header; an unsigned request is nobody's."""
    found = KEY.search(environ.get("HTTP_AUTHORIZATION", ""))
    return of_key(found[1]) if found else Principal("unknown", "", "")


def of_key(access_key: str) -> Principal:
    """By an access key id: the root's, an IAM user's (CreateAccessKey) or a role session's (AssumeRole)."""
    if access_key in (ROOT_KEY, AWS_KEY):
        return ROOT if access_key == ROOT_KEY else AWS
    # moto lists the keys of sessions among the users' as well, with no user.
    session = backend("sts", "aws").get_assumed_role_from_access_key(access_key)
    if session is not None:
        return of_session(session.role_arn, session.session_name, access_key)
    known = backend("iam", "aws").access_keys.get(access_key)
    if known is None or known.status != "Active":
        return Principal("unknown", "", "", access_key)
    user = backend("iam", "aws").users[known.user_name]
    return Principal("user", user.arn, user.arn, access_key)


def of_session(role_arn: str, session_name: str, access_key: str = "") -> Principal:
    """A session of a role: ``arn:aws:sts::<account>:assumed-role/<role>/<session>``."""
    account, role = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    return Principal("role", f"arn:aws:sts::{account}:assumed-role/{role}/{session_name}", role_arn, access_key)
