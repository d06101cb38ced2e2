"""Which tasks ansible-playbook does itself, and that templates of the same text share their code."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible._internal._datatag._tags import TrustedAsTemplate
from ansible._internal._templating._engine import TemplateEngine
from ansible._internal._templating._jinja_bits import AnsibleEnvironment
from ansible_collections.private_rag.aws.plugins.plugin_utils import _here, _templates
from ansible_collections.private_rag.aws.plugins.plugin_utils._compiled import Compiled
from jinja2 import TemplateSyntaxError

LOCAL = {"ansible_connection": "local"}


def decided(action: str, hosts: int = 1, variables: dict[str, Any] | None = None, **options: Any) -> bool:
    task = SimpleNamespace(**{"action": action, "async_val": 0, "delegate_to": None, "connection": "ssh", **options})
    strategy = SimpleNamespace(_hosts_cache=["host"] * hosts, _step=False)
    return _here.runs_here(strategy, task, LOCAL if variables is None else variables)


@pytest.mark.parametrize(
    "action",
    [
        "private_rag.aws.iam_role_set",
        "ansible.builtin.set_fact",
        "debug",
        "ansible.builtin.copy",
        "private_rag.aws.inventory_check",
    ],
)
def test_modules_and_harmless_actions_are_done_here(action: str) -> None:
    assert decided(action)


@pytest.mark.parametrize("action", ["ansible.builtin.template", "ansible.builtin.pause", "ansible.builtin.add_host"])
def test_actions_that_do_more_are_left_to_a_worker(action: str) -> None:
    assert not decided(action)


@pytest.mark.parametrize(
    "other",
    [{"hosts": 2}, {"async_val": 30}, {"delegate_to": "localhost"}, {"variables": {}}],
    ids=["hosts", "async", "delegated", "not local"],
)
def test_so_is_what_may_happen_at_the_same_time_or_elsewhere(other: dict[str, Any]) -> None:
    assert not decided("private_rag.aws.iam_role_set", **other)


def test_a_template_is_compiled_once_for_each_set_of_marks(tmp_path: Path) -> None:
    _templates.compile_once(Compiled(tmp_path / "templates"))
    text = "{{ name }}<% if name %>"
    usual, other = AnsibleEnvironment(), AnsibleEnvironment(block_start_string="<%", block_end_string="%>")
    assert usual.compile(text) is AnsibleEnvironment().compile(text)
    with pytest.raises(TemplateSyntaxError):
        other.compile(text)


def test_the_wrappers_of_variables_serve_until_one_is_set() -> None:
    values = {f"name{number}": object() for number in range(3)}
    wrapped = _templates.Wrapped(values)
    assert {key: wrapper.value for key, wrapper in wrapped.wrappers.items()} == values
    assert wrapped.hold(values)
    assert wrapped.hold(dict(values))
    assert not wrapped.hold({**values, "name1": object()})
    assert not wrapped.hold({**values, "more": object()})
    assert not wrapped.hold(dict(reversed(values.items())))


def test_templates_see_what_was_set_since() -> None:
    _templates.wrap_once()
    variables = {f"name{number}": number for number in range(_templates.MANY)}
    engine = TemplateEngine(variables=variables)
    template = TrustedAsTemplate().tag("{{ name0 + name1 }}")
    assert engine.template(template) == 1
    variables["name1"] = TrustedAsTemplate().tag("{{ name2 * 10 }}")
    assert engine.template(template) == 20
