"""ECR: the registry's own address and password, images told by their true digests."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

from local_cloud.control.calls import AwsError, Call, Proceed, Result, repairs
from local_cloud.control.registry import images

# GetAuthorizationToken API reference: 'The authorization token is valid for 12 hours.'
VALIDITY = timedelta(hours=12)


@repairs("ecr", "GetAuthorizationToken")
def get_authorization_token(call: Call, proceed: Proceed) -> Result:
    """A token for the registry on this port."""
    token = base64.b64encode(f"AWS:{call.state.registry_password(call.access.principal)}".encode()).decode()
    data = {
        "authorizationToken": token,
        "expiresAt": datetime.now(UTC) + VALIDITY,
        "proxyEndpoint": call.state.base_url,
    }
    return {"authorizationData": [data]}


@repairs("ecr", "PutImage")
def put_image(call: Call, proceed: Proceed) -> Result:
    """As ECR checks it: the digest must be the manifest's, and an immutable tag stays where it is."""
    manifest = call.params["imageManifest"].encode()
    given, tag = call.get("imageDigest"), call.get("imageTag")
    if given and given != images.digest_of(manifest):
        message = "Provided image digest does not match the calculated image digest"
        raise AwsError("ImageDigestDoesNotMatchException", message)
    return proceed() if tag else _untagged(call, proceed, manifest)


def _untagged(call: Call, proceed: Proceed, manifest: bytes) -> Result:
    name = call.params["repositoryName"]
    kind = call.get("imageManifestMediaType") or images.DEFAULT_TYPE
    try:
        digest = images.put(name, images.digest_of(manifest), manifest, kind)
    except images.RegistryError as error:
        codes = {"NAME_UNKNOWN": "RepositoryNotFoundException", "BLOB_UNKNOWN": "LayersNotFoundException"}
        raise AwsError(codes.get(error.code, "InvalidParameterException"), str(error)) from error
    image = {"registryId": call.account, "repositoryName": name, "imageId": {"imageDigest": digest}}
    return {"image": {**image, "imageManifest": manifest.decode(), "imageManifestMediaType": kind}}
