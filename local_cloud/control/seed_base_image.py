"""A stand-in for the company's mirror of a base image: ``python -m local_cloud.control.seed_base_image``.

The local cloud runs an image's application layers in a Python of the machine, so a base needs no file
system: an image without layers, whose configuration says what Python the tasks expect. It is pushed into
the ECR repository over HTTP like any image; its label says that it is a stand-in.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import sys
import urllib.error
import urllib.request
from typing import Any

import boto3

from local_cloud.control.settings import DEFAULT_PORT, REGION

CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
CONFIG: dict[str, Any] = {
    "architecture": "amd64",
    "os": "linux",
    "config": {
        "Env": ["PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"],
        "Cmd": ["python3"],
        "Labels": {"private-rag.stand-in": "base image without a file system, for the local cloud only"},
    },
    "rootfs": {"type": "layers", "diff_ids": []},
    "history": [],
}


def seed(endpoint: str, repository: str = "mirror/python", tag: str = "3.12-slim") -> str:
    """Push the stand-in; the repository is made where it is missing. Returns the image's digest."""
    ecr = boto3.client(
        "ecr",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    # An earlier run or the prerequisites may have made it.
    with contextlib.suppress(ecr.exceptions.RepositoryAlreadyExistsException):
        ecr.create_repository(repositoryName=repository)
    token = ecr.get_authorization_token()["authorizationData"][0]["authorizationToken"]
    return push(endpoint, token, repository, tag)


def push(endpoint: str, token: str, repository: str, tag: str) -> str:
    """Push configuration and manifest with the Basic ``token``; returns the manifest's digest."""
    config = json.dumps(CONFIG, sort_keys=True).encode()
    digest = _digest(config)
    _send(endpoint, token, "POST", f"/v2/{repository}/blobs/uploads/?digest={digest}", config)
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": {"mediaType": CONFIG_TYPE, "digest": digest, "size": len(config)},
            "layers": [],
        },
        sort_keys=True,
    ).encode()
    _send(endpoint, token, "PUT", f"/v2/{repository}/manifests/{tag}", manifest, MANIFEST_TYPE)
    return _digest(manifest)


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _send(
    endpoint: str, token: str, method: str, path: str, data: bytes, kind: str = "application/octet-stream"
) -> None:
    headers = {"Authorization": f"Basic {token}", "Content-Type": kind}
    request = urllib.request.Request(f"{endpoint}{path}", data=data, method=method, headers=headers)
    urllib.request.urlopen(request, timeout=30).close()


def main() -> int:
    """Push the stand-in and print its digest; returns the process's exit status."""
    parser = argparse.ArgumentParser(prog="local_cloud.control.seed_base_image", description=__doc__)
    parser.add_argument("--endpoint", default=f"http://127.0.0.1:{DEFAULT_PORT}")
    parser.add_argument("--repository", default="mirror/python")
    parser.add_argument("--tag", default="3.12-slim")
    options = parser.parse_args()
    try:
        print(seed(options.endpoint, options.repository, options.tag))
    except (urllib.error.URLError, OSError) as error:
        print(f"local cloud: cannot push to {options.endpoint}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
