# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The resources of a REST API, which methods hang on: made where a path needs them, deleted where none does.

https://docs.aws.amazon.com/apigateway/latest/api/API_CreateResource.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils import _apigateway as gateway


class Resources:
    """An API's resources by path as they are when this is made, and as it changes them."""

    def __init__(self, client: Any, api: str) -> None:
        self._client, self._api = client, api
        self._found = gateway.resources(client, api)

    def method_at(self, route: str) -> dict[str, str]:
        """How calls name a method, such as C(POST /chat). Its resource and what leads to it are made if missing."""
        method, _space, path = route.partition(" ")
        parent, reached = str(self._found["/"]["id"]), ""
        for part in path.strip("/").split("/") if path != "/" else []:
            reached = f"{reached}/{part}"
            if reached not in self._found:
                self._found[reached] = self._client.create_resource(restApiId=self._api, parentId=parent, pathPart=part)
            parent = str(self._found[reached]["id"])
        return {"restApiId": self._api, "resourceId": parent, "httpMethod": method}

    def remove(self, routes: Iterable[str], kept: Iterable[str]) -> None:
        """Delete methods, and every resource that leads to none of C(kept)."""
        paths = {route.partition(" ")[2] for route in kept}
        doomed = sorted(path for path in self._found if path != "/" and not any(leads_to(path, to) for to in paths))
        for route in routes:
            if route.partition(" ")[2] not in doomed:
                self._client.delete_method(**self.method_at(route))
        for path in reversed(doomed):
            # Children first; DeleteResource takes the methods with it.
            self._client.delete_resource(restApiId=self._api, resourceId=self._found.pop(path)["id"])


def leads_to(path: str, other: str) -> bool:
    """Whether C(other) is C(path) or lies below it."""
    return path in ("/", other) or other.startswith(f"{path}/")
