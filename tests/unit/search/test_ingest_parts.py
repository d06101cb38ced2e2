"""From bytes to parts: encodings, headings, lengths; and what of the index a server's plugins allow."""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ingest import chunks, definition, formats, login
from ingest.definition import Bm25, Vectors, Wanted
from ingest.encodings import decode
from ingest.formats import UnreadableError
from ingest.progress import Progress
from ingest.server import Connection, IngestError, Server
from moto import mock_aws

JAPANESE = "社内の申請書は①から③まで。カタカナと漢字、～や㈱もある。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jis_2004", "iso2022_jp_ext"])
def test_an_old_encoding_is_read(encoding: str) -> None:
    text = "社内の申請書。カタカナと漢字、かな。" if encoding not in ("utf-8", "utf-16", "cp932") else JAPANESE
    assert decode(text.encode(encoding)) == text


def test_a_declared_encoding_is_believed_if_it_fits() -> None:
    assert decode("あ".encode("cp932"), declared="Shift_JIS") == "あ"
    assert decode("あいうえお。".encode(), declared="no-such-thing") == "あいうえお。"


@given(st.binary(max_size=300))
def test_whatever_the_bytes_are_there_is_a_text(data: bytes) -> None:
    assert isinstance(decode(data), str)


MANUAL = "# 手引\n\n## 第1章 旅費\n" + "旅費は精算する。" * 60 + "\n\n### 宿泊\n" + "宿泊は上限がある。" * 60


def test_each_part_tells_under_which_headings_it_stood() -> None:
    made = chunks.parts("手引", MANUAL, 300)
    assert {part.title for part in made} == {"手引 > 第1章 旅費", "手引 > 第1章 旅費 > 宿泊"}
    assert max(len(part.text) for part in made) <= 300
    assert all(part.text.endswith("。") for part in made)  # whole sentences


def test_short_sections_stand_together_under_what_they_share() -> None:
    text = "# 題\n" + "".join(f"## 条{n}\n短い本文{n}。\n" for n in range(60))
    made = chunks.parts("題", text, 300)
    assert {part.title for part in made} == {"題"}
    assert all("## 条" in part.text and len(part.text) <= 300 for part in made)
    assert "".join(part.text for part in made).count("短い本文") == 60


def test_a_short_document_is_one_part_and_an_empty_one_none() -> None:
    assert [part.text for part in chunks.parts("題", "# 題\n本文。", 1000)] == ["# 題\n本文。"]
    assert chunks.parts("題", " \n\u200b\n", 1000) == ()


def test_a_comment_in_code_is_no_heading() -> None:
    text = "# 題\n```sh\n# not a heading\n```\n本文"
    assert [section.path for section in chunks.sections(text)] == [("題",)]


@given(st.text(alphabet="あ漢。、\n a-|", max_size=600), st.integers(200, 400))
def test_no_word_is_lost(text: str, longest: int) -> None:
    made = chunks.parts("題", text, longest)
    assert "".join("".join(part.text for part in made).split()) == "".join(text.split())
    assert all(0 < len(part.text) <= longest for part in made)


def test_lines_broken_by_a_page_are_joined() -> None:
    page = "規程\nこの規程は、出張に関する事項を定めることを目的と\nする。\n"
    page += "The policy covers all business travel of\nemployees."
    assert formats.unwrap(page).splitlines() == [
        "規程",
        "この規程は、出張に関する事項を定めることを目的とする。",
        "The policy covers all business travel of employees.",
    ]


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".xlsx", ".pptx"])
def test_a_damaged_file_is_unreadable_and_nothing_worse(suffix: str) -> None:
    with pytest.raises(UnreadableError):
        formats.to_markdown(suffix, b"no such thing")


def test_the_definition_takes_what_the_server_offers() -> None:
    plain = definition.compose(frozenset(), Wanted(), "elasticsearch")
    assert plain.layers == ("standard",)
    assert "analysis" not in plain.body["settings"]["index"]
    best = definition.compose(frozenset({"cjk", "icu", "kuromoji"}), Wanted(Bm25(k1=0.9)), "opensearch")
    assert best.layers == ("standard", "cjk", "icu", "kuromoji")
    assert best.body["settings"]["index"]["similarity"]["default"] == {"type": "BM25", "k1": 0.9, "b": 0.5}
    assert best.body["mappings"]["properties"]["body"]["fields"]["ja"]["analyzer"] == "morphemes"
    assert definition.compose(frozenset({"icu"}), Wanted(), "opensearch").layers == ("standard",)
    assert plain.digest != best.digest


def test_vectors_are_declared_as_each_engine_calls_them() -> None:
    wanted = Wanted(vectors=Vectors(256))
    of_opensearch = definition.compose(frozenset(), wanted, "opensearch").body["mappings"]["properties"]["vector"]
    of_elastic = definition.compose(frozenset(), wanted, "elasticsearch").body["mappings"]["properties"]["vector"]
    assert (of_opensearch["type"], of_opensearch["dimension"]) == ("knn_vector", 256)
    assert (of_elastic["type"], of_elastic["dims"]) == ("dense_vector", 256)


def test_a_server_that_is_not_there_is_asked_five_times_and_named_without_its_login() -> None:
    pauses: list[float] = []
    server = Server(Connection("http://127.0.0.1:1", "Basic c2VjcmV0"), pauses.append)
    with pytest.raises(IngestError) as caught:
        server.ask("GET", "/")
    assert len(pauses) == 4
    assert "c2VjcmV0" not in f"{caught.value!r} {Connection('u', 'Basic c2VjcmV0')!r}"


@pytest.mark.parametrize("secret", ["{", "[]", '{"username": "u"}', '"x"'])
def test_a_secret_of_another_form_is_refused(secret: str) -> None:
    with pytest.raises(IngestError, match="SEARCH_SECRET"):
        login.header(secret)


def test_login_headers() -> None:
    assert login.header("") == ""
    assert login.header('{"api_key": "abc"}') == "ApiKey abc"
    assert login.header('{"username": "u", "password": "p"}') == "Basic dTpw"


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name, value in {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    with mock_aws():
        made = boto3.client("secretsmanager").create_secret(Name="chatbot/search", SecretString='{"api_key": "abc"}')
        yield made["Name"]


def connected(*words: str) -> Connection:
    parser = argparse.ArgumentParser()
    login.add_options(parser)
    return login.connection(parser.parse_args(["--url", "search.corp.example:9200", *words]))


def test_the_login_is_read_from_secrets_manager(secret: str) -> None:
    assert connected("--secret-id", secret).authorization == "ApiKey abc"
    assert connected().authorization == ""


def test_a_secret_that_is_not_there_is_named(secret: str) -> None:
    with pytest.raises(IngestError, match=r"the secret chatbot/other cannot be used: .*ResourceNotFoundException"):
        connected("--secret-id", "chatbot/other")


def test_progress_in_a_log_is_a_line_now_and_then() -> None:
    stream, now = io.StringIO(), [0.0]
    with Progress("documents", 3, stream, lambda: now[0]) as progress:
        for _step in range(3):
            now[0] += 20
            progress.step()
    assert stream.getvalue().splitlines() == ["documents: 2/3 (0/s)", "documents: 3/3 (0/s)"]
