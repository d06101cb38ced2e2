"""The way of one request: ``/_local`` and ``/v2`` are ours, everything else is an AWS API call.

An AWS call is decoded, refused where AWS would refuse it, answered by moto, repaired where moto drops
something, and recorded. Where no repair is registered moto's answer goes out as it is.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from moto.core.exceptions import JsonRESTError, ServiceException

from local_cloud.control import aws_time, local_routes, permissions, recorder, refusals, repairs, rules, strict
from local_cloud.control.breakpoints import DroppedError
from local_cloud.control.calls import REPAIRS, Access, AwsError, Call, Params, Proceed, Result
from local_cloud.control.permissions import enforce
from local_cloud.control.registry import http as registry
from local_cloud.control.settings import ACCOUNT
from local_cloud.control.speed import Dispatcher
from local_cloud.control.state import State
from local_cloud.control.wire import Decoded, Response, decode, encode, encode_error, parse_answer, rewrite

LOG = logging.getLogger(__name__)
REFUSED_BY = "x-local-cloud-refused-by"
refusals.load()
repairs.load()
aws_time.load()
permissions.load()


class Front:
    """The WSGI application."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.moto = Dispatcher()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            return self._answer(environ, start_response)
        except DroppedError:
            # Its sender was killed, so nobody reads this.
            start_response("503 Service Unavailable", [])
            return []

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        signed = environ.get("HTTP_AUTHORIZATION", "").startswith("AWS4-HMAC-SHA256")
        if path.startswith("/_local/"):
            response = local_routes.answer(environ, self.state)
        elif path.startswith("/v2/") and not signed:
            return self._registry(environ, start_response)
        else:
            response = self._aws(environ)
        reason = HTTPStatus(response.status).phrase
        start_response(f"{response.status} {reason}", response.headers)
        return [response.body]

    def _registry(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            return registry.answer(environ, start_response, self.state)
        label = f"registry:{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        number = self._before(label)
        body = registry.answer(environ, start_response, self.state)
        self._after(label, number)
        return body

    def _aws(self, environ: dict[str, Any]) -> Response:
        body = environ["wsgi.input"].read()
        environ["local_cloud.body"] = body
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ.pop("wsgi.input_terminated", None)
        with self.state.lock:
            decoded = decode(environ)
            if decoded is None:
                return self._unknown(environ)
        if not recorder.mutates(decoded, environ["REQUEST_METHOD"]):
            return self._answered(environ, decoded)
        label = f"{decoded.service}:{decoded.operation.name}"
        number = self._before(label)
        response = self._answered(environ, decoded)
        self._after(label, number)
        return response

    def _before(self, label: str) -> int:
        with self.state.gate.parked():
            return self.state.breakpoint.before(label)

    def _after(self, label: str, number: int) -> None:
        with self.state.gate.parked():
            self.state.breakpoint.after(label, number)

    def _answered(self, environ: dict[str, Any], decoded: Decoded) -> Response:
        with self.state.lock:
            access = enforce.access_of(environ)
            response, code = self._operate(environ, decoded, access)
            entry = recorder.record(decoded, environ["REQUEST_METHOD"], response.status, code)
            entry.update(enforce.describe(access))
            self.state.note(entry)
            return response

    def _unknown(self, environ: dict[str, Any]) -> Response:
        if environ["PATH_INFO"] == "/moto-api/reset" and environ["REQUEST_METHOD"] == "POST":
            self.state.reset()
        return self._ask_moto(environ)

    def _operate(self, environ: dict[str, Any], decoded: Decoded, access: Access) -> tuple[Response, str | None]:
        name = decoded.operation.name
        call = Call(decoded.service, name, decoded.params, decoded.region, ACCOUNT, self.state, access)
        try:
            self.state.clock.settle()
            aws_time.faults(call)
            # Before the permissions, whose resources are made from the parameters.
            strict.enforce(call, decoded.operation, self.state.disabled_rules)
            enforce.enforce(call)
            rules.enforce(call, self.state.disabled_rules)
            if local_routes.MOTO in self.state.disabled_rules:
                raise AwsError("DryRunOperation", "Nothing refuses the call; it was not executed.", 412)
            repair = aws_time.surround(call, REPAIRS.get((decoded.service, name)))
            if repair is None:
                return self._plain(environ, decoded)
            return encode(decoded, repair(call, self._proceed(environ, decoded))), None
        except AwsError as error:
            response = encode_error(decoded, error)
            if error.refused_by:
                response.headers.append((REFUSED_BY, error.refused_by))
            return response, error.code
        except (ServiceException, JsonRESTError) as error:
            # Raised by moto's own objects, which the repairs use.
            code = error.code if isinstance(error, ServiceException) else error.error_type
            return encode_error(decoded, AwsError(code, error.message)), code
        except NotImplementedError as error:
            LOG.warning("%s %s is not there: %s", decoded.service, name, error)
            message = f"The local cloud does not have {decoded.service} {name}."
            return encode_error(decoded, AwsError("NotImplemented", message, 501)), "NotImplemented"

    def _plain(self, environ: dict[str, Any], decoded: Decoded) -> tuple[Response, str | None]:
        response = self._ask_moto(environ)
        if response.status < 400:
            return response, None
        try:
            parse_answer(decoded, response)
        except AwsError as error:
            return response, error.code
        return response, None

    def _proceed(self, environ: dict[str, Any], decoded: Decoded) -> Proceed:
        def proceed(params: Params | None = None) -> Result:
            asked = environ if params is None else rewrite(environ, decoded, params)
            return parse_answer(decoded, self._ask_moto(asked))

        return proceed

    def _ask_moto(self, environ: dict[str, Any]) -> Response:
        seen: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            seen["status"], seen["headers"] = int(status.split()[0]), headers

        chunks = self.moto(environ, start_response)
        body = b"".join(chunks)
        headers = [(name, value) for name, value in seen["headers"] if name.lower() != "content-length"]
        return Response(seen["status"], headers, body)
