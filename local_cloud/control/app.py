"""Putting the control plane together; import this only after ``settings.configure_moto()``."""

from __future__ import annotations

import logging
import threading
import time
import warnings

from moto.core.utils import get_service_model

from local_cloud.control.backends import backend
from local_cloud.control.forks import url
from local_cloud.control.front import Front
from local_cloud.control.gate import Gate
from local_cloud.control.server import LoopbackServer, make_loopback_server, serve_in_thread
from local_cloud.control.settings import REGION
from local_cloud.control.state import State

# moto's serialiser warns of every error code that AWS's own models leave out, as many do.
warnings.filterwarnings("ignore", category=UserWarning, module="moto.core.serialize")
LOG = logging.getLogger(__name__)
# The services a deployment touches, in the order it does.
WARMED = (
    ("sts", "aws"),
    ("ec2", REGION),
    ("iam", "aws"),
    ("logs", REGION),
    ("dynamodb", REGION),
    ("ecr", REGION),
    ("lambda", REGION),
    ("apigateway", REGION),
    ("elbv2", REGION),
    ("ecs", REGION),
    ("application-autoscaling", REGION),
    ("secretsmanager", REGION),
)


def start(host: str, port: int) -> LoopbackServer:
    """Serve in a background thread, and load the services' code meanwhile; the caller shuts down."""
    state = State()
    front = Front(state)
    server = state.server = make_loopback_server(host, port, front, state.gate)
    state.base_url = url(server)
    serve_in_thread(server)
    threading.Thread(target=_warm, args=(state.gate,), name="warm", daemon=True).start()
    LOG.info("control plane on %s", state.base_url)
    return server


def _warm(gate: Gate) -> None:
    started = time.monotonic()
    for service, region in WARMED:
        # Importing takes locks.
        with gate.passing():
            get_service_model(service)
            backend(service, region)
    LOG.info("services loaded in %.1f s", time.monotonic() - started)
