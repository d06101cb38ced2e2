"""How long AWS takes to make, change and delete things: one table, each row with its source.

The letters tell what a figure is worth: (O) observed in public logs, polling included, (D) documented, (P) a
practitioner's word, (T) bound given by a whole acceptance test, (A) assumed, since nothing was found.
``tfp`` stands for issues of hashicorp/terraform-provider-aws.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """``seconds`` on AWS, and where that is known from."""

    seconds: float
    source: str


ROWS: dict[str, Row] = {
    "vpc_endpoint.interface.create": Row(70, "(P) 1-2 min, (T) at most 70 s; tfp 46800, 44824"),
    "vpc_endpoint.interface.update": Row(60, "(T) 227 s for a test with several changes; tfp 44824"),
    "vpc_endpoint.interface.delete": Row(60, "(A) as creation"),
    "vpc_endpoint.gateway.create": Row(6, "(O) 6-7 s, 9 public Terraform logs"),
    "vpc_endpoint.gateway.delete": Row(6, "(O) 6-7 s, public Terraform logs"),
    "nat_gateway.create": Row(115, "(O) 1 m 24 - 2 m 04, 11 public logs"),
    "nat_gateway.delete": Row(56, "(O) 37-79 s, public logs"),
    "load_balancer.create": Row(166, "(O) 2 m 19 - 3 m 10, 8 logs; turbot/steampipe-plugin-aws 792"),
    "load_balancer.delete": Row(16, "(O) 2 s - 2 m 33, 8 logs; holds its groups, subnets and target groups until then"),
    "lambda_function.create": Row(11, "(O) 9-13 s without a VPC; AviatrixSystems/Docs 1207"),
    "lambda_function.vpc.create": Row(90, "(P) first of a subnet and group; awsdocs/aws-lambda-developer-guide 326"),
    "lambda_function.update": Row(4, "(O) 2-6 s"),
    "lambda_function.vpc.update": Row(150, "(D) several minutes where subnets or groups change: Lambda guide, VPC"),
    "dynamodb_table.create": Row(12, "(O) 5-27 s, 11 public logs"),
    "dynamodb_table.update": Row(8, "(A) as deletion"),
    "dynamodb_table.delete": Row(8, "(O) 2-9 s, public logs"),
    "ecs_cluster.create": Row(24, "(O) 11 s, about 24 s with capacity providers; tfp 22672"),
    "ecs_cluster.capacity_providers": Row(24, "(O) tfp 22672"),
    "ecs_service.create": Row(120, "(T) steady within 165 s, a task starts in 45-90 s (O); tfp 20707, 3414"),
    "ecs_service.update": Row(300, "(O) 4-8 min rolling; dask/dask-cloudprovider 66, tfp 17548"),
    "ecs_service.delete": Row(160, "(O) 2 m 40 - 10 min, follows the deregistration delay; tfp 3414"),
}
# What the switches of aws_time/settings.py would be on AWS; each is off until it is asked for.
ROLE_DELAY = Row(12, "(P) 10-15 s until Lambda and ECS may assume a new role; aws/aws-sdk-js 850")
STALE_READ = Row(3, "(A) 'eventual consistency': EC2 API guide, IAM guide, ECS API; no figures were found")
INTERFACE_RELEASE = Row(1200, "(O) 18-24 min, (D) up to 20; awslabs/aws-support-tools 174, pulumi/pulumi-aws 2642")
