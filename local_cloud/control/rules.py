"""The table of what AWS refuses and moto accepts.

Every rule is one entry: its id, the service and operations it guards, AWS's error code and message, and
where that is known from. The source says how sure the words are: 'as quoted in public error reports' was
looked up, 'cdk-preflight' and 'localstack/localstack' quote what AWS answered their authors, 'wording from memory' and
'wording not verified' were not looked up or not found. Its check gets the call and returns
nothing where AWS would accept, ``True`` or the words for the message's ``{braces}`` where it would refuse::

    @refuses("alb-two-zones", "elbv2", "CreateLoadBalancer",
             code="InvalidConfigurationRequest", message="...", source="ELBv2 API reference")
    def check(call: Call) -> Verdict: ...

``GET /_local/refusals`` lists the table, ``PUT /_local/refusals {"disabled": [ids]}`` switches rules off (and whole
layers: ``rules``, ``strict``), so that a test can show that nothing else would have refused the call. A refused
answer names what refused it in the header ``x-local-cloud-refused-by``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from local_cloud.control.calls import AwsError, Call

Verdict = bool | dict[str, Any] | None
Check = Callable[[Call], Verdict]


@dataclass(frozen=True)
class Rule:
    """One refusal; ``status`` is the HTTP status where AWS's model does not give it."""

    id: str
    service: str
    operations: tuple[str, ...]
    code: str
    message: str
    source: str
    status: int | None
    check: Check

    def describe(self) -> dict[str, Any]:
        """The rule as plain data, for the ``/_local/refusals`` route and for generated tests."""
        return {
            "id": self.id,
            "service": self.service,
            "operations": list(self.operations),
            "code": self.code,
            "message": self.message,
            "source": self.source,
        }


# Its own name beside the rules' ids: switches the whole table off.
LAYER = "rules"
RULES: dict[str, Rule] = {}
BY_OPERATION: dict[tuple[str, str], list[Rule]] = defaultdict(list)


def refuses(
    rule_id: str,
    service: str,
    operations: str | Sequence[str],
    *,
    code: str,
    message: str,
    source: str,
    status: int | None = None,
) -> Callable[[Check], Check]:
    """Register a rule; see the module's docstring. A second rule of the same id is a programming error."""
    names = (operations,) if isinstance(operations, str) else tuple(operations)

    def register(check: Check) -> Check:
        if rule_id in RULES:
            raise ValueError(f"two rules are called {rule_id}")
        rule = Rule(rule_id, service, names, code, message, source, status, check)
        RULES[rule_id] = rule
        for name in names:
            BY_OPERATION[service, name].append(rule)
        return check

    return register


def enforce(call: Call, disabled: set[str]) -> None:
    """Raise AWS's error for the first rule that refuses the call; LAYER in ``disabled`` switches all rules off."""
    if LAYER in disabled:
        return
    for rule in BY_OPERATION.get((call.service, call.operation), ()):
        if rule.id in disabled:
            continue
        verdict = rule.check(call)
        if verdict:
            words = verdict if isinstance(verdict, dict) else {}
            message = rule.message.format(**words) if words else rule.message
            raise AwsError(rule.code, message, rule.status, refused_by=rule.id)
