"""Every role has the same shape, and documents exactly the variables that it has."""

from __future__ import annotations

import pytest

from tests.unit.repository.checkout import ROLES, ROOT, load

REQUIRED = (
    "README.md",
    "defaults/main.yml",
    "meta/argument_specs.yml",
    "meta/main.yml",
    "tasks/main.yml",
)
# Roles that make something also take it away.
DEPLOYING = [role for role in ROLES if (ROOT / "roles" / role / "tasks" / "present.yml").is_file()]


def test_there_are_roles() -> None:
    assert len(DEPLOYING) >= 9


@pytest.mark.parametrize("role", ROLES)
def test_role_has_its_files(role: str) -> None:
    missing = [name for name in REQUIRED if not (ROOT / "roles" / role / name).is_file()]
    assert missing == []


@pytest.mark.parametrize("role", DEPLOYING)
def test_role_that_makes_something_takes_it_away(role: str) -> None:
    assert (ROOT / "roles" / role / "tasks" / "absent.yml").is_file()


@pytest.mark.parametrize("role", ROLES)
def test_argument_specs_are_the_defaults(role: str) -> None:
    options = load(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    optional = {name for name, option in options.items() if not option.get("required")}
    assert optional == set(load(f"roles/{role}/defaults/main.yml") or {})


@pytest.mark.parametrize("role", ROLES)
def test_public_variables_bear_the_name_of_their_role(role: str) -> None:
    options = load(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    assert [name for name in options if not name.startswith(f"{role}_")] == []


@pytest.mark.parametrize("role", DEPLOYING)
def test_what_a_role_found_is_kept_for_whoever_includes_it(role: str) -> None:
    """A play that imports a role sees its variables; one that includes it sees only facts."""
    variables = load(f"roles/{role}/vars/main.yml") if (ROOT / "roles" / role / "vars" / "main.yml").is_file() else {}
    found = {name for name in variables if not name.startswith("__")}
    tasks = load(f"roles/{role}/tasks/main.yml")
    kept = [task["ansible.builtin.set_fact"] for task in tasks if "ansible.builtin.set_fact" in task]
    assert {name for facts in kept for name in facts} == found
    assert all(facts[name] == f"{{{{ {name} }}}}" for facts in kept for name in facts)
