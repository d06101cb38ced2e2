"""The deployed account as AWS's own validator sees it, and kept for reviewers."""

from __future__ import annotations

from local_cloud.template import command
from tests.integration.cloud import ROOT
from tests.integration.system.conftest import Company
from tests.integration.system.playbooks import Run

# An artefact: CI keeps the folder, a reviewer can read or deploy it.
KEPT = ROOT / ".cache" / "deployed-template.json"
# What the guide's system is made of, at least: a renderer that loses a type would make the verdict worthless.
EXPECTED = {
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::GatewayResponse",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage",
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::DynamoDB::Table",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::EC2::VPCEndpoint",
    "AWS::ECR::Repository",
    "AWS::ECS::Cluster",
    "AWS::ECS::Service",
    "AWS::ECS::TaskDefinition",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::IAM::Role",
    "AWS::IAM::RolePolicy",
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::SecretsManager::Secret",
}


def test_aws_would_take_what_is_deployed(company: Company, deployed: Run) -> None:
    """No FATAL, no ERROR, no W3030."""
    rendered = command.render(company.cloud.endpoint)
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(command.as_text(rendered), encoding="utf-8")
    assert {made["Type"] for made in rendered["Resources"].values()} >= EXPECTED
    assert [str(each) for each in command.judge(rendered)] == []
