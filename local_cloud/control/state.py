"""What the control plane knows beyond moto: fields moto drops, and what the data plane reports."""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from local_cloud.control.aws_time.clock import Clock
from local_cloud.control.breakpoints import Breakpoint
from local_cloud.control.forks import Forks, url
from local_cloud.control.gate import Gate
from local_cloud.control.server import LoopbackServer

Record = dict[str, Any]
REQUESTS_KEPT = 50_000


@dataclass
class State:
    """Everything of ours, in memory; guarded by ``lock``, which also serialises the calls to moto."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    base_url: str = ""
    # The passwords of the registry's user AWS, as GetAuthorizationToken gives them, and whose each is.
    registry_passwords: dict[str, Any] = field(default_factory=dict, repr=False)
    # What moto drops, by the resource's ARN or id.
    kept: dict[str, Record] = field(default_factory=dict)
    # ECS: services by ARN (see repairs/ecs_services.py), tasks by id, ids of RunTask requests not taken.
    services: dict[str, Record] = field(default_factory=dict)
    tasks: dict[str, Record] = field(default_factory=dict)
    run_requests: list[str] = field(default_factory=list)
    # ELBv2: reported health by target group ARN. EC2: reported network interfaces by id.
    target_health: dict[str, list[Record]] = field(default_factory=dict)
    interfaces: dict[str, Record] = field(default_factory=dict)
    # API Gateway: frozen snapshots by (API id, deployment id).
    snapshots: dict[tuple[str, str], Record] = field(default_factory=dict)
    # How often each service was written to; the epoch tells one life of this state from the next.
    revisions: dict[str, int] = field(default_factory=lambda: {"epoch": time.time_ns()})
    requests: deque[Record] = field(default_factory=lambda: deque(maxlen=REQUESTS_KEPT))
    disabled_rules: set[str] = field(default_factory=set)
    # What is under way (aws_time/), and whether a data plane has ever asked for tasks to run.
    clock: Clock = field(default_factory=Clock)
    data_plane_seen: bool = False
    # For tests that interrupt: the request that is held, and the copies of this account.
    breakpoint: Breakpoint = field(default_factory=Breakpoint)
    forks: Forks = field(default_factory=dict)
    gate: Gate = field(default_factory=Gate)
    server: LoopbackServer | None = None
    # Condition keys of role sessions by access key (lambda:SourceFunctionArn), and every distinct permission judged.
    session_contexts: dict[str, Record] = field(default_factory=dict)
    cases: dict[str, Record] = field(default_factory=dict, repr=False)

    def move(self, server: LoopbackServer) -> None:
        """In a copy of this account's process: answer from that server, with nothing held and no copies yet."""
        self.server, self.base_url = server, url(server)
        self.lock, self.gate = threading.RLock(), Gate()
        self.breakpoint, self.forks = Breakpoint(), {}
        server.gate = self.gate

    def registry_password(self, principal: Any) -> str:
        """Of one principal: a token of ECR has the permissions of who asked for it."""
        for password, holder in self.registry_passwords.items():
            if holder == principal:
                return password
        password = secrets.token_urlsafe(32)
        self.registry_passwords[password] = principal
        return password

    def extra(self, key: str) -> Record:
        """The mutable record of what moto drops of the resource ``key``."""
        return self.kept.setdefault(key, {})

    def reset(self) -> None:
        """Forget everything, as ``POST /moto-api/reset`` makes moto forget."""
        for store in (self.kept, self.services, self.tasks, self.run_requests, self.target_health):
            store.clear()
        for more in (
            self.interfaces,
            self.snapshots,
            self.requests,
            self.disabled_rules,
            self.session_contexts,
            self.cases,
        ):
            more.clear()
        self.clock.forget()
        self.revisions.clear()
        self.revisions["epoch"] = time.time_ns()

    def note(self, entry: Record) -> None:
        """Keep a recorded request; a successful write moves its service's revision."""
        self.requests.append(entry)
        if entry["mutating"] and entry["status"] < 400:
            service = entry["service"]
            self.revisions[service] = self.revisions.get(service, 0) + 1
