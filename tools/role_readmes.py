"""Writes the option table of every role's README from its argument_specs and defaults; `make lint` finds a stale one.

python -m tools.role_readmes           writes
python -m tools.role_readmes --check   only tells which are stale; exit status 1 where there are any
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROLES = Path(__file__).resolve().parents[1] / "roles"
BEGIN = "<!-- options: written by tools/role_readmes.py -->"
END = "<!-- end of options -->"
HEAD = "| option | type | default | what it is |\n|---|---|---|---|"
# Ansible's markup for documentation: O(option), V(value), C(code).
MARKUP = re.compile(r"\b[OVC]\(([^()]*(?:\([^()]*\)[^()]*)*)\)")


class StaleReadmeError(Exception):
    """The README has no place for the table."""


def table(options: Mapping[str, Mapping[str, Any]], defaults: Mapping[str, Any]) -> str:
    """A Markdown table, one row an option and one each of its suboptions, in the order of the specs."""
    rows = []
    for name, option in options.items():
        rows.append(row(name, option, default_of(name, option, defaults)))
        rows += [
            row(f"{name}[].{key}", sub, default_of(key, sub, {})) for key, sub in option.get("options", {}).items()
        ]
    return "\n".join([HEAD, *rows])


def row(name: str, option: Mapping[str, Any], default: str) -> str:
    """One line of the table."""
    return f"| `{name}` | {kind(option)} | {default} | {prose(option.get('description', ''))} |"


def kind(option: Mapping[str, Any]) -> str:
    """The type in words, with the values that are allowed."""
    name = str(option.get("type", "str"))
    if "elements" in option:
        name = f"{name} of {option['elements']}"
    choices = ", ".join(f"`{choice}`" for choice in option.get("choices", []))
    return f"{name}: {choices}" if choices else name


def default_of(name: str, option: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    """The value in defaults/main.yml as it stands there, expressions included."""
    if option.get("required"):
        return "(required)"
    if name not in defaults:
        return code(option["default"]) if "default" in option else ""
    return code(defaults[name])


def code(value: Any) -> str:
    """A value as inline code; booleans, numbers, lists in YAML's short form, which is JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{cell(text)}`" if text else "(empty)"


def prose(description: str | list[str]) -> str:
    """Ansible's markup as Markdown."""
    text = description if isinstance(description, str) else " ".join(description)
    return cell(MARKUP.sub(r"`\1`", text))


def cell(text: str) -> str:
    """Text on one line that does not end the cell."""
    return " ".join(text.split()).replace("|", "\\|")


def renew(readme: str, written: str) -> str:
    """The README with the table between its marks. Raises StaleReadmeError where it has none."""
    before, begin, rest = readme.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise StaleReadmeError(f"the marks are missing: {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{written}\n{END}{after}"


def renewed(role: Path) -> str:
    """What the README of a role should be."""
    specs = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    defaults = yaml.safe_load((role / "defaults" / "main.yml").read_text(encoding="utf-8")) or {}
    entry_points = specs["argument_specs"].values()
    options = {name: option for entry in entry_points for name, option in (entry.get("options") or {}).items()}
    written = table(options, defaults)
    return renew((role / "README.md").read_text(encoding="utf-8"), written)


def stale(roles: Path = ROLES) -> dict[Path, str]:
    """The READMEs that are not as they should be, with what they should be."""
    wanted = {role / "README.md": renewed(role) for role in sorted(roles.iterdir()) if role.is_dir()}
    return {path: text for path, text in wanted.items() if path.read_text(encoding="utf-8") != text}


def main(arguments: list[str] | None = None) -> int:
    """0, or with --check 1 where a README is stale."""
    parser = argparse.ArgumentParser(prog="python -m tools.role_readmes", description="Option tables of the roles")
    parser.add_argument("--check", action="store_true", help="write nothing, only tell")
    check = parser.parse_args(arguments).check
    found = stale()
    for path, text in found.items():
        if not check:
            path.write_text(text, encoding="utf-8")
        print(f"{'stale' if check else 'written'}: {path.relative_to(ROLES.parent)}")
    return int(check and bool(found))


if __name__ == "__main__":
    sys.exit(main())
