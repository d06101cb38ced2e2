"""Elastic network interfaces of tasks and functions: made in a deployed subnet, shown by the control plane."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Collection, Sequence

from local_cloud.data.account import Account
from local_cloud.data.network.model import Interface, NetworkSnapshot

RESERVED_AT_START, RESERVED_AT_END = 4, 1
"""AWS keeps the first four addresses and the last one of every subnet (VPC user guide, 'Subnet CIDR blocks')."""


class Interfaces:
    """The interfaces that this data plane made; the control plane learns of each (`/_local/enis/<id>`)."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._made: dict[str, Interface] = {}

    async def create(
        self,
        subnet_id: str,
        group_ids: Sequence[str],
        description: str,
        interface_type: str = "interface",
    ) -> Interface:
        """A new interface with a free address of the subnet. KeyError where the subnet does not exist.

        `interface_type` as in DescribeNetworkInterfaces: 'interface', 'lambda', 'network_load_balancer' ...
        """
        network = await self._account.network()
        subnet = network.subnets[subnet_id]
        described = await self._account.pages("ec2", "describe_network_interfaces", "NetworkInterfaces")
        used = {item.get("PrivateIpAddress", "") for item in described}
        used |= {interface.private_ip for interface in self._made.values()}
        interface = Interface(
            f"eni-{secrets.token_hex(9)[:17]}",
            subnet_id,
            free_address(subnet.cidr, used),
            tuple(group_ids),
            description,
        )
        self._made[interface.eni_id] = interface
        try:
            await self._report(interface, network, interface_type)
        except BaseException:
            del self._made[interface.eni_id]
            raise
        return interface

    async def delete(self, interface: Interface) -> None:
        """Absent already is fine."""
        self._made.pop(interface.eni_id, None)
        await self._account.request(f"/_local/enis/{interface.eni_id}", "DELETE")

    async def _report(self, interface: Interface, network: NetworkSnapshot, interface_type: str) -> None:
        subnet = network.subnets[interface.subnet_id]
        await self._account.request(
            f"/_local/enis/{interface.eni_id}",
            "PUT",
            {
                "NetworkInterfaceId": interface.eni_id,
                "SubnetId": subnet.subnet_id,
                "VpcId": subnet.vpc_id,
                "AvailabilityZone": subnet.availability_zone,
                "PrivateIpAddress": interface.private_ip,
                "Groups": [{"GroupId": g, "GroupName": network.group_name(g)} for g in interface.group_ids],
                "Description": interface.description,
                "InterfaceType": interface_type,
                "Status": "in-use",
            },
        )

    def find(self, private_ip: str) -> Interface | None:
        """The interface that has this address."""
        return next((i for i in self._made.values() if i.private_ip == private_ip), None)


def free_address(cidr: str, used: Collection[str]) -> str:
    """The lowest usable address of a subnet that is not in `used`. LookupError where there is none."""
    block = ipaddress.IPv4Network(cidr)
    for offset in range(RESERVED_AT_START, block.num_addresses - RESERVED_AT_END):
        address = str(block[offset])
        if address not in used:
            return address
    raise LookupError(f"no free address in {cidr}")
