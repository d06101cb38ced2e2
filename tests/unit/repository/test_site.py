"""site.yml imports every role in the same way."""

from __future__ import annotations

from tests.unit.repository.checkout import load


def test_no_role_validates_its_arguments_again() -> None:
    """preflight validates those of all roles at once; each further validation is one more task in every run."""
    (play,) = load("playbooks/site.yml")
    imports = [task["ansible.builtin.import_role"] for task in play["tasks"] if "ansible.builtin.import_role" in task]
    assert len(imports) > 9
    assert [each for each in imports if each.get("rolespec_validate") is not False] == []
