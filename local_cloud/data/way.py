"""How the control plane learns through which VPC endpoint a request came."""

from __future__ import annotations

ENDPOINT_HEADER, VPC_HEADER = "X-Local-Source-Vpce", "X-Local-Source-Vpc"
"""Set by the egress proxies; read in local_cloud/control/permissions/enforce.py."""


def way(endpoint_id: str, vpc_id: str) -> dict[str, str]:
    """The headers; empty ones where it came through none, so that a caller's own never count."""
    return {ENDPOINT_HEADER: endpoint_id, VPC_HEADER: vpc_id if endpoint_id else ""}
