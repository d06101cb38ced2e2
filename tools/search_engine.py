"""Which search server answers, in words."""

from __future__ import annotations

import json
import urllib.request


def describe(answer: dict[str, object]) -> str:
    """Name and version in the answer to `GET /`: OpenSearch names its distribution, Elasticsearch does not."""
    version = answer.get("version")
    fields = version if isinstance(version, dict) else {}
    return f"{fields.get('distribution', 'elasticsearch')} {fields.get('number', '(no version)')}"


def search_engine(url: str) -> str:
    """Asks the server at ``url``; a server that does not answer is described, too."""
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return describe(json.load(response))
    except (OSError, ValueError) as error:
        return f"none (nothing answers at {url}: {error})"
