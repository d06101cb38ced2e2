"""What stops a deployment before anything is changed, and in which words."""

from __future__ import annotations

import re

from tests.integration.cloud import ROOT
from tests.integration.system.company import SITE, Company

PLACEHOLDER = re.compile(r"REPLACE_WITH_\w+")


def test_an_inventory_that_was_not_filled_in(company: Company) -> None:
    """One message with every placeholder; AWS is asked nothing at all."""
    folder = ROOT / "inventories" / "prod" / "group_vars" / "all"
    expected = {word for path in folder.glob("*.yml") for word in PLACEHOLDER.findall(path.read_text(encoding="utf-8"))}
    company.cloud.forget()
    aws = {
        "AWS_ENDPOINT_URL": company.cloud.endpoint,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    run = company.playbooks.run(SITE, inventory="inventories/prod", chatbot_aws_environment=aws)
    assert run.status != 0
    assert [set(PLACEHOLDER.findall(message)) for message in run.messages()] == [expected]
    assert company.cloud.get("/_local/requests") == []


def test_credentials_of_another_account(company: Company) -> None:
    company.cloud.forget()
    run = company.site(chatbot_account_id="999999999999")
    assert run.status != 0
    assert [("123456789012" in text, "999999999999" in text) for text in run.messages()] == [(True, True)]
    assert company.cloud.mutations() == []


def test_a_vpc_that_is_not_in_this_account(company: Company) -> None:
    company.cloud.forget()
    run = company.site(chatbot_vpc_id="vpc-0fffffffffffffff0", chatbot_vpc_name="")
    assert run.status != 0
    assert ["There is no VPC vpc-0fffffffffffffff0" in text for text in run.messages()] == [True]
    assert company.cloud.mutations() == []


def test_every_fault_of_the_network_at_once(company: Company) -> None:
    """Subnets of one Availability Zone, a subnet of another VPC, and a search server that no route leads to."""
    ec2 = company.cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    foreign = ec2.create_subnet(VpcId=vpc, CidrBlock="10.99.0.0/24")["Subnet"]["SubnetId"]
    private = ec2.describe_subnets(Filters=[{"Name": "tag:Name", "Values": ["corp-private-a"]}])["Subnets"][0]
    company.cloud.forget()
    run = company.site(
        chatbot_private_subnet_ids=[private["SubnetId"], foreign],
        chatbot_private_subnet_names=[],
        chatbot_public_subnet_names=["corp-public-a", "corp-public-nowhere"],
        chatbot_elasticsearch_cidrs=["203.0.113.0/24", "198.51.100.0/24"],
    )
    ec2_changes = company.cloud.mutations()
    ec2.delete_subnet(SubnetId=foreign)
    ec2.delete_vpc(VpcId=vpc)
    assert run.status != 0
    (message,) = run.messages()
    assert f"{foreign} is in VPC {vpc}" in message
    assert "no subnet corp-public-nowhere" in message
    assert "At least two private subnets" in message
    assert "At least two public subnets" in message
    assert ec2_changes == []
