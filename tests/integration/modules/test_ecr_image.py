"""ecr_image: built without an engine, pushed, found again by its source, and what cannot be built."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import os
import stat
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.private_rag.aws.plugins.module_utils import _retries

from local_cloud.control.seed_base_image import seed
from tests.integration.cloud import ACCOUNT, REGION, Cloud
from tests.integration.running import ModuleFailed, Runner

MODULE, NAME = "ecr_image", "chatbot-frontend-test"
BASE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/mirror/python:3.12-slim"
DOCKERFILE = """
ARG BASE_IMAGE=python:3.12-slim
FROM ${BASE_IMAGE} AS dependencies
COPY requirements.lock /tmp/requirements.lock
RUN pip install --target /app/deps --requirement /tmp/requirements.lock
FROM ${BASE_IMAGE}
ENV HOME=/tmp PYTHONPATH=/app/deps
WORKDIR /app
COPY --from=dependencies /app/deps /app/deps
COPY chat /app/chat
COPY app.py /app/app.py
USER 10001:10001
EXPOSE 8080
CMD ["python", "-m", "streamlit", "run", "app.py"]
"""


def wheel(folder: Path) -> str:
    """A package of one module, as a wheel in a folder: its line in a lock file."""
    name = "tinything-1.0-py3-none-any.whl"
    info = "tinything-1.0.dist-info"
    files = {
        "tinything.py": "VALUE = 1\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: tinything\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\ntiny = tinything:main\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(folder / name, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    return f"tinything==1.0 --hash=sha256:{digest}\n"


@pytest.fixture
def image(cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A source directory, a package index of one wheel, a repository, and a base image."""
    seed(cloud.endpoint)
    cloud.client("ecr").create_repository(repositoryName=NAME)
    wheels, source = tmp_path / "wheels", tmp_path / "source"
    wheels.mkdir()
    (source / "chat" / "__pycache__").mkdir(parents=True)
    (source / "requirements.lock").write_text(wheel(wheels))
    (source / "Dockerfile").write_text(DOCKERFILE)
    (source / ".dockerignore").write_text("*\n!chat\n!app.py\n!requirements.lock\n**/__pycache__\n")
    (source / "app.py").write_text("print('hello')\n")
    (source / "chat" / "ask.py").write_text("print('ask')\n")
    (source / "chat" / "__pycache__" / "ask.pyc").write_bytes(b"x")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    return {
        "repository": NAME,
        "source": str(source),
        "builder": "layers",
        "base_image": BASE,
        "cache_dir": str(tmp_path / "cache"),
    }


