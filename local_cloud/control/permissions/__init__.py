"""Who may do what: each call's principal, the IAM permissions it needs, and the verdict of the deployed policies.

``principals``  access key -> root, user or role session
``needs``       the table (service, operation) -> permissions; ``actions/`` fills it, one module per service
``documents``   the deployed policies: identity, boundary, VPC endpoint, resource
``judgement``   the decision, and AWS's words for a refusal
``enforce``     the step in the control plane's pipeline

Every principal is judged but the account's root, whose access key ``testing`` is.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from local_cloud.control.permissions import actions


def load() -> None:
    """Import every module of ``actions``, so that its rows are registered."""
    for module in iter_modules(actions.__path__):
        import_module(f"{actions.__name__}.{module.name}")
