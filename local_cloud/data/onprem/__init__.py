"""The company's own network: the search server, and the front that stands before it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from local_cloud.data.onprem import password
from local_cloud.data.onprem.front import NAMES, PORT, SearchFront
from local_cloud.data.onprem.server import search_url

if TYPE_CHECKING:
    # Only for the type: the command line imports this package too, and need not load boto3 for it.
    from local_cloud.data.plane import DataPlane


async def start(plane: DataPlane) -> SearchFront:
    """Answers for the names of the search server; the server itself is started by the supervisor."""
    front = SearchFront(search_url(plane.settings.search_port, os.environ), password.ensure(plane.settings.state))
    for name in NAMES:
        plane.targets.add(name, front, PORT)
    return front
