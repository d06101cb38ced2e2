"""Calls that AWS takes: network."""

from __future__ import annotations

from tests.integration.cloud import REGION
from tests.integration.refusals.cases import case
from tests.integration.refusals.world import policy

AWS = f"com.amazonaws.{REGION}"
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
SANE = (
    case("ec2", "CreateVpc", "the largest", lambda w: {"CidrBlock": "10.64.0.0/16"}),
    case("ec2", "CreateVpc", "the smallest", lambda w: {"CidrBlock": "10.65.0.0/28"}),
    case(
        "ec2",
        "CreateSubnet",
        "next to the others",
        lambda w: {"VpcId": w.vpc, "CidrBlock": "10.20.3.0/28", "AvailabilityZone": f"{REGION}d"},
    ),
    case("ec2", "CreateSubnet", "a zone of AWS's choice", lambda w: {"VpcId": w.vpc, "CidrBlock": "10.20.4.0/24"}),
    case(
        "ec2",
        "ModifySubnetAttribute",
        "public addresses",
        lambda w: {"SubnetId": w.subnet_a, "MapPublicIpOnLaunch": {"Value": False}},
    ),
    case(
        "ec2",
        "CreateSecurityGroup",
        "every sign allowed",
        lambda w: {
            "GroupName": "a b._-:/()#,@[]+=&;{}!$*",
            "Description": "a-z, A-Z, 0-9, ._-:/()#,@[]+=&;{}!$*",
            "VpcId": w.vpc,
        },
    ),
    case(
        "ec2",
        "CreateSecurityGroup",
        "a name of another VPC's group",
        lambda w: {"GroupName": "other-group", "Description": "x", "VpcId": w.dark_vpc},
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "from a block",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [{**HTTPS, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "company"}]}],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "everything from itself",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": w.group}]}],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "ping",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [
                {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
            ],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "the same port, another block",
        lambda w: {"GroupId": w.group, "IpPermissions": [{**HTTPS, "IpRanges": [{"CidrIp": "172.16.0.0/12"}]}]},
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupEgress",
        "IPv6",
        lambda w: {"GroupId": w.group, "IpPermissions": [{**HTTPS, "Ipv6Ranges": [{"CidrIpv6": "fd00::/8"}]}]},
    ),
    case(
        "ec2",
        "RevokeSecurityGroupEgress",
        "the default",
        lambda w: {"GroupId": w.group, "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]},
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "interface",
        lambda w: w.endpoint(
            PrivateDnsEnabled=True,
            PolicyDocument=policy({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}),
        ),
    ),
    case("ec2", "CreateVpcEndpoint", "a second one without private DNS", lambda w: w.endpoint(PrivateDnsEnabled=False)),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "without groups",
        lambda w: {k: v for k, v in w.endpoint(ServiceName=f"{AWS}.ecr.api").items() if k != "SecurityGroupIds"},
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "gateway",
        lambda w: {
            "VpcId": w.vpc,
            "ServiceName": f"{AWS}.dynamodb",
            "VpcEndpointType": "Gateway",
            "RouteTableIds": [w.route_table],
        },
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "without DNS in a VPC without DNS",
        lambda w: w.endpoint(
            VpcId=w.dark_vpc, SubnetIds=[w.dark_subnet], SecurityGroupIds=[w.dark_group], PrivateDnsEnabled=False
        ),
    ),
    case(
        "ec2",
        "ModifyVpcEndpoint",
        "another group",
        lambda w: {"VpcEndpointId": w.api_endpoint, "AddSecurityGroupIds": [w.other_group]},
    ),
    case(
        "ec2",
        "ModifyVpcEndpoint",
        "the default policy",
        lambda w: {"VpcEndpointId": w.api_endpoint, "ResetPolicy": True},
    ),
    case(
        "ec2",
        "CreateRoute",
        "through the internet gateway",
        lambda w: {"RouteTableId": w.route_table, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": w.internet},
    ),
    case(
        "ec2",
        "AssociateRouteTable",
        "a subnet of the VPC",
        lambda w: {"RouteTableId": w.route_table, "SubnetId": w.subnet_a},
    ),
    case(
        "ec2",
        "CreateTags",
        "Japanese value",
        lambda w: {"Resources": [w.vpc], "Tags": [{"Key": "部署", "Value": "情報システム"}]},
    ),
    case("ec2", "DescribeVpcEndpoints", "by VPC", lambda w: {"Filters": [{"Name": "vpc-id", "Values": [w.vpc]}]}),
    case("elbv2", "CreateLoadBalancer", "internal", lambda w: w.balancer(Tags=[{"Key": "a", "Value": ""}])),
    case("elbv2", "CreateLoadBalancer", "a name of 32 letters", lambda w: w.balancer(Name="a" * 32)),
    case(
        "elbv2",
        "ModifyLoadBalancerAttributes",
        "the longest idle timeout",
        lambda w: {
            "LoadBalancerArn": w.balancer_arn,
            "Attributes": [
                {"Key": "idle_timeout.timeout_seconds", "Value": "4000"},
                {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"},
                {"Key": "access_logs.s3.enabled", "Value": "false"},
            ],
        },
    ),
    case(
        "elbv2",
        "CreateTargetGroup",
        "HTTP",
        lambda w: w.target_group_of(
            Matcher={"HttpCode": "200-299,302"},
            HealthCheckIntervalSeconds=30,
            HealthCheckTimeoutSeconds=5,
            HealthyThresholdCount=2,
            UnhealthyThresholdCount=10,
        ),
    ),
    case(
        "elbv2",
        "ModifyTargetGroup",
        "health checks",
        lambda w: {
            "TargetGroupArn": w.target_group,
            "HealthCheckPath": "/",
            "HealthCheckIntervalSeconds": 5,
            "HealthCheckTimeoutSeconds": 2,
        },
    ),
    case(
        "elbv2",
        "ModifyTargetGroupAttributes",
        "stickiness of a week",
        lambda w: {
            "TargetGroupArn": w.target_group,
            "Attributes": [
                {"Key": "stickiness.enabled", "Value": "true"},
                {"Key": "stickiness.type", "Value": "lb_cookie"},
                {"Key": "stickiness.lb_cookie.duration_seconds", "Value": "604800"},
                {"Key": "deregistration_delay.timeout_seconds", "Value": "0"},
            ],
        },
    ),
    case(
        "elbv2",
        "CreateListener",
        "another port",
        lambda w: {
            "LoadBalancerArn": w.balancer_arn,
            "Protocol": "HTTP",
            "Port": 8080,
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": w.target_group}],
        },
    ),
    case(
        "elbv2",
        "ModifyListener",
        "redirect to HTTPS",
        lambda w: {
            "ListenerArn": w.listener,
            "DefaultActions": [
                {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
            ],
        },
    ),
    case(
        "elbv2",
        "ModifyListener",
        "back again",
        lambda w: {
            "ListenerArn": w.listener,
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": w.target_group}],
        },
    ),
    case("elbv2", "DescribeLoadBalancers", "by name", lambda w: {"Names": ["chat"]}),
    case("elbv2", "DeleteTargetGroup", "not in use", lambda w: {"TargetGroupArn": w.idle_target_group}),
)
