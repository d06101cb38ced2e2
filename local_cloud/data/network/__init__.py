"""The deployed network: a pure packet walk (`walk`), the VPC's name resolution (`resolve`), and its values.

verdict = walk(await account.network(), interface, EndpointTarget("vpce-1"), 443)
if not verdict.allowed:
    verdict.reason   # 'streamlit-fargate-task-sg has no outbound rule for tcp/443 to api-gateway-endpoint-sg'
"""

from __future__ import annotations

from local_cloud.data.network.dns import resolve
from local_cloud.data.network.model import (
    AddressTarget,
    Client,
    Destination,
    EndpointTarget,
    Interface,
    NetworkSnapshot,
    Source,
    Verdict,
)
from local_cloud.data.network.walk import walk

__all__ = [
    "AddressTarget",
    "Client",
    "Destination",
    "EndpointTarget",
    "Interface",
    "NetworkSnapshot",
    "Source",
    "Verdict",
    "resolve",
    "walk",
]
