"""The network as deployed, as plain values. Field names follow EC2's Describe* answers.

Network ACLs are left out: a VPC's default ACL lets everything through, and this project makes no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address


@dataclass(frozen=True)
class Rule:
    """One IpPermission. `protocol` is 'tcp', 'udp', 'icmp' or '-1' (everything; ports are then ignored)."""

    protocol: str
    from_port: int
    to_port: int
    cidrs: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    prefix_list_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class SecurityGroup:
    group_id: str
    name: str
    vpc_id: str
    ingress: tuple[Rule, ...] = ()
    egress: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Subnet:
    subnet_id: str
    vpc_id: str
    cidr: str
    availability_zone: str = ""
    name: str = ""


@dataclass(frozen=True)
class Route:
    """`target` is the AWS id ('nat-..', 'igw-..', 'vgw-..', 'tgw-..', 'vpce-..', 'local'); one destination is set."""

    target: str
    cidr: str = ""
    prefix_list_id: str = ""
    state: str = "active"


@dataclass(frozen=True)
class RouteTable:
    route_table_id: str
    vpc_id: str
    main: bool
    subnet_ids: tuple[str, ...]
    routes: tuple[Route, ...]


@dataclass(frozen=True)
class VpcEndpoint:
    """`endpoint_type` is 'Interface' or 'Gateway'. `policy` is None where it is AWS's default full access."""

    endpoint_id: str
    service_name: str
    endpoint_type: str
    vpc_id: str
    state: str = "available"
    subnet_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    route_table_ids: tuple[str, ...] = ()
    private_dns: bool = False
    dns_names: tuple[str, ...] = ()
    policy: Mapping[str, object] | None = None


@dataclass(frozen=True)
class PrefixList:
    prefix_list_id: str
    name: str
    cidrs: tuple[str, ...]


@dataclass(frozen=True)
class Vpc:
    vpc_id: str
    cidrs: tuple[str, ...]
    dns_support: bool = True
    dns_hostnames: bool = True


@dataclass(frozen=True)
class NetworkSnapshot:
    """Everything the packet walk reads, keyed by id."""

    region: str
    vpcs: Mapping[str, Vpc] = field(default_factory=dict)
    subnets: Mapping[str, Subnet] = field(default_factory=dict)
    groups: Mapping[str, SecurityGroup] = field(default_factory=dict)
    route_tables: Mapping[str, RouteTable] = field(default_factory=dict)
    endpoints: Mapping[str, VpcEndpoint] = field(default_factory=dict)
    prefix_lists: Mapping[str, PrefixList] = field(default_factory=dict)
    nat_subnets: Mapping[str, str] = field(default_factory=dict)
    """NAT gateway id -> its subnet id; only available, public NAT gateways."""
    attached_gateways: frozenset[str] = frozenset()
    """Internet and virtual private gateways that are attached to a VPC."""

    def group_name(self, group_id: str) -> str:
        group = self.groups.get(group_id)
        return group.name if group else group_id


@dataclass(frozen=True)
class Interface:
    """An elastic network interface: of a task, of a function, of a load balancer node."""

    eni_id: str
    subnet_id: str
    private_ip: str
    group_ids: tuple[str, ...]
    description: str = ""


@dataclass(frozen=True)
class Client:
    """A computer outside the VPC that reaches it over the company's network; `address` is its IPv4 address."""

    address: str


@dataclass(frozen=True)
class EndpointTarget:
    """The network interfaces of an interface VPC endpoint."""

    endpoint_id: str


@dataclass(frozen=True)
class AddressTarget:
    """An IPv4 address that is no interface known to us: on premises, or public (an AWS service, the internet).

    `name` is what the address stands for, in words, for messages.
    """

    address: str
    name: str = ""

    @property
    def private(self) -> bool:
        """Not routable on the internet (RFC 1918 and the like)."""
        return not IPv4Address(self.address).is_global

    def __str__(self) -> str:
        return f"{self.address} ({self.name})" if self.name else self.address


Source = Interface | Client
Destination = Interface | EndpointTarget | AddressTarget


@dataclass(frozen=True)
class Verdict:
    """`reason` is empty when allowed; else it names the group (or route table) and what is missing in it."""

    allowed: bool
    reason: str = ""
    endpoint_id: str = ""
    """The VPC endpoint that the connection passes through, '' where it passes none."""


ALLOWED = Verdict(allowed=True)
