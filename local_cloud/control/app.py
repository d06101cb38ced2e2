"""Putting the control plane together; import this only after ``settings.configure_moto()``."""

from __future__ import annotations

import logging
import threading
import time
import warnings

from moto.core.utils import get_service_model
from werkzeug.serving import BaseWSGIServer

from local_cloud.control.backends import backend
from local_cloud.control.front import Front
from local_cloud.control.server import make_loopback_server, serve_in_thread
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


def start(host: str, port: int) -> BaseWSGIServer:
    """Serve in a background thread, and load the services' code meanwhile; the caller shuts down."""
    state = State()
    front = Front(state)
    server = make_loopback_server(host, port, front)
    state.another_server = lambda: make_loopback_server(host, 0, front)
    state.base_url = f"http://{host}:{server.server_port}"
    serve_in_thread(server)
    threading.Thread(target=_warm, name="warm", daemon=True).start()
    LOG.info("control plane on %s", state.base_url)
    return server


def _warm() -> None:
    started = time.monotonic()
    for service, region in WARMED:
        get_service_model(service)
        backend(service, region)
    LOG.info("services loaded in %.1f s", time.monotonic() - started)
