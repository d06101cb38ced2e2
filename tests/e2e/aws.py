"""Clients of the local cloud."""

from __future__ import annotations

import os
from typing import Any

import boto3

ENDPOINT = f"http://127.0.0.1:{os.environ.get('LOCAL_CLOUD_PORT', '4566')}"


def client(service: str) -> Any:
    """A client of one service, with the account's own rights."""
    return boto3.client(
        service,
        endpoint_url=ENDPOINT,
        region_name="ap-northeast-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
