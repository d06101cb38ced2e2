"""The environment of a function's process. Pure.

Names and meaning: Lambda developer guide, 'Working with Lambda environment variables', 'Defined runtime
environment variables'. Nothing of our own process's environment is handed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local_cloud.data.lambda_runtime.function import Function

TASK_ROOT = "/var/task/"
"""Where Lambda unpacks a package; here it is another folder."""


@dataclass(frozen=True)
class Place:
    """Where a process runs: its code, the runtime's packages and start (see `packages.bootstrap`), the interpreter,
    its Runtime API `host:port`."""

    task_root: Path
    runtime_packages: Path
    bootstrap: tuple[Path, Path]
    interpreter: Path
    runtime_api: str
    region: str


def command(place: Place, function: Function) -> list[str]:
    """The interpreter and the runtime's start, or the wrapper that AWS_LAMBDA_EXEC_WRAPPER names, with both of them
    as its arguments (Lambda developer guide, 'Modifying the runtime environment', 'Using wrapper scripts')."""
    runtime = [str(part) for part in place.bootstrap]
    wrapper = dict(function.variables).get("AWS_LAMBDA_EXEC_WRAPPER", "")
    here = wrapper.replace(TASK_ROOT, f"{place.task_root}/", 1) if wrapper.startswith(TASK_ROOT) else wrapper
    return [here, *runtime] if here else runtime


def environment(
    place: Place,
    function: Function,
    log_stream: str,
    credentials: Mapping[str, str],
    proxy: Mapping[str, str],
) -> dict[str, str]:
    """The function's own variables never win over reserved ones, nor over the way to the network."""
    reserved = {
        "_HANDLER": function.handler,
        "AWS_REGION": place.region,
        "AWS_DEFAULT_REGION": place.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_LAMBDA_LOG_FORMAT": function.log_format,
        "AWS_LAMBDA_RUNTIME_API": place.runtime_api,
        "LAMBDA_TASK_ROOT": str(place.task_root),
        "LAMBDA_RUNTIME_DIR": str(place.runtime_packages),
        **credentials,
    }
    unreserved = {
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PATH": f"{place.interpreter.parent}:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": f"{place.task_root}:{place.runtime_packages}",
    }
    return {**unreserved, **dict(function.variables), **proxy, **reserved}
