"""`destroy.yml` asks first, keeps the conversations unless told, tells what is left, and leaves the company's alone."""

from __future__ import annotations

from tests.integration.system.account import differences
from tests.integration.system.company import Company
from tests.integration.system.conftest import Neighbour
from tests.integration.system.playbooks import Run

TABLE = "dynamodb:TableNames:ChatHistory"


def told(run: Run) -> str:
    """The report at the end."""
    return next(str(result["msg"]) for name, result in run.results() if name == "Show what is left")


def test_it_is_asked_for_in_so_many_words(company: Company, neighbour: Neighbour) -> None:
    before = company.now()
    run = company.destroy()
    assert run.status != 0
    assert ["-e chatbot_confirm_destroy=true" in message for message in run.messages()] == [True]
    assert differences(before, company.now()) == []


def test_it_leaves_the_company_and_the_table(company: Company, neighbour: Neighbour) -> None:
    run = company.destroy(chatbot_confirm_destroy=True).succeeded()
    assert differences(company.before, company.now()) == [f"came: {TABLE}"]
    assert "ChatHistory" in told(run)


def test_with_the_table_it_leaves_exactly_the_company(company: Company, neighbour: Neighbour) -> None:
    sure = {"chatbot_confirm_destroy": True, "chatbot_delete_history": True}
    run = company.destroy(**sure).succeeded()
    assert differences(company.before, company.now()) == []
    assert "Nothing" in told(run)
    assert company.destroy(**sure).succeeded().changed() == []
