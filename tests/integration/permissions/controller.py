"""The controller as an IAM user with policies of its own, and the runs that show what it needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.integration.permissions.by_hand import change_everything
from tests.integration.system.company import Company
from tests.integration.system.playbooks import Run

Permission = dict[str, Any]
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
MEANT = {"chatbot_confirm_destroy": True, "chatbot_delete_history": True}
TAGS = {"cost-centre": "7"}


@dataclass(frozen=True)
class Controller:
    """A user, and the variable that makes a playbook sign with its key."""

    name: str
    environment: Mapping[str, str]

    @classmethod
    def made(cls, company: Company, name: str, policies: Iterable[Mapping[str, Any]]) -> Controller:
        """With these policies attached, as managed ones: so the size limit counts."""
        iam = company.cloud.client("iam")
        iam.create_user(UserName=name)
        for number, policy in enumerate(policies):
            made = iam.create_policy(PolicyName=f"{name}-{number}", PolicyDocument=json.dumps(policy))
            iam.attach_user_policy(UserName=name, PolicyArn=made["Policy"]["Arn"])
        key = iam.create_access_key(UserName=name)["AccessKey"]
        environment = {
            "AWS_ENDPOINT_URL": company.cloud.endpoint,
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        return cls(name, environment)


@dataclass
class Recording:
    """The permissions that each playbook asked for, the calls that were denied, and the runs."""

    permissions: dict[str, list[Permission]] = field(default_factory=dict)
    denied: list[dict[str, Any]] = field(default_factory=list)
    runs: dict[str, Run] = field(default_factory=dict)


def record(company: Company, controllers: Mapping[str, Controller]) -> Recording:
    """Plan, deploy, run again, repair everything, plan again, destroy twice; each with its own controller."""
    made = Recording()
    site, plan, destroy = (controllers[name] for name in ("site", "plan", "destroy"))
    _run(made, company, plan, "plan", "planned", "--check", "--diff")
    _run(made, company, site, "site", "deployed")
    change_everything(company.cloud.client)
    _run(made, company, plan, "plan", "planned again", "--check", "--diff", chatbot_tags=TAGS)
    _run(made, company, site, "site", "repaired", chatbot_tags=TAGS)
    _run(made, company, site, "site", "tags taken off")
    _run(made, company, site, "site", "repeated")
    _run(made, company, destroy, "destroy", "destroyed", **MEANT)
    _run(made, company, destroy, "destroy", "destroyed again", **MEANT)
    return made


def _run(
    made: Recording, company: Company, who: Controller, playbook: str, step: str, *options: str, **variables: Any
) -> None:
    company.cloud.forget()
    variables = {"chatbot_aws_environment": dict(who.environment), **variables}
    run = company.destroy if playbook == "destroy" else company.site
    made.runs[step] = run(*options, **variables).succeeded()
    asked = [each for each in company.cloud.get("/_local/requests") if each["principal"].endswith(f"/{who.name}")]
    made.denied += [each for each in asked if each["decision"] != "allowed"]
    permissions = made.permissions.setdefault(playbook, [])
    permissions += [permission for each in asked for permission in each["permissions"]]
