# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The modules' interpreter started with a run's first task, and not only once a module waits for it.

It takes half a second until it has imported boto3. What a play computes before its first module goes on meanwhile.
"""

from __future__ import annotations

import functools
import os
import threading
from typing import Any

# Answers that nobody waits for. Kept, since Mitogen would log an answer to somebody who is gone.
_asked: list[Any] = []


@functools.cache
def connect_early() -> None:
    """Let the first action of C(ansible-playbook) itself ask for the interpreter that its host's modules will have.

    Mitogen's process makes one interpreter of all that ask for the same, however many do and whenever. Only where the
    inventory names the interpreter: looking for one is a task of its own.
    """
    from ansible_mitogen.connection import Connection

    announce = Connection.on_action_run
    here = os.getpid()

    def announce_and_ask(connection: Any, task_vars: Any, delegate_to_hostname: Any, loader_basedir: Any) -> None:
        announce(connection, task_vars, delegate_to_hostname, loader_basedir)
        named = "ansible_python_interpreter" in (task_vars or {}) and not delegate_to_hostname
        if named and connection.transport == "local" and not _asked and os.getpid() == here:
            _asked.append(_ask(connection))

    Connection.on_action_run = announce_and_ask


@functools.cache
def prepare_early() -> None:
    """Let Mitogen's process prepare what it sends to a new interpreter as soon as it has started: it takes 60 ms."""
    import mitogen.parent
    from ansible_mitogen.process import MuxProcess

    set_up = MuxProcess._setup_services

    def set_up_and_prepare(process: Any) -> None:
        set_up(process)
        threading.Thread(target=mitogen.parent.get_core_source_partial, daemon=True).start()

    MuxProcess._setup_services = set_up_and_prepare


def _ask(connection: Any) -> Any:
    """As C(Connection._connect) does, without waiting."""
    from ansible_mitogen.process import get_worker_model
    from ansible_mitogen.utils.unsafe import cast

    name, stack = connection._build_stack()
    return (
        get_worker_model()
        .get_binding(cast(name))
        .get_service_context()
        .call_service_async(
            service_name="ansible_mitogen.services.ContextService", method_name="get", stack=cast(list(stack))
        )
    )
