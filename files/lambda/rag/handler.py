"""One invocation: event in, response out. Every fault ends here as a Japanese sentence with a request id."""

from __future__ import annotations

import logging
from typing import Any, Protocol

from rag import http, log
from rag.clock import Deadline, Stopwatch
from rag.errors import RagError
from rag.pipeline import Pipeline, Progress

_LOGGER = logging.getLogger(log.NAME)
_DEFAULT_SECONDS = 28.0


class Context(Protocol):
    """What is used of the Lambda context object."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int: ...


class Handler:
    """Without a pipeline (the environment is faulty) every question is told that this is our fault."""

    def __init__(self, pipeline: Pipeline | None, cors_allow_origin: str) -> None:
        self._pipeline = pipeline
        self._origin = cors_allow_origin

    def __call__(self, event: object, context: Context | None) -> dict[str, Any]:
        request_id = http.request_id_of(event, context.aws_request_id if context else "local")
        if http.method_of(event) == "OPTIONS":
            return http.preflight_response(self._origin)
        progress = Progress(Stopwatch())
        try:
            return self._answer(event, context, request_id, progress)
        except RagError as error:
            fields = {"code": error.code, "reason": error.reason, **_figures(request_id, progress)}
            if error.status < 500:
                log.info("refused", **fields)
            else:
                log.error("failed", error, **fields)
            return http.error_response(error, request_id, self._origin)
        except Exception:
            # Whatever it is, the reader gets our words and not the runtime's stack trace.
            fields = {"code": RagError.code, **_figures(request_id, progress)}
            _LOGGER.exception("failed", extra={"fields": fields})
            return http.error_response(RagError(), request_id, self._origin)

    def _answer(self, event: object, context: Context | None, request_id: str, progress: Progress) -> dict[str, Any]:
        question = http.parse_question(event, request_id)
        if self._pipeline is None:
            raise RagError("settings")
        seconds = context.get_remaining_time_in_millis() / 1000 if context else _DEFAULT_SECONDS
        log.content("question", request_id=request_id, text=question.text)
        answer = self._pipeline.answer(question, Deadline(seconds), progress)
        log.content("answer", request_id=request_id, text=answer.text)
        log.info("answered", **_figures(request_id, progress))
        return http.answer_response(
            answer,
            question.session_id,
            request_id,
            progress.notices,
            history_saved=progress.history_saved,
            origin=self._origin,
        )


def _figures(request_id: str, progress: Progress) -> dict[str, Any]:
    return {
        "request_id": request_id,
        "total_ms": progress.watch.total(),
        "stage_ms": progress.watch.stages,
        **progress.counts,
        **progress.facts,
        "history_saved": progress.history_saved,
    }
