# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What ansible-core does anew for each template that it renders, done once: compiling it, wrapping all variables."""

from __future__ import annotations

import functools
import operator
from typing import Any

from ansible._internal._templating._jinja_bits import (
    _TEMPLATE_OVERRIDE_FIELD_NAMES,
    AnsibleEnvironment,
    _TemplateCompileContext,
)
from ansible._internal._templating._lazy_containers import _AnsibleLazyTemplateDict, _LazyValue, _LazyValueSource
from ansible._internal._templating._utils import TemplateContext
from ansible_collections.private_rag.aws.plugins.plugin_utils._compiled import Compiled

# Fewer are wrapped as quickly as looked at.
MANY = 50


@functools.cache
def compile_once(kept: Compiled) -> None:
    """Let all templates of the same text share their code.

    ansible-core renders a variable each time that it is used, and compiles it before. What is compiled follows from the
    text, from the markers and line handling that C(#jinja2:) may override, and from whether backslashes are escaped:
    C(optimized) is off in ansible-core's environment, so nothing is computed while compiling. Filters, tests and
    variables are looked up when the code runs. The collection's own templates are taken from C(kept) and put there.
    """
    compile_template = AnsibleEnvironment.compile
    codes: dict[Any, Any] = {}

    def compiled(self: Any, source: Any, name: Any = None, filename: Any = None, **options: Any) -> Any:
        if not isinstance(source, str) or name or filename or options or self._debuggable_template_source:
            return compile_template(self, source, name, filename, **options)
        context = _TemplateCompileContext.current(optional=True)
        marks = tuple(getattr(self, field) for field in _TEMPLATE_OVERRIDE_FIELD_NAMES)
        key = (str(source), marks, bool(context and context.escape_backslashes))
        if key not in codes:
            code = kept.get(key) if kept.keeps(source) else None
            if code is None:
                code = compile_template(self, source)
                if kept.keeps(source):
                    kept.put(key, code)
            codes[key] = code
        return codes[key]

    AnsibleEnvironment.compile = compiled


@functools.cache
def wrap_once() -> None:
    """Let the templates of a task share the wrappers of its variables.

    ansible-core gives each template a context of its own, with each variable in a wrapper that says that it is not
    rendered yet. A task has hundreds of variables and renders dozens of templates. A wrapper only holds a value and
    never changes: what was rendered takes its place in that one context. So the wrappers of a dictionary serve as long
    as it holds the same objects.
    """
    wrap_anew = _AnsibleLazyTemplateDict._lazy_values
    last = Wrapped({})

    def wrap(values: dict[Any, Any], lazy_options: Any) -> Any:
        nonlocal last
        if len(values) < MANY:
            return wrap_anew(values, lazy_options)
        wrapped = last
        if not wrapped.hold(values):
            wrapped = last = Wrapped(values)
        return _LazyValueSource(
            source=wrapped.wrappers, templar=TemplateContext.current().templar, lazy_options=lazy_options
        )

    _AnsibleLazyTemplateDict._lazy_values = staticmethod(wrap)


class Wrapped:
    """The wrappers of a dictionary's values as they were."""

    def __init__(self, values: dict[Any, Any]) -> None:
        self._keys = list(values)
        self._values = list(values.values())
        self.wrappers = {key: _LazyValue(value) for key, value in zip(self._keys, self._values, strict=True)}

    def hold(self, values: dict[Any, Any]) -> bool:
        """Whether they are those of C(values) as it is now: the same objects under the same names in the same order."""
        return (
            len(values) == len(self._keys)
            and all(map(operator.is_, values.values(), self._values))
            and list(values) == self._keys
        )
