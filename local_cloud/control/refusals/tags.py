"""What every service refuses of tags: keys that AWS keeps for itself, and the same key twice."""

from __future__ import annotations

from typing import Any

from botocore.session import Session

from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

SOURCE = "Tagging AWS resources guide, 'Tag naming limits and requirements'; wording from memory"
# Service: its error code for a bad tag. EC2's words are in ec2/subnets_routes_rules.py.
CODES = {
    "apigateway": "BadRequestException",
    "dynamodb": "ValidationException",
    "ecr": "InvalidTagParameterException",
    "ecs": "InvalidParameterException",
    "elbv2": "ValidationError",
    "iam": "InvalidInput",
    "kms": "TagException",
    "lambda": "InvalidParameterValueException",
    "logs": "InvalidParameterException",
    "secretsmanager": "InvalidParameterException",
}
TAG_MEMBERS = ("Tags", "tags")


def _operations(service: str) -> list[str]:
    model = Session().get_service_model(service)
    shapes = ((name, model.operation_model(name).input_shape) for name in model.operation_names)
    return [name for name, shape in shapes if shape and any(member in shape.members for member in TAG_MEMBERS)]


def _keys(call: Call) -> list[str]:
    sent: Any = next((call.get(member) for member in TAG_MEMBERS if call.get(member)), None)
    if isinstance(sent, dict):
        return list(sent)
    return [each.get("Key") or each.get("key") or each.get("TagKey") or "" for each in sent or []]


def _of_aws(call: Call) -> Verdict:
    return any(key.lower().startswith("aws:") for key in _keys(call))


def _twice(call: Call) -> Verdict:
    keys = _keys(call)
    return len(set(keys)) < len(keys)


# Tags are a map there: a key cannot come twice.
MAPS = ("apigateway", "lambda", "logs")

for _service, _code in CODES.items():
    _names = _operations(_service)
    refuses(
        f"{_service}-tag-of-aws",
        _service,
        _names,
        code=_code,
        message="aws: prefixed tag key names are not allowed for external use.",
        source="cdk-preflight 1.9.1, tags-aws-prefix; the code is the service's own, not verified of each",
    )(_of_aws)
    if _service in MAPS:
        continue
    refuses(
        f"{_service}-tag-twice",
        _service,
        _names,
        code=_code,
        message="Duplicate tag keys found. Please note that Tag keys are case insensitive."
        if _service == "iam"
        else "Tag keys must be unique.",
        source=SOURCE,
    )(_twice)


MOST_TAGS = 50
# Where botocore's model has no limit, or AWS another code than for other faults of the model.
TOO_MANY = {"ecr": "TooManyTagsException", "elbv2": "TooManyTags", "secretsmanager": "LimitExceededException"}


def _too_many(call: Call) -> Verdict:
    return len(_keys(call)) > MOST_TAGS


for _service, _code in TOO_MANY.items():
    refuses(
        f"{_service}-too-many-tags",
        _service,
        _operations(_service),
        code=_code,
        message="A resource can have at most 50 tags.",
        source="the services' API references, TagResource or AddTags, 'Errors'; wording not verified",
    )(_too_many)
