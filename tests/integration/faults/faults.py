"""The faults of the drill: what fails, how, and what must come of it. docs/faults.md has them as a table."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local_cloud.data.bedrock import converse
from tests.integration.faults.edge import Exchange, Fault, at_moto, forwarded, found, pieces, said, streamed

MODEL = ("Converse", "ConverseStream")


def refusal(code: str, status: int = 400, message: str = "") -> Fault:
    """As Bedrock says it: REST with JSON, the code in a header (Smithy, 'AWS restJson1 protocol')."""

    def answer(exchange: Exchange) -> None:
        exchange.reply({"message": message}, status, {"x-amzn-ErrorType": code})

    return answer


def table_refusal(code: str, message: str = "") -> Fault:
    """As DynamoDB says it (developer guide, 'Error handling with DynamoDB')."""
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": message}
    return lambda exchange: exchange.reply(body, 400, {"Content-Type": "application/x-amz-json-1.0"})


THROTTLED = refusal("ThrottlingException", 429, "Too many requests, please wait before trying again.")
TABLE_THROTTLED = table_refusal(
    "ThrottlingException", "Throughput exceeds the current throughput for your table or index."
)


def hang_up(exchange: Exchange) -> None:
    exchange.hang_up()


def silent(exchange: Exchange) -> None:
    exchange.silence()


def dripping(exchange: Exchange) -> None:
    """A byte now and then: no single wait is long."""
    exchange.begin(10_000)
    while not exchange.edge.over.is_set():
        exchange.wfile.write(b" ")
        exchange.silence(0.05)


def half_an_answer(exchange: Exchange) -> None:
    """The connection ends within the body."""
    exchange.begin(5_000)
    exchange.wfile.write(b'{"hits": {"hits": [{"_id": "d1", "_sou')
    exchange.hang_up()


def error_page(exchange: Exchange) -> None:
    """Of a proxy in between."""
    exchange.reply(b"<html><body>Bad Gateway</body></html>", 200, {"Content-Type": "text/html"})


def hits(*documents: Any) -> Fault:
    return lambda exchange: exchange.reply({"hits": {"hits": list(documents)}})


MALFORMED: tuple[Any, ...] = (
    None,
    7,
    {},
    {"_id": "no source", "_score": 9.0},
    {"_id": "list", "_score": 9.0, "_source": ["text"]},
    {"_id": None, "_score": "9", "_source": {"title": None, "text": None, "source": None}},
    {"_id": "objects", "_score": {}, "_source": {"title": {"a": 1}, "text": {"b": [2]}, "source": {}}},
    {"_id": "hidden", "_score": 9.0, "_source": {"text": "\u200b\u2060\ud800"}},
    {"_id": "odd", "_score": float("nan"), "_source": {"title": 5, "text": 12, "source": [1, None], "groups": 3}},
    {"_id": {"a": 1}, "_score": 1e400, "_source": {"title": [None], "text": ["別の話", 1, None], "groups": {"x": 1}}},
)


def some_malformed(exchange: Exchange) -> None:
    """The right passage between what are none."""
    right = {"_id": "d1", "_score": 3.0, "_source": _document()}
    exchange.reply({"hits": {"hits": [*MALFORMED, right]}})


def _document() -> dict[str, str]:
    return {"title": "出張旅費規程", "text": "国内出張の宿泊費の上限は一泊12,000円です。", "source": "規程/旅費.md"}


def once(fault: Fault, then: Fault) -> Callable[[], Fault]:
    """A new fault each time it is asked for: the first call fails, later ones do not."""

    def make() -> Fault:
        left = [fault]

        def next_one(exchange: Exchange) -> None:
            (left.pop() if left else then)(exchange)

        return next_one

    return make


def cut_off_answer(exchange: Exchange) -> None:
    """Converse, ended within its body."""
    exchange.begin(5_000)
    exchange.wfile.write(b'{"output": {"message": {"role": "assistant", "content": [{"text": "\xe5\x9b\xbd')
    exchange.hang_up()


def cut_off_stream(exchange: Exchange) -> None:
    exchange.events(pieces()[:3], whole=False)
    exchange.hang_up()


def ended_stream(exchange: Exchange) -> None:
    """Whole for HTTP, but the model's `messageStop` never came."""
    exchange.events(pieces()[:3])


def silent_stream(exchange: Exchange) -> None:
    exchange.events(pieces()[:3], whole=False)
    exchange.silence()


def no_words(exchange: Exchange) -> None:
    """Converse and ConverseStream that say nothing."""
    request = json.loads(exchange.body)
    reply = converse.Reply("", "end_turn")
    if exchange.path.endswith("-stream"):
        exchange.events([converse.START, *converse.ending(request, reply, 1)])
    else:
        exchange.reply(converse.response(request, reply, 1))


def answer_lost(exchange: Exchange) -> None:
    """The table has it, but says so to nobody."""
    at_moto(exchange)
    exchange.hang_up()


