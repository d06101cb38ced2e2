"""Functions, load balancers, ECS and scaling as CloudFormation resources."""

from __future__ import annotations

import json

from local_cloud.template.shapes import Account, Record, Resources, pascal, pick, resource, tags, without_empty

SECOND_FIELDS = ("Type", "TargetGroupArn", "Order", "RedirectConfig", "FixedResponseConfig")


def functions(account: Account) -> Resources:
    """AWS::Lambda::Function. Its code is named as a zip in a bucket: bytes are no matter of a template."""
    fields = ("FunctionName", "Runtime", "Handler", "Role", "Timeout", "MemorySize", "Description", "Architectures")
    made: Resources = {}
    for each in account["functions"]:
        vpc = pick(each.get("VpcConfig") or {}, "SubnetIds", "SecurityGroupIds")
        layers = [layer["Arn"] for layer in each.get("Layers", [])]
        properties = {
            **pick(each, *fields),
            "Code": {"S3Bucket": "code-of-the-deployment", "S3Key": f"{each['FunctionName']}.zip"},
            "Environment": pick(each.get("Environment") or {}, "Variables"),
            "VpcConfig": vpc if vpc.get("SubnetIds") else None,
            "EphemeralStorage": each.get("EphemeralStorage"),
            "LoggingConfig": each.get("LoggingConfig"),
            "TracingConfig": each.get("TracingConfig"),
            "Layers": layers,
        }
        made[each["FunctionArn"]] = resource("AWS::Lambda::Function", properties)
    return made


def permissions(account: Account) -> Resources:
    """AWS::Lambda::Permission: one per statement of a function's policy."""
    made: Resources = {}
    for function in account["functions"]:
        policy = json.loads(function["Policy"]) if function["Policy"] else {}
        for statement in policy.get("Statement", []):
            made[f"{function['FunctionArn']} {statement['Sid']}"] = _permission(function["FunctionArn"], statement)
    return made


def _permission(function: str, statement: Record) -> Record:
    principal = statement["Principal"]
    condition = statement.get("Condition") or {}
    like = {**condition.get("ArnLike", {}), **condition.get("StringEquals", {})}
    lowered = {key.lower(): value for key, value in like.items()}
    return resource(
        "AWS::Lambda::Permission",
        {
            "FunctionName": function,
            "Action": statement["Action"],
            "Principal": principal if isinstance(principal, str) else next(iter(principal.values())),
            "SourceArn": lowered.get("aws:sourcearn"),
            "SourceAccount": lowered.get("aws:sourceaccount"),
        },
    )


def balancers(account: Account) -> Resources:
    """AWS::ElasticLoadBalancingV2::LoadBalancer."""
    made: Resources = {}
    for each in account["balancers"]:
        properties = {
            "Name": each["LoadBalancerName"],
            **pick(each, "Scheme", "Type", "IpAddressType", "SecurityGroups"),
            "Subnets": [zone["SubnetId"] for zone in each["AvailabilityZones"]],
            "LoadBalancerAttributes": [one for one in each["Attributes"] if one["Value"]],
        }
        made[each["LoadBalancerArn"]] = resource("AWS::ElasticLoadBalancingV2::LoadBalancer", properties)
    return made


def target_groups(account: Account) -> Resources:
    """AWS::ElasticLoadBalancingV2::TargetGroup."""
    fields = (
        *("Protocol", "Port", "VpcId", "TargetType", "ProtocolVersion", "HealthCheckProtocol", "HealthCheckPort"),
        *("HealthCheckPath", "HealthCheckEnabled", "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds"),
        *("HealthyThresholdCount", "UnhealthyThresholdCount", "Matcher"),
    )
    return {
        each["TargetGroupArn"]: resource(
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            {
                "Name": each["TargetGroupName"],
                **pick(each, *fields),
                "TargetGroupAttributes": [one for one in each["Attributes"] if one["Value"]],
            },
        )
        for each in account["target_groups"]
    }


def listeners(account: Account) -> Resources:
    """AWS::ElasticLoadBalancingV2::Listener."""
    made: Resources = {}
    for balancer in account["balancers"]:
        for each in balancer["Listeners"]:
            properties = {
                **pick(each, "LoadBalancerArn", "Port", "Protocol"),
                # moto answers with a policy for HTTP, too; AWS has none there.
                "SslPolicy": each.get("SslPolicy") if each["Protocol"] in ("HTTPS", "TLS") else None,
                "Certificates": [pick(one, "CertificateArn") for one in each.get("Certificates", [])],
                "DefaultActions": [_action(one) for one in each["DefaultActions"]],
            }
            made[each["ListenerArn"]] = resource("AWS::ElasticLoadBalancingV2::Listener", properties)
    return made


