"""The guide's network with the project's corrections, as a snapshot."""

from __future__ import annotations

from local_cloud.data.network import AddressTarget, Interface
from local_cloud.data.network.model import (
    NetworkSnapshot,
    PrefixList,
    Route,
    RouteTable,
    Rule,
    SecurityGroup,
    Subnet,
    Vpc,
    VpcEndpoint,
)

REGION = "ap-northeast-1"
EXECUTE_API, BEDROCK, ECR = "vpce-0e", "vpce-0b", "vpce-0c"

TASK = Interface("eni-task", "subnet-a", "10.20.10.10", ("sg-task",))
FUNCTION = Interface("eni-lambda", "subnet-a", "10.20.10.11", ("sg-lambda",))
LOAD_BALANCER = Interface("eni-alb", "subnet-pub", "10.20.0.10", ("sg-alb",))
SEARCH = AddressTarget("10.30.0.10", "search.corp.example")
S3 = AddressTarget("52.216.0.10", "s3")
DYNAMODB = AddressTarget("3.218.182.10", "dynamodb")


def _tcp(port: int, *groups: str, cidrs: tuple[str, ...] = (), lists: tuple[str, ...] = ()) -> Rule:
    return Rule("tcp", port, port, cidrs, groups, lists)


def _groups() -> dict[str, SecurityGroup]:
    made = [
        SecurityGroup(
            "sg-alb", "chatbot-alb-sg", "vpc-1", (_tcp(80, cidrs=("10.30.0.0/16",)),), (_tcp(8080, "sg-task"),)
        ),
        SecurityGroup(
            "sg-task",
            "streamlit-fargate-task-sg",
            "vpc-1",
            (_tcp(8080, "sg-alb"),),
            (_tcp(443, "sg-api", "sg-logs", "sg-ecr", "sg-secrets", lists=("pl-s3",)),),
        ),
        SecurityGroup("sg-api", "api-gateway-endpoint-sg", "vpc-1", (_tcp(443, "sg-task"),)),
        SecurityGroup(
            "sg-lambda",
            "lambda-rag-processor-sg",
            "vpc-1",
            (),
            (_tcp(9200, cidrs=("10.30.0.0/16",)), _tcp(443, "sg-bedrock", "sg-logs", lists=("pl-ddb",))),
        ),
        SecurityGroup("sg-bedrock", "bedrock-vpce-sg", "vpc-1", (_tcp(443, "sg-lambda"),)),
        SecurityGroup("sg-ecr", "ecr-vpce-sg", "vpc-1", (_tcp(443, "sg-task"),)),
        SecurityGroup("sg-self", "self", "vpc-1", (_tcp(5000, "sg-self"),), (_tcp(5000, "sg-self"),)),
        SecurityGroup("sg-default", "default", "vpc-1"),
    ]
    return {group.group_id: group for group in made}


def _endpoints() -> dict[str, VpcEndpoint]:
    def interface(endpoint: str, service: str, group: str, *, private_dns: bool) -> VpcEndpoint:
        return VpcEndpoint(
            endpoint,
            f"com.amazonaws.{REGION}.{service}",
            "Interface",
            "vpc-1",
            subnet_ids=("subnet-a", "subnet-c"),
            group_ids=(group,),
            private_dns=private_dns,
        )

    def gateway(endpoint: str, service: str) -> VpcEndpoint:
        name = f"com.amazonaws.{REGION}.{service}"
        return VpcEndpoint(endpoint, name, "Gateway", "vpc-1", route_table_ids=("rtb-private",))

    made = [
        interface(EXECUTE_API, "execute-api", "sg-api", private_dns=False),
        interface(BEDROCK, "bedrock-runtime", "sg-bedrock", private_dns=True),
        interface(ECR, "ecr.dkr", "sg-ecr", private_dns=True),
        gateway("vpce-0d", "dynamodb"),
        gateway("vpce-05", "s3"),
    ]
    return {endpoint.endpoint_id: endpoint for endpoint in made}


def network() -> NetworkSnapshot:
    """A new snapshot each time."""
    on_premises = Route("vgw-1", "10.30.0.0/16")
    local = Route("local", "10.20.0.0/16")
    public = RouteTable("rtb-public", "vpc-1", True, ("subnet-pub",), (local, on_premises, Route("igw-1", "0.0.0.0/0")))
    private = RouteTable(
        "rtb-private", "vpc-1", False, ("subnet-a", "subnet-c"), (local, on_premises, Route("nat-1", "0.0.0.0/0"))
    )
    return NetworkSnapshot(
        region=REGION,
        vpcs={"vpc-1": Vpc("vpc-1", ("10.20.0.0/16",))},
        subnets={
            "subnet-pub": Subnet("subnet-pub", "vpc-1", "10.20.0.0/24", name="corp-public-a"),
            "subnet-a": Subnet("subnet-a", "vpc-1", "10.20.10.0/24", name="corp-private-a"),
            "subnet-c": Subnet("subnet-c", "vpc-1", "10.20.11.0/24", name="corp-private-c"),
        },
        groups=_groups(),
        route_tables={"rtb-public": public, "rtb-private": private},
        endpoints=_endpoints(),
        prefix_lists={
            "pl-s3": PrefixList("pl-s3", f"com.amazonaws.{REGION}.s3", ("52.216.0.0/15", "3.5.0.0/19")),
            "pl-ddb": PrefixList("pl-ddb", f"com.amazonaws.{REGION}.dynamodb", ("3.218.182.0/24",)),
        },
        nat_subnets={"nat-1": "subnet-pub"},
        attached_gateways=frozenset({"igw-1", "vgw-1"}),
    )
