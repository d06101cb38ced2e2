from __future__ import annotations

from tests.integration.running import Runner

GROUP = {"name": "/aws/lambda/Example", "retention_days": 90, "deployment": "chatbot-test"}


def test_life(run_module: Runner) -> None:
    run_module.applied("logs_log_group", GROUP)
    drifted = run_module.applied("logs_log_group", {**GROUP, "retention_days": 30})
    assert drifted["changes"] == {"retention_days": {"before": 90, "after": 30}}
    run_module.applied("logs_log_group", {**GROUP, "state": "absent"})
