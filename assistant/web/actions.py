"""What a visitor does besides asking -> what changes on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import NotesAssistantError
from assistant.feedback import REASONS
from assistant.plurals import counted
from assistant.web import views
from assistant.web.asking import thread
from assistant.web.export import markdown
from assistant.web.library import examples
from assistant.web.sources import kept, whole_note

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.conversations import Conversations, Exchange
    from assistant.feedback import Feedback
    from assistant.types import Note
    from assistant.web.asking import Asking
    from assistant.web.library import Library

State = dict[str, Any]
Wish = dict[str, str]
MOST_LISTED = 500  # notes in the list at once


@dataclass(frozen=True)
class Actions:
    """One method for each thing that a visitor can do; `act` finds it by its name."""

    library: Library
    conversations: Conversations
    feedback: Feedback
    asking: Asking

    def act(self, wish: Wish) -> State:
        """Do what is wished; what goes wrong is said in `error`."""
        name = wish.get("do", "")
        if name not in ACTIONS:
            return {"error": "The page asked for something that does not exist."}
        try:
            return ACTIONS[name](self, wish)
        except NotesAssistantError as error:
            return {"error": error.what}

    def start(self, wish: Wish) -> State:
        """The page as it opens: progress while there is no index, then the conversation that was open."""
        standing = self.library.standing
        if standing.error:
            return {"ready": True, "thread": views.failed(standing.error), "side": self._side("")}
        if not standing.ready:
            return {"ready": False, "thread": views.building(standing.what, standing.done, standing.total)}
        return {"ready": True, **self._opened(wish.get("conversation", ""))}

    def again(self, wish: Wish) -> State:
        """Try to open the notes once more."""
        self.library.open()
        return self.start(wish)

    def new(self, _: Wish) -> State:
        return {"conversation": "", "thread": self._welcome(), "running": "", "side": self._side("")}

    def open(self, wish: Wish) -> State:
        found = self.conversations.open(wish.get("id", ""))
        return {"conversation": found.id, "thread": thread(found), "running": "", "side": self._side(found.id)}

    def all(self, wish: Wish) -> State:
        return {"thread": thread(self.conversations.open(wish.get("conversation", "")), everything=True)}

    def rename(self, wish: Wish) -> State:
        self.conversations.rename(wish.get("id", ""), wish.get("text", ""))
        return {"side": self._side(wish.get("conversation", "")), "say": "Renamed."}

    def delete(self, wish: Wish) -> State:
        self.conversations.delete(wish.get("id", ""))
        if wish.get("id") == wish.get("conversation"):
            return {**self.new(wish), "say": "Deleted."}
        return {"side": self._side(wish.get("conversation", "")), "say": "Deleted."}

    def export(self, wish: Wish) -> State:
        found = self.conversations.open(wish.get("id", ""))
        return {"file": f"{_file_name(found.title)}.md", "content": markdown(found)}

    def undo(self, wish: Wish) -> State:
        """Take the last question back, into the box."""
        before = self.conversations.cut(wish.get("conversation", ""), wish.get("turn", ""))
        left = self.conversations.open(before.id)
        shown = thread(left) if left.exchanges else self._welcome()
        return {"thread": shown, "running": "", "fill": before.exchange(wish["turn"]).asked, "say": "Taken back."}

    def vote(self, wish: Wish) -> State:
        """Keep a thumb; the page asks for the reason of a thumb down and sends the vote again with it."""
        found = self.conversations.open(wish.get("conversation", ""))
        exchange = self.conversations.vote(found.id, wish.get("turn", ""), wish.get("vote", ""))
        self.feedback.vote(exchange.id, exchange.answer, found.history(exchange.id), wish)
        ask_why = wish.get("vote") == "down" and wish.get("reason") not in REASONS
        return {
            "voted": exchange.id,
            "vote": exchange.vote,
            "why": ask_why,
            "say": "" if ask_why else "Kept, thank you.",
        }

    def note(self, wish: Wish) -> State:
        """A whole note: as it is now, or as it was when the answer cited it."""
        now = {note.id: note for note in self.library.notes()}
        identity = wish.get("note", "")
        cited = self._cited(wish)
        spans = [] if cited is None else _spans(cited, identity, wish.get("number", ""))
        then = None if cited is None else next((note for note in cited.notes if note.id == identity), None)
        if then is not None:
            changed = identity not in now or kept(now[identity]) != then
            return {"note": whole_note(then, spans, changed=changed)}
        if identity not in now:
            return {"error": "This note is no longer there."}
        return {"note": whole_note(kept(now[identity]), [])}

    def notes(self, wish: Wish) -> State:
        """The notes whose question or answer holds the words, in the state that was chosen."""
        assistant = self.library.current()
        same = assistant.same
        words = wish.get("text", "").lower().split()
        fits = STATES.get(wish.get("state", ""), STATES["all"])
        found = [note for note in assistant.notes() if fits(note, bool(same.get(note.id))) and _holds(note, words)]
        twice = [name for name, others in same.items() if others]
        all_of_them = counted(len(assistant.notes()), "note")
        return {"notes": views.notes_list(found[:MOST_LISTED], twice), "counted": f"{len(found)} of {all_of_them}"}

    def stop(self, wish: Wish) -> State:
        self.asking.stop(wish.get("key", ""))
        return {}

    def _cited(self, wish: Wish) -> Exchange | None:
        if not wish.get("turn"):
            return None
        return self.conversations.open(wish.get("conversation", "")).exchange(wish["turn"])

    def _opened(self, identity: str) -> State:
        try:
            return self.open({"id": identity})
        except NotesAssistantError:
            return self.new({})

    def _welcome(self) -> str:
        notes = self.library.notes()
        return views.welcome(notes, examples(notes))

    def _side(self, current: str) -> str:
        return views.conversations(self.conversations.headings(), current)


ACTIONS: dict[str, Callable[[Actions, Wish], State]] = {
    "start": Actions.start,
    "again": Actions.again,
    "new": Actions.new,
    "open": Actions.open,
    "all": Actions.all,
    "rename": Actions.rename,
    "delete": Actions.delete,
    "export": Actions.export,
    "undo": Actions.undo,
    "vote": Actions.vote,
    "note": Actions.note,
    "notes": Actions.notes,
    "stop": Actions.stop,
}

STATES: dict[str, Callable[[Note, bool], bool]] = {
    "all": lambda _note, _twice: True,
    "answered": lambda note, _twice: note.answered,
    "unanswered": lambda note, _twice: not note.answered,
    "duplicate": lambda _note, twice: twice,
}


def _holds(note: Note, words: list[str]) -> bool:
    text = f"{note.question}\n{note.answer}\n{note.place.path}".lower()
    return all(word in text for word in words)


def _spans(exchange: Exchange, note: str, number: str) -> list[tuple[int, int]]:
    """The cited spans of a note: that of one citation, or all."""
    cited = [each for each in exchange.answer["citations"] if each["note_id"] == note]
    wanted = [each for each in cited if str(each["number"]) == number] or cited
    return [(each["start"], each["end"]) for each in wanted]


def _file_name(title: str) -> str:
    kept_characters = "".join(sign if sign.isalnum() else "-" for sign in title.lower())
    return "-".join(part for part in kept_characters.split("-") if part)[:60] or "conversation"
