"""From recorded permissions to policies."""

from __future__ import annotations

from typing import Any

import pytest

from tools.iam_policies import generalise, names, statements, store
from tools.iam_policies.generalise import Grant

VARIABLES = names.variables(store.REGION, store.ACCOUNT)
HERE = "{{ chatbot_region }}:{{ chatbot_account_id }}"


@pytest.mark.parametrize(
    ("action", "recorded", "expected"),
    [
        ("ec2:DescribeVpcs", "*", "*"),
        (
            "ec2:DeleteSecurityGroup",
            "arn:aws:ec2:ap-northeast-1:123456789012:security-group/sg-1",
            f"arn:aws:ec2:{HERE}:security-group/*",
        ),
        (
            "apigateway:PUT",
            "arn:aws:apigateway:ap-northeast-1::/restapis/abc/resources/x/methods/POST",
            "arn:aws:apigateway:{{ chatbot_region }}::/restapis/*",
        ),
        (
            "apigateway:PUT",
            "arn:aws:apigateway:ap-northeast-1::/tags/arn%3Aaws%3Aapigateway%3Aap-northeast-1%3A%3A%2Frestapis%2Fabc",
            "arn:aws:apigateway:{{ chatbot_region }}::"
            "/tags/arn%3Aaws%3Aapigateway%3A{{ chatbot_region }}%3A%3A%2Frestapis%2F*",
        ),
        (
            "secretsmanager:DescribeSecret",
            "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:chatbot/prod/streamlit-cookie-AbCdEf",
            f"arn:aws:secretsmanager:{HERE}:secret:{{{{ chatbot_names.cookie_secret }}}}-??????",
        ),
        (
            "logs:PutRetentionPolicy",
            "arn:aws:logs:ap-northeast-1:123456789012:log-group:/ecs/chatbot-frontend-task-prod:log-stream:",
            f"arn:aws:logs:{HERE}:log-group:{{{{ chatbot_names.task_log_group }}}}:*",
        ),
        (
            "ecs:RegisterTaskDefinition",
            "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/chatbot-frontend-task-prod:7",
            f"arn:aws:ecs:{HERE}:task-definition/{{{{ chatbot_names.task_family }}}}:*",
        ),
    ],
)
def test_ids_become_stars_and_names_variables(action: str, recorded: str, expected: str) -> None:
    permission = {"action": action, "resource": recorded, "context": {}}
    assert [each.resource for each in generalise.grants(permission, VARIABLES)] == [expected]


def test_only_keys_that_limit_the_right_become_conditions() -> None:
    context = {"aws:PrincipalArn": "x", "aws:TagKeys": ["a"], "aws:RequestTag/private-rag:deployment": "chatbot-prod"}
    [grant] = generalise.grants({"action": "iam:TagRole", "resource": "*", "context": context}, VARIABLES)
    assert grant.conditions == (("aws:RequestTag/private-rag:deployment", ("{{ chatbot_deployment }}",)),)


def test_a_grant_without_a_condition_makes_the_same_one_with_it_needless() -> None:
    wide, narrow = (
        Grant("ec2:CreateTags", "*"),
        Grant("ec2:CreateTags", "*", (("ec2:CreateAction", ("RunInstances",)),)),
    )
    assert statements.least({wide, narrow}) == {wide}


def test_actions_on_the_same_resources_stand_together() -> None:
    [document] = statements.documents([Grant("iam:GetRole", "b"), Grant("iam:GetRole", "a"), Grant("iam:TagRole", "a")])
    expected = [
        {"Sid": "Iam1", "Effect": "Allow", "Action": "iam:TagRole", "Resource": "a"},
        {"Sid": "Iam2", "Effect": "Allow", "Action": "iam:GetRole", "Resource": ["a", "b"]},
    ]
    assert document["Statement"] == expected


def test_what_is_too_long_is_cut_between_services() -> None:
    many = [Grant(f"{service}:Do{number}", f"r{number}") for service in ("a", "b", "c") for number in range(60)]
    documents = statements.documents(many)
    assert [statements.size(each) <= statements.LIMIT for each in documents] == [True] * 3
    services = [{each["Action"].partition(":")[0] for each in one["Statement"]} for one in documents]
    assert services == [{"a"}, {"b"}, {"c"}]


def resources(document: dict[str, Any]) -> list[str]:
    found = [each["Resource"] for each in document["Statement"]]
    return [name for one in found for name in ([one] if isinstance(one, str) else one)]


def test_another_environment_has_its_own_names() -> None:
    document = {"Statement": [{"Resource": "table/{{ chatbot_names.table }} of {{ chatbot_deployment }}"}]}
    assert resources(store.filled(document)) == ["table/ChatHistory of chatbot-prod"]
    assert resources(store.filled(document, "stg")) == ["table/ChatHistoryStg of chatbot-stg"]
