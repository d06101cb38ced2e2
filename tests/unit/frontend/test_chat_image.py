"""What the image is made of."""

from __future__ import annotations

import re
import tomllib

from tests.unit.frontend.fake_chat_api import FRONTEND


def test_the_server_is_set_up_for_a_closed_network() -> None:
    config = tomllib.loads((FRONTEND / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["browser"]["gatherUsageStats"] is False
    assert config["global"]["developmentMode"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert config["client"]["toolbarMode"] == "minimal"
    assert config["server"] == {
        "address": "0.0.0.0",
        "port": 8080,
        "headless": True,
        "fileWatcherType": "none",
        "maxUploadSize": 1,
    }


def test_every_dependency_is_pinned_with_hashes() -> None:
    lock = (FRONTEND / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9-]+)==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE)
    assert {"streamlit", "requests", "botocore", "markdown-it-py"} <= set(pins)
    assert len(pins) == len(re.findall(r"^[a-z0-9]", lock, re.MULTILINE))
    assert "://" not in lock


def test_the_image_names_no_registry_and_does_not_run_as_root() -> None:
    lines = (FRONTEND / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert "ARG BASE_IMAGE=python:3.12-slim" in lines
    assert {line for line in lines if line.startswith("FROM")} == {
        "FROM ${BASE_IMAGE} AS dependencies",
        "FROM ${BASE_IMAGE}",
    }
    assert "USER 10001:10001" in lines
    assert lines[-1] == 'CMD ["python", "-m", "streamlit", "run", "serve.py"]'


def test_nothing_on_the_page_comes_from_another_host() -> None:
    css = (FRONTEND / "chat" / "page.css").read_text(encoding="utf-8")
    assert "url(" not in css
    assert "@import" not in css
