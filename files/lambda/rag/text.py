"""Text that came from outside, made harmless to compare and to show."""

from __future__ import annotations

import re
import unicodedata

# Characters that a reader does not see but a model does: tags (U+E0000-E007F) and variation selectors carry
# hidden instructions, zero-width and bidirectional controls disguise what is written (OWASP LLM Top 10,
# "prompt injection"). Lone surrogates cannot be encoded; control characters other than tab and newline
# have no place in a text.
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e01ef]"
)
_LINE_BREAK = re.compile("\r\n?|[\u0085\u2028\u2029]")
# NFKC changes none of the most usual characters (kana, kanji, ASCII, 、。「」 and the like), nor joins one to the one
# before it. So only runs of others are normalised, each with the character that it may join to: a third of the time.
_TO_NORMALISE = re.compile(".?[^\u0000-\u007f\u3001-\u3020\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff]+", re.DOTALL)
_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f]")


def visible(text: str) -> str:
    """The text without what nobody can see; line breaks become `\\n`."""
    return _HIDDEN.sub("", _LINE_BREAK.sub("\n", text))


def fold(text: str) -> str:
    """The form in which texts are compared: NFKC, lower case, nothing hidden."""
    return _TO_NORMALISE.sub(_normalised, visible(text)).lower()


def _normalised(run: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", run[0])


def one_line(text: str) -> str:
    return " ".join(text.split())


def is_japanese(text: str) -> bool:
    return _JAPANESE.search(text) is not None
