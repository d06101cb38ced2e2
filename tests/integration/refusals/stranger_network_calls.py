"""What the stranger's calls of this part have in common."""

from __future__ import annotations

GONE_GROUP = "sg-0123456789abcdef0"
