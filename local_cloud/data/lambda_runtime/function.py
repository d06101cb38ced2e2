"""A function as deployed: what GetFunction says, as plain values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DEFAULT_CONCURRENCY = 10
"""Processes a function may have here where it reserves no concurrency (AWS: the account's 1,000)."""
DEPLOYED = (
    "CodeSha256",
    "Runtime",
    "Handler",
    "Role",
    "Timeout",
    "MemorySize",
    "Environment",
    "VpcConfig",
    "LoggingConfig",
    "Layers",
)
"""Fields of FunctionConfiguration that a running process was started with."""


@dataclass(frozen=True)
class Function:
    """Timeout in seconds, memory in MB, as in the Lambda API reference (FunctionConfiguration)."""

    name: str
    arn: str
    version: str
    runtime: str
    handler: str
    role_arn: str
    timeout: int
    memory: int
    variables: tuple[tuple[str, str], ...]
    subnet_ids: tuple[str, ...]
    group_ids: tuple[str, ...]
    log_group: str
    log_format: str
    reserved_concurrency: int | None
    fingerprint: str
    """Changes with the code or any part of the configuration: then processes are started anew."""

    @property
    def concurrency(self) -> int:
        return DEFAULT_CONCURRENCY if self.reserved_concurrency is None else self.reserved_concurrency

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Function:
        """From GetFunction."""
        configuration = answer["Configuration"]
        logging = configuration.get("LoggingConfig") or {}
        vpc = configuration.get("VpcConfig") or {}
        return cls(
            name=configuration["FunctionName"],
            arn=configuration["FunctionArn"],
            version=configuration.get("Version", "$LATEST"),
            runtime=configuration.get("Runtime", ""),
            handler=configuration.get("Handler", ""),
            role_arn=configuration["Role"],
            timeout=int(configuration.get("Timeout", 3)),
            memory=int(configuration.get("MemorySize", 128)),
            variables=tuple(sorted((configuration.get("Environment") or {}).get("Variables", {}).items())),
            subnet_ids=tuple(vpc.get("SubnetIds") or ()),
            group_ids=tuple(vpc.get("SecurityGroupIds") or ()),
            log_group=logging.get("LogGroup") or f"/aws/lambda/{configuration['FunctionName']}",
            log_format=logging.get("LogFormat", "Text"),
            reserved_concurrency=(answer.get("Concurrency") or {}).get("ReservedConcurrentExecutions"),
            fingerprint=_fingerprint(configuration),
        )


def _fingerprint(configuration: Mapping[str, Any]) -> str:
    text = json.dumps({k: configuration.get(k) for k in DEPLOYED}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
