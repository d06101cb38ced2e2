"""What was deployed to a stage, as `GET /_local/apigateway/<api>/<stage>` gives it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Method:
    """A deployed method; `resource` is its path template, e.g. '/' or '/items/{id}'."""

    resource: str
    http_method: str
    authorization: str
    integration: Mapping[str, Any]
    path_parameters: Mapping[str, str]


@dataclass(frozen=True)
class Deployed:
    """A stage's snapshot."""

    api_id: str
    stage: str
    policy: Mapping[str, Any] | None
    endpoint_types: tuple[str, ...]
    endpoint_ids: tuple[str, ...]
    resources: Mapping[str, Mapping[str, Any]]
    gateway_responses: Mapping[str, Mapping[str, Any]]
    variables: Mapping[str, str]
    default_endpoint_disabled: bool = False

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Deployed:
        endpoint = answer.get("endpoint_configuration") or {}
        return cls(
            answer["rest_api_id"],
            answer["stage"],
            answer.get("policy"),
            tuple(endpoint.get("types") or ()),
            tuple(endpoint.get("vpcEndpointIds") or ()),
            answer.get("resources") or {},
            answer.get("gateway_responses") or {},
            answer.get("variables") or {},
            bool(answer.get("disable_execute_api_endpoint")),
        )

    def find(self, path: str, http_method: str) -> Method | None:
        """Exact paths win over path parameters, those over greedy ones (API Gateway guide, 'Set up a method')."""
        for template in sorted(self.resources, key=_breadth):
            found = _pattern(template).fullmatch(path)
            methods = self.resources[template]
            chosen = methods.get(http_method) or methods.get("ANY")
            if found and chosen:
                return Method(
                    template,
                    http_method,
                    chosen.get("authorizationType") or "NONE",
                    chosen.get("integration") or chosen.get("methodIntegration") or {},
                    dict(zip(_names(template), found.groups(), strict=True)),
                )
        return None


def _names(template: str) -> list[str]:
    return re.findall(r"\{(\w+)\+?\}", template)


def _breadth(template: str) -> tuple[int, int]:
    return template.count("+}"), template.count("{")


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+\+?\})", template)
    made = (_part(p) for p in parts)
    return re.compile("".join(made))


def _part(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    return "(.+)" if part.endswith("+}") else "([^/]+)"
