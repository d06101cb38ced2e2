"""Puts a folder of Markdown files into the company's search index. Run again, it changes nothing.

A file is one document: its front matter's `title` (or its first heading, or its name), its text, and its file
name as `source`; the file name is the id too, so that a second run replaces and never doubles.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import requests
import yaml

INDEX = "company-documents"
DEFINITION = Path(__file__).parents[3] / "files" / "search" / "index.json"
SECONDS = 60


class IndexingError(Exception):
    """The server or a document did not do; the message says which."""


@dataclass(frozen=True)
class Document:
    """What is indexed of one file."""

    title: str
    text: str
    source: str


def read_folder(folder: Path) -> list[Document]:
    """Every *.md directly in the folder, by name. Raises IndexingError where there is none."""
    if not folder.is_dir():
        raise IndexingError(f"{folder} is no folder")
    documents = [parse(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.md"))]
    if not documents:
        raise IndexingError(f"{folder} holds no *.md file")
    return documents


def parse(name: str, content: str) -> Document:
    """One file's content; front matter stands between two lines of `---` at its top."""
    matter: Mapping[str, Any] = {}
    if content.startswith("---\n"):
        head, closed, rest = content[4:].partition("\n---\n")
        if closed:
            matter, content = _front_matter(name, head), rest
    lines = content.strip().splitlines()
    heading = next((line.lstrip("# ").strip() for line in lines if line.startswith("# ")), "")
    title = str(matter.get("title") or heading or Path(name).stem)
    return Document(title, content.strip(), str(matter.get("source") or name))


def _front_matter(name: str, head: str) -> Mapping[str, Any]:
    try:
        matter = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise IndexingError(f"{name}: its front matter is no YAML: {error}") from error
    return matter if isinstance(matter, dict) else {}


def definitions(layers: Mapping[str, Any], kuromoji: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Index bodies to try, best first, each with the name of its top layer (see files/search/README.md)."""
    bodies: list[tuple[str, dict[str, Any]]] = []
    body: dict[str, Any] = {}
    for name in ("standard", "cjk", "kuromoji"):
        body = merged(body, layers[name])
        bodies.append((name, body))
    yield from reversed(bodies if kuromoji else bodies[:-1])


def merged(base: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `more` laid over it, mappings merged at every depth."""
    result = dict(base)
    for key, value in more.items():
        known = result.get(key)
        result[key] = merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return result


class SearchServer:
    """The few requests that indexing needs, to a server at `url` (may carry user:password@)."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False  # never by a proxy: the server is on loopback or in the company

    def ask(self, method: str, path: str, body: object = None, *, lines: str = "") -> requests.Response:
        """Raises IndexingError where the server cannot be reached."""
        data = lines or (json.dumps(body) if body is not None else None)
        headers = {"Content-Type": "application/x-ndjson" if lines else "application/json"}
        try:
            return self._session.request(
                method, self._url + path, data=data.encode() if data else None, headers=headers, timeout=SECONDS
            )
        except requests.RequestException as error:
            raise IndexingError(
                f"the search server does not answer at {self._url.rpartition('@')[2]} ({type(error).__name__})"
            ) from error

    def ensure_index(self, index: str) -> str:
        """Makes the index unless it is there; the name of the layer it was made with, or 'existing'."""
        if self.ask("HEAD", f"/{index}").status_code == 200:
            return "existing"
        plugins = self.ask("GET", "/_cat/plugins?format=json").json()
        kuromoji = any(plugin.get("component") == "analysis-kuromoji" for plugin in plugins)
        layers = json.loads(DEFINITION.read_text(encoding="utf-8"))
        refused = ""
        for name, body in definitions(layers, kuromoji):
            made = self.ask("PUT", f"/{index}", body)
            if made.ok:
                return name
            refused = made.text
        raise IndexingError(f"the server refuses the index {index}: {refused[:500]}")

    def put(self, index: str, documents: list[Document]) -> Counter[str]:
        """Adds or replaces; counts of 'created', 'updated'. They can be found when this returns."""
        lines = []
        for document in documents:
            lines.append(json.dumps({"index": {"_id": document.source}}))
            lines.append(json.dumps(asdict(document), ensure_ascii=False))
        answer = self.ask("POST", f"/{index}/_bulk?refresh=true", lines="\n".join(lines) + "\n")
        if not answer.ok or answer.json()["errors"]:
            raise IndexingError(f"the server refuses the documents: {answer.text[:500]}")
        return Counter(item["index"]["result"] for item in answer.json()["items"])

    def count(self, index: str) -> int:
        return int(self.ask("GET", f"/{index}/_count").json()["count"])
