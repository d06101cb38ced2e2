"""The OCI distribution API: pull, push (monolithic and chunked), mount, by tag and by digest.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md. Basic authentication with what
``ecr:GetAuthorizationToken`` gives, as ECR does it. Deleting goes through ECR's own API.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from local_cloud.control.registry import authorization, blobs, images
from local_cloud.control.registry.images import RegistryError
from local_cloud.control.state import State

NAME = r"(?P<name>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)"


@dataclass
class Request:
    """A request to the registry."""

    environ: dict[str, Any]
    state: State
    query: dict[str, str]

    def url(self, path: str) -> str:
        """The absolute URL of a path."""
        return f"{self.state.base_url}{path}"


Answer = tuple[int, dict[str, str], Iterable[bytes]]
Handler = Callable[..., Answer]


def answer(environ: dict[str, Any], start_response: Callable[..., Any], state: State) -> Iterable[bytes]:
    """The WSGI entry for ``/v2/``."""
    try:
        status, headers, body = _route(environ, state)
    except blobs.DigestError as error:
        status, headers, body = _error(400, "DIGEST_INVALID", str(error))
    except RegistryError as error:
        status, headers, body = _error(error.status, error.code, str(error))
    headers = {"Docker-Distribution-Api-Version": "registry/2.0", **headers}
    start_response(f"{status} {HTTPStatus(status).phrase}", list(headers.items()))
    return body


def _error(status: int, code: str, message: str) -> Answer:
    body = json.dumps({"errors": [{"code": code, "message": message}]}).encode()
    headers = {"Content-Type": "application/json"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="local cloud",service="ecr.amazonaws.com"'
    return status, headers, [body]


def _route(environ: dict[str, Any], state: State) -> Answer:
    holder = _holder(environ, state)
    if holder is None:
        return _error(401, "UNAUTHORIZED", "Not Authorized")
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    query = {key: values[0] for key, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    request = Request(environ, state, query)
    for verbs, pattern, handler in ROUTES:
        match = pattern.fullmatch(path)
        if match and method in verbs:
            refused = authorization.refusal(state, holder, environ, handler.__name__, match.groupdict().get("name"))
            return _error(403, "DENIED", refused) if refused else handler(request, **match.groupdict())
    return _error(405, "UNSUPPORTED", f"{method} {path} is not supported")


def _holder(environ: dict[str, Any], state: State) -> Any:
    """Whose password it is; None for a wrong one."""
    kind, _space, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind.lower() != "basic":
        return None
    with state.lock:
        for password, holder in state.registry_passwords.items():
            expected = base64.b64encode(f"AWS:{password}".encode()).decode()
            if hmac.compare_digest(given.strip(), expected):
                return holder
    return None


def version(request: Request) -> Answer:
    """GET /v2/"""
    return 200, {"Content-Type": "application/json"}, [b"{}"]


def tags(request: Request, name: str) -> Answer:
    """GET /v2/{name}/tags/list"""
    with request.state.lock:
        found = sorted(tag for image in images.repository(name).images for tag in image.image_tags)
    body = json.dumps({"name": name, "tags": found}).encode()
    return 200, {"Content-Type": "application/json"}, [body]


def get_blob(request: Request, name: str, digest: str) -> Answer:
    """GET, HEAD /v2/{name}/blobs/{digest}"""
    path = blobs.path_of(digest)
    with request.state.lock:
        known = digest in images.repository(name).layers
    if not known or not path.exists():
        return _error(404, "BLOB_UNKNOWN", f"blob {digest} is not in {name}")
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Length": str(path.stat().st_size),
        "Docker-Content-Digest": digest,
    }
    return 200, headers, blobs.read(path) if request.environ["REQUEST_METHOD"] == "GET" else []


def start_upload(request: Request, name: str) -> Answer:
    """POST /v2/{name}/blobs/uploads/: begin one, send a blob whole, or mount another repository's."""
    with request.state.lock:
        repository = images.repository(name)
        mount, source = request.query.get("mount"), request.query.get("from")
        if mount and source and mount in images.repository(source).layers:
            repository.layers[mount] = images.repository(source).layers[mount]
            return _created(request, name, mount)
    upload = blobs.begin_upload()
    if "digest" in request.query:
        return end_upload(request, name, upload)
    return _progress(request, name, upload, 0, 202)


def _created(request: Request, name: str, digest: str) -> Answer:
    location = request.url(f"/v2/{name}/blobs/{digest}")
    return 201, {"Location": location, "Docker-Content-Digest": digest, "Content-Length": "0"}, []


