"""The backend's tests import `rag` and `lambda_function` as the Lambda runtime does: from the package's root."""

from __future__ import annotations

import importlib
import io
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3] / "files" / "lambda"
for folder in (ROOT, Path(__file__).parent):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


@pytest.fixture(autouse=True)
def aws_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches a real account, and none goes through a proxy to loopback."""
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """What the backend logs, as it would stand in CloudWatch Logs. The logger is put back afterwards."""
    log = importlib.import_module("rag.log")
    logger = logging.getLogger(log.NAME)
    before = logger.handlers[:], logger.propagate, logger.level
    stream = io.StringIO()
    log.configure("DEBUG", content=False, stream=stream)
    yield stream
    log.configure("INFO", content=False)
    logger.handlers[:], logger.propagate = before[0], before[1]
    logger.setLevel(before[2])
