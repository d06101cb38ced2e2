"""The option tables in the roles' READMEs are those of the roles; tools/role_readmes.py writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.repository.checkout import ROLES, ROOT
from tools import role_readmes

HEADINGS = ("## What it makes", "## Permissions", "## Outputs", "## Example", "## Options")


def test_no_option_table_is_stale() -> None:
    names = [str(path.relative_to(ROOT)) for path in role_readmes.stale()]
    assert names == [], "run: python -m tools.role_readmes"


@pytest.mark.parametrize("role", ROLES)
def test_readme_has_its_parts(role: str) -> None:
    lines = (ROOT / "roles" / role / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("## ")] == list(HEADINGS)


def test_table_shows_types_choices_defaults_and_suboptions() -> None:
    options = {
        "x_state": {"type": "str", "choices": ["present", "absent"], "description": "V(present) | C(f(x)) as O(x_n)."},
        "x_n": {"type": "list", "elements": "dict", "description": ["A list,", "of rows."]}
        | {"options": {"name": {"type": "str", "required": True, "description": "Its name."}}},
    }
    assert role_readmes.table(options, {"x_state": "{{ a | b }}", "x_n": [{"name": "n"}]}).splitlines()[2:] == [
        "| `x_state` | str: `present`, `absent` | `{{ a \\| b }}` | `present` \\| `f(x)` as `x_n`. |",
        '| `x_n` | list of dict | `[{"name": "n"}]` | A list, of rows. |',
        "| `x_n[].name` | str | (required) | Its name. |",
    ]


def test_a_changed_default_makes_a_readme_stale(tmp_path: Path) -> None:
    role = tmp_path / "x"
    for name, text in {
        "meta/argument_specs.yml": "argument_specs: {main: {options: {x_n: {type: int, description: A number.}}}}",
        "defaults/main.yml": "x_n: 1",
        "README.md": f"# x\n{role_readmes.BEGIN}\n{role_readmes.END}\n",
    }.items():
        (role / name).parent.mkdir(parents=True, exist_ok=True)
        (role / name).write_text(text, encoding="utf-8")
    (role / "README.md").write_text(role_readmes.renewed(role), encoding="utf-8")
    assert role_readmes.stale(tmp_path) == {}
    (role / "defaults" / "main.yml").write_text("x_n: 2", encoding="utf-8")
    assert "| `x_n` | int | `2` | A number. |" in role_readmes.stale(tmp_path)[role / "README.md"]


def test_a_readme_without_marks_is_told() -> None:
    with pytest.raises(role_readmes.StaleReadmeError, match="marks"):
        role_readmes.renew("# x\n", "table")