def _action(action: Record) -> Record:
    """A target group is named once: AWS answers with both of the forms."""
    made = pick(action, *SECOND_FIELDS)
    if "TargetGroupArn" not in action and action.get("ForwardConfig"):
        made["ForwardConfig"] = action["ForwardConfig"]
    return made


def clusters(account: Account) -> Resources:
    """AWS::ECS::Cluster."""
    return {
        each["clusterArn"]: resource(
            "AWS::ECS::Cluster",
            {
                "ClusterName": each["clusterName"],
                "CapacityProviders": each.get("capacityProviders"),
                "DefaultCapacityProviderStrategy": pascal(each.get("defaultCapacityProviderStrategy")),
                "ClusterSettings": pascal(each.get("settings")),
                "Tags": tags(each.get("tags")),
            },
        )
        for each in account["clusters"]
    }


def task_definitions(account: Account) -> Resources:
    """AWS::ECS::TaskDefinition of every active revision."""
    fields = (
        *("family", "networkMode", "requiresCompatibilities", "cpu", "memory", "taskRoleArn", "executionRoleArn"),
        *("runtimePlatform", "volumes", "ephemeralStorage", "containerDefinitions"),
    )
    return {
        each["taskDefinitionArn"]: resource("AWS::ECS::TaskDefinition", _definition(pick(each, *fields)))
        for each in account["task_definitions"]
    }


def _definition(definition: Record) -> Record:
    made: Record = pascal(without_empty(definition))
    if "EphemeralStorage" in made:
        made["EphemeralStorage"] = {"SizeInGiB": made["EphemeralStorage"]["SizeInGiB"]}
    for container in made.get("ContainerDefinitions", []):
        if container.get("Cpu") == 0:
            del container["Cpu"]  # AWS's answer for a container without one
        for mapping in container.get("PortMappings", []):
            mapping.pop("HostPort", None)  # in awsvpc mode AWS answers with the container's port
    return made


def services(account: Account) -> Resources:
    """AWS::ECS::Service."""
    fields = (
        *("serviceName", "taskDefinition", "desiredCount", "launchType", "platformVersion", "propagateTags"),
        *("healthCheckGracePeriodSeconds", "loadBalancers", "networkConfiguration", "capacityProviderStrategy"),
        *("availabilityZoneRebalancing", "enableExecuteCommand", "schedulingStrategy"),
    )
    made: Resources = {}
    for each in account["services"]:
        properties: Record = pascal(without_empty(pick(each, *fields)))
        if "NetworkConfiguration" in properties:
            inner = properties["NetworkConfiguration"]
            properties["NetworkConfiguration"] = {"AwsvpcConfiguration": inner["AwsvpcConfiguration"]}
        if properties.get("CapacityProviderStrategy"):
            properties.pop("LaunchType", None)
        if properties.get("PropagateTags") == "NONE":
            del properties["PropagateTags"]
        properties["Cluster"] = each["clusterArn"]
        properties["DeploymentConfiguration"] = _deployment(each.get("deploymentConfiguration") or {})
        made[each["serviceArn"]] = resource("AWS::ECS::Service", properties)
    return made


def _deployment(configuration: Record) -> Record:
    wanted = ("maximumPercent", "minimumHealthyPercent", "deploymentCircuitBreaker", "strategy")
    made: Record = pascal(pick(configuration, *wanted))
    return made


def scalable_targets(account: Account) -> Resources:
    """AWS::ApplicationAutoScaling::ScalableTarget with its scheduled actions."""
    fields = ("ServiceNamespace", "ResourceId", "ScalableDimension", "MinCapacity", "MaxCapacity", "RoleARN")
    action = ("ScheduledActionName", "Schedule", "Timezone", "ScalableTargetAction")
    made: Resources = {}
    for each in account["targets"]:
        scheduled = [
            pick(one, *action) for one in account["scheduled_actions"] if one["ResourceId"] == each["ResourceId"]
        ]
        properties = {**pick(each, *fields), "ScheduledActions": scheduled}
        made[f"target {each['ResourceId']}"] = resource("AWS::ApplicationAutoScaling::ScalableTarget", properties)
    return made


def scaling_policies(account: Account) -> Resources:
    """AWS::ApplicationAutoScaling::ScalingPolicy."""
    fields = ("PolicyName", "PolicyType", "ResourceId", "ScalableDimension", "ServiceNamespace")
    configurations = ("TargetTrackingScalingPolicyConfiguration", "StepScalingPolicyConfiguration")
    return {
        each["PolicyARN"]: resource(
            "AWS::ApplicationAutoScaling::ScalingPolicy", without_empty(pick(each, *fields, *configurations))
        )
        for each in account["scaling_policies"]
    }


RENDERERS = (
    functions,
    permissions,
    balancers,
    target_groups,
    listeners,
    clusters,
    task_definitions,
    services,
    scalable_targets,
    scaling_policies,
)
