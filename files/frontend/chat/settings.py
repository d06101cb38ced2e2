"""Settings of the page, read from the environment; every fault is told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from chat import sign_in_settings
from chat.sign_in_settings import SignIn

ApiAuth = Literal["AWS_IAM", "NONE"]

DEFAULT_EXAMPLE_QUESTIONS = (
    "国内出張の日当と宿泊費の上限を教えてください",
    "在宅勤務は週に何日までできますか",
    "VPN に接続できないときはどうすればよいですか",
    "年次有給休暇は何日付与されますか",
)
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingsError(Exception):
    """The environment does not make sense; `faults` names every variable and what is wrong with it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Settings:
    """What the page needs to know.

    api_url: the invoke URL, stage included. api_auth: `AWS_IAM` signs every request (SigV4), `NONE` does not.
    timeout_seconds: how long to wait for an answer, or for the next piece of a streamed one; above API Gateway's own
    29 s, so that its error arrives. streaming: ask `stream` below api_url, which answers as the model speaks.
    region: the API's AWS region. link_hosts: hosts that sources and answers may link to (https only).
    example_questions: hints on an empty page. max_question_chars: limit of the input field.
    """

    api_url: str
    api_auth: ApiAuth
    timeout_seconds: float
    streaming: bool
    region: str
    link_hosts: frozenset[str]
    example_questions: tuple[str, ...]
    max_question_chars: int
    sign_in: SignIn = field(default_factory=SignIn)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Reads CHAT_API_URL, CHAT_API_AUTH (default AWS_IAM), CHAT_API_TIMEOUT_SECONDS (35), AWS_REGION,
        CHAT_API_STREAMING (false), CHAT_LINK_HOSTS (comma-separated, none), CHAT_EXAMPLE_QUESTIONS (separated by
        `|`; empty for none), CHAT_MAX_QUESTION_CHARS (4000, as the API), CHAT_SIGN_IN_* (sign_in_settings). Raises
        SettingsError.
        """
        reader = _Reader(env)
        auth = reader.auth("CHAT_API_AUTH")
        settings = cls(
            api_url=reader.url("CHAT_API_URL"),
            api_auth=auth,
            timeout_seconds=reader.number("CHAT_API_TIMEOUT_SECONDS", float, 35.0, 1, 900),
            streaming=reader.flag("CHAT_API_STREAMING"),
            region=reader.region("AWS_REGION", required=auth == "AWS_IAM"),
            link_hosts=frozenset(h.lower() for h in reader.parts("CHAT_LINK_HOSTS", ",", ())),
            example_questions=reader.parts("CHAT_EXAMPLE_QUESTIONS", "|", DEFAULT_EXAMPLE_QUESTIONS),
            max_question_chars=reader.number("CHAT_MAX_QUESTION_CHARS", int, 4000, 1, 100_000),
            sign_in=sign_in_settings.sign_in(env),
        )
        reader.faults += sign_in_settings.faults(env)
        if reader.faults:
            raise SettingsError(reader.faults)
        return settings


class _Reader:
    """Reads variables one by one and collects what is wrong instead of stopping at the first fault."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.faults: list[str] = []

    def url(self, name: str) -> str:
        value = self.env.get(name, "").strip()
        try:
            parts = urlsplit(value)
            is_url = bool(parts.hostname) and (parts.port is None or parts.port > 0)
        except ValueError:  # brackets that do not match, a port that is none
            self.faults.append(f"{name} is not an http(s) URL")
            return value
        if not value:
            self.faults.append(f"{name} is not set")
        elif not is_url or parts.scheme not in ("http", "https"):
            self.faults.append(f"{name} is not an http(s) URL")
        elif parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
            self.faults.append(f"{name} must be https")
        return value

    def auth(self, name: str) -> ApiAuth:
        value = self.env.get(name, "").strip()
        if value == "NONE":
            return "NONE"
        if value in ("AWS_IAM", ""):
            return "AWS_IAM"
        self.faults.append(f"{name} must be AWS_IAM or NONE")
        return "AWS_IAM"

    def flag(self, name: str) -> bool:
        value = self.env.get(name, "").strip().lower() or "false"
        if value not in ("true", "false"):
            self.faults.append(f"{name} must be true or false")
        return value == "true"

    def region(self, name: str, *, required: bool) -> str:
        value = self.env.get(name, "").strip()
        if required and not value:
            self.faults.append(f"{name} is not set")
        return value

    def number[N: (int, float)](self, name: str, kind: Callable[[str], N], default: N, low: float, high: float) -> N:
        raw = self.env.get(name, "").strip()
        if not raw:
            return default
        try:
            value = kind(raw)
        except ValueError:
            value = None
        if value is None or not low <= value <= high:
            self.faults.append(f"{name} must be a number from {low} to {high}")
            return default
        return value

    def parts(self, name: str, separator: str, default: tuple[str, ...]) -> tuple[str, ...]:
        if name not in self.env:
            return default
        return tuple(part.strip() for part in self.env[name].split(separator) if part.strip())
