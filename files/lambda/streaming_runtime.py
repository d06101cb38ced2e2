"""AWS's own runtime interface client, with responses that stream. Started by `exec_wrapper`.

The managed Python runtime streams nothing by itself (awslambdaric 4.2; AWS documents Node.js only). This subclass adds
what the Runtime API asks for and nothing else: loop, context, logs and error reports stay AWS's. It can be dropped
once the runtime streams. `post_invocation_result` is internal to awslambdaric, therefore pinned in requirements.in.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html, 'Implementing response streaming'
"""

from __future__ import annotations

import base64
import json
import os
import socket
import sys
from typing import Any

from awslambdaric import bootstrap
from awslambdaric.lambda_config import LambdaConfigProvider
from awslambdaric.lambda_runtime_client import LambdaRuntimeClient
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller
from rag.streamed import StreamedResponse

CONTENT_TYPE = "application/vnd.awslambda.http-integration-response"
ERROR_TYPE, ERROR_BODY = "Lambda-Runtime-Function-Error-Type", "Lambda-Runtime-Function-Error-Body"


class StreamingMarshaller(LambdaMarshaller):
    def marshal_response(self, response: Any) -> tuple[Any, str]:
        if isinstance(response, StreamedResponse):
            return response, CONTENT_TYPE
        marshalled: tuple[Any, str] = super().marshal_response(response)
        return marshalled


class StreamingClient(LambdaRuntimeClient):
    marshaller = StreamingMarshaller()

    def post_invocation_result(
        self, invoke_id: str, result_data: Any, content_type: str = "application/json", *more: Any, **others: Any
    ) -> None:
        if isinstance(result_data, StreamedResponse):
            post_stream(self.lambda_runtime_address, invoke_id, result_data)
        else:
            super().post_invocation_result(invoke_id, result_data, content_type, *more, **others)


def post_stream(address: str, invoke_id: str, response: StreamedResponse) -> None:
    """One response in chunks, over a connection of its own.

    A Runtime API that takes no more ends only the sending: the response is made to its end, because making it is also
    what stores the turn. Its own failure becomes the trailers that the Runtime API asks for.
    """
    connection: socket.socket | None = _open(address, invoke_id)
    try:
        for piece in response:
            connection = _send(connection, b"%x\r\n%s\r\n" % (len(piece), piece)) if piece else connection
    except Exception as error:
        _send(connection, b"0\r\n" + _trailers(error) + b"\r\n")
        raise  # the handler tells every fault of its own in words; after another one the process is not to be trusted
    connection = _send(connection, b"0\r\n\r\n")
    if connection:
        connection.recv(4096)  # its answer: from here on the invocation is over
        connection.close()


def _open(address: str, invoke_id: str) -> socket.socket:
    host, _colon, port = address.partition(":")
    connection = socket.create_connection((host, int(port or 80)))
    # Else the first words wait for the head's acknowledgement (Nagle's algorithm).
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(
        (
            f"POST /2018-06-01/runtime/invocation/{invoke_id}/response HTTP/1.1\r\nHost: {address}\r\n"
            "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n"
            f"Trailer: {ERROR_TYPE}, {ERROR_BODY}\r\nContent-Type: {CONTENT_TYPE}\r\nConnection: close\r\n\r\n"
        ).encode("ascii")
    )
    return connection


def _send(connection: socket.socket | None, data: bytes) -> socket.socket | None:
    """The connection, or None once it takes no more."""
    if connection is None:
        return None
    try:
        connection.sendall(data)
    except OSError:
        connection.close()
        return None
    return connection


def _trailers(failure: Exception) -> bytes:
    """The class and no message: messages may quote content."""
    kind = type(failure).__name__
    body = base64.b64encode(json.dumps({"errorType": kind, "errorMessage": kind}).encode()).decode()
    return f"{ERROR_TYPE}: {kind}\r\n{ERROR_BODY}: {body}\r\n".encode()


def main() -> None:
    config = LambdaConfigProvider([sys.argv[0], os.environ["_HANDLER"]])
    bootstrap.run(config.handler, StreamingClient(config.api_address, config.use_thread_polling))


if __name__ == "__main__":
    main()
