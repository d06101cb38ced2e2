"""What EC2 refuses of any request: filters, tags of another kind of resource, and names that lead nowhere."""

from __future__ import annotations

from local_cloud.control.backends import ec2
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

SERVICE = "ec2"
INVALID = "InvalidParameterValue"
LONGEST_KEY, LONGEST_VALUE = 128, 256
# TagSpecification API reference: what each operation makes.
MADE = {
    "AuthorizeSecurityGroupEgress": {"security-group-rule"},
    "AuthorizeSecurityGroupIngress": {"security-group-rule"},
    "CreateInternetGateway": {"internet-gateway"},
    "CreateRouteTable": {"route-table"},
    "CreateSecurityGroup": {"security-group"},
    "CreateSubnet": {"subnet"},
    "CreateVpc": {"vpc"},
    "CreateVpcEndpoint": {"vpc-endpoint"},
}
RULES = ("AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress")
FLAT = ("IpProtocol", "FromPort", "ToPort", "CidrIp", "SourceSecurityGroupName", "SourceSecurityGroupOwnerId")
_TAGS = {"tag", "tag-key", "tag-value", "owner-id", "vpc-id"}
# DescribeSecurityGroups, DescribeSubnets, DescribeVpcs, DescribeVpcEndpoints API references, Filter.
FILTERS = {
    "DescribeSecurityGroups": {
        *_TAGS,
        *("description", "group-id", "group-name"),
        *(
            f"{way}ip-permission.{name}"
            for way in ("", "egress.")
            for name in (
                *("cidr", "from-port", "group-id", "group-name", "ipv6-cidr", "prefix-list-id", "protocol"),
                *("to-port", "user-id"),
            )
        ),
    },
    "DescribeSubnets": {
        *_TAGS,
        *("availability-zone", "availabilityZone", "availability-zone-id", "availabilityZoneId"),
        *("available-ip-address-count", "cidr-block", "cidr", "cidrBlock", "customer-owned-ipv4-pool"),
        *("default-for-az", "defaultForAz", "enable-dns64", "enable-lni-at-device-index"),
        *("ipv6-cidr-block-association.ipv6-cidr-block", "ipv6-cidr-block-association.association-id"),
        *("ipv6-cidr-block-association.state", "ipv6-native", "map-customer-owned-ip-on-launch"),
        *("map-public-ip-on-launch", "outpost-arn", "state", "subnet-arn", "subnet-id"),
        *(
            f"private-dns-name-options-on-launch.{name}"
            for name in (
                "enable-resource-name-dns-a-record",
                "enable-resource-name-dns-aaaa-record",
                "hostname-type",
            )
        ),
    },
    "DescribeVpcs": {
        *_TAGS,
        # The first three are older names of cidr and dhcp-options-id; amazon.aws's ec2_vpc_net asks by cidr-block.
        *("cidr-block", "cidrBlock", "dhcpOptionsId"),
        *("cidr", "cidr-block-association.association-id", "cidr-block-association.cidr-block"),
        *("cidr-block-association.state", "dhcp-options-id", "is-default", "isDefault", "state"),
        *("ipv6-cidr-block-association.ipv6-cidr-block", "ipv6-cidr-block-association.ipv6-pool"),
        *("ipv6-cidr-block-association.association-id", "ipv6-cidr-block-association.state"),
    },
    "DescribeVpcEndpoints": {
        *_TAGS,
        *("ip-address-type", "service-name", "service-region", "vpc-endpoint-id", "vpc-endpoint-state"),
        "vpc-endpoint-type",
    },
}


@refuses(
    "ec2-unknown-vpc",
    SERVICE,
    ["CreateSecurityGroup", "CreateSubnet", "CreateRouteTable", "CreateVpcEndpoint"],
    code="InvalidVpcID.NotFound",
    message="The vpc ID '{vpc}' does not exist",
    source="EC2 API error codes, InvalidVpcID.NotFound; as quoted in public error reports",
)
def unknown_vpc(call: Call) -> Verdict:
    vpc = call.get("VpcId")
    return {"vpc": vpc} if vpc and vpc not in ec2(call.region).vpcs else None


@refuses(
    "ec2-tags-of-another-kind",
    SERVICE,
    list(MADE),
    code=INVALID,
    message="'{kind}' is not a valid taggable resource type for this operation.",
    source="TagSpecification API reference, ResourceType; as quoted in public error reports",
)
def tags_of_another_kind(call: Call) -> Verdict:
    for each in call.get("TagSpecifications") or []:
        kind = each.get("ResourceType")
        if kind not in MADE[call.operation]:
            return {"kind": kind}
    return None


@refuses(
    "ec2-rule-in-two-forms",
    SERVICE,
    RULES,
    code="InvalidParameterCombination",
    message="The parameter 'ipPermissions' may not be used in combination with '{name}'",
    source="EC2 API error codes, InvalidParameterCombination; wording not verified",
)
def rule_in_two_forms(call: Call) -> Verdict:
    sent = [name for name in FLAT if call.get(name) is not None]
    return {"name": sent[0][0].lower() + sent[0][1:]} if sent and call.get("IpPermissions") else None


@refuses(
    "ec2-filter",
    SERVICE,
    list(FILTERS),
    code=INVALID,
    message="The filter '{name}' is invalid",
    source="DescribeSubnets API reference, Filter; as quoted in public error reports",
)
def filter_name(call: Call) -> Verdict:
    for each in call.get("Filters") or []:
        name = each.get("Name", "")
        if name not in FILTERS[call.operation] and not name.startswith("tag:"):
            return {"name": name}
    return None


@refuses(
    "ec2-tag-length",
    SERVICE,
    "CreateTags",
    code=INVALID,
    message="Tag {part} exceeds the maximum length of {most} characters",
    source="EC2 guide, 'Tag restrictions'; as quoted in public error reports",
)
def tag_length(call: Call) -> Verdict:
    for each in call.get("Tags") or []:
        if len(each.get("Key", "")) > LONGEST_KEY:
            return {"part": "key", "most": LONGEST_KEY}
        if len(each.get("Value") or "") > LONGEST_VALUE:
            return {"part": "value", "most": LONGEST_VALUE}
    return None
