# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Image names, .dockerignore, layers, and the arguments of pip."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from ansible_collections.private_rag.aws.plugins.module_utils._ecr import Login
from ansible_collections.private_rag.aws.plugins.module_utils._image_build import base_registry
from ansible_collections.private_rag.aws.plugins.module_utils._image_layers import (
    app_files,
    dependencies_layer,
    pip_arguments,
    tidy_packages,
    write_layer,
)
from ansible_collections.private_rag.aws.plugins.module_utils._image_source import (
    Copy,
    SourceError,
    ignore_rules,
    is_ignored,
)
from ansible_collections.private_rag.aws.plugins.module_utils._oci_image import (
    Layer,
    Reference,
    choose_platform,
    image_manifest,
    parse_reference,
)
from ansible_collections.private_rag.aws.plugins.module_utils._oci_registry import Registry, RegistryError

DIGEST = f"sha256:{'a' * 64}"
ECR = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("python:3.12-slim", Reference("registry-1.docker.io", "library/python", "3.12-slim")),
        ("docker.io/library/python", Reference("registry-1.docker.io", "library/python", "latest")),
        ("mirror/python:3.12", Reference("registry-1.docker.io", "mirror/python", "3.12")),
        (f"{ECR}/mirror/python:3.12@{DIGEST}", Reference(ECR, "mirror/python", DIGEST)),
        ("127.0.0.1:4566/python:3.12", Reference("127.0.0.1:4566", "python", "3.12")),
        ("localhost/python", Reference("localhost", "python", "latest")),
    ],
)
def test_image_names(name: str, wanted: Reference) -> None:
    assert parse_reference(name) == wanted


def test_ecr_takes_ecrs_login_and_no_other_registry_does() -> None:
    aws, local = Login(f"https://{ECR}", "AWS", "p"), Login("http://127.0.0.1:4566", "AWS", "p")
    other = ECR.replace("123456789012", "210987654321")
    assert base_registry(f"{ECR}/a:1", aws, True)[0].endpoint == f"https://{ECR}"
    assert base_registry(f"{other}/a:1", aws, True)[0].endpoint == f"https://{other}"
    assert base_registry(f"{other}/a:1", aws, True)[0].user == "AWS"
    assert base_registry(f"{ECR}/a:1", local, True)[0].endpoint == "http://127.0.0.1:4566"
    assert base_registry("registry.corp.example/a:1", aws, True)[0].user == ""


@pytest.mark.parametrize(
    ("name", "ignored"),
    [
        ("notes.txt", True),
        ("app.py", False),
        ("chat/view.py", False),
        ("chat/__pycache__/view.pyc", True),
        ("chat/deep/er/x.tmp", True),
        (".streamlit/config.toml", False),
        ("other/app.py", True),
    ],
)
def test_dockerignore(name: str, ignored: bool) -> None:
    rules = ignore_rules("# comment\n*\n!app.py\n!chat/\n!.streamlit\n**/__pycache__\n**/*.t?p\n")
    assert is_ignored(name, rules) is ignored


def test_a_star_stays_in_its_folder() -> None:
    rules = ignore_rules("*.pyc\n/docs\n")
    assert is_ignored("a.pyc", rules)
    assert not is_ignored("chat/a.pyc", rules)
    assert is_ignored("docs/index.md", rules)


def test_copy_puts_files_and_folders_where_docker_does() -> None:
    context = {name: Path(name) for name in ("app.py", "chat/a.py", "chat/b/c.py", "x", "y")}
    copies = (
        Copy(("/app/deps",), "/app/deps", "dependencies"),
        Copy(("chat",), "/app/chat", ""),
        Copy(("app.py",), "/app/main.py", ""),
        Copy(("x", "y"), "/data/", ""),
    )
    placed = ["app/chat/a.py", "app/chat/b/c.py", "app/main.py", "data/x", "data/y"]
    assert list(app_files(copies, context)) == placed
    everything = app_files((Copy((".",), "/app", ""),), context)
    assert sorted(everything) == sorted(f"app/{name}" for name in context)
    with pytest.raises(SourceError, match="COPY none"):
        app_files((Copy(("none",), "/app/none", ""),), context)


def test_the_same_files_give_the_same_layer(tmp_path: Path) -> None:
    files = {"app/b.py": tmp_path / "b", "app/a/run": tmp_path / "a"}
    for path in files.values():
        path.write_text(path.name)
    files["app/a/run"].chmod(0o700)
    first = write_layer(files, tmp_path / "one")
    (tmp_path / "b").touch()
    again = write_layer(dict(reversed(files.items())), tmp_path / "two")
    assert (first.digest, first.diff_id, first.size) == (again.digest, again.diff_id, again.size)
    files["app/a/run"].chmod(0o600)
    assert write_layer(files, tmp_path / "three").digest != first.digest


