"""Route 53: a hosted zone that is created for a VPC is private."""

from __future__ import annotations

from local_cloud.control.calls import Call, Proceed, Result, repairs


@repairs("route53", "CreateHostedZone")
def create_hosted_zone(call: Call, proceed: Proceed) -> Result:
    """moto asks for HostedZoneConfig.PrivateZone; AWS goes by the VPC (CreateHostedZone API reference)."""
    if not call.get("VPC"):
        return proceed()
    configuration = {**(call.get("HostedZoneConfig") or {}), "PrivateZone": True}
    return proceed({**call.params, "HostedZoneConfig": configuration})
