"""A command to ask -> states of the page, the last of which shows the answer kept in its conversation."""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.conversations import Conversation, Exchange, new_id
from assistant.errors import NotesAssistantError
from assistant.plurals import counted
from assistant.render.json import answer_object, dumps
from assistant.types import NOT_IN_NOTES, NOTED_UNANSWERED
from assistant.web import views
from assistant.web.sources import kept
from assistant.web.writing import Writing, unfinished

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.app import Assistant
    from assistant.conversations import Conversations
    from assistant.types import Answer, Note
    from assistant.web.library import Library
    from assistant.web.limits import Limit

State = dict[str, Any]
SHOWN = 20  # turns sent to the page; a person who wants more asks for all
LONGEST_QUESTION = 2_000  # characters
LOG = logging.getLogger("assistant.web")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor wants to know: in which conversation ("" for a new one), instead of which exchange ("" for none).

    `quote` says that no language model is to write, `sources` how many notes a writer is given.
    """

    text: str
    key: str = ""
    conversation: str = ""
    instead: str = ""
    quote: bool = True
    sources: int = 5


@dataclass
class Asking:
    """Asks for every visitor; `writings` are the answers on their way, by the key that the page gave them."""

    library: Library
    conversations: Conversations
    limit: Limit
    writings: dict[str, Writing] = field(default_factory=dict)

    def ask(self, asked: Asked, visitor: str) -> Iterator[State]:
        """The states of the page while it is answered. What goes wrong is said in the last of them."""
        writing = Writing()
        key = asked.key or secrets.token_hex(8)
        self.writings[key] = writing
        try:
            self._allow(asked, visitor)
            before = self._before(asked)
            yield {"thread": thread(before), "running": views.running(asked.text, "")}
            yield from self._answered(asked, before, writing)
        except NotesAssistantError as error:
            yield self._refused(asked, error.what)
        except GeneratorExit:
            writing.stop.set()
            raise
        except Exception:
            number = secrets.token_hex(2)
            LOG.exception("internal error %s", number)
            yield self._refused(asked, f"Something went wrong inside the program (internal error {number})")
        finally:
            self.writings.pop(key, None)

    def stop(self, key: str) -> None:
        """End an answer that is being written."""
        writing = self.writings.get(key)
        if writing is not None:
            writing.stop.set()

    def _allow(self, asked: Asked, visitor: str) -> None:
        if len(asked.text) > LONGEST_QUESTION:
            raise NotesAssistantError(f"A question may have {LONGEST_QUESTION:,} characters, this one has more")
        if not self.limit.allows(visitor):
            allowed = self.limit.per_minute
            raise NotesAssistantError(
                f"You may ask {counted(allowed, 'question')} a minute: wait a moment, then ask again"
            )

    def _before(self, asked: Asked) -> Conversation:
        """The conversation as it stands before the question."""
        if not asked.conversation:
            return Conversation("", "", ())
        found = self.conversations.open(asked.conversation)
        if not asked.instead:
            return found
        place = found.exchanges.index(found.exchange(asked.instead))
        return Conversation(found.id, found.title, found.exchanges[:place])

    def _answered(self, asked: Asked, before: Conversation, writing: Writing) -> Iterator[State]:
        assistant = chosen(self.library.current(), asked)
        warnings = assistant.warnings
        notes = {note.id: note for note in assistant.notes()}
        try:
            for text in writing.follow(assistant.stream(asked.text, before.history(), writing.stop)):
                yield {"running": views.running(asked.text, text)}
        except GeneratorExit:
            writing.stop.set()
            self._keep(asked, before, _stopped(asked, writing.text))
            raise
        exchange = _whole(asked, writing.answer, warnings, notes) if writing.answer else _stopped(asked, writing.text)
        yield self._done(self._keep(asked, before, exchange), exchange)

    def _keep(self, asked: Asked, before: Conversation, exchange: Exchange) -> Conversation:
        """Put the exchange at the end of its conversation, in the place of what it was asked instead of."""
        identity = before.id or self.conversations.begin(asked.text)
        if asked.instead:
            self.conversations.cut(identity, asked.instead)
        self.conversations.add(identity, exchange)
        return self.conversations.open(identity)

    def _done(self, conversation: Conversation, exchange: Exchange) -> State:
        return {
            "conversation": conversation.id,
            "thread": thread(conversation),
            "running": "",
            "side": views.conversations(self.conversations.headings(), conversation.id),
            "turn": exchange.id,
            "say": announced(exchange),
        }

    def _refused(self, asked: Asked, why: str) -> State:
        """Nothing was answered: the page as it was, the reason, and the question to be asked again."""
        state: State = {"running": "", "error": why, "fill": "" if asked.instead else asked.text}
        try:
            if asked.conversation:
                state["thread"] = thread(self.conversations.open(asked.conversation))
            else:
                state["thread"] = ""
        except NotesAssistantError:
            state["thread"] = ""
        return state


def thread(conversation: Conversation, *, everything: bool = False) -> str:
    """The turns of a conversation as the page shows them: the last ones, unless all are wanted."""
    shown = conversation.exchanges if everything else conversation.exchanges[-SHOWN:]
    hidden = len(conversation.exchanges) - len(shown)
    return (views.earlier(hidden) if hidden else "") + views.thread(shown)


def chosen(assistant: Assistant, asked: Asked) -> Assistant:
    """The assistant with the writer and the number of sources that the visitor chose."""
    return assistant.like(quote=asked.quote, sources=asked.sources)


def announced(exchange: Exchange) -> str:
    """What a screen reader says when an answer is there."""
    status = exchange.answer["status"]
    if exchange.stopped:
        return "Stopped."
    if status == NOTED_UNANSWERED:
        return "You noted this question but never answered it."
    if status == NOT_IN_NOTES:
        return "Not in your notes."
    cited = len(exchange.answer["citations"])
    return f"Answered from your notes, with {counted(cited, 'source')}."


def _whole(asked: Asked, answer: Answer, warnings: tuple[str, ...], notes: dict[str, Note]) -> Exchange:
    said = json.loads(dumps(answer_object(answer)))  # what is kept and shown is what scripts are given
    said["warnings"] = list(dict.fromkeys((*warnings, *said["warnings"])))
    cited = dict.fromkeys(citation["note_id"] for citation in said["citations"])
    return Exchange(new_id(), asked.text, said, tuple(kept(notes[name]) for name in cited if name in notes))


def _stopped(asked: Asked, text: str) -> Exchange:
    return Exchange(new_id(), asked.text, unfinished(asked.text, text), (), stopped=True)
