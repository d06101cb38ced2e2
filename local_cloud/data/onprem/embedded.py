"""The embedded search: the part of Elasticsearch's REST API that a RAG backend uses, in memory.

Only for a machine where the real server cannot run; `GET /` says that it is this one.
Run as `python -m local_cloud.data.onprem.embedded --port 9200`; listens on 127.0.0.1.
"""

from __future__ import annotations

import argparse
import json
import logging
import uuid
from typing import Any

from aiohttp import web

from local_cloud.data.onprem.store import Index, Json, QueryError

HEADERS = {"X-elastic-product": "Elasticsearch"}
ROOT = {
    "name": "search.corp.example",
    "cluster_name": "local-cloud",
    "version": {"number": "0.0.0", "distribution": "private-rag-embedded"},
    "tagline": "The embedded search of the local cloud: no Java >= 21 was found for the real one",
}


class NoSuchIndexError(LookupError):
    """A request names an index that is not there."""


class Embedded:
    """All indices; every method answers one kind of request."""

    def __init__(self) -> None:
        self.indices: dict[str, Index] = {}
        self.aliases: dict[str, str] = {}

    def application(self) -> web.Application:
        app = web.Application(middlewares=[errors], client_max_size=100 * 1024**2)
        app.router.add_get("/", self.root)
        app.router.add_get("/_cat/plugins", self.plugins)
        app.router.add_get("/_cluster/health", self.health)
        app.router.add_post("/_bulk", self.bulk)
        app.router.add_post("/_aliases", self.move_aliases)
        app.router.add_put("/{index}/_settings", self.refresh)
        app.router.add_get("/{index}", self.describe)
        app.router.add_get("/{index}/_mapping", self.describe)
        app.router.add_put("/{index}", self.create)
        app.router.add_delete("/{index}", self.drop)
        app.router.add_route("*", "/{index}/_bulk", self.bulk)
        app.router.add_route("*", "/{index}/_refresh", self.refresh)
        app.router.add_route("*", "/{index}/_count", self.count)
        app.router.add_route("*", "/{index}/_search", self.search)
        app.router.add_get("/{index}/_doc/{id}", self.get)
        app.router.add_delete("/{index}/_doc/{id}", self.delete)
        app.router.add_route("*", "/{index}/_doc/{id}", self.put)
        app.router.add_post("/{index}/_doc", self.put)
        return app

    async def root(self, request: web.Request) -> web.Response:
        return answer(ROOT)

    async def plugins(self, request: web.Request) -> web.Response:
        """None: no kuromoji here."""
        return answer([]) if request.query.get("format") == "json" else web.Response(text="", headers=HEADERS)

    async def health(self, request: web.Request) -> web.Response:
        return answer({"cluster_name": "local-cloud", "status": "green", "number_of_nodes": 1})

    async def create(self, request: web.Request) -> web.Response:
        name = request.match_info["index"]
        if name in self.indices:
            return failure(400, "resource_already_exists_exception", f"index [{name}] already exists")
        self.indices[name] = Index(await body(request))
        return answer({"acknowledged": True, "shards_acknowledged": True, "index": name})

    async def describe(self, request: web.Request) -> web.Response:
        """By a name, or by several with commas and a final `*`, of which none need be there."""
        wanted = request.match_info["index"]
        if "," not in wanted:
            return answer({self._name(wanted): self._described(self._name(wanted))})
        names = {self.aliases.get(part, part) for part in wanted.split(",")}
        starts = tuple(name[:-1] for name in names if name.endswith("*"))
        found = [name for name in self.indices if name in names or (starts and name.startswith(starts))]
        return answer({name: self._described(name) for name in found})

    def _described(self, name: str) -> Json:
        aliases: Json = {alias: {} for alias, index in self.aliases.items() if index == name}
        return {**self.indices[name].body, "aliases": aliases}

    async def move_aliases(self, request: web.Request) -> web.Response:
        for action in (await body(request))["actions"]:
            ((kind, wanted),) = action.items()
            if kind == "add":
                self.aliases[wanted["alias"]] = self._name(wanted["index"])
            else:
                del self.indices[self._name(wanted["index"])]
        return answer({"acknowledged": True})

    async def drop(self, request: web.Request) -> web.Response:
        self._index(request)
        del self.indices[self._name(request.match_info["index"])]
        return answer({"acknowledged": True})

    async def refresh(self, request: web.Request) -> web.Response:
        self._index(request)
        return answer({"_shards": {"total": 1, "successful": 1, "failed": 0}})

    async def count(self, request: web.Request) -> web.Response:
        found = self._index(request).search((await body(request)).get("query"))
        return answer({"count": len(found)})

    async def get(self, request: web.Request) -> web.Response:
        key = request.match_info["id"]
        document = self._index(request).documents.get(key)
        found = {"_index": request.match_info["index"], "_id": key, "found": document is not None}
        if document is None:
            return answer(found, 404)
        return answer({**found, "_source": document})

    async def put(self, request: web.Request) -> web.Response:
        name, key = request.match_info["index"], request.match_info.get("id") or uuid.uuid4().hex
        result = self.indices.setdefault(self.aliases.get(name, name), Index()).put(key, await body(request))
        return answer({"_index": name, "_id": key, "result": result}, 201 if result == "created" else 200)

    async def delete(self, request: web.Request) -> web.Response:
        key = request.match_info["id"]
        gone = self._index(request).delete(key)
        result = "deleted" if gone else "not_found"
        return answer({"_id": key, "result": result}, 200 if gone else 404)

    async def bulk(self, request: web.Request) -> web.Response:
        lines = [json.loads(line) for line in (await request.text()).splitlines() if line.strip()]
        items: list[Json] = []
        position = 0
        while position < len(lines):
            ((action, meta),) = lines[position].items()
            name = meta.get("_index") or request.match_info.get("index", "")
            index = self.indices.setdefault(self.aliases.get(name, name), Index())
            key = str(meta.get("_id") or uuid.uuid4().hex)
            if action == "delete":
                result = "deleted" if index.delete(key) else "not_found"
                position += 1
            else:
                result = index.put(key, lines[position + 1])
                position += 2
            status = {"created": 201, "not_found": 404}.get(result, 200)
            items.append({action: {"_index": name, "_id": key, "result": result, "status": status}})
        return answer({"took": 0, "errors": False, "items": items})

    async def search(self, request: web.Request) -> web.Response:
        wanted = await body(request)
        index = self._index(request)
        found = index.search(wanted.get("query"))
        order = next((next(iter(field)) for field in wanted.get("sort", [])), None)
        if order:
            found = in_order(index, found, order, wanted.get("search_after"))
        start, size = int(wanted.get("from", 0)), int(wanted.get("size", 10))
        hits = [
            {
                "_index": request.match_info["index"],
                "_id": key,
                "_score": score,
                "_source": selected(index.documents[key], wanted.get("_source", True)),
                **({"sort": [str(index.documents[key].get(order, ""))]} if order else {}),
            }
            for key, score in found[start : start + size]
        ]
        total = {"value": len(found), "relation": "eq"}
        best = found[0][1] if found else None
        return answer({"took": 0, "timed_out": False, "hits": {"total": total, "max_score": best, "hits": hits}})

    def _index(self, request: web.Request) -> Index:
        return self.indices[self._name(request.match_info["index"])]

    def _name(self, wanted: str) -> str:
        """The index that a name or an alias means."""
        name = self.aliases.get(wanted, wanted)
        if name not in self.indices:
            raise NoSuchIndexError(wanted)
        return name


