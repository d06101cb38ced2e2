"""What the index holds of a collection: the only record of what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from ingest.late import wait_for_writes
from ingest.parts import part_id
from ingest.server import Server

# The most that a server gives at once (index.max_result_window's default).
_PAGE = 10_000
_FILTER = "filter_path=hits.hits._id,hits.hits._source,hits.hits.sort"


@dataclass
class Indexed:
    """What the index holds of one source: numbers only, so that a million parts need little memory.

    `count` parts were found, the highest of number `last`; each says that there are `expected` of them.
    """

    digests: set[str] = field(default_factory=set)
    count: int = 0
    last: int = -1
    expected: int = 0

    def is_whole(self, digest: str) -> bool:
        return self.digests == {digest} and self.count == self.expected == self.last + 1

    def keys_from(self, collection: str, source: str, number: int) -> Iterator[str]:
        """The ids from this number on; some may not be there, which a delete does not mind."""
        return (part_id(collection, source, each) for each in range(number, self.last + 1))


def indexed(server: Server, index: str, collection: str, *, refresh: bool = True) -> dict[str, Indexed]:
    """What the index holds of the collection, by source.

    What a killed run had sent is waited for. Without a refresh, what it had written last would not be seen, and would
    stay beside what replaces it.
    """
    if refresh:
        wait_for_writes(server, index)
        server.ask("POST", f"/{quote(index)}/_refresh")
    found: dict[str, Indexed] = defaultdict(Indexed)
    body: dict[str, object] = {
        "size": _PAGE,
        "_source": ["source", "digest", "parts"],
        "query": {"bool": {"filter": [{"term": {"collection": collection}}]}},
        "sort": [{"part": "asc"}],
    }
    while True:
        hits = server.ask("POST", f"/{quote(index)}/_search?{_FILTER}", body).get("hits", {}).get("hits", [])
        for hit in hits:
            fields = hit["_source"]
            entry = found[fields["source"]]
            entry.digests.add(fields.get("digest", ""))
            entry.count += 1
            entry.last = max(entry.last, int(hit["_id"].rpartition("-")[2]))
            entry.expected = fields.get("parts", 0)
        if len(hits) < _PAGE:
            return dict(found)
        body["search_after"] = hits[-1]["sort"]