def pulled(cloud: Cloud, digest: str) -> tuple[dict[str, Any], dict[str, Any], list[bytes]]:
    """An image's manifest, configuration and unpacked layers, checked against their digests."""
    token = cloud.client("ecr").get_authorization_token()["authorizationData"][0]["authorizationToken"]

    def get(path: str) -> bytes:
        request = urllib.request.Request(
            f"{cloud.endpoint}/v2/{NAME}/{path}", headers={"Authorization": f"Basic {token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            content: bytes = response.read()
        assert path.rpartition("sha256:")[2] == hashlib.sha256(content).hexdigest()
        return content

    manifest = json.loads(get(f"manifests/{digest}"))
    config = json.loads(get(f"blobs/{manifest['config']['digest']}"))
    layers = [gzip.decompress(get(f"blobs/{layer['digest']}")) for layer in manifest["layers"]]
    return manifest, config, layers


def entries(layer: bytes) -> dict[str, tarfile.TarInfo]:
    """What is in a layer, by name, in its order."""
    with tarfile.open(fileobj=io.BytesIO(layer)) as archive:
        return {entry.name: entry for entry in archive}


def test_the_image_is_what_the_dockerfile_says(cloud: Cloud, run_module: Runner, image: dict[str, Any]) -> None:
    done = run_module.applied(MODULE, image)["image"]
    assert done["builder"] == "layers"
    assert done["tag"] == done["source_hash"][:16]
    manifest, config, layers = pulled(cloud, done["digest"])
    settings = config["config"]
    assert settings["Cmd"] == ["python", "-m", "streamlit", "run", "app.py"]
    assert settings["User"] == "10001:10001"
    assert settings["WorkingDir"] == "/app"
    assert settings["ExposedPorts"] == {"8080/tcp": {}}
    assert {"HOME=/tmp", "PYTHONPATH=/app/deps", "LANG=C.UTF-8"} <= set(settings["Env"])
    assert settings["Labels"]["private-rag.source-hash"] == done["source_hash"]
    found = [f"sha256:{hashlib.sha256(layer).hexdigest()}" for layer in layers]
    assert config["rootfs"]["diff_ids"][-2:] == found[-2:]
    packages, app = (entries(layer) for layer in layers[-2:])
    assert "app/deps/tinything.py" in packages
    assert not [name for name in packages if name.startswith("app/deps/bin")]
    assert list(app) == ["app", "app/chat", "app/app.py", "app/chat/ask.py"]
    assert {entry.mtime for entry in (*app.values(), *packages.values())} == {0}
    assert manifest["mediaType"] == "application/vnd.oci.image.manifest.v1+json"


def test_only_a_changed_source_is_built(cloud: Cloud, run_module: Runner, image: dict[str, Any]) -> None:
    first = run_module(MODULE, image)["image"]
    os.utime(Path(image["source"]) / "app.py", (1, 1))
    (Path(image["source"]) / "notes.txt").write_text("kept out")
    assert run_module.unchanged(MODULE, image)["image"]["digest"] == first["digest"]
    (Path(image["source"]) / "app.py").write_text("print('other')\n")
    second = run_module.applied(MODULE, image)["image"]
    assert second["tag"] != first["tag"]
    before, after = (pulled(cloud, made["digest"])[0]["layers"] for made in (first, second))
    assert before[-2] == after[-2]
    assert before[-1] != after[-1]


def test_packages_are_taken_from_the_last_image(
    run_module: Runner, image: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_module(MODULE, image)
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    (Path(image["source"]) / "app.py").write_text("print('other')\n")
    del image["cache_dir"]
    assert run_module.applied(MODULE, image)["action"] == "create"


def test_the_same_source_gives_the_same_image(cloud: Cloud, run_module: Runner, image: dict[str, Any]) -> None:
    first = run_module(MODULE, image)["image"]["digest"]
    chosen = {"imageDigest": first}
    cloud.client("ecr").batch_delete_image(repositoryName=NAME, imageIds=[chosen])
    again = run_module(MODULE, {**image, "cache_dir": f"{image['cache_dir']}2"})["image"]
    assert again["builder"] == "layers"
    assert again["digest"] == first


def test_a_new_base_or_label_is_a_new_image(cloud: Cloud, run_module: Runner, image: dict[str, Any]) -> None:
    tag = run_module(MODULE, image)["image"]["tag"]
    assert run_module.checked(MODULE, {**image, "labels": {"a": 1}})["image"]["tag"] != tag
    pinned = cloud.client("ecr").describe_images(repositoryName="mirror/python")["imageDetails"][0]["imageDigest"]
    run_module.unchanged(MODULE, {**image, "base_image": f"{BASE}@{pinned}"})


def test_a_tag_of_ones_own_is_built_again_when_the_source_changed(run_module: Runner, image: dict[str, Any]) -> None:
    tagged = {**image, "tag": "v1"}
    run_module.applied(MODULE, tagged)
    (Path(image["source"]) / "app.py").write_text("print('other')\n")
    predicted = run_module.checked(MODULE, tagged)
    assert predicted["action"] == "update"
    assert predicted["image"]["digest"] == "(known after apply: image digest)"
    run_module.applied(MODULE, tagged)


def test_predicted_before_the_repository_exists(run_module: Runner, image: dict[str, Any]) -> None:
    predicted = run_module.checked(MODULE, {**image, "repository": "none-yet"})
    assert predicted["action"] == "create"
    assert predicted["image"]["uri"] == "(known after apply: image uri)"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("Dockerfile", DOCKERFILE + "RUN echo hello\n", "RUN in the final stage needs a container engine"),
        ("Dockerfile", DOCKERFILE.replace("COPY app.py", "COPY none.py"), "COPY none.py: there is no such file"),
        ("Dockerfile", DOCKERFILE.replace("COPY --from=dependencies /app/deps /app/deps\n", ""), "--from another"),
        ("requirements.lock", "nothing==1.0 --hash=sha256:00\n", "python -m pip failed"),
        ("Dockerfile", "# nothing yet\n", "has no FROM"),
    ],
)
def test_what_cannot_be_built(run_module: Runner, image: dict[str, Any], name: str, text: str, words: str) -> None:
    (Path(image["source"]) / name).write_text(text)
    with pytest.raises(AssertionError, match=words):
        run_module(MODULE, image)


def test_a_place_that_cannot_be_written_is_named(run_module: Runner, image: dict[str, Any], tmp_path: Path) -> None:
    place = tmp_path / "cache"
    place.write_text("a file, no folder")
    with pytest.raises(ModuleFailed, match=rf"was not built: {place}.*: "):
        run_module(MODULE, {**image, "cache_dir": str(place)})


def test_the_indexs_password_appears_nowhere(run_module: Runner, image: dict[str, Any]) -> None:
    (Path(image["source"]) / "requirements.lock").write_text("nothing==1.0 --hash=sha256:00\n")
    index = "https://user:hush-hush@127.0.0.1:1/simple"
    with pytest.raises(AssertionError) as failure:
        run_module(MODULE, {**image, "index_url": index})
    assert "hush-hush" not in json.dumps(failure.value.result)  # type: ignore[attr-defined]


ENGINE = f"""#!{sys.executable}
import json, os, sys
folder = os.environ["ENGINE_RECORD"]
words = sys.argv[1:]
text = sys.stdin.read() if words[0] == "login" else ""
files = {{word.partition("src=")[2]: open(word.partition("src=")[2]).read() for word in words if "src=" in word}}
config = os.environ.get("DOCKER_CONFIG", "")
with open(os.path.join(folder, "calls.jsonl"), "a") as file:
    file.write(json.dumps({{"words": words, "text": text, "files": files, "config": config}}) + "\\n")
sys.exit(1 if words[0] == os.environ.get("ENGINE_FAILS") else 0)
"""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A docker that only writes down how it is called: the file that it writes."""
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(ENGINE)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("ENGINE_RECORD", str(tmp_path))
    assert subprocess.run(["docker", "info"], check=True).returncode == 0
    return tmp_path / "calls.jsonl"


def test_an_engine_gets_the_password_on_its_input(
    cloud: Cloud, run_module: Runner, image: dict[str, Any], engine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_retries, "SEEN_ATTEMPTS", 2)
    index = "https://user:hush-hush@pypi.corp.example/simple"
    # The stand-in pushes nothing, so that the image is not there afterwards.
    with pytest.raises(AssertionError, match="was written, but AWS does not show it"):
        run_module(MODULE, {**image, "builder": "auto", "index_url": index})
    calls = [json.loads(line) for line in engine.read_text().splitlines()][1:]
    assert [call["words"][0] for call in calls] == ["info", "login", "build", "push"]
    token = cloud.client("ecr").get_authorization_token()["authorizationData"][0]["authorizationToken"]
    password = base64.b64decode(token).decode().partition(":")[2]
    assert calls[1]["text"].strip() == password
    spoken = json.dumps([call["words"] for call in calls])
    assert password not in spoken
    assert "hush-hush" not in spoken
    assert index in next(iter(calls[2]["files"].values()))
    assert not Path(calls[2]["config"]).exists()
    assert "linux/amd64" in calls[2]["words"]


def test_an_engine_that_fails_is_told(
    run_module: Runner, image: dict[str, Any], engine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENGINE_FAILS", "build")
    with pytest.raises(AssertionError, match="docker build failed"):
        run_module(MODULE, {**image, "builder": "docker"})
    assert engine.exists()
