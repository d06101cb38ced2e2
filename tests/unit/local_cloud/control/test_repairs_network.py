"""What is sent to EC2, Elastic Load Balancing and API Gateway is described."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from control_builders import FUNCTION, LAMBDA_URI, Api, Cloud, Network, unique

from local_cloud.control.settings import REGION

PROXY = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": LAMBDA_URI}


def describe(cloud: Cloud, endpoint: str) -> dict[str, Any]:
    found = cloud.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    return dict(found[0])


def test_endpoint_names_and_interfaces(cloud: Cloud, network: Network, endpoint: str) -> None:
    shown = describe(cloud, endpoint)
    names = [each["DnsName"] for each in shown["DnsEntries"]]
    suffix = f".execute-api.{REGION}.vpce.amazonaws.com"
    assert names[0].startswith(f"{endpoint}-")
    assert names[0].endswith(suffix)
    assert f"execute-api.{REGION}.amazonaws.com" in names
    assert shown["State"] == "available"
    found = cloud.client("ec2").describe_network_interfaces(NetworkInterfaceIds=shown["NetworkInterfaceIds"])
    interfaces = found["NetworkInterfaces"]
    assert {each["SubnetId"] for each in interfaces} == set(network.subnets)
    assert {each["Groups"][0]["GroupId"] for each in interfaces} == {network.group}
    assert {each["InterfaceType"] for each in interfaces} == {"vpc_endpoint"}
    assert sorted(each["PrivateIpAddress"].rsplit(".", 1)[0] for each in interfaces) == ["10.20.0", "10.20.1"]


def test_endpoint_changes(cloud: Cloud, network: Network, endpoint: str) -> None:
    ec2 = cloud.client("ec2")
    other = ec2.create_security_group(GroupName=unique("g"), Description="x", VpcId=network.vpc)["GroupId"]
    ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint,
        PrivateDnsEnabled=False,
        RemoveSubnetIds=network.subnets[1:],
        AddSecurityGroupIds=[other],
        RemoveSecurityGroupIds=[network.group],
    )
    shown = describe(cloud, endpoint)
    assert shown["PrivateDnsEnabled"] is False
    assert shown["SubnetIds"] == network.subnets[:1]
    assert [each["GroupId"] for each in shown["Groups"]] == [other]
    assert len(shown["NetworkInterfaceIds"]) == 1
    assert not any(each["DnsName"] == f"execute-api.{REGION}.amazonaws.com" for each in shown["DnsEntries"])


def test_endpoints_are_found_by_the_filter_of_their_id(cloud: Cloud, endpoint: str) -> None:
    def found(endpoint_id: str) -> list[str]:
        filters = [{"Name": "vpc-endpoint-id", "Values": [endpoint_id]}]
        return [
            it["VpcEndpointId"] for it in cloud.client("ec2").describe_vpc_endpoints(Filters=filters)["VpcEndpoints"]
        ]

    assert found(endpoint) == [endpoint]
    assert found("vpce-0123456789abcdef0") == []


def test_deleted_endpoint(cloud: Cloud, endpoint: str) -> None:
    ec2 = cloud.client("ec2")
    gone = ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint, "vpce-0"])["Unsuccessful"]
    assert [each["ResourceId"] for each in gone] == ["vpce-0"]
    with pytest.raises(ClientError, match="does not exist") as raised:
        describe(cloud, endpoint)
    assert raised.value.response["Error"]["Code"] == "InvalidVpcEndpointId.NotFound"


def test_gateway_endpoint_routes(cloud: Cloud, network: Network) -> None:
    ec2 = cloud.client("ec2")
    table = ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    made = ec2.create_vpc_endpoint(
        VpcId=network.vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway"
    )["VpcEndpoint"]["VpcEndpointId"]
    ec2.modify_vpc_endpoint(VpcEndpointId=made, AddRouteTableIds=[table])

    def routed() -> bool:
        routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        return any(each.get("GatewayId") == made for each in routes)

    assert routed()
    ec2.modify_vpc_endpoint(VpcEndpointId=made, RemoveRouteTableIds=[table])
    assert not routed()
    assert describe(cloud, made)["DnsEntries"] == []


def test_rules_are_told_apart_without_their_description(cloud: Cloud, network: Network) -> None:
    ec2 = cloud.client("ec2")
    other = ec2.create_security_group(GroupName=unique("g"), Description="x", VpcId=network.vpc)["GroupId"]

    def rule(text: str) -> list[dict[str, Any]]:
        pair = {"GroupId": other, "Description": text}
        return [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [pair]}]

    ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=rule("one"))
    with pytest.raises(ClientError) as raised:
        ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=rule("two"))
    assert raised.value.response["Error"]["Code"] == "InvalidPermission.Duplicate"
    ec2.update_security_group_rule_descriptions_ingress(GroupId=network.group, IpPermissions=rule("three"))
    shown = ec2.describe_security_groups(GroupIds=[network.group])["SecurityGroups"][0]["IpPermissions"]
    assert shown[0]["UserIdGroupPairs"][0]["Description"] == "three"
    ec2.revoke_security_group_ingress(GroupId=network.group, IpPermissions=rule("four"))
    shown = ec2.describe_security_groups(GroupIds=[network.group])["SecurityGroups"][0]["IpPermissions"]
    assert shown == []


def test_rules_to_prefix_lists(cloud: Cloud, network: Network) -> None:
    ec2 = cloud.client("ec2")
    name = {"Name": "prefix-list-name", "Values": [f"com.amazonaws.{REGION}.s3"]}
    listed = ec2.describe_managed_prefix_lists(Filters=[name])["PrefixLists"][0]["PrefixListId"]

    def rule(text: str) -> list[dict[str, Any]]:
        entry = {"PrefixListId": listed, "Description": text}
        return [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [entry]}]

    def shown() -> list[dict[str, Any]]:
        group = ec2.describe_security_groups(GroupIds=[network.group])["SecurityGroups"][0]
        return [entry for each in group["IpPermissionsEgress"] for entry in each["PrefixListIds"]]

    ec2.authorize_security_group_egress(GroupId=network.group, IpPermissions=rule("layers"))
    assert shown() == [{"PrefixListId": listed, "Description": "layers"}]
    ec2.update_security_group_rule_descriptions_egress(GroupId=network.group, IpPermissions=rule("ECR"))
    assert shown() == [{"PrefixListId": listed, "Description": "ECR"}]


def test_load_balancer(cloud: Cloud, balancer: dict[str, str]) -> None:
    elb = cloud.client("elbv2")
    shown = elb.describe_load_balancers(LoadBalancerArns=[balancer["arn"]])["LoadBalancers"][0]
    assert shown["DNSName"].startswith("internal-alb-")
    assert shown["CanonicalHostedZoneId"] == "Z14GRHDCWA56QT"
    sent = [{"Key": "idle_timeout.timeout_seconds", "Value": "300"}]
    elb.modify_load_balancer_attributes(LoadBalancerArn=balancer["arn"], Attributes=sent)
    listed = elb.describe_load_balancer_attributes(LoadBalancerArn=balancer["arn"])["Attributes"]
    attributes = {each["Key"]: each["Value"] for each in listed}
    assert attributes["idle_timeout.timeout_seconds"] == "300"
    assert attributes["client_keep_alive.seconds"] == "3600"
    assert attributes["access_logs.s3.bucket"] == ""


def test_target_group_attributes_and_health(cloud: Cloud, balancer: dict[str, str]) -> None:
    elb, group = cloud.client("elbv2"), balancer["group"]
    sent = [{"Key": "stickiness.enabled", "Value": "true"}]
    elb.modify_target_group_attributes(TargetGroupArn=group, Attributes=sent)
    listed = elb.describe_target_group_attributes(TargetGroupArn=group)["Attributes"]
    attributes = {each["Key"]: each["Value"] for each in listed}
    assert attributes["stickiness.enabled"] == "true"
    assert attributes["stickiness.lb_cookie.duration_seconds"] == "86400"
    target = {"id": "10.20.0.9", "port": 8080, "state": "unhealthy", "reason": "Target.Timeout"}
    cloud.local("PUT", "elbv2/health", {group: [target]})
    health = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert health[0]["Target"] == {"Id": "10.20.0.9", "Port": 8080}
    assert health[0]["TargetHealth"] == {"State": "unhealthy", "Reason": "Target.Timeout"}


def test_api_policy_is_expanded_and_escaped(cloud: Cloud, api: Api) -> None:
    shown = cloud.client("apigateway").get_rest_api(restApiId=api.id)
    assert '\\"' in shown["policy"]
    policy = json.loads(shown["policy"].replace('\\"', '"'))
    arn = f"arn:aws:execute-api:{REGION}:123456789012:{api.id}/*"
    assert policy["Statement"][0]["Resource"] == arn


def test_api_endpoints_are_added_and_removed(cloud: Cloud, network: Network, endpoint: str, api: Api) -> None:
    gateway = cloud.client("apigateway")
    made = cloud.client("ec2").create_vpc_endpoint(
        VpcId=network.vpc,
        ServiceName=f"com.amazonaws.{REGION}.execute-api",
        VpcEndpointType="Interface",
        SubnetIds=network.subnets[:1],
        PrivateDnsEnabled=False,
    )["VpcEndpoint"]["VpcEndpointId"]
    path = "/endpointConfiguration/vpcEndpointIds"
    patches = [{"op": "add", "path": path, "value": made}, {"op": "remove", "path": path, "value": endpoint}]
    gateway.update_rest_api(restApiId=api.id, patchOperations=patches)
    shown = gateway.get_rest_api(restApiId=api.id)["endpointConfiguration"]
    assert (shown["types"], shown["vpcEndpointIds"]) == (["PRIVATE"], [made])


def test_api_and_stage_tags(cloud: Cloud, api: Api) -> None:
    gateway = cloud.client("apigateway")
    gateway.create_deployment(restApiId=api.id, stageName="prod")
    for suffix in ("", "/stages/prod"):
        arn = f"arn:aws:apigateway:{REGION}::/restapis/{api.id}{suffix}"
        gateway.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
        gateway.untag_resource(resourceArn=arn, tagKeys=["a"])
        assert gateway.get_tags(resourceArn=arn)["tags"] == {"b": "2"}
    assert gateway.get_rest_api(restApiId=api.id)["tags"] == {"b": "2"}
    assert gateway.get_stage(restApiId=api.id, stageName="prod")["tags"] == {"b": "2"}


def test_integration_keeps_its_transfer_mode(cloud: Cloud, api: Api) -> None:
    gateway = cloud.client("apigateway")
    method = {"restApiId": api.id, "resourceId": api.root, "httpMethod": "POST"}
    assert gateway.get_integration(**method)["responseTransferMode"] == "BUFFERED"
    gateway.put_integration(**method, **PROXY, responseTransferMode="STREAM")
    shown = gateway.get_method(**method)["methodIntegration"]
    assert (shown["responseTransferMode"], shown["timeoutInMillis"]) == ("STREAM", 29_000)


def test_method_and_integration_updates(cloud: Cloud, api: Api) -> None:
    gateway = cloud.client("apigateway")
    method = {"restApiId": api.id, "resourceId": api.root, "httpMethod": "POST"}
    patch = {"op": "replace", "path": "/authorizationType", "value": "AWS_IAM"}
    gateway.update_method(**method, patchOperations=[patch])
    uri = LAMBDA_URI.replace(FUNCTION, f"{FUNCTION}2")
    patches = [
        {"op": "replace", "path": "/uri", "value": uri},
        {"op": "replace", "path": "/timeoutInMillis", "value": "20000"},
    ]
    gateway.update_integration(**method, patchOperations=patches)
    shown = gateway.get_method(**method)
    assert shown["authorizationType"] == "AWS_IAM"
    assert (shown["methodIntegration"]["uri"], shown["methodIntegration"]["timeoutInMillis"]) == (uri, 20_000)


def test_response_updates(cloud: Cloud, api: Api) -> None:
    gateway = cloud.client("apigateway")
    response = {"restApiId": api.id, "resourceId": api.root, "httpMethod": "POST", "statusCode": "200"}
    header = "method.response.header.Access-Control-Allow-Origin"
    gateway.put_method_response(**response)
    gateway.update_method_response(
        **response, patchOperations=[{"op": "add", "path": f"/responseParameters/{header}", "value": "true"}]
    )
    gateway.put_integration_response(**response, responseParameters={header: "'*'"})
    gateway.update_integration_response(
        **response,
        patchOperations=[{"op": "replace", "path": f"/responseParameters/{header}", "value": "'https://a'"}],
    )
    assert gateway.get_method_response(**response)["responseParameters"] == {header: True}
    assert gateway.get_integration_response(**response)["responseParameters"] == {header: "'https://a'"}


def test_gateway_responses(cloud: Cloud, api: Api) -> None:
    gateway = cloud.client("apigateway")
    named = {"restApiId": api.id, "responseType": "DEFAULT_4XX"}
    assert gateway.get_gateway_response(**named)["defaultResponse"] is True
    header = "gatewayresponse.header.Access-Control-Allow-Origin"
    gateway.put_gateway_response(**named, responseParameters={header: "'*'"})
    patch = {"op": "replace", "path": f"/responseParameters/{header}", "value": "'https://a'"}
    gateway.update_gateway_response(**named, patchOperations=[patch])
    shown = gateway.get_gateway_response(**named)
    assert (shown["defaultResponse"], shown["responseParameters"]) == (False, {header: "'https://a'"})
    kinds = {
        each["responseType"]: each["defaultResponse"]
        for each in gateway.get_gateway_responses(restApiId=api.id)["items"]
    }
    assert (kinds["DEFAULT_4XX"], kinds["DEFAULT_5XX"], len(kinds)) == (False, True, 21)
    gateway.delete_gateway_response(**named)
    assert gateway.get_gateway_response(**named)["defaultResponse"] is True


def deployed(cloud: Cloud, api: Api) -> dict[str, Any]:
    return dict(cloud.local("GET", f"apigateway/{api.id}/prod"))


def test_snapshot_is_frozen_until_the_next_deployment(cloud: Cloud, endpoint: str, api: Api) -> None:
    gateway = cloud.client("apigateway")
    assert cloud.http.get(f"{cloud.url}/_local/apigateway/{api.id}/prod").status_code == 404
    gateway.create_deployment(restApiId=api.id, stageName="prod")
    before = deployed(cloud, api)
    assert before["resources"]["/"]["POST"]["integration"]["uri"] == LAMBDA_URI
    assert before["endpoint_configuration"] == {"types": ["PRIVATE"], "vpcEndpointIds": [endpoint]}
    assert before["policy"]["Statement"][0]["Effect"] == "Allow"
    method = {"restApiId": api.id, "resourceId": api.root, "httpMethod": "POST"}
    patch = {"op": "replace", "path": "/authorizationType", "value": "AWS_IAM"}
    gateway.update_method(**method, patchOperations=[patch])
    gateway.put_gateway_response(restApiId=api.id, responseType="DEFAULT_4XX")
    gateway.update_rest_api(restApiId=api.id, patchOperations=[{"op": "remove", "path": "/policy"}])
    assert deployed(cloud, api) == before
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*"}]})
    gateway.update_rest_api(restApiId=api.id, patchOperations=[{"op": "replace", "path": "/policy", "value": policy}])
    gateway.create_deployment(restApiId=api.id, stageName="prod")
    after = deployed(cloud, api)
    assert after["resources"]["/"]["POST"]["authorizationType"] == "AWS_IAM"
    assert after["policy"]["Statement"][0]["Effect"] == "Deny"
    assert "DEFAULT_4XX" in after["gateway_responses"]


def test_a_stage_moves_back_to_an_older_deployment(cloud: Cloud, api: Api) -> None:
    gateway = cloud.client("apigateway")
    first = gateway.create_deployment(restApiId=api.id, stageName="prod")["id"]
    gateway.put_gateway_response(restApiId=api.id, responseType="DEFAULT_4XX")
    second = gateway.create_deployment(restApiId=api.id, stageName="prod")["id"]
    assert "DEFAULT_4XX" in deployed(cloud, api)["gateway_responses"]
    patch = {"op": "replace", "path": "/deploymentId", "value": first}
    gateway.update_stage(restApiId=api.id, stageName="prod", patchOperations=[patch])
    assert deployed(cloud, api)["gateway_responses"] == {}
    gateway.delete_deployment(restApiId=api.id, deploymentId=second)
    with pytest.raises(ClientError, match="Active stages pointing to this deployment"):
        gateway.delete_deployment(restApiId=api.id, deploymentId=first)


def test_a_redeployment_keeps_the_stage(cloud: Cloud, api: Api) -> None:
    gateway = cloud.client("apigateway")
    first = gateway.create_deployment(restApiId=api.id)["id"]
    gateway.create_stage(restApiId=api.id, stageName="prod", deploymentId=first, tags={"a": "b"})
    second = gateway.create_deployment(restApiId=api.id, stageName="prod")["id"]
    shown = gateway.get_stage(restApiId=api.id, stageName="prod")
    assert (shown["deploymentId"], shown["tags"], shown["tracingEnabled"]) == (second, {"a": "b"}, False)
