# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A strategy over Mitogen: whether it can be had here, and which interpreter a module runs in.

The names of C(ansible_mitogen) that are set here are not a public interface. They hold for the versions below, which
the conformance test (tests/conformance) was passed with.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import ansible
import ansible.executor.process.worker
from ansible.errors import AnsibleError
from ansible.release import __version__ as ansible_version
from ansible.utils.collection_loader import AnsibleCollectionConfig
from ansible_collections.private_rag.aws.plugins.plugin_utils import (
    _compiled,
    _early,
    _facts,
    _interpreter,
    _on_disk,
    _templates,
)

# Mitogen reaches deep into ansible-core. Until 0.3.31 it refused an ansible-core it did not know ("too recent"); later
# versions take any (Mitogen's issue 1218), and would fail in the middle of a run.
OLDEST_MITOGEN = (0, 3, 54)
NEWEST_ANSIBLE = (2, 21)


class Choice(NamedTuple):
    """C(strategy) is what to inherit from; C(refusal) says why it is not over Mitogen, or is empty."""

    strategy: type
    refusal: str


def over_mitogen(base: type) -> Choice:
    """The strategy C(base) with its modules run over Mitogen, or C(base) itself and the reason in words."""
    if tuple(int(part) for part in ansible_version.split(".")[:2]) > NEWEST_ANSIBLE:
        return Choice(base, f"not known to work with ansible-core {ansible_version}")
    try:
        import mitogen

        if mitogen.__version__ < OLDEST_MITOGEN:
            return Choice(base, f"Mitogen {_dotted(mitogen.__version__)} is older than {_dotted(OLDEST_MITOGEN)}")
        with _without_galaxy():
            from ansible_mitogen.strategy import StrategyMixin
    except ImportError as error:
        return Choice(base, f"Mitogen is not installed ({error})")
    except AnsibleError as error:
        return Choice(base, " ".join(str(error).split()))
    _set_up()
    return Choice(type("MitogenLinear", (StrategyMixin, base), {}), "")


@contextlib.contextmanager
def _without_galaxy() -> Iterator[None]:
    """Let C(ansible_mitogen.planner) import an empty list of collections, which C(_set_up) makes it not use.

    ansible-core's imports all of C(ansible-galaxy), 0.1 s. Whoever else needs it imports it afterwards.
    """
    name = "ansible.collections.list"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = ModuleType(name)
    try:
        yield
    finally:
        del sys.modules[name]


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)


@functools.cache
def _set_up() -> None:
    import ansible_mitogen.affinity
    import ansible_mitogen.planner

    # Mitogen binds processes to CPUs: on a machine with two, all modules and all that they start to the same one.
    ansible_mitogen.affinity.policy = ansible_mitogen.affinity.Policy()
    # It lists every installed collection anew for each task (0.2 s), to find their modules' imports. Ansible's own
    # finder of collections, active in the process that answers for imports, finds them as well.
    ansible_mitogen.planner._load_collections = lambda invocation: None
    _one_interpreter_per_worker()
    _search_utilities_where_there_are_any()
    _import_from_disk()
    _prepare_interpreters()
    _end_what_takes_too_long()
    _keep_connected()
    _keep_contexts()
    _early.connect_early()
    _early.prepare_early()
    _templates.compile_once(_compiled.kept())
    _templates.wrap_once()
    _facts.list_connections_once()
    _facts.mark_texts_once()


def _search_utilities_where_there_are_any() -> None:
    """Without a folder C(module_utils) besides ansible-core's, no module needs to be read for what it imports of them.

    Mitogen compiles each module for that, and all of ansible-core's that it imports, in another process.
    """
    from ansible.executor.module_common import _MODULE_UTILS_PATH
    from ansible_mitogen.planner import NewStylePlanner

    look = NewStylePlanner.get_module_map
    own = Path(_MODULE_UTILS_PATH).resolve()

    def look_where_there_are_any(planner: Any) -> dict[str, Any]:
        if all(Path(path).resolve() == own or not Path(path).is_dir() for path in planner.get_search_path()):
            return {"builtin": [], "custom": []}
        found: dict[str, Any] = look(planner)
        return found

    NewStylePlanner.get_module_map = look_where_there_are_any


def _one_interpreter_per_worker() -> None:
    """C(forks) workers, and as many interpreters: else all hosts would wait for the one whose module waits."""
    from ansible_mitogen.connection import CONNECTION_METHOD

    connect = CONNECTION_METHOD["local"]

    def connect_local(spec: Any) -> dict[str, Any]:
        connection = connect(spec)
        worker = ansible.executor.process.worker.current_worker
        name = f"worker-{worker.worker_id if worker else 0}"
        return {**connection, "kwargs": {**connection["kwargs"], "remote_name": name}}

    CONNECTION_METHOD["local"] = connect_local


