"""AWS Signature Version 4 for requests: botocore signs, requests sends."""

from __future__ import annotations

import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import NoCredentialsError

# The signing name of API Gateway's invoke side (botocore has no client for it, hence no model to read it from).
SERVICE = "execute-api"
# Where the API looks for the ID token of the person who asks; Authorization holds this signature.
TOKEN_HEADER = "X-Chat-Id-Token"


class SigV4(requests.auth.AuthBase):
    """Signs a request with the task role's credentials, which botocore renews by itself.

    Signed are the host, the content type, the date, the body's hash and, where there is one, the asker's ID token: who
    asks cannot be exchanged on the way. Raises a BotoCoreError where no credentials can be had.
    """

    def __init__(self, credentials: Credentials | None, region: str) -> None:
        self._credentials = credentials
        self._region = region

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._credentials is None:
            raise NoCredentialsError
        signed = AWSRequest(
            method=request.method,
            url=request.url,
            data=request.body,
            headers={
                "Content-Type": request.headers.get("Content-Type", "application/json"),
                **{name: request.headers[name] for name in (TOKEN_HEADER,) if name in request.headers},
            },
        )
        frozen = self._credentials.get_frozen_credentials()
        SigV4Auth(frozen, SERVICE, self._region).add_auth(signed)
        request.headers.update(dict(signed.headers.items()))
        return request