def _progress(request: Request, name: str, upload: str, size: int, status: int) -> Answer:
    headers = {
        "Location": request.url(f"/v2/{name}/blobs/uploads/{upload}"),
        "Range": f"0-{max(size - 1, 0)}",
        "Docker-Upload-UUID": upload,
    }
    return status, headers, []


def _size(upload: str) -> int:
    size = blobs.upload_size(upload)
    if size is None:
        raise RegistryError(404, "BLOB_UPLOAD_UNKNOWN", f"upload {upload} is not known")
    return size


def patch_upload(request: Request, name: str, upload: str) -> Answer:
    """PATCH /v2/{name}/blobs/uploads/{upload}: one more chunk, in order."""
    size = _size(upload)
    sent = request.environ.get("HTTP_CONTENT_RANGE", "")
    match = re.fullmatch(r"(?:bytes )?(\d+)-\d+(?:/\S+)?", sent)
    if match and int(match[1]) != size:
        return _progress(request, name, upload, size, 416)
    size = blobs.append(upload, request.environ["wsgi.input"])
    return _progress(request, name, upload, size, 202)


def end_upload(request: Request, name: str, upload: str) -> Answer:
    """PUT /v2/{name}/blobs/uploads/{upload}?digest=...: the last chunk, if any, and the digest."""
    _size(upload)
    digest = request.query.get("digest", "")
    blobs.path_of(digest)
    blobs.append(upload, request.environ["wsgi.input"])
    size = blobs.finish(upload, digest)
    with request.state.lock:
        images.repository(name).layers[digest] = size
    return _created(request, name, digest)


def upload_status(request: Request, name: str, upload: str) -> Answer:
    """GET /v2/{name}/blobs/uploads/{upload}"""
    return _progress(request, name, upload, _size(upload), 204)


def cancel_upload(request: Request, name: str, upload: str) -> Answer:
    """DELETE /v2/{name}/blobs/uploads/{upload}"""
    _size(upload)
    blobs.discard(upload)
    return 204, {}, []


def get_manifest(request: Request, name: str, reference: str) -> Answer:
    """GET, HEAD /v2/{name}/manifests/{tag or digest}: the bytes that were pushed."""
    with request.state.lock:
        image = images.find(name, reference)
        body = image.image_manifest.encode()
        kind = image.image_manifest_media_type or images.DEFAULT_TYPE
    headers = {
        "Content-Type": kind,
        "Content-Length": str(len(body)),
        "Docker-Content-Digest": images.digest_of(body),
    }
    return 200, headers, [body]


def put_manifest(request: Request, name: str, reference: str) -> Answer:
    """PUT /v2/{name}/manifests/{tag or digest}"""
    body = request.environ["wsgi.input"].read()
    kind = request.environ.get("CONTENT_TYPE") or images.DEFAULT_TYPE
    with request.state.lock:
        digest = images.put(name, reference, body, kind)
    location = request.url(f"/v2/{name}/manifests/{digest}")
    return 201, {"Location": location, "Docker-Content-Digest": digest, "Content-Length": "0"}, []


UPLOADS = rf"/v2/{NAME}/blobs/uploads"
ROUTES: tuple[tuple[tuple[str, ...], re.Pattern[str], Handler], ...] = (
    (("GET", "HEAD"), re.compile("/v2/"), version),
    (("GET",), re.compile(rf"/v2/{NAME}/tags/list"), tags),
    (("POST",), re.compile(rf"{UPLOADS}/?"), start_upload),
    (("PATCH",), re.compile(rf"{UPLOADS}/(?P<upload>[^/]+)"), patch_upload),
    (("PUT",), re.compile(rf"{UPLOADS}/(?P<upload>[^/]+)"), end_upload),
    (("GET",), re.compile(rf"{UPLOADS}/(?P<upload>[^/]+)"), upload_status),
    (("DELETE",), re.compile(rf"{UPLOADS}/(?P<upload>[^/]+)"), cancel_upload),
    (("GET", "HEAD"), re.compile(rf"/v2/{NAME}/blobs/(?P<digest>[^/]+)"), get_blob),
    (("GET", "HEAD"), re.compile(rf"/v2/{NAME}/manifests/(?P<reference>[^/]+)"), get_manifest),
    (("PUT",), re.compile(rf"/v2/{NAME}/manifests/(?P<reference>[^/]+)"), put_manifest),
)
