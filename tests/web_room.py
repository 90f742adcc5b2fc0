"""The page's handlers without a page: real conversations and feedback on disk, over an assistant that does as told."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import prompts

from assistant.conversations import Conversations
from assistant.errors import QuestionError, WriterError
from assistant.feedback import Feedback
from assistant.types import Answer, Citation, Hit, Tokens
from assistant.web.actions import Actions
from assistant.web.asking import Asked, Asking
from assistant.web.library import Library
from assistant.web.limits import Limit

if TYPE_CHECKING:
    from pathlib import Path

LONG = 30.0  # seconds
NOTES = prompts.notes(
    "Q. What is a mutex?\nA lock for one thread.\n\n"
    "Q. What is multi threading?\n\n"
    "Q. How long does dough rise?\nEight hours, in a cool kitchen.\n\n"
    "Q. What is a lock?\nA mutex is one.\n"
)
MUTEX, THREADS, DOUGH, LOCK = NOTES


@dataclass
class Scripted:
    """An assistant that answers every question from one note, unless the question says otherwise.

    `asked` are the questions with what was said before and how the writer was chosen; a question with "slowly" in it
    ends with its stop, one with "broken" fails, one with "absent" or "open" has that outcome.
    """

    now: tuple[Any, ...] = NOTES
    warnings: tuple[str, ...] = ()
    asked: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)
    chosen: dict[str, Any] = field(default_factory=dict)
    closed: threading.Event = field(default_factory=threading.Event)
    same = {MUTEX.id: (LOCK.id,), LOCK.id: (MUTEX.id,)}  # noqa: RUF012 - a table

    def refresh(self, progress=None):
        pass

    def search(self, question):
        pass

    def notes(self):
        return self.now

    def like(self, **chosen):
        return Scripted(self.now, self.warnings, self.asked, chosen, self.closed)

    def stream(self, question, history=(), stop=None):
        self.asked.append((question, tuple(history), self.chosen))
        try:
            yield from self._said(question, stop)
        finally:
            self.closed.set()

    def _said(self, question, stop):
        if "refused" in question:
            raise QuestionError("there is no question", run="assistant ask …")
        if "broken" in question:
            raise ZeroDivisionError("secret")
        yield "A lock "
        if "slowly" in question:
            told = threading.Event()
            stop.then(told.set)
            assert told.wait(LONG)
            raise WriterError("the connection broke")
        yield "for one thread. [1]"
        yield answer_to(question)


def answer_to(question):
    """An Answer that cites the first note; open or absent where the question says so."""
    status = {"open": "noted_unanswered", "absent": "not_in_notes"}.get(question.split()[0], "answered")
    note = THREADS if status == "noted_unanswered" else MUTEX
    place, quote = (note.answer_place, note.answer) if note.answered else (note.question_place, note.asked)
    return Answer(
        question=question,
        read_as=None,
        status=status,
        confidence=0.9,
        text="A lock for one thread. [1]" if status == "answered" else "",
        complete=True,
        writer="quote",
        warnings=("taken from an older index",),
        unsupported=(),
        citations=() if status == "not_in_notes" else (Citation(1, note.id, note.question, place, quote),),
        hits=(Hit(note, 0.9, ()), Hit(DOUGH, 0.2, ())),
        closest=(DOUGH,) if status == "not_in_notes" else (),
        tokens=Tokens(),
        retrieve_ms=1.0,
        write_ms=1.0,
        fault=None,
    )


class Room:
    """All that the page calls, over one folder."""

    def __init__(self, folder: Path, assistant: Any | None = None, per_minute: int = 1_000) -> None:
        self.assistant = assistant or Scripted()
        self.library = Library(self.assistant)
        self.conversations = Conversations(folder / "conversations")
        self.asking = Asking(self.library, self.conversations, Limit(per_minute))
        self.feedback = folder / "feedback" / "feedback.jsonl"
        self.actions = Actions(self.library, self.conversations, Feedback(self.feedback.parent), self.asking)

    def opened(self) -> Room:
        """The same when its notes are open."""
        self.library.open()
        self.library.current()
        return self

    def ask(self, text: str, visitor: str = "somebody", **more: Any) -> dict[str, Any]:
        """The last state of the page."""
        *_, last = self.asking.ask(Asked(text, **more), visitor)
        return last

    def act(self, do: str, **wish: str) -> dict[str, Any]:
        return self.actions.act({"do": do, **wish})

    def questions(self, identity: str) -> list[str]:
        return [exchange.asked for exchange in self.conversations.open(identity).exchanges]
