"""Calls that are throttled or fail on AWS's side, for so many in a hundred of all calls.

Each service has a throttling code of its own. What botocore knows as one is in its ``data/_retry.json``.
"""

from __future__ import annotations

from local_cloud.control.calls import AwsError, Call

# Common errors of each service's API reference; EC2 API guide, 'Request throttling'; the status is AWS's own.
THROTTLED: dict[str, tuple[str, str, int]] = {
    "ec2": ("RequestLimitExceeded", "Request limit exceeded.", 503),
    "iam": ("Throttling", "Rate exceeded", 400),
    "sts": ("Throttling", "Rate exceeded", 400),
    "elbv2": ("Throttling", "Rate exceeded", 400),
    "cloudwatch": ("Throttling", "Rate exceeded", 400),
    "lambda": ("TooManyRequestsException", "Rate exceeded", 429),
    "apigateway": ("TooManyRequestsException", "Too Many Requests", 429),
}
# All services with AWS's JSON protocol.
OTHERS = ("ThrottlingException", "Rate exceeded", 400)
FAULTS: dict[str, tuple[str, str, int]] = {
    "ec2": ("InternalError", "An internal error has occurred. Retry your request.", 500),
    "iam": ("ServiceFailure", "The request processing has failed because of an unknown error.", 500),
    "lambda": ("ServiceException", "An error occurred and the request cannot be processed.", 500),
    "apigateway": ("ServiceUnavailableException", "The requested service is not available.", 503),
    "dynamodb": ("InternalServerError", "The request processing has failed because of an unknown error.", 500),
    "ecs": ("ServerException", "Service Unavailable. Please try again later.", 500),
}
OTHER_FAULTS = ("InternalFailure", "The request processing has failed because of an unknown error.", 500)


def strike(call: Call) -> None:
    """Raise AWS's error for a call that is hit. Nothing was executed then."""
    clock = call.state.clock
    throttled, failing = clock.settings.throttle_percent, clock.settings.error_percent
    if not throttled and not failing:
        return
    thrown = clock.dice.uniform(0, 100)
    if thrown < throttled:
        raise AwsError(*THROTTLED.get(call.service, OTHERS))
    if thrown < throttled + failing:
        raise AwsError(*FAULTS.get(call.service, OTHER_FAULTS))
