"""Options of the command line for reaching the server. A password stands in no argument: Secrets Manager or the
environment has it.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from rag.credentials import FixedLogin, SearchLogin, authorization
from rag.errors import SearchUnavailableError

from ingest.server import Connection, IngestError

_SECRET = "SEARCH_SECRET"


def add_options(parser: argparse.ArgumentParser) -> None:
    """--url, --ca-file, --secret-id; without the last one the secret comes from the variable SEARCH_SECRET."""
    parser.add_argument("--url", required=True, help="https://host:port of Elasticsearch or OpenSearch")
    parser.add_argument("--ca-file", type=Path, help="PEM file with the CA of the server's certificate")
    parser.add_argument("--secret-id", default="", help="name or ARN of the secret in Secrets Manager, read with boto3")
    parser.epilog = (
        f'{_SECRET} in the environment: {{"username", "password"}} or {{"api_key"}}, as in Secrets Manager;'
        " with neither, no login is sent"
    )


def region() -> str:
    """AWS_REGION, as Lambda calls it, else what boto3 finds (AWS_DEFAULT_REGION, the profile); "" for none."""
    if named := os.environ.get("AWS_REGION", ""):
        return named
    import botocore.session

    return str(botocore.session.get_session().get_config_variable("region") or "")


def connection(options: argparse.Namespace) -> Connection:
    """Raises IngestError where the secret cannot be read or is of another form, or the CA file is not there."""
    if not options.url.strip():
        raise IngestError("--url is empty")
    if options.ca_file and not options.ca_file.is_file():
        raise IngestError(f"there is no CA file {options.ca_file}")
    url = options.url if "://" in options.url else f"https://{options.url}"
    known = _of_secrets_manager(options.secret_id) if options.secret_id else header(os.environ.get(_SECRET, ""))
    return Connection(url.rstrip("/"), known, options.ca_file)


def _of_secrets_manager(secret_id: str) -> str:
    """The Authorization header's value, with the function's own reading of the secret."""
    import boto3
    from botocore.exceptions import BotoCoreError

    try:
        return SearchLogin(boto3.client("secretsmanager", region_name=region() or None), secret_id).header()
    except (BotoCoreError, SearchUnavailableError) as error:
        raise IngestError(f"the secret {secret_id} cannot be used: {error}") from error


def header(secret: str) -> str:
    """The Authorization header's value, '' where no secret is given."""
    if not secret.strip():
        return ""
    try:
        return authorization(json.dumps(json.loads(secret)))
    except (ValueError, SearchUnavailableError) as error:
        raise IngestError(f'{_SECRET} is not {{"username", "password"}} or {{"api_key"}}') from error


def of_search(known: Connection) -> FixedLogin | None:
    """The same login for the function's retriever."""
    return FixedLogin(known.authorization) if known.authorization else None
