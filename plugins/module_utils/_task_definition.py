# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Task definitions in a form that can be compared field by field.

RegisterTaskDefinition fills in defaults and reorders lists. Here a container definition (AWS's own camelCase keys)
becomes fields such as C(containers[web].environment.LOG_LEVEL), with the defaults filled in on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._fields import flat
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import text

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
_CONTAINER_DEFAULTS: dict[str, Any] = {"cpu": 0, "essential": True}
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
_HEALTH_CHECK_DEFAULTS = {"interval": 30, "timeout": 5, "retries": 3}
# What a template language may hand over as text.
_NUMBERS = frozenset(
    {"cpu", "memory", "memoryReservation", "startTimeout", "stopTimeout", "containerPort", "hostPort", "interval",
     "timeout", "retries", "startPeriod", "softLimit", "hardLimit", "size", "sharedMemorySize"}
)  # fmt: skip
# Lists whose order means nothing, and what to sort them by.
_SORTED: dict[str, Callable[[Any], Any]] = {
    "portMappings": lambda item: (item.get("containerPort", 0), item.get("protocol", "")),
    "mountPoints": lambda item: item.get("containerPath", ""),
    "environmentFiles": lambda item: item.get("value", ""),
    "dependsOn": lambda item: item.get("containerName", ""),
    "ulimits": lambda item: item.get("name", ""),
    "secretOptions": lambda item: item.get("name", ""),
    "systemControls": lambda item: item.get("namespace", ""),
    "volumesFrom": lambda item: item.get("sourceContainer", ""),
    "add": str,
    "drop": str,
}


def container_fields(containers: Iterable[Mapping[str, Any]], network_mode: str) -> dict[str, Any]:
    """All containers as flat fields, the defaults filled in."""
    fields: dict[str, Any] = {}
    for container in containers:
        full = canonical_container(container, network_mode)
        fields.update(flat(f"containers[{full.pop('name')}]", full))
    return fields


def canonical_container(container: Mapping[str, Any], network_mode: str) -> dict[str, Any]:
    """One container definition without empty values, with defaults, environment and secrets as a dict by name."""
    full = {**_CONTAINER_DEFAULTS, **as_sent(container)}
    full["environment"] = {item["name"]: item.get("value", "") for item in full.get("environment", [])}
    full["secrets"] = {item["name"]: item["valueFrom"] for item in full.get("secrets", [])}
    if "healthCheck" in full:
        full["healthCheck"] = {**_HEALTH_CHECK_DEFAULTS, **full["healthCheck"]}
    for mapping in full.get("portMappings", []):
        mapping.setdefault("protocol", "tcp")
        if network_mode == "awsvpc":
            # 'the hostPort can either be left blank or set to the same value as the containerPort': API_PortMapping.
            mapping["hostPort"] = mapping["containerPort"]
    for mount in full.get("mountPoints", []):
        mount.setdefault("readOnly", False)
    return {key: value for key, value in full.items() if value not in ({}, [])}


def as_sent(value: Any, key: str = "") -> Any:
    """A copy in AWS's types, unordered lists sorted, without empty values (which AWS adds, or drops, as it likes)."""
    if isinstance(value, Mapping):
        if key == "options":
            # logConfiguration.options: a map of texts.
            return {name: text(item) for name, item in value.items() if item is not None}
        copied = {name: as_sent(item, name) for name, item in value.items()}
        return {name: item for name, item in copied.items() if not _is_empty(item)}
    if isinstance(value, (list, tuple)):
        items = [as_sent(item, key) for item in value]
        return sorted(items, key=_SORTED[key]) if key in _SORTED else items
    if key in _NUMBERS and isinstance(value, str) and value.isdigit():
        return int(value)
    return text(value) if key == "value" and value is not None else value


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, (dict, list)) and not value)


def volumes_of(volumes: Iterable[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Volumes by name, without the empty C(host) that AWS adds."""
    return sorted((as_sent(volume) for volume in volumes or []), key=lambda volume: str(volume["name"]))
