"""Every required security-group rule of a question's path is required: without it the question fails, plainly."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from tests.e2e.aws import client
from tests.e2e.chat_page import ChatPage
from tests.e2e.security_group_rules import Rule, revoked

QUESTION = "国内出張の日当はいくらですか"
# Health checks take a target that was cut off out, and back in: two of each, 30 s apart on AWS.
TARGET_SECONDS = 120
INTERNALS = ("Traceback", "Exception", "Error:", "security group", "-sg", "sg-", "vpce", "amazonaws", "127.0.0.1")

BEHIND_THE_PAGE = [
    Rule("streamlit-fargate-task-sg", "out", 443, "api-gateway-endpoint-sg"),
    Rule("api-gateway-endpoint-sg", "in", 443, "streamlit-fargate-task-sg"),
    Rule("lambda-rag-processor-sg", "out", 9200),
    Rule("lambda-rag-processor-sg", "out", 443, "bedrock-vpce-sg"),
    Rule("bedrock-vpce-sg", "in", 443, "lambda-rag-processor-sg"),
    Rule("lambda-rag-processor-sg", "out", 443, "dynamodb-vpce-sg"),
    Rule("dynamodb-vpce-sg", "in", 443, "lambda-rag-processor-sg"),
]
BEFORE_THE_PAGE = [
    Rule("chatbot-alb-sg", "in", 80),
    Rule("chatbot-alb-sg", "out", 8080, "streamlit-fargate-task-sg"),
    Rule("streamlit-fargate-task-sg", "in", 8080, "chatbot-alb-sg"),
]


@pytest.mark.parametrize("rule", BEHIND_THE_PAGE, ids=str)
def test_without_the_rule_the_question_fails_plainly(chat: ChatPage, rule: Rule) -> None:
    with revoked(client("ec2"), rule):
        message = chat.ask(QUESTION)
        expect(message.locator(".rag-error-message")).to_be_visible()
        text = message.inner_text()
        assert "受付番号" in text
        assert [word for word in INTERNALS if word in text] == []
    expect(chat.retry().locator(".rag-answer")).to_be_visible()


@pytest.mark.parametrize("rule", BEFORE_THE_PAGE, ids=str)
def test_without_the_rule_there_is_no_page(page: Page, outputs: dict[str, Any], rule: Rule) -> None:
    with revoked(client("ec2"), rule):
        text = _until(page, outputs["chat_url"], up=False)
        assert [word for word in ("Traceback", "Exception") if word in text] == []
    _until(page, outputs["chat_url"], up=True)
    _until_steady(page, outputs)
    expect(ChatPage(page, outputs["chat_url"]).open().ask(QUESTION).locator(".rag-answer")).to_be_visible()


def _until(page: Page, url: str, *, up: bool) -> str:
    """Loads the page until it is there, or is not; returns what it says."""
    deadline = time.monotonic() + TARGET_SECONDS
    while time.monotonic() < deadline:
        try:
            response = page.goto(url, timeout=15_000)
            is_up = response is not None and response.ok
            text = page.inner_text("body")
        except Error as error:  # Chromium's own error page: refused, reset, timed out
            is_up, text = False, error.message
        if is_up == up:
            return text
        page.wait_for_timeout(1000)
    pytest.fail(f"the page did not {'come back' if up else 'go away'} within {TARGET_SECONDS} s")


def _until_steady(page: Page, outputs: dict[str, Any]) -> None:
    """ECS may be replacing a task that was found unhealthy: until all that the service wants run and are healthy, and
    are the same two looks long.
    """
    deadline, before = time.monotonic() + TARGET_SECONDS, None
    while time.monotonic() < deadline:
        (service,) = client("ecs").describe_services(cluster=outputs["cluster"], services=[outputs["service"]])[
            "services"
        ]
        group = service["loadBalancers"][0]["targetGroupArn"]
        found = client("elbv2").describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        healthy = sorted(each["Target"]["Id"] for each in found if each["TargetHealth"]["State"] == "healthy")
        running = service["runningCount"] == service["desiredCount"] == len(healthy) == len(found)
        if running and healthy == before:
            return
        before = healthy if running else None
        page.wait_for_timeout(2000)
    pytest.fail(f"the service was not steady again within {TARGET_SECONDS} s")
