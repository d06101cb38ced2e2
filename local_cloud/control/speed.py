"""Two things moto works out anew for every request, remembered: together 45 % of a plain describe.

Which module serves a host is asked of the file system; which operations a class has, of ``inspect``.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from moto.core import responses
from moto.core.utils import method_names_from_class
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from local_cloud.control.patching import replace

replace(responses, method_names_from_class=cache(method_names_from_class))


class Dispatcher(DomainDispatcherApplication):
    """moto's WSGI application, with a memory for hosts (one per service and region)."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self._backends: dict[str | None, Any] = {}

    def get_backend_for_host(self, host: str | None) -> Any:
        """The name of the moto module that serves the host."""
        if host not in self._backends:
            self._backends[host] = super().get_backend_for_host(host)
        return self._backends[host]
