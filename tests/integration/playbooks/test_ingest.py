"""ingest.yml: what the command is given, and that `changed` and check mode tell the truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.playbooks.recorded import Recorded, option

LOCK = "files/search/requirements.lock"
INDEXED = "Make the index hold what the folder holds"


@pytest.mark.parametrize("has_changed", [True, False])
@pytest.mark.parametrize("mode", [["--check"], []])
def test_changed_is_what_the_ingestion_says(tmp_path: Path, has_changed: bool, mode: list[str]) -> None:
    recorded = Recorded(tmp_path)
    recorded.environment("ingest", {"has_changed": has_changed, "added": 3}, LOCK)
    before = recorded.files()
    told = recorded.run("ingest", *mode, chatbot_documents="/documents", chatbot_elasticsearch_ca_file="/ca.pem")
    assert told.status == 0, told.messages()
    ((arguments, environment),) = recorded.calls()
    assert ("--dry-run" in arguments) is bool(mode)
    assert option(arguments, "ca-file") == "/ca.pem"
    assert environment["AWS_REGION"] == "ap-northeast-1"
    assert told.changed() == ([INDEXED] if has_changed else [])
    assert "added" in told.messages()
    assert recorded.files() == before


def test_without_a_folder_nothing_is_done(tmp_path: Path) -> None:
    told = Recorded(tmp_path).run("ingest")
    assert told.status != 0
    assert "Say which folder" in told.messages()
