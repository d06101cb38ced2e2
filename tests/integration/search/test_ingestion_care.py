"""What the ingestion does not do: lose what it cannot read, delete a folder that is not there, write in a dry run."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import requests
from ingest.parts import Document, Part
from ingest.server import Connection, Server
from ingest.sync import at_hand, synchronise

from tests.integration.search.commands import ask, ingest, refused
from tools import sample_files as samples


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def content(url: str, index: str) -> dict[str, str]:
    """Source and text of every part."""
    requests.post(f"{url}/{index}/_refresh", timeout=30).raise_for_status()
    hits = requests.get(f"{url}/{index}/_search?size=1000", timeout=30).json()["hits"]["hits"]
    return {hit["_source"]["source"]: hit["_source"]["text"] for hit in hits}


def test_what_became_unreadable_stays_as_it_was_and_the_rest_goes_on(opensearch: str, tmp_path: Path) -> None:
    odd = {
        "鍵付き.pdf": samples.locked_pdf("秘密"),
        "スキャン.pdf": samples.pdf(""),
        "鍵付き.docx": samples.compound_file(),
        "爆弾.xlsx": samples.bomb(),
        "壊れた.pptx": samples.pptx("題", "本文")[:-100],
        "旧形式.doc": samples.compound_file(),
        "旧形式.xls": samples.compound_file(),
        "旧形式.ppt": samples.compound_file(),
        "雑音.txt": b"\xff" * 3000,
    }
    (tmp_path / "鍵付き.pdf").write_bytes(samples.pdf("昨日の本文はまだ読めた。"))
    write(tmp_path, good="# 案内\n受付は一階。")
    assert ingest(tmp_path, opensearch, "odd")["added"] == 2
    for name, data in odd.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "空.md").write_bytes(b"")
    (tmp_path / "輪").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / normalize("NFD", "ガイド.md")).write_text("# ガイド\n濁点の名前。")
    write(tmp_path, Rule="# 大\n大文字の名前。", rule="# 小\n小文字の名前。", good="# 案内\n受付は二階。")
    told = refused(tmp_path, opensearch, "odd").splitlines()
    for name in odd:
        assert len([line for line in told if line.startswith(f"ingest: {name}: ")]) == 1, told
    assert "ingest: 空.md: nothing in it" in told
    assert "ingest: passed over: 1 link" in told
    found = content(opensearch, "odd")
    assert found.pop("鍵付き.pdf") == "昨日の本文はまだ読めた。"
    assert set(found) == {"good.md", "ガイド.md", "Rule.md", "rule.md"}
    assert "二階" in found["good.md"]


def test_an_empty_folder_deletes_nothing(opensearch: str, tmp_path: Path) -> None:
    write(tmp_path, a="# 甲\n本文。", b="# 乙\n本文。")
    ingest(tmp_path, opensearch, "guarded")
    for path in tmp_path.iterdir():
        path.unlink()
    for more in ((), ("--rebuild",)):
        told = refused(tmp_path, opensearch, "guarded", *more)
        assert "2 of the 2 documents in the index are not in" in told
        assert "Is the folder there, mounted and whole?" in told
        assert set(content(opensearch, "guarded")) == {"a.md", "b.md"}
    assert ingest(tmp_path, opensearch, "guarded", "--max-deleted-percent", "100")["deleted"] == 2
    assert content(opensearch, "guarded") == {}


def test_a_dry_run_tells_what_the_run_then_does(opensearch: str, tmp_path: Path) -> None:
    write(tmp_path, a="# 甲\n本文。", b="# 乙\n本文。", c="# 丙\n本文。")
    planned = ingest(tmp_path, opensearch, "planned", "--dry-run")
    assert (planned["added"], planned["has_changed"], planned["index"]) == (3, True, "planned-000001")
    assert requests.get(f"{opensearch}/planned*", timeout=30).json() == {}
    assert ingest(tmp_path, opensearch, "planned") == planned
    assert ingest(tmp_path, opensearch, "planned", "--dry-run")["has_changed"] is False
    write(tmp_path, a="# 甲\n新しい本文。", d="# 丁\n本文。")
    (tmp_path / "b.md").unlink()
    before = content(opensearch, "planned")
    planned = ingest(tmp_path, opensearch, "planned", "--dry-run")
    assert [planned[kind] for kind in ("added", "changed", "deleted", "unchanged")] == [1, 1, 1, 1]
    assert content(opensearch, "planned") == before
    assert ingest(tmp_path, opensearch, "planned") == planned
    assert set(content(opensearch, "planned")) == {"a.md", "c.md", "d.md"}
    rebuilt = ingest(tmp_path, opensearch, "planned", "--rebuild", "--dry-run")
    assert (rebuilt["added"], rebuilt["index"]) == (3, "planned-000002")
    assert requests.head(f"{opensearch}/planned-000002", timeout=30).status_code == 404


def test_patterns_choose_and_what_is_excluded_is_deleted(opensearch: str, tmp_path: Path) -> None:
    write(tmp_path, a="# 甲\n本文。", b="# 乙\n本文。")
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "c.md").write_text("# 丙\n本文。")
    assert ingest(tmp_path, opensearch, "patterns")["added"] == 3
    told = ingest(tmp_path, opensearch, "patterns", "--exclude", "drafts/*", "--exclude", "x*")
    assert (told["deleted"], told["unchanged"], told["passed_over"]) == (1, 2, {"excluded": 1})
    assert ask(opensearch, "patterns", "本文")[0].source in {"a.md", "b.md"}


def test_what_a_killed_run_wrote_last_is_not_left_behind(opensearch: str, tmp_path: Path) -> None:
    write(tmp_path, a="# 甲\n本文。")
    ingest(tmp_path, opensearch, "killed")
    # As a run leaves it that was killed before it refreshed: parts are there that a search does not show yet.
    requests.put(f"{opensearch}/killed/_settings", json={"index": {"refresh_interval": "-1"}}, timeout=30)
    written = Document("b.md", "digest", (), tuple(Part("長い", f"章{number}。") for number in range(6)))
    synchronise(Server(Connection(opensearch)), "killed-000001", "documents", [at_hand(written)])
    assert int(requests.get(f"{opensearch}/killed/_count", timeout=30).json()["count"]) == 1
    write(tmp_path, b="# 短い\n一つだけ。")
    assert ingest(tmp_path, opensearch, "killed")["changed"] == 1
    assert int(requests.get(f"{opensearch}/killed/_count", timeout=30).json()["count"]) == 2
    assert content(opensearch, "killed")["b.md"] == "# 短い\n一つだけ。"
