"""AWS's cloudformation-validate with the rules of cdk-preflight, over a template.

Only FATAL, ERROR and W3030 (a value outside an enum is only a warning there) count as verdicts.
"""

from __future__ import annotations

import io
import json
import re
import tarfile
from dataclasses import dataclass
from functools import cache
from importlib.metadata import files
from typing import Any

from local_cloud.template.shapes import Record

# The services of cdk-preflight whose resource types are rendered here.
SERVICES = {
    *("apigateway", "applicationautoscaling", "dynamodb", "ec2", "ecr", "ecs", "elbv2", "iam", "lambda", "logs"),
    *("secretsmanager", "tags"),
}
# Rules that refuse what AWS takes, each with why.
FALSE_RULES = {
    "pf-lambda-zipfile-handler-module": "wants 'index' as module: so only for code that stands in the template",
    "pf-apigw-method-request-parameter-key": "refuses method.request.header.* names that API Gateway takes",
}
WARNINGS_THAT_COUNT = {"W3030"}


@dataclass(frozen=True)
class Verdict:
    """One thing that AWS would refuse."""

    rule: str
    resource: str
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule} {self.resource} {self.path}: {self.message}"


def _bundled(source: str, name: str) -> list[Record]:
    """The value of ``exports.NAME = [...]``, which is plain JSON, in cdk-preflight's JavaScript."""
    found = re.search(rf"exports\.{name} = (?=\[)", source)
    if found is None:
        raise LookupError(f"cdk-preflight has no {name} any more")
    value: list[Record] = json.JSONDecoder().raw_decode(source, found.end())[0]
    return value


def _sources() -> tuple[list[Record], list[Record]]:
    """Rules and their libraries, out of the archive in the wheel: neither Node nor the CDK is needed for that."""
    archive = next(each for each in files("cdk-preflight") or [] if str(each).endswith(".jsii.tgz"))
    with tarfile.open(fileobj=io.BytesIO(archive.read_binary())) as opened:
        member = opened.extractfile("package/lib/rules.generated.js")
        source = member.read().decode() if member else ""
    return _bundled(source, "BUNDLED_RULES"), _bundled(source, "BUNDLED_LIBS")


@cache
def _engine() -> Any:
    # Imported here: it loads a library of 16 MB, which only judging needs.
    from cloudformation_validate import CompositeEngine, CompositeEngineConfig, ExternalRuleSource

    rules, libraries = _sources()
    wanted = [rule for rule in rules if rule["service"] in SERVICES and rule["id"] not in FALSE_RULES]
    texts = [(each["name"], each["rego"]) for each in libraries] + [(each["id"], each["rego"]) for each in wanted]
    loaded = [ExternalRuleSource(name=name, content=text) for name, text in texts]
    return CompositeEngine(CompositeEngineConfig(rego_rules=loaded))


def judge(template: Record) -> list[Verdict]:
    """What AWS would refuse of the template, worst first as the engine tells it; empty where it would take all."""
    from cloudformation_validate import Severity, TemplateContent

    report = _engine().validate_template(TemplateContent(json.dumps(template, default=str)))
    counted = (Severity.FATAL, Severity.ERROR)
    return [
        Verdict(each.rule_id, each.entity.logical_id or "", each.property_path or "", each.message)
        for each in report.diagnostics
        if each.severity in counted or each.rule_id in WARNINGS_THAT_COUNT
    ]