def _import_from_disk() -> None:
    """Interpreters on this machine read Ansible's own files, before they are sent anything of it."""
    from ansible_mitogen._modifiers import _PYTHON_MODULE_MODIFIERS
    from ansible_mitogen.services import ContextService
    from ansible_mitogen.utils.unsafe import cast
    from mitogen.parent import Router

    connect, send = Router.local, ContextService._send_module_forwards
    packages = str(Path(ansible.__file__).parent.parent)

    def connect_local(router: Any, via: Any = None, **options: Any) -> Any:
        context = connect(router, via=via, **options)
        context.reads_files = via is None
        if via is None:
            roots = cast(list(AnsibleCollectionConfig.collection_paths))
            context.call_no_reply(
                _on_disk.import_from_disk, sys.version, packages, roots, list(_PYTHON_MODULE_MODIFIERS)
            )
        return context

    def send_elsewhere(service: Any, context: Any) -> None:
        if not getattr(context, "reads_files", False):
            send(service, context)

    Router.local = connect_local
    ContextService._send_module_forwards = send_elsewhere


def _prepare_interpreters() -> None:
    """They prepare themselves before their first module; nobody waits for an answer."""
    from ansible_mitogen.services import ContextService

    connect = ContextService._connect

    def connect_and_prepare(*args: Any, **kwargs: Any) -> dict[str, Any]:
        connected = connect(*args, **kwargs)
        connected["context"].call_no_reply(_interpreter.prepare)
        return connected

    ContextService._connect = connect_and_prepare


def _end_what_takes_too_long() -> None:
    """Where a task's C(timeout) has passed, its module is ended too: the next one would have to wait for it."""
    from ansible._internal._errors._alarm_timeout import AnsibleTimeoutError
    from ansible_mitogen.connection import CallChain

    answer = CallChain._rethrow

    def answer_in_time(chain: Any, receiver: Any) -> Any:
        try:
            return answer(chain, receiver)
        except AnsibleTimeoutError:
            chain._connection.reset()
            raise

    CallChain._rethrow = answer_in_time


def _keep_connected() -> None:
    """Tasks that ansible-playbook does itself share one connection to Mitogen's processes."""
    from ansible_mitogen.process import ClassicBinding

    close = ClassicBinding.close
    here = os.getpid()

    def close_in_workers(binding: Any) -> None:
        if os.getpid() != here:
            close(binding)

    ClassicBinding.close = close_in_workers


# What Mitogen's process answered about an interpreter, by how it is reached, for tasks that ansible-playbook does.
_contexts: dict[str, tuple[Any, ...]] = {}


def _keep_contexts() -> None:
    """Nor do they ask Mitogen's process before and after each module which interpreter to use."""
    from ansible_mitogen.connection import CallChain, Connection
    from mitogen.core import listen

    connect, put, reset = Connection._connect_stack, Connection._put_connection, Connection.reset
    here = os.getpid()

    def connect_once(connection: Any, stack: Any) -> None:
        kept = _contexts.get(repr(stack)) if os.getpid() == here else None
        if kept:
            connection.context, connection.login_context, connection.init_child_result = kept
            connection.chain = CallChain(connection, connection.context, pipelined=True)
            return
        connect(connection, stack)
        if os.getpid() == here:
            # An interpreter that ended is asked for anew.
            listen(connection.context, "disconnect", _contexts.clear)
            _contexts[repr(stack)] = (connection.context, connection.login_context, connection.init_child_result)

    def put_what_is_not_kept(connection: Any) -> None:
        if connection.context not in [kept[0] for kept in list(_contexts.values())]:
            put(connection)
            return
        connection.chain.reset()
        connection.context = connection.login_context = connection.init_child_result = connection.chain = None

    def reset_all(connection: Any) -> None:
        _contexts.clear()
        reset(connection)

    Connection._connect_stack = connect_once
    Connection._put_connection = put_what_is_not_kept
    Connection.reset = reset_all


def leave_interpreters() -> None:
    """End this process's own connection to Mitogen's processes: a worker must not inherit it."""
    _contexts.clear()
    process = sys.modules.get("ansible_mitogen.process")
    if process and process._classic_worker_model:
        process._classic_worker_model.on_binding_close()
