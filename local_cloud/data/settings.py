"""Where the local cloud listens and keeps its state. Read from the environment once, then handed around."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Settings:
    """Ports are TCP ports on 127.0.0.1; port 0 asks the system for a free one (tests)."""

    state: Path
    control_port: int = 4566
    alb_port: int = 8080
    search_port: int = 9200
    region: str = "ap-northeast-1"
    account_id: str = "123456789012"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """LOCAL_CLOUD_STATE (default `.local`), LOCAL_CLOUD_PORT, LOCAL_ALB_PORT, LOCAL_SEARCH_PORT, AWS_REGION."""
        env = os.environ if environment is None else environment
        return cls(
            state=Path(env.get("LOCAL_CLOUD_STATE", ".local")).resolve(),
            control_port=int(env.get("LOCAL_CLOUD_PORT", "4566")),
            alb_port=int(env.get("LOCAL_ALB_PORT", "8080")),
            search_port=int(env.get("LOCAL_SEARCH_PORT", "9200")),
            region=env.get("AWS_REGION", "ap-northeast-1"),
        )

    @property
    def endpoint(self) -> str:
        """AWS endpoint URL of the control plane."""
        return f"http://{LOOPBACK}:{self.control_port}"

    @property
    def cache(self) -> Path:
        """Downloads and installed runtimes; kept by `stop`."""
        return self.state / "cache"

    @property
    def logs(self) -> Path:
        """One file a topic: `network.log`, `data.log` ..."""
        return self.state / "log"

    @property
    def pki(self) -> Path:
        """Certificate authorities of the local cloud: `aws-ca.pem`, `corp-ca.pem`."""
        return self.state / "pki"

    @property
    def functions(self) -> Path:
        """Unpacked deployment packages: `<function>/<CodeSha256>/`."""
        return self.state / "functions"
