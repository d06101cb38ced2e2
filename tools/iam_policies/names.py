"""What stands in the policies for the names of a deployment: the variables of playbooks/vars/names.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment

ROOT = Path(__file__).resolve().parents[2]
NAMES = ROOT / "playbooks" / "vars" / "names.yml"
ENVIRONMENT = "prod"
# Names that stand in no ARN, and would be found in the middle of other words.
LEFT_OUT = {"stage", "container", "scaling_policy"}


def rendered(environment: str = ENVIRONMENT) -> dict[str, str]:
    """`chatbot_names` of an environment without overrides, by its keys."""
    source: dict[str, Any] = yaml.safe_load(NAMES.read_text(encoding="utf-8"))
    values: dict[str, Any] = {"chatbot_environment": environment}
    jinja = Environment(autoescape=False)
    for key in ("chatbot_name_camel", "chatbot_name_suffix", "chatbot_deployment"):
        values[key] = jinja.from_string(source[key]).render(values)
    names = source["chatbot_default_names"]
    return {key: jinja.from_string(text).render(values) for key, text in names.items()}


def variables(region: str, account: str, environment: str = ENVIRONMENT) -> dict[str, str]:
    """Value -> variable, for `generalise`. The first of equal names stands for all."""
    found: dict[str, str] = {}
    for key, value in rendered(environment).items():
        if key not in LEFT_OUT:
            found.setdefault(value, f"{{{{ chatbot_names.{key} }}}}")
    found[region] = "{{ chatbot_region }}"
    found[account] = "{{ chatbot_account_id }}"
    found[f"chatbot-{environment}"] = "{{ chatbot_deployment }}"
    return found
