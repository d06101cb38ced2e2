"""The page itself: what Streamlit draws, top to bottom."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import streamlit as st

from chat import render, sign_in, texts
from chat.answers import Draft
from chat.api import ChatApi
from chat.conversation import Conversation, Turn
from chat.errors import ChatError
from chat.settings import Settings
from chat.sign_in import Person, Waiting

STYLE = Path(__file__).with_name("page.css")
ICON = Path(__file__).with_name("icon.svg")


def show(api: ChatApi, settings: Settings) -> None:
    """Draws the conversation and asks the question that waits, if one does."""
    person = sign_in.person() if settings.sign_in.offered else None
    conversation = _conversation(person)
    if settings.sign_in.required and person is None:
        _header(conversation)
        _account(person, settings)
        return
    # The input is drawn first so that what follows already knows the question; it sits at the bottom anyway.
    # `disable` keeps a second question from cutting off the one that is being answered.
    typed = st.chat_input(
        texts.PLACEHOLDER, key="question", max_chars=settings.max_question_chars, submit_mode="disable"
    )
    if typed:
        conversation.add(typed)
    _header(conversation)
    _account(person, settings)
    if not conversation.turns:
        _welcome(conversation, settings.example_questions)
    for index, turn in enumerate(conversation.turns):
        _turn(conversation, turn, index, api, settings, person)


@st.cache_resource(show_spinner=False)
def waiting() -> Waiting:
    """One for the process: signing in loads the page anew, in a session that knows nothing of the old one."""
    return Waiting()


def _conversation(person: Person | None) -> Conversation:
    """This session's conversation; in a new session the one that waited for its user, whose question is asked again."""
    if "conversation" not in st.session_state:
        waited = waiting().take(person) if person else None
        if waited:
            waited.retry()
        st.session_state["conversation"] = waited or Conversation()
    conversation: Conversation = st.session_state["conversation"]
    return conversation


def _account(person: Person | None, settings: Settings) -> None:
    """Who is signed in, and the way in and out."""
    if not settings.sign_in.offered:
        return
    with st.container(key="rag-account", horizontal=True, vertical_alignment="center"):
        if person:
            st.html(render.account_html(person.name))
            st.button(texts.SIGN_OUT, key="sign-out", icon=":material/logout:", on_click=st.logout)
            return
        st.html(render.notices_html((texts.SIGN_IN_FIRST if settings.sign_in.required else texts.PUBLIC_ONLY,)))
        st.button(texts.SIGN_IN, key="sign-in", icon=":material/login:", on_click=st.login)


def _sign_in_again(conversation: Conversation, person: Person | None) -> None:
    if person:
        waiting().keep(person, conversation)
    st.login()


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


def _turn(
    conversation: Conversation, turn: Turn, index: int, api: ChatApi, settings: Settings, person: Person | None
) -> None:
    token = person.token if person else ""
    with st.chat_message("user", avatar=":material/person:"):
        st.html(render.question_html(turn.question))
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        if turn.waiting and person and not person.token:
            turn.error = sign_in.unusable()
        elif turn.waiting and settings.streaming:
            _follow(conversation, turn, index, api, settings, token)
        elif turn.waiting:
            with st.spinner(texts.WORKING):
                _ask(conversation, turn, api, token)
        if turn.cancelled or (turn.error and turn.settled):
            st.html(render.partial_html(turn.settled, turn.draft, settings.link_hosts))
        if turn.cancelled:
            st.html(render.notices_html((texts.CANCELLED,)))
        elif turn.answer:
            answer = render.answer_html(turn.answer, f"source-{index + 1}", settings.link_hosts)
            st.html(answer + render.notices_html(turn.answer.notices))
        elif turn.error:
            _failure(conversation, turn, turn.error, index, settings, person)


def _ask(conversation: Conversation, turn: Turn, api: ChatApi, token: str) -> None:
    """Asks and records in one step, with no Streamlit call between: a rerun in the meantime finds the outcome
    and does not ask twice."""
    try:
        conversation.answered(turn, api.ask(turn.question, conversation.session_id, turn.request_id, token))
    except ChatError as error:
        turn.error = error


def _follow(conversation: Conversation, turn: Turn, index: int, api: ChatApi, settings: Settings, token: str) -> None:
    """Shows the answer as it comes. A click on the button makes Streamlit end this run between two pieces, which
    closes the connection; a rerun for another reason asks under the same request id."""
    turn.begin()
    shown, button = st.empty(), st.empty()
    button.button(texts.CANCEL, key=f"cancel-{index}", icon=":material/stop_circle:", on_click=conversation.cancel)
    redraw = Redraw()
    answer = api.stream(turn.question, conversation.session_id, turn.request_id, token)
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


def _failure(
    conversation: Conversation, turn: Turn, error: ChatError, index: int, settings: Settings, person: Person | None
) -> None:
    st.html(render.error_html(error.message, error.request_id))
    if turn is not conversation.turns[-1]:
        return
    if settings.sign_in.offered and error.code in sign_in.CODES:
        st.button(
            texts.SIGN_IN_AGAIN,
            key=f"sign-in-again-{index}",
            icon=":material/login:",
            on_click=_sign_in_again,
            args=(conversation, person),
        )
    else:
        st.button(texts.RETRY, key=f"retry-{index}", icon=":material/refresh:", on_click=conversation.retry)
