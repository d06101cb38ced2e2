# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: mitogen_linear
short_description: The linear strategy, with modules run in a long-lived interpreter
description:
  - Tasks run in the order and with the results of P(ansible.builtin.linear#strategy). What differs is how a module is
    started. With L(Mitogen,https://mitogen.networkgenomics.com/) on the controller, modules run in an interpreter that
    lives as long as the run, and boto3 and what it reads of the AWS services are loaded once instead of once a task.
  - Where Mitogen is missing, or the versions of Mitogen and ansible-core are not known to go together, this is just
    C(linear), and one line says so.
version_added: 1.0.0
author:
  - private_rag.aws contributors (@private-rag)
notes:
  - No playbook needs it. Under C(linear) a run only takes longer.
  - With C(ansible_connection=local) there are as many interpreters as hosts at work at the same time, at most C(forks),
    of about 100 MB each.
"""

from ansible.plugins.strategy.linear import StrategyModule as Linear
from ansible.utils.display import Display
from ansible_collections.private_rag.aws.plugins.plugin_utils import _compiled, _here
from ansible_collections.private_rag.aws.plugins.plugin_utils._mitogen import leave_interpreters, over_mitogen

CHOICE = over_mitogen(Linear)


class StrategyModule(CHOICE.strategy):
    """C(linear) over Mitogen, or only C(linear)."""

    said = False

    def __init__(self, tqm):
        if CHOICE.refusal and not StrategyModule.said:
            StrategyModule.said = True
            Display().display(
                f"private_rag.aws.mitogen_linear: {CHOICE.refusal}; modules run as under linear.", stderr=True
            )
        super().__init__(tqm)

    def run(self, iterator, play_context):
        """Run a play, and end the connection to Mitogen's processes that its tasks shared."""
        try:
            return super().run(iterator, play_context)
        finally:
            leave_interpreters()
            if not CHOICE.refusal:
                _compiled.kept().save()

    def _queue_task(self, host, task, task_vars, play_context):
        """Do the task here where nothing is lost by it, or let a worker do it."""
        if not CHOICE.refusal and _here.runs_here(self, task, task_vars):
            return _here.do_task(self, host, task, task_vars, play_context)
        leave_interpreters()
        return super()._queue_task(host, task, task_vars, play_context)
