"""The index behind its alias: found, made, filled in place or built anew beside the one that answers.

`company-documents` is an alias. The index itself bears its name and a number, `company-documents-000002`. An index
is built anew where its definition is another one (another analyser, BM25, vectors) or where the operator wants it;
the alias is moved in one step when the new one is complete, so that a question never meets a half-filled index. A
run that is killed leaves a numbered index without the alias; the next run goes on with it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ingest import definition
from ingest.definition import Definition, Wanted
from ingest.server import IngestError, Server

_META = "private_rag"
# A search that runs on an index while it is deleted fails; the function's own limit is 4 s (ES_TIMEOUT_SECONDS).
_LONGEST_SEARCH_SECONDS = 5.0


@dataclass(frozen=True)
class Target:
    """Where this run writes. `previous`: the indices that answer by the alias until `publish` moves it.

    `is_there`: False only in a dry run that does not make it.
    """

    alias: str
    name: str
    layers: tuple[str, ...]
    previous: tuple[str, ...]
    is_there: bool = True

    @property
    def is_published(self) -> bool:
        return self.name in self.previous


def offered_layers(server: Server) -> frozenset[str]:
    """What the server's plugins allow: asked of the server by running each layer's own analyser once."""
    probes = definition.probes(definition.layers_file())
    found = set()
    for layer, body in probes.items():
        # 400: the server does not know the tokenizer or filter. 404, 405: this server has no such API.
        if server.ask("POST", "/_analyze", body, accept=(400, 404, 405)).get("tokens"):
            found.add(layer)
    return frozenset(found)


def wanted_definition(server: Server, wanted: Wanted) -> Definition:
    """The best definition that this server takes."""
    engine = server.engine().partition(" ")[0]
    return definition.compose(offered_layers(server), wanted, "opensearch" if engine == "opensearch" else engine)


def prepare(server: Server, alias: str, wanted: Wanted, *, rebuild: bool = False, dry_run: bool = False) -> Target:
    """The index to write to; made where it is not there. Raises IngestError where the name is another's."""
    made_by = wanted_definition(server, wanted)
    known = _ours(server, alias)
    published = tuple(name for name, state in known.items() if state.published)
    if not rebuild:
        for name in published:
            if known[name].digest == made_by.digest and len(published) == 1:
                return Target(alias, name, made_by.layers, published)
    for name, state in sorted(known.items()):
        if not state.published and state.digest == made_by.digest:
            return Target(alias, name, made_by.layers, published)
    name = f"{alias}-{_next_number(known):06d}"
    if not dry_run:
        server.ask("PUT", f"/{quote(name)}", _with_meta(made_by))
    return Target(alias, name, made_by.layers, published, is_there=not dry_run)


def publish(server: Server, target: Target, wait: Callable[[float], None] = time.sleep) -> None:
    """Moves the alias to the target in one step; what it pointed to before is deleted once nobody asks it any more."""
    server.ask("PUT", f"/{quote(target.name)}/_settings", {"index": {"refresh_interval": None}})
    if not target.is_published:
        actions: list[dict[str, Any]] = [{"add": {"index": target.name, "alias": target.alias}}]
        actions += [{"remove": {"index": name, "alias": target.alias}} for name in target.previous]
        server.ask("POST", "/_aliases", {"actions": actions})
        if target.previous:
            wait(_LONGEST_SEARCH_SECONDS)
    for name in _ours(server, target.alias):
        if name != target.name:  # also what a run left behind that was killed here
            server.ask("DELETE", f"/{quote(name)}", accept=(404,))


def refresh(server: Server, name: str) -> None:
    """What was written can be found when this returns."""
    server.ask("POST", f"/{quote(name)}/_refresh")


@dataclass(frozen=True)
class _State:
    digest: str
    published: bool


def _ours(server: Server, alias: str) -> dict[str, _State]:
    """The numbered indices that this project made for the alias. Raises IngestError where the name is another's."""
    numbered = re.compile(re.escape(alias) + r"-\d{6}")
    answer = server.ask("GET", f"/{quote(alias)},{quote(alias)}-*?ignore_unavailable=true", accept=(404,))
    found = {}
    for name, index in answer.items():
        if not isinstance(index, dict) or "mappings" not in index:
            continue
        meta = index["mappings"].get("_meta", {}).get(_META)
        published = name == alias or alias in _aliases(index)
        if numbered.fullmatch(name) and meta is not None:
            found[name] = _State(str(meta.get("definition")), published)
        elif published:
            raise IngestError(f"{alias} is there and was not made by this ingestion: choose another name")
    return found


def _aliases(index: dict[str, Any]) -> dict[str, Any]:
    aliases = index.get("aliases", {})
    return aliases if isinstance(aliases, dict) else {}


def _next_number(known: dict[str, _State]) -> int:
    numbers = [int(name[-6:]) for name in known if re.search(r"-\d{6}$", name)]
    return max(numbers, default=0) + 1


def _with_meta(made_by: Definition) -> dict[str, Any]:
    """The definition says of itself which one it is. No refresh while the index is filled: `publish` resets it."""
    meta = {"_meta": {_META: {"definition": made_by.digest, "layers": list(made_by.layers)}}}
    more = {"mappings": meta, "settings": {"index": {"refresh_interval": "-1"}}}
    return definition.merged(made_by.body, more)
