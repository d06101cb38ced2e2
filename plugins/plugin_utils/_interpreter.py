# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What makes an interpreter of Mitogen run modules as ansible-core does, and faster. It runs there, not in Ansible."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import sys
import threading
from typing import Any

# Set while no module is at work here.
IDLE = threading.Event()
IDLE.set()


def prepare(econtext: Any) -> None:
    """Called once in each new interpreter, before its first module, with its C(mitogen.core.ExternalContext)."""
    isolate(econtext.broker)
    tell_faults()
    share_loader()
    threading.Thread(target=read_ahead, daemon=True).start()


prepare.mitogen_takes_econtext = True  # what mitogen.core.takes_econtext sets; Mitogen may be missing here


def isolate(broker: Any) -> None:
    """A session of its own, as ansible-core's workers have; where a run is broken off, so is what its module started.

    A program that a module left running on purpose is not ended with the run: no module is at work then.
    """
    import ansible_mitogen.runner
    from mitogen.core import listen

    os.setsid()
    # Mitogen's own process ignores Ctrl-C, and what it starts inherits that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    run = ansible_mitogen.runner.Runner.run

    def marked(runner: Any) -> Any:
        IDLE.clear()
        try:
            return run(runner)
        finally:
            IDLE.set()

    ansible_mitogen.runner.Runner.run = marked
    listen(broker, "shutdown", lambda: IDLE.is_set() or os.killpg(0, signal.SIGTERM))


def tell_faults() -> None:
    """An exception that a module let through becomes its failure and message, as under linear; not a stack trace.

    So does an end without an answer. Mitogen by itself hands on what was printed, and that it is no JSON.
    """
    import ansible_mitogen.runner
    from ansible.module_utils._internal._ansiballz import _loader

    run_code = ansible_mitogen.runner.NewStyleRunner._run_code

    def tell(_kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, Exception):
            _loader._handle_exception(error, "legacy")

    def told(runner: Any, code: Any, module: Any) -> None:
        with contextlib.ExitStack() as stack:
            stack.push(tell)
            run_code(runner, code, module)
            raise RuntimeError("New-style module did not handle its own exit.")

    ansible_mitogen.runner.NewStyleRunner._run_code = told


def share_loader() -> None:
    """Let all sessions share what botocore reads of the AWS services.

    Each session makes a loader of its own (botocore.session, component C(data_loader)), which parses the services'
    models again, 50 to 300 ms a task. A loader holds nothing but the files of the search path that is its only
    argument. It also looks up the present name of each of its 130 events in a table that is part of botocore, 4 ms,
    and how each of their handlers wants to be called, 6 ms.
    Sessions, credentials, configuration and clients stay each module's own: they depend on its arguments and its
    environment. Those of this collection share clients where these are equal (module_utils, C(_clients.py)).
    """
    try:
        import botocore.hooks
        import botocore.loaders
        import botocore.session
    except ImportError:  # The modules say it in their own words.
        return
    shared = functools.cache(botocore.loaders.create_loader)
    botocore.loaders.create_loader = shared
    botocore.session.create_loader = shared
    _share_event_names(botocore.hooks)
    # Of a function it is always the same; those of the clients themselves come and go.
    botocore.hooks.accepts_kwargs = functools.lru_cache(1000)(botocore.hooks.accepts_kwargs)


# What the modules of C(site.yml) ask, in the order in which they do.
SERVICES = (
    "sts",
    "ec2",
    "bedrock",
    "secretsmanager",
    "elbv2",
    "apigateway",
    "iam",
    "logs",
    "ecs",
    "lambda",
    "ecr",
    "application-autoscaling",
    "dynamodb",
)
# Of each, what botocore reads to make a client: the API's model, and the rules of its endpoints.
MODELS = ("service-2", "endpoint-rule-set-1")


def read_ahead() -> None:
    """Read the models that the modules to come will need, while Ansible still prepares their tasks.

    A module that comes before this is done reads for itself what it needs, and is not held up by the rest. Nothing is
    imported here: Mitogen's importer logs, and a module that starts a program meanwhile holds the lock of logging while
    it waits for that of imports (os.register_at_fork, CPython's PyOS_BeforeFork).
    """
    loaders = sys.modules.get("botocore.loaders")
    if loaders is None:
        return
    # Asked as botocore.session and botocore.client do: a loader keeps its answers by how they were asked for.
    loader = loaders.create_loader(None)
    for service in SERVICES:
        for model in MODELS:
            IDLE.wait()
            loader.load_service_model(service, model, api_version=None)


def _share_event_names(hooks: Any) -> None:
    begin = hooks.EventAliaser.__init__
    names: dict[str, str] = {}

    def begin_with_names(aliaser: Any, *args: Any, **kwargs: Any) -> None:
        begin(aliaser, *args, **kwargs)
        if aliaser._event_aliases == hooks.EVENT_ALIASES:
            aliaser._alias_name_cache = names

    hooks.EventAliaser.__init__ = begin_with_names
