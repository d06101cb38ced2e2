"""The third of the cases that was kept back while the rules were written: network."""

from __future__ import annotations

from tests.integration.refusals.cases import case
from tests.integration.refusals.first_author.worked_on_network import AWS, HTTPS

HELD_OUT = (
    case("ec2", "CreateVpc", "a block smaller than /28", lambda w: {"CidrBlock": "10.0.0.0/29"}),
    case(
        "ec2",
        "CreateSubnet",
        "an unknown VPC",
        lambda w: {"VpcId": "vpc-0123456789abcdef0", "CidrBlock": "10.20.8.0/24"},
    ),
    case(
        "ec2",
        "CreateSecurityGroup",
        "no description",
        lambda w: {"GroupName": "alb", "Description": "", "VpcId": w.vpc},
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "a port above 65535",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [
                {"IpProtocol": "tcp", "FromPort": 70000, "ToPort": 70000, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
            ],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "an address of three numbers",
        lambda w: {"GroupId": w.group, "IpPermissions": [{**HTTPS, "IpRanges": [{"CidrIp": "10.0.0"}]}]},
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupEgress",
        "a protocol that is none",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [{"IpProtocol": "https", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}],
        },
    ),
    case("ec2", "DeleteSecurityGroup", "an endpoint uses it", lambda w: {"GroupId": w.group}),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "route tables on an interface endpoint",
        lambda w: w.endpoint(RouteTableIds=[w.route_table]),
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "a gateway endpoint for Lambda",
        lambda w: {"VpcId": w.vpc, "ServiceName": f"{AWS}.lambda", "VpcEndpointType": "Gateway"},
    ),
    case(
        "ec2",
        "ModifyVpcEndpoint",
        "an unknown group",
        lambda w: {"VpcEndpointId": w.api_endpoint, "AddSecurityGroupIds": ["sg-0123456789abcdef0"]},
    ),
    case(
        "ec2",
        "ModifyVpcEndpoint",
        "private DNS on a gateway endpoint",
        lambda w: {"VpcEndpointId": w.s3_endpoint, "PrivateDnsEnabled": True},
    ),
    case(
        "ec2",
        "ModifyVpcAttribute",
        "two attributes at once",
        lambda w: {"VpcId": w.vpc, "EnableDnsSupport": {"Value": True}, "EnableDnsHostnames": {"Value": True}},
    ),
    case(
        "ec2",
        "CreateRoute",
        "an internet gateway that is not attached",
        lambda w: {
            "RouteTableId": w.route_table,
            "DestinationCidrBlock": "0.0.0.0/0",
            "GatewayId": "igw-0123456789abcdef0",
        },
    ),
    case(
        "elbv2",
        "CreateLoadBalancer",
        "a subnet of another VPC",
        lambda w: w.balancer(Subnets=[w.subnet_a, w.dark_subnet]),
    ),
    case("elbv2", "CreateLoadBalancer", "a name that ends with a hyphen", lambda w: w.balancer(Name="chatbot-")),
    case("elbv2", "CreateLoadBalancer", "a group of another VPC", lambda w: w.balancer(SecurityGroups=[w.dark_group])),
    case(
        "elbv2",
        "CreateTargetGroup",
        "a matcher that is no code",
        lambda w: w.target_group_of(Matcher={"HttpCode": "ok"}),
    ),
    case("elbv2", "CreateTargetGroup", "a threshold of 11", lambda w: w.target_group_of(UnhealthyThresholdCount=11)),
    case(
        "elbv2",
        "CreateListener",
        "a target group that does not exist",
        lambda w: {
            "LoadBalancerArn": w.balancer_arn,
            "Protocol": "HTTP",
            "Port": 81,
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": w.target_group[:-4] + "0000"}],
        },
    ),
    case(
        "elbv2",
        "CreateListener",
        "a TCP listener on an application load balancer",
        lambda w: {
            "LoadBalancerArn": w.balancer_arn,
            "Protocol": "TCP",
            "Port": 81,
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": w.target_group}],
        },
    ),
    case(
        "elbv2",
        "ModifyTargetGroupAttributes",
        "stickiness of more than 7 days",
        lambda w: {
            "TargetGroupArn": w.target_group,
            "Attributes": [{"Key": "stickiness.lb_cookie.duration_seconds", "Value": "700000"}],
        },
    ),
    case(
        "elbv2",
        "ModifyTargetGroupAttributes",
        "an attribute that is none",
        lambda w: {"TargetGroupArn": w.target_group, "Attributes": [{"Key": "stickyness.enabled", "Value": "true"}]},
    ),
)
