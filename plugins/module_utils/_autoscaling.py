# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the Application Auto Scaling modules share: how they name the thing that is scaled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TARGET_SPEC: dict[str, Any] = {
    "service_namespace": {"type": "str", "default": "ecs"},
    "resource_id": {"type": "str", "required": True},
    "scalable_dimension": {"type": "str", "default": "ecs:service:DesiredCount"},
}


def target_request(params: Mapping[str, Any]) -> dict[str, str]:
    """The three arguments by which every call names a scalable target."""
    return {
        "ServiceNamespace": params["service_namespace"],
        "ResourceId": params["resource_id"],
        "ScalableDimension": params["scalable_dimension"],
    }


def target_fields(params: Mapping[str, Any]) -> dict[str, str]:
    """The same three as fields of a state."""
    return {option: params[option] for option in TARGET_SPEC}
