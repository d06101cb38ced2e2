"""The OCI registry: push and pull by digest, and what ECR says of it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError
from control_builders import Cloud, unique

from local_cloud.control.seed_base_image import CONFIG_TYPE, MANIFEST_TYPE, seed

LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip"


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


@pytest.fixture
def registry(cloud: Cloud) -> requests.Session:
    """A session with the password that ECR gives."""
    data = cloud.client("ecr").get_authorization_token()["authorizationData"][0]
    assert data["proxyEndpoint"] == cloud.url
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = f"Basic {data['authorizationToken']}"
    return session


@pytest.fixture
def repository(cloud: Cloud) -> str:
    """A repository with immutable tags."""
    name = unique("chat/frontend")
    cloud.client("ecr").create_repository(repositoryName=name, imageTagMutability="IMMUTABLE")
    return name


def upload(cloud: Cloud, registry: requests.Session, repository: str, data: bytes) -> None:
    started = registry.post(f"{cloud.url}/v2/{repository}/blobs/uploads/")
    assert started.status_code == 202
    done = registry.put(f"{started.headers['Location']}?digest={digest(data)}", data=data)
    assert (done.status_code, done.headers["Docker-Content-Digest"]) == (201, digest(data))


def manifest_of(config: bytes, layer: bytes) -> bytes:
    document: dict[str, Any] = {
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPE,
        "config": {"mediaType": CONFIG_TYPE, "digest": digest(config), "size": len(config)},
        "layers": [{"mediaType": LAYER_TYPE, "digest": digest(layer), "size": len(layer)}],
    }
    return json.dumps(document, indent=3).encode()


def push(cloud: Cloud, registry: requests.Session, repository: str, tag: str, layer: bytes) -> bytes:
    config = b'{"architecture": "amd64", "os": "linux"}'
    upload(cloud, registry, repository, config)
    upload(cloud, registry, repository, layer)
    manifest = manifest_of(config, layer)
    url = f"{cloud.url}/v2/{repository}/manifests/{tag}"
    answer = registry.put(url, data=manifest, headers={"Content-Type": MANIFEST_TYPE})
    assert answer.status_code == 201, answer.text
    return manifest


def test_push_and_pull_by_digest(cloud: Cloud, registry: requests.Session, repository: str) -> None:
    layer = b"layer" * 1000
    manifest = push(cloud, registry, repository, "v1", layer)
    pulled = registry.get(f"{cloud.url}/v2/{repository}/manifests/{digest(manifest)}")
    assert (pulled.content, pulled.headers["Content-Type"]) == (manifest, MANIFEST_TYPE)
    blob = registry.get(f"{cloud.url}/v2/{repository}/blobs/{digest(layer)}")
    assert blob.content == layer
    head = registry.head(f"{cloud.url}/v2/{repository}/manifests/v1")
    assert head.headers["Docker-Content-Digest"] == digest(manifest)
    assert registry.get(f"{cloud.url}/v2/{repository}/tags/list").json()["tags"] == ["v1"]


def test_pushed_image_shows_in_ecr(cloud: Cloud, registry: requests.Session, repository: str) -> None:
    manifest = push(cloud, registry, repository, "v1", b"layer")
    ecr = cloud.client("ecr")
    shown = ecr.describe_images(repositoryName=repository, imageIds=[{"imageTag": "v1"}])["imageDetails"][0]
    assert (shown["imageDigest"], shown["imageTags"]) == (digest(manifest), ["v1"])
    assert shown["imageManifestMediaType"] == MANIFEST_TYPE
    parts = json.loads(manifest)
    assert shown["imageSizeInBytes"] == parts["config"]["size"] + parts["layers"][0]["size"]
    got = ecr.batch_get_image(repositoryName=repository, imageIds=[{"imageDigest": digest(manifest)}])
    assert got["images"][0]["imageManifest"].encode() == manifest


def test_immutable_tag_stays(cloud: Cloud, registry: requests.Session, repository: str) -> None:
    manifest = push(cloud, registry, repository, "v1", b"one")
    assert push(cloud, registry, repository, "v1", b"one") == manifest
    config = b'{"architecture": "amd64", "os": "linux"}'
    upload(cloud, registry, repository, b"two")
    answer = registry.put(
        f"{cloud.url}/v2/{repository}/manifests/v1",
        data=manifest_of(config, b"two"),
        headers={"Content-Type": MANIFEST_TYPE},
    )
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "TAG_INVALID")
    assert "because the repository is immutable" in answer.text
    assert registry.get(f"{cloud.url}/v2/{repository}/manifests/v1").content == manifest


def test_mutable_tag_moves(cloud: Cloud, registry: requests.Session) -> None:
    name = unique("mutable")
    cloud.client("ecr").create_repository(repositoryName=name)
    first = push(cloud, registry, name, "v1", b"one")
    second = push(cloud, registry, name, "v1", b"two")
    assert registry.get(f"{cloud.url}/v2/{name}/manifests/v1").content == second
    assert registry.get(f"{cloud.url}/v2/{name}/manifests/{digest(first)}").content == first
    images = cloud.client("ecr").describe_images(repositoryName=name)["imageDetails"]
    assert {each["imageDigest"]: each.get("imageTags", []) for each in images} == {
        digest(first): [],
        digest(second): ["v1"],
    }


def test_chunked_upload(cloud: Cloud, registry: requests.Session, repository: str) -> None:
    data = bytes(range(256)) * 100
    location = registry.post(f"{cloud.url}/v2/{repository}/blobs/uploads/").headers["Location"]
    sent = registry.patch(location, data=iter([data[:1000], data[1000:2000]]))
    assert (sent.status_code, sent.headers["Range"]) == (202, "0-1999")
    wrong = registry.patch(location, data=b"x", headers={"Content-Range": "5000-5000"})
    assert wrong.status_code == 416
    assert registry.get(location).headers["Range"] == "0-1999"
    done = registry.put(f"{location}?digest={digest(data)}", data=data[2000:])
    assert done.status_code == 201
    head = registry.head(f"{cloud.url}/v2/{repository}/blobs/{digest(data)}")
    assert head.headers["Content-Length"] == str(len(data))


def test_wrong_digest(cloud: Cloud, registry: requests.Session, repository: str) -> None:
    location = registry.post(f"{cloud.url}/v2/{repository}/blobs/uploads/").headers["Location"]
    answer = registry.put(f"{location}?digest={digest(b'other')}", data=b"this")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "DIGEST_INVALID")
    assert registry.head(f"{cloud.url}/v2/{repository}/blobs/{digest(b'other')}").status_code == 404


def test_mount_and_the_limits_of_a_repository(cloud: Cloud, registry: requests.Session, repository: str) -> None:
    upload(cloud, registry, repository, b"shared")
    other = unique("other")
    cloud.client("ecr").create_repository(repositoryName=other)
    assert registry.head(f"{cloud.url}/v2/{other}/blobs/{digest(b'shared')}").status_code == 404
    url = f"{cloud.url}/v2/{other}/blobs/uploads/?mount={digest(b'shared')}&from={repository}"
    assert registry.post(url).status_code == 201
    assert registry.get(f"{cloud.url}/v2/{other}/blobs/{digest(b'shared')}").content == b"shared"


def test_pushing_makes_no_repository(cloud: Cloud, registry: requests.Session) -> None:
    answer = registry.post(f"{cloud.url}/v2/nobody/made/blobs/uploads/")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "NAME_UNKNOWN")


def test_manifest_needs_its_blobs(cloud: Cloud, registry: requests.Session, repository: str) -> None:
    answer = registry.put(f"{cloud.url}/v2/{repository}/manifests/v1", data=manifest_of(b"{}", b"missing"))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "BLOB_UNKNOWN")


def test_password_is_asked_for(cloud: Cloud) -> None:
    for headers in ({}, {"Authorization": "Basic QVdTOng="}):
        answer = cloud.http.get(f"{cloud.url}/v2/", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_digest_of_put_image(cloud: Cloud, registry: requests.Session, repository: str) -> None:
    upload(cloud, registry, repository, b"{}")
    upload(cloud, registry, repository, b"layer")
    manifest = manifest_of(b"{}", b"layer").decode()
    ecr = cloud.client("ecr")
    with pytest.raises(ClientError) as raised:
        ecr.put_image(repositoryName=repository, imageManifest=manifest, imageTag="x", imageDigest=digest(b"other"))
    assert raised.value.response["Error"]["Code"] == "ImageDigestDoesNotMatchException"
    for tag in ({}, {"imageTag": "v1"}):
        put = ecr.put_image(repositoryName=repository, imageManifest=manifest, **tag)
        assert put["image"]["imageId"]["imageDigest"] == digest(manifest.encode())


def test_stand_in_base_image(cloud: Cloud) -> None:
    first = seed(cloud.url)
    assert seed(cloud.url) == first
    shown = cloud.client("ecr").describe_images(repositoryName="mirror/python", imageIds=[{"imageTag": "3.12-slim"}])
    assert shown["imageDetails"][0]["imageDigest"] == first
