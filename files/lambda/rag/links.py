"""Links in the model's answer, made plain text: a picture or a link can carry a conversation outside."""

from __future__ import annotations

import re
from collections.abc import Iterable

OMITTED = "（URL省略）"
_URL = re.compile(r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.)[!#-;=?-~]+", re.IGNORECASE)
_TRAILING = ".,;:!?)]}'*_`"


def defuse(text: str, known: Iterable[str]) -> str:
    """The answer without working Markdown links or images; addresses stay only if a `known` text has them."""
    corpus = "\n".join(known)

    def replace(match: re.Match[str]) -> str:
        address = match[0].rstrip(_TRAILING)
        return match[0] if address in corpus else OMITTED + match[0][len(address) :]

    # `![` opens a picture, `](` an inline link, `][` + `]:` a link by reference. The numbers' own `][` stays:
    # without a definition it links nowhere.
    text = re.sub(r"!+\[", "[", text)
    text = re.sub(r"\](?=[(:])", "] ", text)
    return _URL.sub(replace, text)
