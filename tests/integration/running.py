"""Run a module of the collection as Ansible does: its arguments as JSON, its answer as JSON, its exit status."""

from __future__ import annotations

import contextlib
import functools
import importlib
import io
import json
from typing import Any

import botocore.loaders
from ansible.module_utils.testing import patch_module_args

from tests.integration.cloud import REGION, Cloud

MODULES = "ansible_collections.private_rag.aws.plugins.modules"
# Every boto3 session parses the services' models again, which takes longer than most tests.
botocore.loaders.create_loader = functools.cache(botocore.loaders.create_loader)  # type: ignore[assignment]


class ModuleFailedError(AssertionError):
    """A module ended with ``failed``; ``result`` is its whole answer and the text its message."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__(result.get("msg", ""))
        self.result = result


ModuleFailed = ModuleFailedError


class Runner:
    """Runs modules against one cloud. Raises ModuleFailedError where the module fails."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.connection = {
            "region": REGION,
            "endpoint_url": cloud.endpoint,
            "access_key": "testing",
            "secret_key": "testing",
        }

    def __call__(
        self,
        name: str,
        params: dict[str, Any],
        check: bool = False,
        diff: bool = True,
        aws: bool = True,
    ) -> dict[str, Any]:
        """The module's answer. ``aws=False`` for a module that does not talk to AWS."""
        arguments = {
            **(self.connection if aws else {}),
            **params,
            "_ansible_check_mode": check,
            "_ansible_diff": diff,
            "_ansible_remote_tmp": "/tmp",
            "_ansible_keep_remote_files": False,
        }
        result = run_in_process(name, arguments)
        if result.get("failed"):
            raise ModuleFailedError(result)
        return result

    def checked(self, name: str, params: dict[str, Any]) -> dict[str, Any]:
        """A run in check mode, which must not send any request that changes something."""
        self.cloud.forget()
        result = self(name, params, check=True)
        assert self.cloud.mutations() == [], f"{name} writes in check mode"
        return result

    def applied(self, name: str, params: dict[str, Any]) -> dict[str, Any]:
        """Check mode, a real run that must do what was predicted, and a second run that must change nothing."""
        predicted = self.checked(name, params)
        done = self(name, params)
        assert done["changed"] is predicted["changed"]
        assert done["action"] == predicted["action"]
        assert done["changes"] == predicted["changes"]
        self.unchanged(name, params)
        return done

    def unchanged(self, name: str, params: dict[str, Any]) -> dict[str, Any]:
        """A run that must find nothing to do, in check mode and without."""
        for check in (True, False):
            self.cloud.forget()
            result = self(name, params, check=check)
            assert not result["changed"], result["changes"]
            assert self.cloud.mutations() == []
        return result


def run_in_process(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Run a module's ``main()`` in this process, with Ansible's own argument parsing, and parse what it prints."""
    module = importlib.import_module(f"{MODULES}.{name}")
    printed = io.StringIO()
    with patch_module_args(arguments), contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        module.main()
    result: dict[str, Any] = json.loads(printed.getvalue())
    return result
