# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A strategy over Mitogen: whether it can be had here, and how modules get their interpreter."""

from __future__ import annotations

import ansible.executor.process.worker
from ansible.errors import AnsibleError
from ansible.release import __version__ as ansible_version
from ansible_collections.private_rag.aws.plugins.plugin_utils import _interpreter

# What the conformance test (tests/integration/strategies) was passed with. Mitogen reaches deep into ansible-core,
# and does not always refuse a version that it does not know.
OLDEST_MITOGEN = (0, 3, 54)
NEWEST_ANSIBLE = (2, 21)


def mitogen_strategy(base):
    """C((class, ""), or C((None, why not)): a class like C(base), a strategy, whose tasks run over Mitogen."""
    version = tuple(int(part) for part in ansible_version.split(".")[:2])
    if version > NEWEST_ANSIBLE:
        return None, f"not tried with ansible-core {ansible_version} yet"
    try:
        import mitogen
        from ansible_mitogen.strategy import StrategyMixin
    except ImportError:
        return None, "Mitogen is not installed"
    except AnsibleError as error:
        return None, f"Mitogen says: {error}"
    if mitogen.__version__ < OLDEST_MITOGEN:
        return None, f"Mitogen {'.'.join(map(str, mitogen.__version__))} is too old"
    _set_up_once()
    return type("MitogenStrategy", (StrategyMixin, base), {}), ""


def _set_up_once():
    import ansible_mitogen.affinity
    import ansible_mitogen.connection
    import ansible_mitogen.planner
    import ansible_mitogen.services

    # Mitogen pins processes to CPUs, on a machine with two all modules and what they start to the same one.
    ansible_mitogen.affinity.policy = ansible_mitogen.affinity.Policy()

    # It would list every installed collection for each task, which takes as long as the task. Ansible's own finder of
    # collections is active in the process that serves modules, and finds them.
    ansible_mitogen.planner._load_collections = lambda invocation: None

    connect_local = ansible_mitogen.connection.CONNECTION_METHOD["local"]
    ansible_mitogen.connection.CONNECTION_METHOD["local"] = lambda spec: _interpreter_of_worker(connect_local(spec))

    connect = ansible_mitogen.services.ContextService._connect

    def connect_and_prepare(self, key, spec, via=None):
        response = connect(self, key, spec, via=via)
        response["context"].call_no_reply(_interpreter.prepare)
        return response

    ansible_mitogen.services.ContextService._connect = connect_and_prepare


def _interpreter_of_worker(connection):
    """One interpreter for each of the C(forks) workers: hosts that run at the same time do not wait for each other."""
    worker = ansible.executor.process.worker.current_worker
    name = f"worker-{worker.worker_id if worker else 0}"
    return {**connection, "kwargs": {**connection["kwargs"], "remote_name": name}}


def silence_once(display):
    """Keep back the deprecation of strategies outside ansible-core that follows; everything else is shown.

    It comes right after a strategy is made, says nothing that whoever runs a playbook could act on, and has no date.
    """
    show = display.deprecated

    def deprecated(msg, *args, **kwargs):
        del display.deprecated
        if not msg.startswith("Use of strategy plugins not included in ansible.builtin"):
            show(msg, *args, **kwargs)

    display.deprecated = deprecated
