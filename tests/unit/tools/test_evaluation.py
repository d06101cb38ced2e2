"""What `make eval` hands on to the evaluation."""

from __future__ import annotations

import pytest

from tools import evaluation


@pytest.mark.parametrize(("given", "handed_on"), [({}, []), ({"SEARCH_CA_FILE": "ca.pem"}, ["--ca-file", "ca.pem"])])
def test_the_authority_of_a_server_that_is_there_already(
    given: dict[str, str], handed_on: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATA", "MODEL", "SEARCH_CA_FILE", "CONFIG", "COMPARE", "HALF", "ANSWERS", "OUT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"DATA": "d.jsonl", **given}.items():
        monkeypatch.setenv(name, value)
    words = evaluation.arguments("https://es.example:9200")
    assert words[words.index("--model-name") + 2 :] == handed_on
