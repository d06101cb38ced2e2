# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Templates compiled once a process instead of each time one is rendered."""

from __future__ import annotations

import functools
from typing import Any

from ansible._internal._templating._jinja_bits import (
    _TEMPLATE_OVERRIDE_FIELD_NAMES,
    AnsibleEnvironment,
    _TemplateCompileContext,
)


@functools.cache
def compile_once() -> None:
    """Let all templates of the same text share their code.

    ansible-core renders a variable each time that it is used, and compiles it before. What is compiled follows from the
    text, from the markers and line handling that C(#jinja2:) may override, and from whether backslashes are escaped:
    C(optimized) is off in ansible-core's environment, so nothing is computed while compiling. Filters, tests and
    variables are looked up when the code runs.
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
            codes[key] = compile_template(self, source)
        return codes[key]

    AnsibleEnvironment.compile = compiled
