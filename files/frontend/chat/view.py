"""The page itself: what Streamlit draws, top to bottom."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import streamlit as st

from chat import render, texts
from chat.answers import Draft
from chat.api import ChatApi
from chat.conversation import Conversation, Turn
from chat.errors import ChatError
from chat.settings import Settings

STYLE = Path(__file__).with_name("page.css")
ICON = Path(__file__).with_name("icon.svg")


def show(api: ChatApi, settings: Settings) -> None:
    """Draws the conversation and asks the question that waits, if one does."""
    conversation: Conversation = st.session_state.setdefault("conversation", Conversation())
    # The input is drawn first so that what follows already knows the question; it sits at the bottom anyway.
    # `disable` keeps a second question from cutting off the one that is being answered.
    typed = st.chat_input(
        texts.PLACEHOLDER, key="question", max_chars=settings.max_question_chars, submit_mode="disable"
    )
    if typed:
        conversation.add(typed)
    _header(conversation)
    if not conversation.turns:
        _welcome(conversation, settings.example_questions)
    for index, turn in enumerate(conversation.turns):
        _turn(conversation, turn, index, api, settings)


def show_not_configured() -> None:
    """The page when its environment is wrong: the faults themselves are in the log."""
    st.html(STYLE)
    st.title(texts.TITLE, anchor=False)
    st.html(render.error_html(texts.NOT_CONFIGURED, ""))


def _header(conversation: Conversation) -> None:
    st.html(STYLE)
    with st.container(
        key="rag-header", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.title(texts.TITLE, anchor=False, width="content")
        st.button(
            texts.NEW_CONVERSATION,
            key="new-conversation",
            icon=":material/edit_square:",
            on_click=conversation.clear,
            disabled=not conversation.turns,
        )
    st.html(f'<p class="rag-disclaimer" lang="ja">{texts.SUBTITLE}{texts.DISCLAIMER}</p>')


def _welcome(conversation: Conversation, examples: tuple[str, ...]) -> None:
    if not examples:
        return
    with st.container(key="rag-examples"):
        st.html(f'<p class="rag-examples-label" lang="ja">{texts.EXAMPLES}</p>')
        for number, example in enumerate(examples):
            st.button(
                example,
                key=f"example-{number}",
                icon=":material/chat_bubble:",
                on_click=conversation.add,
                args=(example,),
                width="stretch",
            )


def _turn(conversation: Conversation, turn: Turn, index: int, api: ChatApi, settings: Settings) -> None:
    with st.chat_message("user", avatar=":material/person:"):
        st.html(render.question_html(turn.question))
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        if turn.waiting and settings.streaming:
            _follow(conversation, turn, index, api, settings)
        elif turn.waiting:
            with st.spinner(texts.WORKING):
                _ask(conversation, turn, api)
        if turn.cancelled or (turn.error and turn.settled):
            st.html(render.partial_html(turn.settled, turn.draft, settings.link_hosts))
        if turn.cancelled:
            st.html(render.notices_html((texts.CANCELLED,)))
        elif turn.answer:
            answer = render.answer_html(turn.answer, f"source-{index + 1}", settings.link_hosts)
            st.html(answer + render.notices_html(turn.answer.notices))
        elif turn.error:
            _failure(conversation, turn, turn.error, index)


def _ask(conversation: Conversation, turn: Turn, api: ChatApi) -> None:
    """Asks and records in one step, with no Streamlit call between: a rerun in the meantime finds the outcome
    and does not ask twice."""
    try:
        conversation.answered(turn, api.ask(turn.question, conversation.session_id, turn.request_id))
    except ChatError as error:
        turn.error = error


def _follow(conversation: Conversation, turn: Turn, index: int, api: ChatApi, settings: Settings) -> None:
    """Shows the answer as it comes. A click on the button makes Streamlit end this run between two pieces, which
    closes the connection; a rerun for another reason asks under the same request id."""
    turn.begin()
    shown, button = st.empty(), st.empty()
    button.button(texts.CANCEL, key=f"cancel-{index}", icon=":material/stop_circle:", on_click=conversation.cancel)
    redraw = Redraw()
    answer = api.stream(turn.question, conversation.session_id, turn.request_id)
    with st.spinner(texts.WORKING), closing(answer) as lines:
        try:
            for line in lines:
                conversation.take(turn, line)
                if redraw.due(whole=not isinstance(line, Draft)):
                    shown.html(render.partial_html(turn.settled, turn.draft, settings.link_hosts))
        except ChatError as error:
            turn.error = error
    shown.empty()
    button.empty()


class Redraw:
    """Not every word is worth sending the whole answer to the browser again."""

    SECONDS = 0.05

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._last = clock, 0.0

    def due(self, *, whole: bool) -> bool:
        now = self._clock()
        if not whole and now - self._last < self.SECONDS:
            return False
        self._last = now
        return True


def _failure(conversation: Conversation, turn: Turn, error: ChatError, index: int) -> None:
    st.html(render.error_html(error.message, error.request_id))
    if turn is conversation.turns[-1]:
        st.button(texts.RETRY, key=f"retry-{index}", icon=":material/refresh:", on_click=conversation.retry)
