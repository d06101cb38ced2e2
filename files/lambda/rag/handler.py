"""One invocation: event in, response out. Every fault ends here as a Japanese sentence with a request id."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from rag import http, log
from rag.clock import Deadline, Stopwatch
from rag.domain import Answer, Draft, Question, Shown
from rag.errors import RagError
from rag.identity import Callers
from rag.pipeline import Pipeline, Progress
from rag.streamed import StreamedResponse

_LOGGER = logging.getLogger(log.NAME)
_DEFAULT_SECONDS = 28.0
Line = dict[str, Any]


class Context(Protocol):
    """What is used of the Lambda context object."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Manner:
    """How it is answered. `buffered_seconds`: the longest that a whole answer may take."""

    cors_allow_origin: str = "*"
    streaming: bool = False
    buffered_seconds: float = _DEFAULT_SECONDS


@dataclass(frozen=True, slots=True)
class Service:
    """What answers, and what knows who asks: neither is to be had without the other."""

    callers: Callers
    pipeline: Pipeline


@dataclass(slots=True)
class _Turn:
    """One invocation's question, time and figures."""

    request_id: str
    seconds: float
    progress: Progress = field(default_factory=lambda: Progress(Stopwatch()))

    def deadline(self, seconds: float) -> Deadline:
        """So many seconds from when the question came: knowing who asks has taken its part of them."""
        return Deadline(seconds - self.progress.watch.total() / 1000)

    def figures(self) -> dict[str, Any]:
        progress = self.progress
        return {
            "request_id": self.request_id,
            "total_ms": progress.watch.total(),
            "stage_ms": progress.watch.stages,
            **progress.counts,
            **progress.facts,
            "history_saved": progress.history_saved,
        }


class Handler:
    """Without a service (the environment is faulty) every question is told that this is our fault."""

    def __init__(self, service: Service | None, manner: Manner) -> None:
        self._service = service
        self._manner = manner

    def __call__(self, event: object, context: Context | None) -> dict[str, Any] | StreamedResponse:
        streams = self._manner.streaming and http.is_stream(event)
        if http.method_of(event) == "OPTIONS":
            return http.preflight_response(self._manner.cors_allow_origin)
        turn = _Turn(
            http.request_id_of(event, context.aws_request_id if context else "local"),
            context.get_remaining_time_in_millis() / 1000 if context else _DEFAULT_SECONDS,
        )
        try:
            return self._streamed(event, turn) if streams else self._whole(event, turn)
        except RagError as error:
            failure = _refused(error, turn)
        except Exception:
            # Whatever it is, the reader gets our words and not the runtime's stack trace.
            _LOGGER.exception("failed", extra={"fields": {"code": RagError.code, **turn.figures()}})
            failure = RagError()
        response = http.error_response(failure, turn.request_id, self._manner.cors_allow_origin)
        return http.streamed(response) if streams else response

    def _whole(self, event: object, turn: _Turn) -> dict[str, Any]:
        pipeline, question = self._asked(event, turn)
        seconds = min(turn.seconds, self._manner.buffered_seconds)
        answer = pipeline.answer(question, turn.deadline(seconds), turn.progress)
        return http.answer_response(_answered(answer, question, turn), self._manner.cors_allow_origin)

    def _streamed(self, event: object, turn: _Turn) -> StreamedResponse:
        """What fails before the first words still has its own status."""
        pipeline, question = self._asked(event, turn)
        shown = pipeline.stream(question, turn.deadline(turn.seconds), turn.progress)
        shown = itertools.chain([next(shown)], shown)
        return http.stream_response(_lines(shown, question, turn), self._manner.cors_allow_origin)

    def _asked(self, event: object, turn: _Turn) -> tuple[Pipeline, Question]:
        if self._service is None:
            raise RagError("settings")
        question = http.parse_question(event, turn.request_id, self._service.callers(event))
        log.content("question", request_id=turn.request_id, text=question.text)
        return self._service.pipeline, question


def _lines(shown: Iterator[Shown | Answer], question: Question, turn: _Turn) -> Iterator[Line]:
    """`start`, then `draft` and `text` as they come, then `done` with the whole answer, or `error`.

    `draft` adds words of a sentence that is not checked yet; `text` is that sentence as it stays, in their place.
    """
    yield {"type": "start", "session_id": question.session_id, "request_id": turn.request_id}
    try:
        for item in shown:
            if isinstance(item, Answer):
                yield {"type": "done", **_answered(item, question, turn)}
            else:
                yield {"type": "draft" if isinstance(item, Draft) else "text", "text": item.text}
    except RagError as error:
        yield {"type": "error", **http.error_body(_refused(error, turn), turn.request_id)}
    except Exception:
        _LOGGER.exception("failed", extra={"fields": {"code": RagError.code, **turn.figures()}})
        yield {"type": "error", **http.error_body(RagError(), turn.request_id)}


def _answered(answer: Answer, question: Question, turn: _Turn) -> Line:
    log.content("answer", request_id=turn.request_id, text=answer.text)
    log.info("answered", **turn.figures())
    return http.answer_body(
        answer,
        question.session_id,
        turn.request_id,
        turn.progress.notices,
        history_saved=turn.progress.history_saved,
    )


def _refused(error: RagError, turn: _Turn) -> RagError:
    """The error itself, after its cause went to the log."""
    fields = {"code": error.code, "reason": error.reason, **turn.figures()}
    if error.status < 500:
        log.info("refused", **fields)
    else:
        log.error("failed", error, **fields)
    return error
