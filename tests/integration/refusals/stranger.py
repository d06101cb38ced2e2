"""The stranger's set: written from AWS's pages and from answers recorded on AWS, without reading the rules.

It was committed before it was first measured. Half of the faulty calls, drawn by a seed, is what rules may be
made from; the other half is only ever measured, so that its rate says something of calls that nobody has looked at.
"""

from __future__ import annotations

import random

from tests.integration.refusals import (
    stranger_balancing_balancers,
    stranger_balancing_listeners,
    stranger_balancing_scaling,
    stranger_containers_services,
    stranger_containers_tasks,
    stranger_functions_change,
    stranger_functions_create,
    stranger_functions_models,
    stranger_gateway_apis,
    stranger_gateway_methods,
    stranger_gateway_stages,
    stranger_identity_policies,
    stranger_identity_roles,
    stranger_identity_tokens,
    stranger_network_endpoints,
    stranger_network_groups,
    stranger_network_network,
    stranger_sane_network_balancing,
    stranger_sane_network_identity,
    stranger_sane_network_network,
    stranger_sane_services_containers,
    stranger_sane_services_functions,
    stranger_sane_services_gateway,
    stranger_sane_services_scaling,
    stranger_sane_storage_images,
    stranger_sane_storage_logs,
    stranger_sane_storage_secrets,
    stranger_sane_storage_tables,
    stranger_storage_dynamodb,
    stranger_storage_ecr,
    stranger_storage_logs,
    stranger_storage_secrets,
)

SEED = 20261129
STRANGE = (
    *stranger_network_groups.STRANGE,
    *stranger_network_network.STRANGE,
    *stranger_network_endpoints.STRANGE,
    *stranger_identity_roles.STRANGE,
    *stranger_identity_policies.STRANGE,
    *stranger_identity_tokens.STRANGE,
    *stranger_functions_create.STRANGE,
    *stranger_functions_change.STRANGE,
    *stranger_functions_models.STRANGE,
    *stranger_gateway_apis.STRANGE,
    *stranger_gateway_methods.STRANGE,
    *stranger_gateway_stages.STRANGE,
    *stranger_storage_dynamodb.STRANGE,
    *stranger_storage_logs.STRANGE,
    *stranger_storage_secrets.STRANGE,
    *stranger_storage_ecr.STRANGE,
    *stranger_balancing_balancers.STRANGE,
    *stranger_balancing_listeners.STRANGE,
    *stranger_balancing_scaling.STRANGE,
    *stranger_containers_tasks.STRANGE,
    *stranger_containers_services.STRANGE,
)
_DRAWN = frozenset(random.Random(SEED).sample(sorted(one.id for one in STRANGE), len(STRANGE) // 2))
FOR_MENDING = tuple(one for one in STRANGE if one.id in _DRAWN)
ONLY_MEASURED = tuple(one for one in STRANGE if one.id not in _DRAWN)
SANE = (
    *stranger_sane_network_network.SANE,
    *stranger_sane_network_identity.SANE,
    *stranger_sane_network_balancing.SANE,
    *stranger_sane_services_functions.SANE,
    *stranger_sane_services_gateway.SANE,
    *stranger_sane_services_containers.SANE,
    *stranger_sane_services_scaling.SANE,
    *stranger_sane_storage_tables.SANE,
    *stranger_sane_storage_logs.SANE,
    *stranger_sane_storage_secrets.SANE,
    *stranger_sane_storage_images.SANE,
)