@dataclass(frozen=True)
class Case:
    """`at`: operation -> its fault. `said`: what the message must speak of. `searches`, `models`: how often each may be
    asked at most. `streamed_status`: 200 where words were shown before. `stored`: whether there is an answer that is
    kept."""

    name: str
    at: dict[str, Fault | Callable[[], Fault]]
    status: int
    code: str | None
    said: str
    searches: int = 1
    models: int = 1
    streamed_status: int | None = None
    stored: bool = False

    @property
    def waited_for(self) -> bool:
        """Whether a time limit has to pass before anything is told."""
        return any(fault in (silent, dripping, silent_stream) for fault in self.at.values())


def everywhere(operations: tuple[str, ...], fault: Fault) -> dict[str, Fault | Callable[[], Fault]]:
    return dict.fromkeys(operations, fault)


SEARCH, MODEL_SAYS, HISTORY = "検索", "AI モデル", "履歴"
READS = ("Query", "GetItem")
ERRORS = (
    Case("search hangs up", everywhere(("_search",), hang_up), 503, "search_unavailable", SEARCH, 2, 0),
    Case("search is silent", everywhere(("_search",), silent), 504, "timeout", SEARCH, 1, 0),
    Case("search drips", everywhere(("_search",), dripping), 504, "timeout", SEARCH, 1, 0),
    Case("search breaks off", everywhere(("_search",), half_an_answer), 503, "search_unavailable", SEARCH, 2, 0),
    Case("search overloaded", everywhere(("_search",), refusal("x", 429)), 503, "search_unavailable", SEARCH, 1, 0),
    Case("search's proxy answers", everywhere(("_search",), error_page), 503, "search_unavailable", SEARCH, 1, 0),
    Case(
        "search answers no hits",
        everywhere(("_search",), lambda exchange: exchange.reply({"hits": {"hits": {"a": 1}}})),
        *(503, "search_unavailable", SEARCH, 1, 0),
    ),
    Case("model throttled", everywhere(MODEL, THROTTLED), 503, "model_throttled", MODEL_SAYS, 1, 3),
    Case(
        "model unavailable",
        everywhere(MODEL, refusal("ServiceUnavailableException", 503)),
        *(503, "model_unavailable", MODEL_SAYS, 1, 3),
    ),
    Case(
        "model not allowed",
        everywhere(MODEL, refusal("AccessDeniedException", 403)),
        *(503, "model_unavailable", MODEL_SAYS, 1, 1),
    ),
    Case(
        "model takes no more",
        everywhere(MODEL, refusal("ValidationException", 400, "Input is too long for requested model.")),
        *(413, "too_long", "長すぎる", 1, 1),
    ),
    Case("model silent", everywhere(MODEL, silent), 504, "timeout", MODEL_SAYS, 1, 1),
    Case("model says nothing", everywhere(MODEL, no_words), 503, "model_unavailable", MODEL_SAYS, 1, 1),
    Case(
        "model cut off in the middle",
        {"Converse": cut_off_answer, "ConverseStream": cut_off_stream},
        *(503, "model_unavailable", MODEL_SAYS, 1, 3, 200),
    ),
    Case(
        "model ends without an end",
        {"Converse": cut_off_answer, "ConverseStream": ended_stream},
        *(503, "model_unavailable", MODEL_SAYS, 1, 3, 200),
    ),
    Case(
        "model silent in the middle",
        {"Converse": silent, "ConverseStream": silent_stream},
        *(504, "timeout", MODEL_SAYS, 1, 1, 200),
    ),
    Case("table throttled", everywhere(READS, TABLE_THROTTLED), 503, "history_unavailable", HISTORY, 0, 0),
    Case(
        "table throttled by its own capacity",
        everywhere(("Query",), table_refusal("ProvisionedThroughputExceededException")),
        *(503, "history_unavailable", HISTORY, 0, 0),
    ),
    Case("table silent", everywhere(READS, silent), 503, "history_unavailable", HISTORY, 0, 0),
    Case("table hangs up", everywhere(READS, hang_up), 503, "history_unavailable", HISTORY, 0, 0),
)
# Faults in spite of which there is an answer; `stored` tells whether the table then has it.
ANSWERS = (
    Case("some passages malformed", everywhere(("_search",), some_malformed), 200, None, "", stored=True),
    Case("search fails once", {"_search": once(hang_up, found)}, 200, None, "", 2, stored=True),
    Case(
        "model throttled once",
        {"Converse": once(THROTTLED, said), "ConverseStream": once(THROTTLED, streamed)},
        *(200, None, "", 1, 2),
        stored=True,
    ),
    Case("table throttled once", {"Query": once(TABLE_THROTTLED, forwarded)}, 200, None, "", stored=True),
    Case(
        "table's answer lost",
        {"TransactWriteItems": once(answer_lost, forwarded)},
        *(200, None, ""),
        stored=True,
    ),
    Case("table throttled when storing", everywhere(("TransactWriteItems",), TABLE_THROTTLED), 200, None, "保存"),
    Case("table silent when storing", everywhere(("TransactWriteItems",), silent), 200, None, "保存"),
)
