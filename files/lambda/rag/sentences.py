"""Where one sentence of an answer ends and the next begins, also while the answer is still being written. Pure."""

from __future__ import annotations

import re

# A sentence keeps the citation markers and the blanks that follow its end. What ends within quotation marks does not
# end the sentence around them; nor does an ASCII mark without a blank ("Yahoo!ニュース", "1.5").
_MARKER = r"[\[［【][^\[\]［］【】\n]{0,40}[\]］】]"
_END = r"(?:[。！？]+(?![。！？」』）)\u201d])|[.!?]+(?=\s)|\n)"
_TAIL = rf"(?:\s*{_MARKER})*[。.]?\s*"
# The sentence is over once something else has begun.
_SENTENCE = re.compile(rf".*?{_END}{_TAIL}(?=[^\s\[［【」』）)\u201d。.！？!?])", re.DOTALL)


def cut(text: str) -> tuple[list[str], str]:
    """The sentences that are surely whole, and the rest; joined they are the text again."""
    found: list[str] = []
    start = 0
    while match := _SENTENCE.match(text, start):
        found.append(match[0])
        start = match.end()
    return found, text[start:]
