"""A callback that writes down what every module was given and what it answered, loop items one by one.

`ansible.posix.json` cannot be asked: it puts the module's name over the result's own `action`.
"""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: invocations
type: aggregate
short_description: Writes down what every module was given and what it answered
description: One JSON line a module call, to the file that the environment variable INVOCATIONS_FILE names.
"""


class CallbackModule(CallbackBase):
    """See the module's docstring."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "invocations"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: Any, **_options: Any) -> None:
        self._note(result)

    def v2_runner_on_failed(self, result: Any, **_options: Any) -> None:
        self._note(result)

    def _note(self, result: Any) -> None:
        answer = result.result
        for each in answer.get("results", [answer]):
            if not isinstance(each, dict) or "invocation" not in each:
                continue
            line = {
                "task": result.task.get_name(),
                "module": result.task.resolved_action,
                "arguments": each["invocation"]["module_args"],
                "result": {key: value for key, value in each.items() if key not in ("invocation", "ansible_facts")},
            }
            with open(os.environ["INVOCATIONS_FILE"], "a", encoding="utf-8") as file:
                file.write(json.dumps(line, default=str) + "\n")
