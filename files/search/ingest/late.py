"""What a killed run had sent may still be under way: the server carries a bulk request out though nobody waits for it.

Read before it ends, the index would look as if it had not been sent; what it writes would then stay, be it in place of
a newer text or of a document that is deleted meanwhile. So it is waited for. Elasticsearch, 'Task management APIs':
https://www.elastic.co/guide/en/elasticsearch/reference/8.19/tasks.html
"""

from __future__ import annotations

import re
from urllib.parse import quote

from ingest.server import Server

_SECONDS = 100
_LIST = "/_tasks?actions=indices:data/write/bulk&detailed=true&filter_path=nodes.*.tasks.*.description"
# 403: the login may not ask (it needs `monitor`). Others: this server has no such API.
_CANNOT_TELL = (400, 403, 404, 405)


def under_way(server: Server, index: str) -> list[str]:
    """The tasks that write to this index, whoever sent them. Empty where the server does not tell."""
    nodes = server.ask("GET", _LIST, accept=_CANNOT_TELL).get("nodes") or {}
    tasks = [task for node in nodes.values() for task in node.get("tasks", {}).items()]
    return [name for name, task in tasks if index in re.split(r"[\[\], ]+", str(task.get("description", "")))]


def wait_for_writes(server: Server, index: str) -> None:
    """Returns when all that are under way now have ended. Raises IngestError where one takes longer than 100 s."""
    for name in under_way(server, index):
        # 404: it ended meanwhile.
        server.ask("GET", f"/_tasks/{quote(name)}?wait_for_completion=true&timeout={_SECONDS}s", accept=(404,))
