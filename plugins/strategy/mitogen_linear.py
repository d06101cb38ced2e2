# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: mitogen_linear
short_description: The linear strategy, with modules run in one long-lived interpreter
description:
  - Tasks are executed in the order and with the results of P(ansible.builtin.linear#strategy). What differs is how a
    module is started. With L(Mitogen,https://mitogen.networkgenomics.com/) on the controller, modules run one after the
    other in an interpreter that lives as long as the run, and boto3 and the models of the AWS services are loaded once
    instead of once a task.
  - Where Mitogen is missing, or where this version of Mitogen or of ansible-core is not one that it was tested with, it
    is C(linear), and one line says so.
version_added: 1.0.0
author: Contributors to the private_rag.aws collection
notes:
  - Hosts on the controller (C(ansible_connection=local)) share as many interpreters as C(forks) allows, so that a host
    that waits does not hold up the others.
  - A playbook never needs it; a run under C(linear) only takes longer.
"""

from ansible.plugins.strategy.linear import StrategyModule as Linear
from ansible.utils.display import Display
from ansible_collections.private_rag.aws.plugins.plugin_utils._mitogen import (
    mitogen_strategy,
    silence_once,
)

_MITOGEN, _REFUSAL = mitogen_strategy(Linear)


class StrategyModule(_MITOGEN or Linear):
    """C(linear) over Mitogen, or just C(linear)."""

    def __init__(self, tqm):
        silence_once(Display())
        if _REFUSAL:
            Display().display(f"private_rag.aws.mitogen_linear: {_REFUSAL}; tasks run as under linear.", stderr=True)
        super().__init__(tqm)
