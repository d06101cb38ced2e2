# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The one way to talk to AWS: arguments, retries, pages, errors as one message.

Stands on amazon.aws's C(AnsibleAWSModule), which brings credentials, region, endpoint and TLS options.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

with contextlib.suppress(ImportError):  # AnsibleAWSModule says plainly that boto3 is missing.
    from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.private_rag.aws.plugins.module_utils._clients import shared
from ansible_collections.private_rag.aws.plugins.module_utils._plan import noted
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import ReconcileError, Resource, reconcile

# Standard mode retries throttling, 5xx and connection errors with jittered exponential backoff of at most 20 s:
# https://boto3.amazonaws.com/v1/documentation/api/latest/guide/retries.html
# Ten attempts are up to 111 s of waiting (1, 2, 4, 8, 16 and four times 20). Of calls of which 6 in 100 fail by chance,
# one in 10^12 fails ten times in a row.
_RETRIES = {"retries": {"mode": "standard", "total_max_attempts": 10}}

STATE_SPEC: dict[str, Any] = {"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}}
OWNED_SPEC: dict[str, Any] = {
    "tags": {"type": "dict", "aliases": ["resource_tags"]},
    "deployment": {"type": "str"},
    "adopt": {"type": "bool", "default": False},
}


class AwsModule(AnsibleAWSModule):  # type: ignore[misc]  # amazon.aws has no types
    """An AnsibleAWSModule whose clients are shared by the modules of a process that may share them."""

    def client(self, service: str) -> Any:
        """A boto3 client; see C(_clients.py)."""
        return shared(self, service, lambda: super(AwsModule, self).client(service))


def make_module(argument_spec: dict[str, Any], owned: bool = False, state: bool = True, **kwargs: Any) -> Any:
    """A module with check mode, our retries, and the shared options C(state) and, if C(owned), C(tags),
    C(deployment), C(adopt).
    """
    common = {**(STATE_SPEC if state else {}), **(OWNED_SPEC if owned else {})}
    if common.keys() & argument_spec.keys():
        raise ValueError(f"options with a second meaning: {sorted(common.keys() & argument_spec.keys())}")
    spec = {**common, **argument_spec}
    module = AwsModule(argument_spec=spec, supports_check_mode=True, **kwargs)
    if not module.params.get("aws_config"):
        module.params["aws_config"] = _RETRIES
    return module


def run(resource_type: type[Resource], argument_spec: dict[str, Any], owned: bool = False, **kwargs: Any) -> None:
    """A whole module: reconcile one resource and exit, with every fault as one readable message."""
    module = make_module(argument_spec, owned=owned, **kwargs)
    answer(module, lambda: reconcile(resource_type(module)), f"reconcile the {resource_type.kind}")


def answer(module: Any, work: Callable[[], dict[str, Any]], what: str) -> None:
    """Exit with what C(work) returns, in check mode with its note for the plan.

    AWS's refusals and ReconcileErrors become the module's failure message.
    """
    try:
        result = work()
    except ReconcileError as error:
        module.fail_json(msg=str(error))
    except WaiterError as error:
        module.fail_json(msg=f"Could not {what}: {error}. AWS may still be at work: run again to go on.")
    except ClientError as error:
        details = error.response.get("Error", {})
        module.fail_json(
            msg=f"Could not {what}: {error.operation_name} was refused: {details.get('Message') or error}",
            error_code=details.get("Code"),
            operation=error.operation_name,
        )
    except BotoCoreError as error:
        module.fail_json(msg=f"Could not {what}: {error}")
    else:
        facts = {"ansible_facts": noted(result)} if module.check_mode and "action" in result else {}
        module.exit_json(**result, **facts)


def pages(client: Any, operation: str, result_key: str, **kwargs: Any) -> list[dict[str, Any]]:
    """All items of a paginated call, for example C(pages(ec2, "describe_subnets", "Subnets", Filters=...))."""
    return list(client.get_paginator(operation).paginate(**kwargs).build_full_result().get(result_key, []))
