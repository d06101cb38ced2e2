"""Where the stranger's cases come from: AWS's pages, and public files that hold answers recorded on AWS."""

from __future__ import annotations

_DOCS = "https://docs.aws.amazon.com/"
_REFERENCES = {
    "autoscaling": "autoscaling/application/APIReference/",
    "bedrock": "bedrock/latest/APIReference/",
    "dynamodb": "amazondynamodb/latest/APIReference/",
    "ec2": "AWSEC2/latest/APIReference/",
    "ecr": "AmazonECR/latest/APIReference/",
    "ecs": "AmazonECS/latest/APIReference/",
    "elb": "elasticloadbalancing/latest/APIReference/",
    "iam": "IAM/latest/APIReference/",
    "lambda": "lambda/latest/api/",
    "logs": "AmazonCloudWatchLogs/latest/APIReference/",
    "secrets": "secretsmanager/latest/apireference/",
    "sts": "STS/latest/APIReference/",
}


def api(service: str, operation: str) -> str:
    """A page of an API reference."""
    return f"{_DOCS}{_REFERENCES[service]}API_{operation}.html"


def guide(page: str) -> str:
    """A page of a user guide, by its path."""
    return _DOCS + page


def recorded(service: str, test: str) -> str:
    """An answer of AWS's, kept by LocalStack's tests beside the test that provoked it."""
    return f"github.com/localstack/localstack tests/aws/services/{service}/*.snapshot.json, {test}"


def preflight(rule: str) -> str:
    """A rule of cdk-preflight, each provoked on AWS by its authors, who quote the answer."""
    return f"cdk-preflight 1.9.1 (PyPI), docs/rules.md, pf-{rule}"


def terraform(path: str) -> str:
    """A file of Terraform's AWS provider that expects or retries the error."""
    return f"github.com/hashicorp/terraform-provider-aws internal/service/{path}"


EC2_ERRORS = guide("AWSEC2/latest/APIReference/errors-overview.html")
VPC_QUOTAS = guide("vpc/latest/userguide/amazon-vpc-limits.html")
IAM_GRAMMAR = guide("IAM/latest/UserGuide/reference_policies_grammar.html")
IAM_QUOTAS = guide("IAM/latest/UserGuide/reference_iam-quotas.html")
TASK_PARAMETERS = guide("AmazonECS/latest/developerguide/task_definition_parameters.html")
SERVICE_PARAMETERS = guide("AmazonECS/latest/developerguide/service_definition_parameters.html")
DYNAMODB_LIMITS = guide("amazondynamodb/latest/developerguide/Constraints.html")
