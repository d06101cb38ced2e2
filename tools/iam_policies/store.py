"""docs/iam/: reading, writing, and filling in the variables of one environment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined

from tools.iam_policies import generalise, names, statements
from tools.iam_policies.generalise import Grant

FOLDER = names.ROOT / "docs" / "iam"
REASONS = Path(__file__).parent / "reasons.yml"
REGION, ACCOUNT = "ap-northeast-1", "123456789012"
# What inventories/local names, by the variable of playbooks/iam_policies.yml or of the inventory.
NAMED = {
    "iam_policies_base_repository": "mirror/python",
    "iam_policies_search_secret": "chatbot/search",
    "chatbot_bedrock_model_id": "jp.anthropic.claude-opus-5-5",
}

Document = dict[str, Any]


def reasons() -> dict[str, list[dict[str, Any]]]:
    """The lines that say why: granted without a use in the tests, unused by a role, not granted."""
    read: dict[str, list[dict[str, Any]]] = yaml.safe_load(REASONS.read_text(encoding="utf-8"))
    return read


def generated(playbook: str, permissions: Iterable[Mapping[str, Any]]) -> dict[str, Document]:
    """File name -> policy of the controller for a playbook, from the permissions that its runs needed."""
    of_inventory = {value: f"{{{{ {variable} }}}}" for variable, value in NAMED.items()}
    variables = {**of_inventory, **names.variables(REGION, ACCOUNT)}
    found = {grant for each in permissions for grant in generalise.grants(each, variables)}
    found |= {Grant(line["action"], line["resource"]) for line in granted(playbook)}
    made = statements.documents(found)
    if len(made) == 1:
        return {f"controller-{playbook}.json": made[0]}
    return {f"controller-{playbook}-{number}.json": each for number, each in enumerate(made, 1)}


def granted(playbook: str) -> list[dict[str, Any]]:
    """The lines of reasons.yml that add to a playbook's policy."""
    return [line for line in reasons()["granted"] if playbook in line["playbooks"]]


def kept(playbook: str) -> dict[str, Document]:
    """The same, as it lies in docs/iam/."""
    files = sorted([*FOLDER.glob(f"controller-{playbook}.json"), *FOLDER.glob(f"controller-{playbook}-*.json")])
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in files}


def write(playbook: str, documents: Mapping[str, Document]) -> None:
    """In place of what lies there."""
    for name in kept(playbook):
        (FOLDER / name).unlink()
    for name, document in documents.items():
        (FOLDER / name).write_text(f"{json.dumps(document, indent=2)}\n", encoding="utf-8")


def filled(document: Document, environment: str = names.ENVIRONMENT) -> Document:
    """With the names of an environment, as playbooks/iam_policies.yml fills them in."""
    values = {
        "chatbot_names": names.rendered(environment),
        "chatbot_region": REGION,
        "chatbot_account_id": ACCOUNT,
        "chatbot_deployment": f"chatbot-{environment}",
        **NAMED,
    }
    template = Environment(undefined=StrictUndefined, autoescape=False).from_string(json.dumps(document))
    made: Document = json.loads(template.render(values))
    return made
