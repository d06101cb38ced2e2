"""From rendered resources to one template: logical ids, and references where an id or an ARN stood.

Without references the validator's checks over two resources see nothing.
"""

from __future__ import annotations

from typing import Any

from local_cloud.template import api, compute, network, storage
from local_cloud.template.shapes import Account, Record, Resources, logical_id

RENDERERS = (*network.RENDERERS, *storage.RENDERERS, *compute.RENDERERS, *api.RENDERERS)
# What Ref gives is not what stands elsewhere: these go by an attribute (CloudFormation reference, 'Return values').
BY_ATTRIBUTE = {
    "AWS::EC2::SecurityGroup": "GroupId",
    "AWS::ECS::Cluster": "Arn",
    "AWS::IAM::Role": "Arn",
    "AWS::Lambda::Function": "Arn",
    "AWS::Logs::LogGroup": "Arn",
    "AWS::DynamoDB::Table": "Arn",
    "AWS::ECR::Repository": "Arn",
}


def template(account: Account) -> Record:
    """The whole account as a CloudFormation template."""
    rendered: Resources = {}
    for render in RENDERERS:
        rendered.update(render(account))
    ids = {name: logical_id(*_words(name)) for name in rendered}
    references = {name: _reference(ids[name], made["Type"]) for name, made in rendered.items()}
    linked = {ids[name]: _linked(made, references, ids) for name, made in rendered.items()}
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": linked}


def _words(name: str) -> list[str]:
    """A resource's id or the interesting end of its ARN, with the service before it."""
    parts = name.split(":", 5)
    return [parts[2], parts[5]] if name.startswith("arn:") and len(parts) == 6 else [name]


def _reference(logical: str, kind: str) -> Record:
    attribute = BY_ATTRIBUTE.get(kind)
    return {"Fn::GetAtt": [logical, attribute]} if attribute else {"Ref": logical}


def _linked(made: Record, references: dict[str, Record], ids: dict[str, str]) -> Record:
    linked = {**made, "Properties": _replaced(made["Properties"], references, ids)}
    if "DependsOn" in made:
        linked["DependsOn"] = [ids[name] for name in made["DependsOn"] if name in ids]
    return linked


def _replaced(value: Any, references: dict[str, Record], ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        if set(value) == {"Fn::GetAtt"}:
            owner, attribute = value["Fn::GetAtt"]
            return {"Fn::GetAtt": [ids[owner], attribute]}
        if set(value) == {"Ref"}:
            return {"Ref": ids[value["Ref"]]}
        return {key: _replaced(item, references, ids) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(each, references, ids) for each in value]
    return references.get(value, value) if isinstance(value, str) else value
