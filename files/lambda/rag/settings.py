"""The environment as typed data. All faults are found at once; nothing is called, nothing connected."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from rag.retrieval_settings import RetrievalSettings, retrieval_settings

# The rules alone take some 700 tokens; a prompt of less could hold no passage.
_LEAST_READABLE = 1000
TASK_ROOT = Path(__file__).resolve().parents[1]


class SettingsError(ValueError):
    """The environment is not fit to run with; `faults` names every variable that is wrong, and no value."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """`url` without a final slash; `ca_file` None means the system's trust; `secret_id` "" means no login.

    `fields` empty: found out by the mapping. `candidates` are fetched for the second stage, `size` are handed on.
    """

    url: str
    index: str
    title_field: str
    text_field: str
    source_field: str
    secret_id: str
    ca_file: Path | None
    timeout_seconds: float
    size: int
    min_coverage: float
    groups_field: str = "groups"
    fields: tuple[str, ...] = ()
    candidates: int = 30
    second_stage: bool = True
    min_score: float = 0.0


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """`temperature` and `top_p` None are not sent: newer models refuse sampling parameters.

    `timeout_seconds`: the longest wait for an answer, or for the next piece of a streamed one.
    `context_tokens`: the model's context window; `prompt_tokens`: the most that one question may give it to read.
    """

    model_id: str
    max_tokens: int
    timeout_seconds: float
    temperature: float | None
    top_p: float | None = None
    guardrail_id: str = ""
    guardrail_version: str = "DRAFT"
    context_tokens: int = 200_000
    prompt_tokens: int = 40_000

    @property
    def readable_tokens(self) -> int:
        """What the model may be given: the cap, or what its context leaves beside the longest answer."""
        return min(self.prompt_tokens, self.context_tokens - self.max_tokens)


@dataclass(frozen=True, slots=True)
class RewriteSettings:
    """`model_id` "": follow-up questions are rewritten by rule alone."""

    model_id: str = ""
    timeout_seconds: float = 3.0


@dataclass(frozen=True, slots=True)
class HistorySettings:
    table: str
    ttl_days: int
    turns: int
    required: bool


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """`streaming`: whether the runtime can stream, and POST /stream does. `drafts`: whether it shows words before
    their sentence is checked. `unsupported`: what becomes of a sentence that the passages do not support.
    `buffered_seconds`: when POST / must have answered, however long the function may run; API Gateway waits 29.
    """

    streaming: bool
    drafts: bool
    unsupported: str
    buffered_seconds: float


@dataclass(frozen=True, slots=True)
class Settings:
    region: str
    answers: AnswerSettings
    search: SearchSettings
    model: ModelSettings
    history: HistorySettings
    cors_allow_origin: str
    log_level: str
    log_content: bool
    retrieval: RetrievalSettings = field(default_factory=RetrievalSettings)
    rewrite: RewriteSettings = field(default_factory=RewriteSettings)


class Reader:
    """Reads one variable after the other and collects what is wrong."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self.faults: list[str] = []

    def refuse(self, fault: str) -> None:
        """One more fault."""
        self.faults.append(fault)

    def text(self, name: str, default: str | None = None) -> str:
        value = self._env.get(name, "").strip() or default
        if value is None:
            self.faults.append(f"{name} is not set")
        return value or ""

    def number(self, name: str, default: float | None, low: float, high: float) -> float:
        text = self.text(name, "" if default is None else str(default))
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            self.faults.append(f"{name} is not a number from {low:g} to {high:g}")
            return low
        return value

    def optional(self, name: str, low: float, high: float) -> float | None:
        return self.number(name, None, low, high) if self.text(name, "") else None

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        value = self.number(name, default, low, high)
        if value != int(value):
            self.faults.append(f"{name} is not a whole number")
        return int(value)

    def flag(self, name: str, *, default: bool) -> bool:
        text = self.text(name, str(default)).lower()
        if text not in ("true", "false"):
            self.faults.append(f"{name} is neither true nor false")
        return text == "true"

    def one_of(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        text = self.text(name, default).upper()
        if text not in allowed:
            self.faults.append(f"{name} is none of {', '.join(allowed)}")
        return text

    def address(self, name: str) -> str:
        """A URL or host:port; https unless it says http://. Credentials in it are refused."""
        text = self.text(name)
        url = text if "://" in text else f"https://{text}"
        if text and not _is_address(url):
            self.faults.append(f"{name} is not host:port or an http(s) URL without user, query and fragment")
        return url.rstrip("/")

    def file(self, name: str) -> Path | None:
        """A file of the deployment package, or an absolute path; None where the variable is empty."""
        text = self.text(name, "")
        if not text:
            return None
        path = TASK_ROOT / text
        if not path.is_file():
            self.faults.append(f"{name} names no file of the package")
        return path


def from_env(env: Mapping[str, str]) -> Settings:
    """The settings. Raises SettingsError, which holds every fault."""
    reader = Reader(env)
    settings = Settings(
        # Lambda sets both and reserves both.
        region=reader.text("AWS_REGION", env.get("AWS_DEFAULT_REGION", "").strip() or None),
        answers=AnswerSettings(
            streaming=reader.flag("STREAMING", default=False),
            drafts=reader.flag("STREAM_DRAFTS", default=True),
            unsupported=reader.one_of("UNSUPPORTED_SENTENCES", "FLAG", ("FLAG", "DROP")).lower(),
            buffered_seconds=reader.number("BUFFERED_SECONDS", 28, 1, 900),
        ),
        search=search_settings(reader),
        model=model_settings(reader),
        history=HistorySettings(
            table=reader.text("DYNAMODB_TABLE_NAME"),
            ttl_days=reader.whole("HISTORY_TTL_DAYS", 90, 1, 3650),
            turns=reader.whole("HISTORY_TURNS", 5, 0, 20),
            required=reader.flag("HISTORY_REQUIRED", default=True),
        ),
        cors_allow_origin=reader.text("CORS_ALLOW_ORIGIN", "*"),
        log_level=reader.one_of("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
        log_content=reader.flag("LOG_CONTENT", default=False),
        retrieval=retrieval_settings(reader),
        rewrite=RewriteSettings(
            model_id=reader.text("REWRITE_MODEL_ID", ""),
            timeout_seconds=reader.number("REWRITE_TIMEOUT_SECONDS", 3, 2.5, 10),  # BedrockModel asks nothing below 2
        ),
    )
    if reader.faults:
        raise SettingsError(reader.faults)
    return settings


def search_settings(reader: Reader) -> SearchSettings:
    """Where and how to search; faults are left in the reader."""
    return SearchSettings(
        url=reader.address("ES_HOST"),
        index=reader.text("ES_INDEX"),
        title_field=reader.text("ES_TITLE_FIELD", "title"),
        text_field=reader.text("ES_TEXT_FIELD", "text"),
        source_field=reader.text("ES_SOURCE_FIELD", "source"),
        secret_id=reader.text("ES_SECRET_ID", ""),
        ca_file=reader.file("ES_CA_FILE"),
        timeout_seconds=reader.number("ES_TIMEOUT_SECONDS", 4, 0.1, 30),
        size=reader.whole("ES_SIZE", 5, 1, 50),
        min_coverage=reader.number("ES_MIN_COVERAGE", 0.4, 0, 1),
        groups_field=reader.text("ES_GROUPS_FIELD", "groups"),
        fields=tuple(reader.text("ES_FIELDS", "").replace(",", " ").split()),
        candidates=reader.whole("ES_CANDIDATES", 30, 1, 200),
        second_stage=reader.flag("ES_SECOND_STAGE", default=True),
        min_score=reader.number("ES_MIN_SCORE", 0, 0, 1e6),
    )


def model_settings(reader: Reader) -> ModelSettings:
    """Which model answers, and how it is asked; faults are left in the reader."""
    settings = ModelSettings(
        model_id=reader.text("BEDROCK_MODEL_ID"),
        max_tokens=reader.whole("BEDROCK_MAX_TOKENS", 2000, 1, 100_000),
        timeout_seconds=reader.number("BEDROCK_TIMEOUT_SECONDS", 20, 1, 600),
        temperature=reader.optional("BEDROCK_TEMPERATURE", 0, 2),
        top_p=reader.optional("BEDROCK_TOP_P", 0, 1),
        guardrail_id=reader.text("BEDROCK_GUARDRAIL_ID", ""),
        guardrail_version=reader.text("BEDROCK_GUARDRAIL_VERSION", "DRAFT"),
        context_tokens=reader.whole("BEDROCK_CONTEXT_TOKENS", 200_000, 4000, 2_000_000),
        prompt_tokens=reader.whole("PROMPT_TOKENS", 40_000, 1000, 1_000_000),
    )
    if settings.readable_tokens < _LEAST_READABLE:
        reader.refuse(f"BEDROCK_CONTEXT_TOKENS leaves less than {_LEAST_READABLE} beside BEDROCK_MAX_TOKENS")
    return settings


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port_is_fine and plain
