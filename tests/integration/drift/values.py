"""Other values for a field, by its kind: the first that AWS accepts is taken."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from tests.integration.drift.fields import LESS, MORE, Field, json_of

KIND = re.compile(r"(sg|subnet|vpce|vpc|pl|rtb)-[0-9a-f]+|arn:aws:[^:]+:[^:]*:[^:]*:[a-z-]+(?=[/:])")
DEPLOYMENT = re.compile(r"[0-9a-z]{6,10}")
CIDR = re.compile(r"\d+\.\d+\.\d+\.\d+/\d+")
# Free texts that are no free texts: a few values that AWS knows, by the parameter's name.
KNOWN = {
    "timezone": ["Asia/Seoul"],
    "httpcode": ["200-299"],
    "predefinedmetrictype": ["ECSServiceAverageMemoryUtilization"],
    "authorizationtype": ["NONE", "AWS_IAM"],
    "responsetype": ["DEFAULT_4XX"],
    "ipprotocol": ["udp"],
    "cpu": ["512"],
    "memory": ["1024", 1024],
    "action": ["sts:AssumeRoleWithWebIdentity", "lambda:GetFunction", "s3:ListAllMyBuckets"],
    "resource": ["arn:aws:s3:::by-hand", "*"],
    "principal": ["events.amazonaws.com"],
    "service": ["ec2.amazonaws.com"],
    "schedule": ["cron(0 7 ? * MON-FRI *)"],
    "platformversion": ["1.4.0"],
    "effect": ["Deny", "Allow"],
    "version": ["2008-10-17"],
    "tagstatus": ["tagged"],
    "counttype": ["sinceImagePushed"],
    "awslogs-region": ["us-east-1"],
    "httpmethod": ["GET"],
    "statuscode": ["201"],
    "application/json": ["Error", '{"statusCode": 201}'],
    "capacityprovider": ["FARGATE_SPOT"],
    "capacityproviders": ["FARGATE_SPOT"],
    "passthroughbehavior": ["NEVER"],
    "systemcontrols": [[{"namespace": "net.ipv4.tcp_keepalive_time", "value": "500"}]],
}


def others(field: Field, shape: Any, spares: list[str]) -> Iterator[Any]:
    """Values that the field could have instead. `shape`: the botocore shape where the model knows one."""
    if field.how == LESS:
        yield _less(field.value)
    elif field.how == MORE:
        yield from _more(field, shape, spares)
    else:
        yield from (value for value in _others(field, shape, spares) if value != field.value)


def _others(field: Field, shape: Any, spares: list[str]) -> Iterator[Any]:
    value, name = field.value, word_of(field)
    if isinstance(value, bool):
        yield not value
        return
    if isinstance(value, (int, float)):
        yield from (value + 1, value - 1, value * 2, value // 2, 7, 14, 120)
        return
    yield from getattr(shape, "enum", None) or []
    yield from KNOWN.get(name, [])
    if name == "deploymentid":
        yield from (spare for spare in spares if DEPLOYMENT.fullmatch(spare))
    if name == "layers":
        yield from ([spare] for spare in spares if ":layer:" in spare)
    if not isinstance(value, (list, dict)):
        yield from _texts(str(value), spares)


def word_of(field: Field) -> str:
    """The last name on a field's path: an item of a list goes by the list's."""
    return next(step for step in reversed(field.path) if isinstance(step, str)).lower()


def _texts(value: str, spares: list[str]) -> Iterator[Any]:
    if value.endswith(" bytes)"):
        yield other_zip()
    if value in ("true", "false"):
        yield {"true": "false", "false": "true"}[value]
    kind = KIND.match(value)
    if kind:
        start = kind[1] + "-" if kind[1] else kind[0]
        yield from (spare for spare in spares if spare.startswith(start) and spare != value)
    if CIDR.fullmatch(value):
        yield "10.99.0.0/16"
    number = re.fullmatch(r"\d+(\.\d+)?", value)
    if number:
        yield from (str(float(value) + 1) if number[1] else str(int(value) + 1), str(int(float(value)) * 2))
        return
    yield from (value + "x", value[:-1] + "x", value.rstrip("'") + "x'")


def _less(value: Any) -> Any:
    inner = json_of(value)
    rest = inner[:-1] if isinstance(inner, list) else dict(list(inner.items())[:-1])
    return json.dumps(rest) if isinstance(value, str) else rest


def _more(field: Field, shape: Any, spares: list[str]) -> Iterator[Any]:
    """Beside the items that are there, one that somebody added."""
    inner = json_of(field.value)
    if isinstance(inner, list):
        words = [*KNOWN.get(word_of(field), []), *(getattr(getattr(shape, "member", None), "enum", None) or [])]
        yield from ([*inner, word] for word in words if word not in inner and not isinstance(field.value, str))
    if isinstance(inner, dict):
        key, item = next(iter(inner.items()), ("", ""))
        for more in (f"{key}-by-hand", "by_hand"):
            yield {**inner, more: item}
        return
    for item in _copies(inner[-1], spares):
        items = [*inner, item]
        yield json.dumps(items) if isinstance(field.value, str) else items


def _copies(item: Any, spares: list[str]) -> Iterator[Any]:
    """Likenesses of an item that are not it: one of its texts or numbers is another."""
    if not isinstance(item, dict):
        yield from (value for value in _texts(str(item), spares) if value != item)
        return
    numbers = {key: value + 1 for key, value in item.items() if isinstance(value, int) and not isinstance(value, bool)}
    if len(numbers) > 1:
        yield {**item, **numbers}
    for key, value in item.items():
        if isinstance(value, bool):
            continue
        if isinstance(value, int):
            yield {**item, key: value + 1}
        elif isinstance(value, str):
            known = KNOWN.get(key.lower(), [])
            yield from ({**item, key: other} for other in [*known, *_texts(value, spares)] if other != value)
        elif isinstance(value, list) and value:
            yield from ({**item, key: [other]} for other in _copies(value[-1], spares))


def other_zip() -> bytes:
    """A function's package that is not ours."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("lambda_function.py", "def lambda_handler(event, context):\n    return {}\n")
    return packed.getvalue()
