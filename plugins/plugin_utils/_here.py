# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Tasks of a single host carried out by ansible-playbook itself, instead of by a worker forked for each.

ansible-core forks a worker for each task and host so that hosts are at work at the same time. A worker starts from what
its parent has loaded, and what it loads itself (filters, compiled templates, the way to Mitogen's processes) is lost at
its end and loaded again by the next. With one host there is nothing to be done at the same time. The module is in
another process either way: an interpreter of Mitogen's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import ansible.executor.process.worker
from ansible._internal import _task
from ansible.executor.task_executor import TaskExecutor
from ansible.plugins.loader import action_loader, get_plugin_loader_namespace

# Actions that only compute, or start modules. Others may ask ansible-playbook for something while it waits for them.
HARMLESS = {
    "assert",
    "copy",
    "debug",
    "fail",
    "include_vars",
    "private_rag.aws.inventory_check",
    "set_fact",
    "validate_argument_spec",
}


def runs_here(strategy: Any, task: Any, task_vars: dict[str, Any]) -> bool:
    """Whether nothing is lost where ansible-playbook does this task itself: a module, or a harmless action."""
    if len(strategy._hosts_cache) != 1 or task.async_val or task.delegate_to or strategy._step:
        return False
    if task_vars.get("ansible_connection", task.connection) != "local":
        return False
    name = task.action.removeprefix("ansible.builtin.").removeprefix("ansible.legacy.")
    return name in HARMLESS or not action_loader.has_plugin(name)


class Here:
    """What TaskExecutor and Display look for in the worker at work. C(worker_id) counts from 0."""

    worker_id = 0


def do_task(strategy: Any, host: Any, task: Any, task_vars: dict[str, Any], play_context: Any) -> None:
    """Do a task and put its result where that of a worker goes, in WorkerProcess's own order of steps."""
    strategy._queued_task_cache[(host.name, task._uuid)] = {
        "host": host,
        "task": task,
        "task_vars": task_vars,
        "play_context": play_context,
    }
    strategy._tqm.send_callback("v2_runner_on_start", host, task)
    mine = _copy(task)
    with _current_worker(), _task.TaskContext.create(task=mine, task_vars=dict(task_vars), host_name=host.name):
        mine.squash()
        executor = TaskExecutor(
            host,
            play_context,
            strategy._loader,
            get_plugin_loader_namespace(),
            strategy._final_q,
            strategy._variable_manager,
        )
        result = executor.run()
        result.finalize_registered_values()
        mine.ignore_errors = result.ignore_errors
        mine.ignore_unreachable = result.ignore_unreachable
        strategy._final_q.send_task_result(host, mine, result)
    strategy._pending_results += 1


def _copy(task: Any) -> Any:
    """The task as a worker has it: what it resolves stays its own."""
    copied = task.copy(exclude_parent=True, exclude_tasks=True)
    copied._parent = task._parent
    if task.loop_control:
        copied.loop_control = task.loop_control.copy()
    return copied


@contextlib.contextmanager
def _current_worker() -> Iterator[None]:
    ansible.executor.process.worker.current_worker = Here()
    try:
        yield
    finally:
        ansible.executor.process.worker.current_worker = None
