"""Another environment in the same account and VPC: complete, apart from the first, and gone without a trace."""

from __future__ import annotations

from tests.integration.system.account import differences
from tests.integration.system.conftest import Neighbour

NAMED = {
    "iam:Roles:lambda-rag-processor-role-stg",
    "iam:Roles:ecs-task-role-sg-stg",
    "lambda:Functions:ChatbotBackendFunctionStg",
    "dynamodb:TableNames:ChatHistoryStg",
    "apigateway:items:ChatbotApiStg",
    "ecr:repositories:chatbot-frontend-stg",
    "elbv2:LoadBalancers:chatbot-alb-stg",
    "elbv2:TargetGroups:chatbot-tg-stg",
    "logs:logGroups:/ecs/chatbot-frontend-task-stg",
    "secretsmanager:SecretList:chatbot/stg/streamlit-cookie",
    "ec2:SecurityGroups:api-gateway-endpoint-sg-stg",
    "ec2:SecurityGroups:lambda-rag-processor-sg-stg",
}


def test_it_is_deployed_under_names_of_its_own(neighbour: Neighbour) -> None:
    neighbour.deployed.succeeded()
    assert neighbour.names >= NAMED


def test_it_has_an_endpoint_of_its_own(neighbour: Neighbour) -> None:
    """The first environment's lets only its own API through, and goes away with it."""
    assert len([name for name in neighbour.names if name.startswith("ec2:VpcEndpoints:")]) == 1


def test_it_is_destroyed_without_touching_the_first(neighbour: Neighbour) -> None:
    neighbour.destroyed.succeeded()
    assert differences(neighbour.before, neighbour.after) == []