def test_packages_come_from_the_cache_unless_it_was_damaged(tmp_path: Path) -> None:
    calls = []

    def install(folder: Path) -> None:
        calls.append(folder)
        folder.mkdir()
        (folder / "module.py").write_text("x")

    first = dependencies_layer("app/deps", "key", tmp_path, install)
    assert dependencies_layer("app/deps", "key", tmp_path, install) == first
    assert len(calls) == 1
    (tmp_path / "key.tar.gz").write_bytes(b"damaged")
    assert dependencies_layer("app/deps", "key", tmp_path, install) == first
    assert len(calls) == 2


@pytest.mark.parametrize("notes", ["", '{"digest": "sha2', "[]", '{"digest": "d"}'])
def test_notes_that_are_none_are_made_anew(tmp_path: Path, notes: str) -> None:
    first = dependencies_layer("app/deps", "key", tmp_path, lambda folder: folder.mkdir())
    (tmp_path / "key.json").write_text(notes)
    assert dependencies_layer("app/deps", "key", tmp_path, lambda folder: folder.mkdir()) == first


def test_a_run_that_is_killed_while_it_writes_leaves_whole_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written is written beside its place and moved there, so that the place never holds half of it."""
    written: list[str] = []

    def noted(path: Path, text: str, encoding: str) -> int:
        written.append(path.name)
        return path.write_bytes(text.encode(encoding))

    monkeypatch.setattr(Path, "write_text", noted)
    dependencies_layer("app/deps", "key", tmp_path, lambda folder: folder.mkdir())
    assert written == ["key.unfinished"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "key.json", "key.tar.gz"]


def test_runs_that_share_the_cache_make_a_layer_once(tmp_path: Path) -> None:
    calls, begun, go_on = [], threading.Event(), threading.Event()

    def install(folder: Path) -> None:
        calls.append(folder)
        folder.mkdir()
        begun.set()
        assert go_on.wait(60)

    def layer() -> Layer:
        return dependencies_layer("app/deps", "key", tmp_path, install)

    with ThreadPoolExecutor(2) as runs:
        first = runs.submit(layer)
        assert begun.wait(60)
        second = runs.submit(layer)
        go_on.set()
        assert first.result(60) == second.result(60)
    assert len(calls) == 1


def test_old_packages_are_forgotten(tmp_path: Path) -> None:
    for key in "abcdef":
        dependencies_layer("app/deps", key, tmp_path, lambda folder: folder.mkdir())
    assert len(list(tmp_path.glob("?.*"))) == 6


def test_commands_with_this_machines_path_are_removed(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "tool").write_text("#!/home/me/python")
    info = tmp_path / "tool-1.0.dist-info"
    info.mkdir()
    (info / "RECORD").write_text("../../bin/tool,sha256=x,1\ntool.py,sha256=y,2\n")
    tidy_packages(tmp_path)
    assert not (tmp_path / "bin").exists()
    assert (info / "RECORD").read_text() == "tool.py,sha256=y,2\n"


def test_pip_is_held_to_the_lock_and_the_platform() -> None:
    arguments = pip_arguments(Path("lock"), Path("out"), "linux/amd64", "3.12")
    assert {"--require-hashes", "--only-binary=:all:", "manylinux_2_28_x86_64"} <= set(arguments)
    with pytest.raises(SourceError, match="knows linux/amd64"):
        pip_arguments(Path("lock"), Path("out"), "windows/amd64", "3.12")


def test_the_platforms_image_is_chosen_from_an_index() -> None:
    amd, arm = ({"digest": name, "platform": {"os": "linux", "architecture": name}} for name in ("amd64", "arm64"))
    assert choose_platform({"manifests": [arm, amd]}, "linux/amd64") == "amd64"
    with pytest.raises(ValueError, match="no variant for linux/riscv"):
        choose_platform({"manifests": [arm, amd]}, "linux/riscv")


def test_dockers_layers_get_their_oci_name() -> None:
    base = {"layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "digest": "d", "size": 1}]}
    manifest = image_manifest(base, [], b"{}")
    assert manifest["layers"][0]["mediaType"] == "application/vnd.oci.image.layer.v1.tar+gzip"


def test_a_download_that_breaks_off_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_size: int) -> Iterator[bytes]:
        yield b"half"
        raise requests.exceptions.ChunkedEncodingError("Connection broken")

    registry = Registry("https://registry.corp.example", "python")
    monkeypatch.setattr(registry, "_send", lambda *_names, **_options: SimpleNamespace(iter_content=broken))
    with pytest.raises(RegistryError, match=r"registry\.corp\.example broke the download off: ChunkedEncodingError"):
        registry.download(DIGEST, tmp_path / "layer")
