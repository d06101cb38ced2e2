"""The checkout as data, for the checks of its own rules."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir())
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py") if path.stem != "__init__")


def load(path: str) -> Any:
    """A YAML file below the root; None where it is empty."""
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def tracked_files() -> list[Path]:
    """What git knows, or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted({ROOT / path for path in listed.split("\0") if path and (ROOT / path).is_file()})


def documentation(module: str) -> dict[str, Any]:
    """A module's DOCUMENTATION."""
    tree = ast.parse((ROOT / "plugins" / "modules" / f"{module}.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DOCUMENTATION":
            documented: dict[str, Any] = yaml.safe_load(ast.literal_eval(node.value))
            return documented
    raise AssertionError(f"{module} has no DOCUMENTATION")


def fragments(module: str) -> set[str]:
    """The documentation fragments that a module's options come from."""
    return set(documentation(module).get("extends_documentation_fragment", []))
