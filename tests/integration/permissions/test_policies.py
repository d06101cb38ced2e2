"""The size of the policies in docs/iam. What they are enough for, and whether all of it is needed: whole_walk.py."""

from __future__ import annotations

import pytest

from tests.integration.permissions.write import PLAYBOOKS
from tools.iam_policies import statements, store


@pytest.mark.parametrize("playbook", [*PLAYBOOKS, "verify"])
def test_each_fits_a_managed_policy(playbook: str) -> None:
    found = store.kept(playbook)
    assert found
    assert {name for name, each in found.items() if statements.size(store.filled(each)) > statements.LIMIT} == set()
