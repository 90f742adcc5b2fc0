"""An Assistant -> one that many may use at once: opened in the background, up to date before each question."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import NotesAssistantError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.app import Assistant
    from assistant.types import Note

EXAMPLES = 4
LONGEST_EXAMPLE = 90  # characters


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the opening is; `error` says why it ended without an index."""

    ready: bool
    what: str = "Opening"
    done: int = 0
    total: int = 0
    error: str = ""


class Library:
    """The notes behind the page. `standing` can be read at any time."""

    def __init__(self, assistant: Assistant) -> None:
        self.standing = Standing(ready=False)
        self._assistant = assistant
        self._lock = threading.Lock()
        self._settled = threading.Event()

    def open(self) -> None:
        """Begin to open the notes, building the index when there is none; returns at once."""
        self._settled.clear()
        self.standing = Standing(ready=False)
        threading.Thread(target=self._open, name="opening the notes", daemon=True).start()

    def current(self) -> Assistant:
        """The assistant, knowing the notes as they are now; waits for the opening.

        Raises NotesAssistantError when there is nothing to ask.
        """
        self._settled.wait()
        with self._lock:
            self._assistant.refresh()
        if not self.standing.ready:
            self.standing = Standing(ready=True)
        return self._assistant

    def notes(self) -> tuple[Note, ...]:
        """Every note as it is now."""
        return self.current().notes()

    def _open(self) -> None:
        try:
            with self._lock:
                self._assistant.refresh(self._progress)
            asked = examples(self._assistant.notes())
            if asked:
                self._assistant.search(asked[0])  # so that the first person who asks need not wait for the model
            self.standing = Standing(ready=True)
        except NotesAssistantError as error:
            self.standing = Standing(ready=False, error=error.line())
        except Exception as error:  # noqa: BLE001 - whatever it is, the page must say that it will not come
            self.standing = Standing(ready=False, error=f"a fault of the program ({type(error).__name__})")
        finally:
            self._settled.set()

    def _progress(self, what: str, done: int, total: int) -> None:
        self.standing = Standing(ready=False, what=what, done=done, total=total)


def examples(notes: Sequence[Note]) -> list[str]:
    """Questions from all over the notes that have an answer."""
    fit = [note.question for note in notes if note.answered and len(note.question) <= LONGEST_EXAMPLE]
    step = max(1, len(fit) // EXAMPLES)
    return fit[::step][:EXAMPLES]
