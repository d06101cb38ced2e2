"""The stranger's set: written from AWS's pages and from answers recorded on AWS, without reading the rules.

It was committed before it was first measured. Half of the faulty calls, drawn by a seed, is what rules may be
made from; the other half is only ever measured, so that its rate says something of calls that nobody has looked at.
"""

from __future__ import annotations

import random

from tests.integration.refusals.stranger import (
    apigateway_apis,
    apigateway_methods,
    apigateway_stages,
    bedrock,
    dynamodb,
    ec2_endpoints,
    ec2_groups,
    ec2_network,
    ecr,
    ecs_services,
    ecs_tasks,
    iam_policies,
    iam_roles,
    lambda_changes,
    lambda_creation,
    listeners,
    load_balancers,
    logs,
    sane_balancers,
    sane_containers,
    sane_functions,
    sane_gateway,
    sane_identity,
    sane_images,
    sane_logs,
    sane_network,
    sane_scaling,
    sane_secrets,
    sane_tables,
    scaling,
    secrets,
    sts_tokens,
)

SEED = 20261129
STRANGE = (
    *ec2_groups.STRANGE,
    *ec2_network.STRANGE,
    *ec2_endpoints.STRANGE,
    *iam_roles.STRANGE,
    *iam_policies.STRANGE,
    *sts_tokens.STRANGE,
    *lambda_creation.STRANGE,
    *lambda_changes.STRANGE,
    *bedrock.STRANGE,
    *apigateway_apis.STRANGE,
    *apigateway_methods.STRANGE,
    *apigateway_stages.STRANGE,
    *dynamodb.STRANGE,
    *logs.STRANGE,
    *secrets.STRANGE,
    *ecr.STRANGE,
    *load_balancers.STRANGE,
    *listeners.STRANGE,
    *scaling.STRANGE,
    *ecs_tasks.STRANGE,
    *ecs_services.STRANGE,
)
_DRAWN = frozenset(random.Random(SEED).sample(sorted(one.id for one in STRANGE), len(STRANGE) // 2))
FOR_MENDING = tuple(one for one in STRANGE if one.id in _DRAWN)
ONLY_MEASURED = tuple(one for one in STRANGE if one.id not in _DRAWN)
SANE = (
    *sane_network.SANE,
    *sane_identity.SANE,
    *sane_balancers.SANE,
    *sane_functions.SANE,
    *sane_gateway.SANE,
    *sane_containers.SANE,
    *sane_scaling.SANE,
    *sane_tables.SANE,
    *sane_logs.SANE,
    *sane_secrets.SANE,
    *sane_images.SANE,
)