def in_order(
    index: Index, found: list[tuple[str, float]], field: str, after: list[str] | None
) -> list[tuple[str, float]]:
    """Hits by a field's value, those after `after` (search_after) only."""
    by_value = sorted(found, key=lambda hit: str(index.documents[hit[0]].get(field, "")))
    return [hit for hit in by_value if after is None or str(index.documents[hit[0]].get(field, "")) > after[0]]


def selected(document: Json, source: Any) -> Json:
    """`_source` of a search: true, false, a name, names, or {"includes": names}."""
    if isinstance(source, dict):
        source = source.get("includes", True)
    if isinstance(source, bool):
        return document if source else {}
    names = [source] if isinstance(source, str) else source
    return {name: document[name] for name in names if name in document}


async def body(request: web.Request) -> Json:
    """The JSON object that was sent; {} for none."""
    text = await request.text()
    document = json.loads(text) if text.strip() else {}
    if not isinstance(document, dict):
        raise QueryError("the body is no JSON object")
    return document


def answer(document: Any, status: int = 200) -> web.Response:
    return web.json_response(document, status=status, headers=HEADERS)


def failure(status: int, kind: str, reason: str) -> web.Response:
    """An error in Elasticsearch's shape."""
    return answer({"error": {"type": kind, "reason": reason}, "status": status}, status)


@web.middleware
async def errors(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        response: web.StreamResponse = await handler(request)
        return response
    except NoSuchIndexError as error:
        return failure(404, "index_not_found_exception", f"no such index [{error}]")
    except (ValueError, KeyError, TypeError) as error:
        return failure(400, "parsing_exception", f"{type(error).__name__}: {error}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    logging.basicConfig(level=logging.INFO)
    web.run_app(Embedded().application(), host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main()
