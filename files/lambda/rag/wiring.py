"""Puts the parts together, once per container. Makes AWS clients; makes no call.

botocore and not boto3: the clients are the same, and the import is about 50 ms shorter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import botocore.session
from botocore.config import Config

from rag import log
from rag.bedrock import BedrockClient, BedrockModel
from rag.composing import Style, Unsupported
from rag.credentials import SearchLogin, SecretsClient
from rag.grounding import GroundingLimits
from rag.handler import Handler, Manner, Service
from rag.history import DynamoDbClient, DynamoDbHistory
from rag.identity import Callers, TokenCallers, authorizer_caller
from rag.identity_settings import IdentitySettings, identity_settings
from rag.pipeline import Pipeline, Policy, Rewriter
from rag.retrieval import retriever
from rag.settings import Reader, Settings, SettingsError, from_env

_DEFAULT_ORIGIN = "*"
_REWRITTEN_TOKENS = 200
# Two attempts of at most 1 s to connect and 1 s to wait, and less than 1 s between them (AWS SDKs reference guide,
# 'Retry behavior', standard mode): within the reserve of Policy.
_QUICK = Config(connect_timeout=1, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 2})


def start(env: Mapping[str, str]) -> Handler:
    """The handler. With a faulty environment one that says so in the log, and answers 500 to questions."""
    try:
        settings, identity = _settings(env)
    except SettingsError as error:
        log.configure("INFO", content=False)
        log.error("settings", faults=error.faults)
        return Handler(None, Manner(env.get("CORS_ALLOW_ORIGIN", "").strip() or _DEFAULT_ORIGIN))
    log.configure(settings.log_level, content=settings.log_content)
    clients = AwsClients(settings.region)
    manner = Manner(settings.cors_allow_origin, settings.answers.streaming, settings.answers.buffered_seconds)
    return Handler(Service(_callers(identity, clients), build(settings, clients)), manner)


def _settings(env: Mapping[str, str]) -> tuple[Settings, IdentitySettings | None]:
    """Both kinds. Raises SettingsError with the faults of both."""
    reader = Reader(env)
    identity = identity_settings(reader)
    try:
        settings = from_env(env)
    except SettingsError as error:
        raise SettingsError([*error.faults, *reader.faults]) from error
    if reader.faults:
        raise SettingsError(reader.faults)
    return settings, identity


def _callers(settings: IdentitySettings | None, clients: AwsClients) -> Callers:
    """By verified tokens where a provider is configured. Only then are the libraries for that imported."""
    if settings is None:
        return authorizer_caller
    from rag import jwks, token_check

    secrets = cast(SecretsClient, clients.make("secretsmanager", _QUICK)) if settings.keys.secret_id else None
    keys = jwks.KeySet(jwks.document_of(settings.keys, secrets))
    return TokenCallers(settings, lambda token: token_check.verified_claims(token, keys.find, settings))


def build(settings: Settings, clients: AwsClients | None = None) -> Pipeline:
    """The pipeline on Elasticsearch, Bedrock and DynamoDB."""
    clients = clients or AwsClients(settings.region)
    secret_id = settings.search.secret_id
    login = SearchLogin(cast(SecretsClient, clients.make("secretsmanager", _QUICK)), secret_id) if secret_id else None
    model = BedrockModel(settings.model, clients.bedrock)
    model.warm_up()
    return Pipeline(
        retriever(settings.search, settings.retrieval, login, clients),
        model,
        DynamoDbHistory(settings.history, cast(DynamoDbClient, clients.make("dynamodb", _QUICK))),
        Policy(
            grounding=GroundingLimits(min_coverage=settings.search.min_coverage),
            style=Style(cast(Unsupported, settings.answers.unsupported), settings.answers.drafts),
            history_required=settings.history.required,
            prompt_tokens=settings.model.readable_tokens,
        ),
        *_rewriters(settings, clients),
    )


def _rewriters(settings: Settings, clients: AwsClients) -> tuple[Rewriter, ...]:
    """The model that rewrites follow-up questions, where one is named."""
    if not settings.rewrite.model_id:
        return ()
    from rag.model_rewrite import ModelRewriter

    seconds = settings.rewrite.timeout_seconds
    # A question is short, and no setting of the answering model need fit this one; its guardrail does.
    model = replace(
        settings.model,
        model_id=settings.rewrite.model_id,
        max_tokens=_REWRITTEN_TOKENS,
        timeout_seconds=seconds,
        temperature=None,
        top_p=None,
    )
    return (ModelRewriter(BedrockModel(model, clients.bedrock), seconds),)


class AwsClients:
    """AWS clients of one session: service models are parsed once."""

    def __init__(self, region: str) -> None:
        self._session = botocore.session.get_session()
        self.region = region

    def make(self, service: str, config: Config) -> Any:
        return self._session.create_client(cast(Any, service), region_name=self.region, config=config)

    def timed(self, service: str, seconds: float) -> Any:
        """A client that waits `seconds` to read, less to connect, and has no retries of its own."""
        retries: Any = {"mode": "standard", "total_max_attempts": 1}
        return self.make(service, Config(connect_timeout=min(2, seconds), read_timeout=seconds, retries=retries))

    def bedrock(self, read_timeout_seconds: int) -> BedrockClient:
        """See BedrockModel."""
        return cast(BedrockClient, self.timed("bedrock-runtime", read_timeout_seconds))
