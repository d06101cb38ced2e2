"""The table of operations that time has a say in.

Like a repair, a layer surrounds an operation; it sees what the repair answered, and may answer otherwise or refuse::

    @surrounds("ec2", "CreateNatGateway")
    def create(call: Call, proceed: Proceed) -> Result: ...

Layers are in force only while their switch is on, so that with every switch off no request pays for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial

from local_cloud.control.aws_time.settings import Settings
from local_cloud.control.calls import Call, Params, Proceed, Repair, Result

Switch = Callable[[Settings], bool]
LAYERS: dict[tuple[str, str], list[tuple[Switch, Repair]]] = defaultdict(list)


def provisions(settings: Settings) -> bool:
    """Whether anything takes time."""
    return settings.scale > 0


def surrounds(service: str, *operations: str, when: Switch = provisions) -> Callable[[Repair], Repair]:
    """Register a layer for the operations; later ones lie outside of earlier ones."""

    def register(layer: Repair) -> Repair:
        for operation in operations:
            LAYERS[service, operation].append((when, layer))
        return layer

    return register


def surround(call: Call, repair: Repair | None) -> Repair | None:
    """The repair with all layers that are in force; just the repair where none is."""
    settings = call.state.clock.settings
    active = [layer for when, layer in LAYERS.get((call.service, call.operation), ()) if when(settings)]
    for layer in active:
        repair = partial(_within, layer, repair or _plain)
    return repair


def _plain(_call: Call, proceed: Proceed) -> Result:
    return proceed()


def _within(layer: Repair, inner: Repair, call: Call, proceed: Proceed) -> Result:
    def ask(params: Params | None = None) -> Result:
        asked = call if params is None else call.having(params)
        return inner(asked, proceed if params is None else partial(_with, proceed, params))

    return layer(call, ask)


def _with(proceed: Proceed, changed: Params, params: Params | None = None) -> Result:
    return proceed(changed if params is None else params)
