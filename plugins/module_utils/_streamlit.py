# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The chat page as a browser's script sees it: Streamlit's messages folded into a tree, a question put into its
input field, the answer read from its last message.

The wire format is Streamlit's own (C(streamlit.proto)): the page sends C(BackMsg), the server C(ForwardMsg), each
one binary WebSocket message at C(/_stcore/stream).
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from time import monotonic
from typing import Protocol

from ansible_collections.private_rag.aws.plugins.module_utils._streamlit_html import ChatAnswer, read_message

try:
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.Block_pb2 import Block
    from streamlit.proto.ClientState_pb2 import ClientState
    from streamlit.proto.Element_pb2 import Element
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from streamlit.proto.WidgetStates_pb2 import WidgetState

    STREAMLIT_IMPORT_ERROR: str | None = None
except ImportError:
    STREAMLIT_IMPORT_ERROR = traceback.format_exc()

Path = tuple[int, ...]


class PageError(Exception):
    """The page did not do what a chat page does; the message is fit to show to an operator."""


class Connection(Protocol):
    """A WebSocket. C(receive) takes seconds and raises TimeoutError."""

    def send(self, message: bytes) -> None: ...

    def receive(self, timeout: float) -> bytes: ...


class Page:
    """What one run of the script drew: blocks and elements by their place."""

    def __init__(self) -> None:
        self.script_hash = ""
        self.blocks: dict[Path, Block] = {}
        self.elements: dict[Path, Element] = {}

    def apply(self, message: ForwardMsg) -> None:
        """Takes one message of the server in."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.blocks.clear()
            self.elements.clear()
            self.script_hash = message.new_session.page_script_hash
        elif kind == "delta":
            self._draw(tuple(message.metadata.delta_path), message)

    def _draw(self, path: Path, message: ForwardMsg) -> None:
        kind = message.delta.WhichOneof("type")
        if kind == "add_block":
            self.blocks[path] = message.delta.add_block
        elif kind == "new_element":
            for old in [p for p in (*self.blocks, *self.elements) if p[: len(path)] == path]:
                self.blocks.pop(old, None)
                self.elements.pop(old, None)
            self.elements[path] = message.delta.new_element

    def chat_input_id(self) -> str:
        """The widget id of the input field. Raises PageError where the page has none."""
        for element in self.elements.values():
            if element.WhichOneof("type") == "chat_input":
                return str(element.chat_input.id)
        raise PageError("the page has no chat input: " + (self.text() or "it shows nothing"))

    def last_answer(self) -> ChatAnswer:
        """The last message of the assistant."""
        messages = [
            path
            for path, block in self.blocks.items()
            if block.WhichOneof("type") == "chat_message" and block.chat_message.name == "assistant"
        ]
        if not messages:
            raise PageError("the page shows no answer: " + (self.text() or "it shows nothing"))
        return read_message("\n".join(self._bodies(max(messages))))

    def text(self) -> str:
        """All words of the page that an operator needs to see what went wrong, at most 300 characters."""
        shown = read_message("\n".join(self._bodies(())))
        return (shown.error or shown.answer)[:300]

    def _bodies(self, below: Path) -> Iterator[str]:
        for path in sorted(self.elements):
            element = self.elements[path]
            kind = element.WhichOneof("type")
            if path[: len(below)] != below:
                continue
            if kind == "html":
                yield element.html.body
            elif kind == "markdown":
                yield element.markdown.body
            elif kind == "exception":
                yield element.exception.message


def ask(connection: Connection, question: str, timeout: float) -> ChatAnswer:
    """Loads the page, sends the question, returns the answer. C(timeout): seconds for both runs together.

    Raises PageError, also where the page answers with an error of its own.
    """
    deadline = monotonic() + timeout
    page = Page()
    connection.send(_rerun(ClientState()))
    _run(connection, page, deadline, "the page to load")
    state = ClientState(page_script_hash=page.script_hash)
    state.widget_states.widgets.append(_typed(page.chat_input_id(), question))
    connection.send(_rerun(state))
    _run(connection, page, deadline, "an answer")
    answer = page.last_answer()
    if answer.error:
        reference = f" (request id {answer.request_id})" if answer.request_id else ""
        raise PageError(f"the page answered with an error: {answer.error}{reference}")
    return answer


def _typed(widget_id: str, question: str) -> WidgetState:
    state = WidgetState(id=widget_id)
    state.chat_input_value.data = question
    return state


def _rerun(state: ClientState) -> bytes:
    message: bytes = BackMsg(rerun_script=state).SerializeToString()
    return message


def _run(connection: Connection, page: Page, deadline: float, awaited: str) -> None:
    """Takes messages in until the script has run to its end."""
    while True:
        try:
            message = ForwardMsg.FromString(connection.receive(max(deadline - monotonic(), 0)))
        except TimeoutError as error:
            raise PageError(f"time ran out while waiting for {awaited}") from error
        page.apply(message)
        if message.WhichOneof("type") != "script_finished":
            continue
        if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            raise PageError("the page's script does not compile")
        if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            return
