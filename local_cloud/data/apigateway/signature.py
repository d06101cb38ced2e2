"""Checks a SigV4 signature by making it again with botocore's own signer. Pure, apart from the time given to it.

Rules and messages: IAM user guide, 'Troubleshoot Signature Version 4 requests' and 'Signature Version 4'.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local_cloud.data.apigateway.errors import ApiError, invalid_signature, missing_token
from local_cloud.data.apigateway.request import ApiRequest
from local_cloud.data.credentials import SessionCredentials

SERVICE = "execute-api"
TOLERATED_SECONDS = 300
TIMESTAMP = "%Y%m%dT%H%M%SZ"
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)$"
)


@dataclass(frozen=True)
class Signed:
    """The parts of an Authorization header."""

    access_key_id: str
    scope: tuple[str, ...]
    headers: tuple[str, ...]
    signature: str


def check(request: ApiRequest, region: str, find: Callable[[str], SessionCredentials | None]) -> SessionCredentials:
    """Whose request it is. Raises ApiError as API Gateway answers: 403 with AWS's text."""
    signed = parse(request.header("Authorization"))
    credentials = find(signed.access_key_id)
    if credentials is None or not hmac.compare_digest(
        request.header("X-Amz-Security-Token").encode(), credentials.session_token.encode()
    ):
        raise invalid_signature("The security token included in the request is invalid.", "UnrecognizedClientException")
    _check_scope(request, signed, region)
    if credentials.expiration.timestamp() < request.received_at:
        raise ApiError(
            403, "The security token included in the request is expired", "EXPIRED_TOKEN", "ExpiredTokenException"
        )
    if not hmac.compare_digest(expected(request, signed, credentials, region), signed.signature):
        raise invalid_signature(
            "The request signature we calculated does not match the signature you provided. Check your AWS"
            " Secret Access Key and signing method. Consult the service documentation for details."
        )
    return credentials


def parse(authorization: str) -> Signed:
    """Raises ApiError: no header at all is a missing token."""
    if not authorization:
        raise missing_token()
    found = AUTHORIZATION.match(authorization.strip())
    scope = tuple(found.group(1).split("/")) if found else ()
    if found is None or len(scope) != 5:
        raise invalid_signature("Authorization header is not a valid SigV4 one.", "IncompleteSignatureException")
    return Signed(scope[0], scope[1:], tuple(found.group(2).split(";")), found.group(3))


def expected(request: ApiRequest, signed: Signed, credentials: SessionCredentials, region: str) -> str:
    """The signature of this request under these credentials."""
    query = f"?{request.query}" if request.query else ""
    again = AWSRequest(method=request.method, url=f"https://{request.host}{request.path}{query}", data=request.body)
    for name in signed.headers:
        again.headers[name] = request.header(name)
    again.context["timestamp"] = request.header("X-Amz-Date")
    keys = Credentials(credentials.access_key_id, credentials.secret_access_key, credentials.session_token)
    signer = SigV4Auth(keys, SERVICE, region)
    text = signer.string_to_sign(again, signer.canonical_request(again))
    return str(signer.signature(text, again))


def _check_scope(request: ApiRequest, signed: Signed, region: str) -> None:
    date = request.header("X-Amz-Date")
    try:
        at = datetime.strptime(date, TIMESTAMP).replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise invalid_signature("Date must be in ISO-8601 'basic format'.", "IncompleteSignatureException") from None
    problems = [
        f"Credential should be scoped to a valid region, not '{signed.scope[1]}'. " * (signed.scope[1] != region),
        f"Credential should be scoped to correct service: '{SERVICE}'. " * (signed.scope[2] != SERVICE),
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP. "
        * (signed.scope[0] != date[:8]),
        "'Host' must be a 'SignedHeader' in the AWS Authorization. " * ("host" not in signed.headers),
    ]
    if any(problems):
        raise invalid_signature("".join(problems).strip())
    if abs(request.received_at - at) > TOLERATED_SECONDS:
        word = "expired" if at < request.received_at else "not yet current"
        raise invalid_signature(f"Signature {word}: {date}")
