"""Answers as safe HTML: pure functions from text to markup.

An answer is made from documents and a model, so it is hostile until shown otherwise (OWASP LLM05, improper
output handling). markdown-it parses it with raw HTML, images and link definitions off; what it does not know
comes out as escaped text, and a link becomes active only if it is https to a host of the allow-list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, override
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from chat import texts
from chat.answers import Answer, Citation

# Characters that nobody sees but that carry hidden text or turn its order round: tags, variation selectors,
# zero-width and bidirectional controls, and control characters other than tab and newline.
_INVISIBLE = re.compile(
    "[\U000e0000-\U000e007f\ufe00-\ufe0f\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff"
    "\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
# A marker such as [1], or several in one pair of brackets.
_MARKER = re.compile(r"\[(\d{1,3}(?:\s*[,、]\s*\d{1,3})*)\]")
_LINK_ATTRIBUTES = 'target="_blank" rel="noopener noreferrer nofollow"'

Chip = Callable[[str], str | None]


def clean(text: str) -> str:
    """The text without invisible characters."""
    return _INVISIBLE.sub("", text.replace("\r\n", "\n"))


def question_html(question: str) -> str:
    """A question exactly as it was typed."""
    return f'<div class="rag-question" lang="ja">{escape(clean(question))}</div>'


def error_html(message: str, request_id: str) -> str:
    """A plain message and the id under which the case is found in the logs."""
    reference = f'<p class="rag-request-id">{texts.REQUEST_ID}: <code>{escape(clean(request_id))}</code></p>'
    return (
        f'<div class="rag-error" role="alert" lang="ja"><p class="rag-error-message">{escape(clean(message))}</p>'
        f"{reference if request_id else ''}</div>"
    )


def notices_html(notices: Sequence[str]) -> str:
    """What the reader should know besides the answer; nothing where there is nothing."""
    lines = "".join(f"<p>{escape(clean(notice))}</p>" for notice in notices)
    return f'<div class="rag-notices" role="note" lang="ja">{lines}</div>' if lines else ""


def account_html(name: str) -> str:
    """Who is signed in; a provider that tells no name leaves it out."""
    label = f"{texts.SIGNED_IN}: {name}" if name else texts.SIGNED_IN
    return f'<p class="rag-account" lang="ja">{escape(clean(label))}</p>'


def answer_html(answer: Answer, anchor: str, link_hosts: frozenset[str] = frozenset()) -> str:
    """An answer with its sources. `anchor` sets the ids of this answer's sources apart from all others."""
    numbers = number_citations(answer.citations)
    titles = {n: citation.title for n, citation in numbers.items()}

    def chip(number: str) -> str | None:
        if number not in titles:
            return None
        label = escape(clean(f"{texts.SOURCES} {number}: {titles[number]}"))
        return f'<a class="rag-cite" href="#{anchor}-{number}" aria-label="{label}" title="{label}">{number}</a>'

    body = _markdown(link_hosts, chip).render(clean(answer.response))
    return f'<div class="rag-answer" lang="ja">{body}</div>{_sources_html(numbers, anchor, link_hosts)}'


def partial_html(settled: str, draft: str, link_hosts: frozenset[str] = frozenset()) -> str:
    """An answer that is still coming: checked sentences, then the words of the next one as plain text."""
    body = _markdown(link_hosts, lambda _number: None).render(clean(settled)).rstrip()
    words = f'<span class="rag-draft">{escape(clean(draft))}</span>' if draft else ""
    inside = body.endswith("</p>") and not settled.endswith("\n")
    body = f"{body.removesuffix('</p>')}{words}</p>" if inside else f"{body}<p>{words}</p>"
    return f'<div class="rag-answer" lang="ja" aria-live="polite">{body}</div>'


def number_citations(citations: Sequence[Citation]) -> dict[str, Citation]:
    """The citations by the number that marks them in the text: their own id where all ids are numbers (so that
    [3] finds citation 3 of a list that only holds 1 and 3), else their place in the list."""
    if all(citation.id.isascii() and citation.id.isdigit() for citation in citations):
        return {citation.id: citation for citation in citations}
    return {str(position): citation for position, citation in enumerate(citations, start=1)}


def safe_link(url: str, link_hosts: frozenset[str]) -> bool:
    """Whether a link may be active: https, to a host of the list, without credentials or another port."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = parts.username is None and parts.password is None and port in (None, 443)
    return parts.scheme == "https" and plain and (parts.hostname or "") in link_hosts


def _sources_html(numbers: Mapping[str, Citation], anchor: str, link_hosts: frozenset[str]) -> str:
    if not numbers:
        return ""
    items = "".join(_source_html(number, item, anchor, link_hosts) for number, item in numbers.items())
    return (
        f'<div class="rag-sources" lang="ja"><p class="rag-sources-label">{texts.SOURCES}</p>'
        f'<ol class="rag-source-list">{items}</ol></div>'
    )


def _source_html(number: str, citation: Citation, anchor: str, link_hosts: frozenset[str]) -> str:
    title = escape(clean(citation.title or citation.source))
    source = escape(clean(citation.source))
    if safe_link(citation.source, link_hosts):
        source = f'<a href="{source}" {_LINK_ATTRIBUTES}>{source}</a>'
    line = (
        f'<span class="rag-source-number">{escape(number)}</span>'
        f'<span class="rag-source-title">{title}</span><span class="rag-source-ref">{source}</span>'
    )
    head = f'<li class="rag-source" id="{anchor}-{escape(number)}">'
    if not citation.snippet.strip():
        return f'{head}<div class="rag-source-line">{line}</div></li>'
    snippet = f'<p class="rag-source-snippet">{escape(clean(citation.snippet.strip()))}</p>'
    return f'{head}<details><summary class="rag-source-line">{line}</summary>{snippet}</details></li>'


class _Parser(MarkdownIt):
    """markdown-it with its hook for links; a link that does not pass stays the text that it was written as."""

    link_hosts: frozenset[str] = frozenset()

    @override
    def validateLink(self, url: str) -> bool:
        return safe_link(url, self.link_hosts)


def _markdown(link_hosts: frozenset[str], chip: Chip) -> MarkdownIt:
    """CommonMark with tables, and nothing that loads or leads anywhere."""
    parser = _Parser("commonmark", {"html": False, "breaks": True})
    parser.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline", "reference"])
    parser.link_hosts = link_hosts
    parser.add_render_rule("text", lambda _self, tokens, index, *_: _text(tokens[index].content, chip))
    parser.add_render_rule("link_open", _link_open)
    parser.core.ruler.push("rag_headings", lambda state: _lower_headings(state.tokens))
    return parser


def _text(content: str, chip: Chip) -> str:
    """A run of plain text: escaped, its citation markers as chips; a marker without citation stays text."""

    def replace(match: re.Match[str]) -> str:
        chips = [chip(number) for number in re.split(r"\s*[,、]\s*", match.group(1))]
        known = [one for one in chips if one is not None]
        return f'<sup class="rag-cites">{"".join(known)}</sup>' if len(known) == len(chips) else match.group(0)

    return _MARKER.sub(replace, escape(content))


def _link_open(_self: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
    return f'<a href="{escape(str(tokens[index].attrGet("href") or ""))}" {_LINK_ATTRIBUTES}>'


def _lower_headings(tokens: Sequence[Token]) -> None:
    """Headings of an answer stand below the page's own."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
