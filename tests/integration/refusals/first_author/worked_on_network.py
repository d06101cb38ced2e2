"""Faulty calls of EC2 and Elastic Load Balancing, from their API references."""

from __future__ import annotations

from tests.integration.cloud import REGION
from tests.integration.refusals.cases import case

HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
AWS = f"com.amazonaws.{REGION}"

FAULTY = (
    case("ec2", "CreateVpc", "a block larger than /16", lambda w: {"CidrBlock": "10.0.0.0/8"}),
    case("ec2", "CreateVpc", "no CIDR block at all", lambda w: {"CidrBlock": "10.0.0.0"}),
    case("ec2", "CreateSubnet", "outside the VPC's range", lambda w: {"VpcId": w.vpc, "CidrBlock": "10.99.0.0/24"}),
    case(
        "ec2", "CreateSubnet", "overlaps with another subnet", lambda w: {"VpcId": w.vpc, "CidrBlock": "10.20.0.0/25"}
    ),
    case(
        "ec2",
        "CreateSubnet",
        "a zone of another region",
        lambda w: {"VpcId": w.vpc, "CidrBlock": "10.20.9.0/24", "AvailabilityZone": "us-east-1a"},
    ),
    case("ec2", "DeleteSubnet", "interfaces of an endpoint in it", lambda w: {"SubnetId": w.subnet_a}),
    case("ec2", "DeleteVpc", "subnets in it", lambda w: {"VpcId": w.vpc}),
    case(
        "ec2",
        "CreateSecurityGroup",
        "Japanese description",
        lambda w: {"GroupName": "alb", "Description": "社内から", "VpcId": w.vpc},
    ),
    case(
        "ec2",
        "CreateSecurityGroup",
        "a name that begins with sg-",
        lambda w: {"GroupName": "sg-alb", "Description": "alb", "VpcId": w.vpc},
    ),
    case(
        "ec2",
        "CreateSecurityGroup",
        "a name that is taken",
        lambda w: {"GroupName": "group", "Description": "again", "VpcId": w.vpc},
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "not a network address",
        lambda w: {"GroupId": w.group, "IpPermissions": [{**HTTPS, "IpRanges": [{"CidrIp": "10.0.0.0/33"}]}]},
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "from a port above the to port",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [
                {"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
            ],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "a group that does not exist",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [{**HTTPS, "UserIdGroupPairs": [{"GroupId": "sg-0123456789abcdef0"}]}],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "the same rule again",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [{**HTTPS, "UserIdGroupPairs": [{"GroupId": w.other_group}]}],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupEgress",
        "a prefix list that does not exist",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [{**HTTPS, "PrefixListIds": [{"PrefixListId": "pl-0123456789abcdef0"}]}],
        },
    ),
    case("ec2", "DeleteSecurityGroup", "another group's rule names it", lambda w: {"GroupId": w.other_group}),
    case("ec2", "CreateVpcEndpoint", "an unknown service", lambda w: w.endpoint(ServiceName=f"{AWS}.bedrok-runtime")),
    case("ec2", "CreateVpcEndpoint", "an unknown VPC", lambda w: w.endpoint(VpcId="vpc-0123456789abcdef0")),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "an unknown subnet",
        lambda w: w.endpoint(SubnetIds=["subnet-0123456789abcdef0"]),
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "a subnet of another VPC",
        lambda w: w.endpoint(SubnetIds=[w.dark_subnet]),
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "a group of another VPC",
        lambda w: w.endpoint(SecurityGroupIds=[w.dark_group]),
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "two subnets in one zone",
        lambda w: w.endpoint(SubnetIds=[w.subnet_a, w.subnet_a2]),
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "private DNS in a VPC without DNS host names",
        lambda w: w.endpoint(
            VpcId=w.dark_vpc, SubnetIds=[w.dark_subnet], SecurityGroupIds=[w.dark_group], PrivateDnsEnabled=True
        ),
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "a second one with private DNS",
        lambda w: w.endpoint(ServiceName=f"{AWS}.execute-api"),
    ),
    case("ec2", "CreateVpcEndpoint", "a policy that is no JSON", lambda w: w.endpoint(PolicyDocument="{allow all}")),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "groups on a gateway endpoint",
        lambda w: {
            "VpcId": w.vpc,
            "ServiceName": f"{AWS}.dynamodb",
            "VpcEndpointType": "Gateway",
            "SecurityGroupIds": [w.group],
        },
    ),
    case(
        "ec2",
        "ModifyVpcEndpoint",
        "an endpoint that does not exist",
        lambda w: {"VpcEndpointId": "vpce-0123456789abcdef0", "PrivateDnsEnabled": True},
    ),
    case(
        "ec2",
        "AssociateRouteTable",
        "a subnet of another VPC",
        lambda w: {"RouteTableId": w.route_table, "SubnetId": w.dark_subnet},
    ),
    case(
        "ec2",
        "CreateRoute",
        "no target",
        lambda w: {"RouteTableId": w.route_table, "DestinationCidrBlock": "10.30.0.0/16"},
    ),
    case(
        "ec2",
        "AttachInternetGateway",
        "attached already",
        lambda w: {"InternetGatewayId": w.internet, "VpcId": w.dark_vpc},
    ),
    case(
        "ec2", "CreateTags", "a key of AWS's", lambda w: {"Resources": [w.vpc], "Tags": [{"Key": "aws:x", "Value": ""}]}
    ),
    case("elbv2", "CreateLoadBalancer", "one subnet", lambda w: w.balancer(Subnets=[w.subnet_a])),
    case(
        "elbv2",
        "CreateLoadBalancer",
        "two subnets in one zone",
        lambda w: w.balancer(Subnets=[w.subnet_a, w.subnet_a2]),
    ),
    case("elbv2", "CreateLoadBalancer", "a name with an underscore", lambda w: w.balancer(Name="chatbot_alb")),
    case("elbv2", "CreateLoadBalancer", "a name of 33 letters", lambda w: w.balancer(Name="a" * 33)),
    case("elbv2", "CreateLoadBalancer", "a name that begins with internal-", lambda w: w.balancer(Name="internal-alb")),
    case(
        "elbv2", "CreateLoadBalancer", "an unknown group", lambda w: w.balancer(SecurityGroups=["sg-0123456789abcdef0"])
    ),
    case("elbv2", "CreateLoadBalancer", "a scheme that is none", lambda w: w.balancer(Scheme="private")),
    case(
        "elbv2",
        "CreateTargetGroup",
        "a health check path without slash",
        lambda w: w.target_group_of(HealthCheckPath="health"),
    ),
    case("elbv2", "CreateTargetGroup", "a protocol that is none", lambda w: w.target_group_of(Protocol="HTP")),
    case(
        "elbv2",
        "CreateTargetGroup",
        "timeout above the interval",
        lambda w: w.target_group_of(HealthCheckIntervalSeconds=10, HealthCheckTimeoutSeconds=20),
    ),
    case(
        "elbv2",
        "CreateTargetGroup",
        "an interval of a second",
        lambda w: w.target_group_of(HealthCheckIntervalSeconds=1),
    ),
    case("elbv2", "CreateTargetGroup", "port 70000", lambda w: w.target_group_of(Port=70000)),
    case(
        "elbv2",
        "CreateListener",
        "HTTPS without a certificate",
        lambda w: {
            "LoadBalancerArn": w.balancer_arn,
            "Protocol": "HTTPS",
            "Port": 443,
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": w.target_group}],
        },
    ),
    case(
        "elbv2",
        "CreateListener",
        "a port that another listener has",
        lambda w: {
            "LoadBalancerArn": w.balancer_arn,
            "Protocol": "HTTP",
            "Port": 80,
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": w.target_group}],
        },
    ),
    case("elbv2", "DeleteTargetGroup", "a listener forwards to it", lambda w: {"TargetGroupArn": w.target_group}),
    case(
        "elbv2",
        "ModifyLoadBalancerAttributes",
        "an idle timeout of 5000 seconds",
        lambda w: {
            "LoadBalancerArn": w.balancer_arn,
            "Attributes": [{"Key": "idle_timeout.timeout_seconds", "Value": "5000"}],
        },
    ),
)
