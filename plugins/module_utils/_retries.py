# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What passes by itself: one table of refusals that are asked again, how often, and for how long at most; and reads
that do not show yet what was written.

AWS tells them from lasting faults by words of the message only, so a row names those too. A lasting fault is told
at once. Throttling and faults of the network are botocore's, see C(_aws.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.cloud import BackoffIterator, CloudRetry
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry


@dataclass(frozen=True)
class Passing:
    """One row: C(delay) in seconds between two of C(attempts), an error code, and words of its message."""

    delay: int
    attempts: int
    code: str
    words: tuple[str, ...]


RETRIES: dict[str, tuple[Passing, ...]] = {
    # A new role is known to Lambda after 10-15 s, seldom 50 (aws/aws-sdk-js issue 850); a new inline policy likewise.
    # The messages are those that terraform-provider-aws waits out (internal/service/lambda/function.go).
    "lambda_role_usable": (
        Passing(
            2,
            30,
            "InvalidParameterValueException",
            ("cannot be assumed by Lambda", "execution role does not have permissions"),
        ),
    ),
    # The first cluster of an account makes ECS's role, a listener makes its target group usable: both a moment later.
    # The messages are those that terraform-provider-aws waits out (internal/service/ecs/service.go), for 2 minutes.
    "ecs_service_creatable": (
        Passing(
            4,
            30,
            "InvalidParameterException",
            ("Unable to assume the service linked role", "does not have an associated load balancer"),
        ),
    ),
    # The same source: a service whose deployment has just begun.
    "ecs_service_deletable": (
        Passing(4, 30, "InvalidParameterException", ("cannot be stopped while deployments are active",)),
    ),
    # internal/service/appautoscaling/target.go: a service that was just made, and the service-linked role.
    "scalable_target_registrable": (
        Passing(2, 30, "ValidationException", ("ECS service doesn't exist", "Unable to assume IAM role")),
    ),
    # A principal of the policy that was made seconds ago (terraform-provider-aws issue 29392). A wrong one is refused
    # in the same words, so not for long: twice what a new role takes.
    "api_policy_valid": (Passing(3, 11, "BadRequestException", ("ensure that Principals are valid",)),),
    # Interfaces of a function hold its groups for up to 20 minutes after it (Lambda guide, VPC); 24 were observed
    # (awslabs/aws-support-tools 174), and terraform-provider-aws waits 45 (internal/service/ec2/vpc_security_group.go).
    "security_group_unused": (Passing(10, 270, "DependencyViolation", ("has a dependent object",)),),
}


# EC2, IAM, ECS and DynamoDB document that a read may not show a change at once; the EC2 API guide ('Eventual
# consistency') advises to ask again with exponential backoff. terraform-provider-aws waits 2 minutes for IAM
# (propagationTimeout); one is enough here, since the next run starts from what there is then.
SEEN_FIRST_DELAY, SEEN_LONGEST_DELAY, SEEN_ATTEMPTS = 0.25, 5, 18


class _NotSeenYetError(Exception):
    """Carries the answer that is not good enough."""


class _Seen(CloudRetry):  # type: ignore[misc]  # amazon.aws has no types
    base_class = _NotSeenYetError


def until(ask: Callable[[], Any], good: Callable[[Any], bool]) -> Any:
    """What C(ask) answers once it is C(good), asked again for about a minute; the last answer where it never is."""

    def once() -> Any:
        answer = ask()
        if not good(answer):
            raise _NotSeenYetError(answer)
        return answer

    decorate = _Seen.base_decorator(
        retries=SEEN_ATTEMPTS,
        found=lambda _code, _extra: True,
        status_code_from_exception=lambda _error: None,
        catch_extra_error_codes=None,
        sleep_time_generator=BackoffIterator(delay=SEEN_FIRST_DELAY, backoff=2, max_delay=SEEN_LONGEST_DELAY),
    )
    try:
        return decorate(once)()
    except _NotSeenYetError as error:
        return error.args[0]


def _code_and_message(error: Any) -> tuple[str, str]:
    details = error.response["Error"]
    return details.get("Code", ""), details.get("Message", "")


def _passes(refusal: tuple[str, str], rows: tuple[Passing, ...]) -> bool:
    code, message = refusal
    return any(code == row.code and any(words in message for words in row.words) for row in rows)


def patiently(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """C(call), which asks again as the row of the table says. The last refusal is raised as it is."""
    rows = RETRIES[name]
    decorate = AWSRetry.base_decorator(
        retries=max(row.attempts for row in rows),
        found=_passes,
        status_code_from_exception=_code_and_message,
        catch_extra_error_codes=rows,
        sleep_time_generator=BackoffIterator(delay=rows[0].delay, backoff=1),
    )
    wrapped: Callable[..., Any] = decorate(call)
    return wrapped
