"""Settings -> Assistant: the one place that joins the parts, and all that the outside may ask of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant import answering, embed, indexing, retrieval
from assistant import notes as reader
from assistant.errors import NotesError, QuestionError
from assistant.lexical import words
from assistant.quote import Quote
from assistant.types import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.embed import Embedder
    from assistant.retrieval import Confidence
    from assistant.settings import Settings
    from assistant.types import Found, Index, IndexSummary, Note, NotesFile, Turn

Progress = Callable[[str, int, int], None]

LONGEST_QUESTION = 2_000  # characters
PATIENCE = 5.0  # seconds that a question waits for another process that is building the first index


class Assistant:
    """The notes of one folder, ready to be asked. Opening it reads nothing; the first question does.

    An `Index` is immutable and is swapped whole, so an answer that is being written finishes on the
    index that it began with.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._index: Index | None = None
        self._embedder: Embedder | None = None
        self._confidence: Confidence | None = None

    def index(self, *, rebuild: bool = False, progress: Progress | None = None) -> IndexSummary:
        """Bring the index up to date (or build all of it anew) and say what was done."""
        self._index, summary = indexing.refresh(
            self.settings.notes,
            self.settings.index,
            self._embed(),
            overrides=self.settings.formats,
            progress=progress,
            display=self.settings.display,
            rebuild=rebuild,
            mend=True,
        )
        return summary

    def refresh(self, progress: Progress | None = None) -> Index:
        """The index of the notes as they are now; where it cannot be brought up to date, the last good one."""
        self._index, _ = indexing.refresh(
            self.settings.notes,
            self.settings.index,
            self._embed(),
            overrides=self.settings.formats,
            progress=progress,
            display=self.settings.display,
            wait=PATIENCE,
        )
        return self._index

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the person should know about the index and the model that are in use."""
        return (*self._current().warnings, *self._embed().warnings)

    def notes(self) -> tuple[Note, ...]:
        """Every note, in reading order."""
        return self._current().notes

    def files(self) -> tuple[NotesFile, ...]:
        """Every file that can be read, as it is now: the format it was read in and why, and what was left over."""
        found, _ = reader.files(self.settings.notes)
        return tuple(file for path, place in found if (file := _read(path, place, self.settings.formats)))

    @property
    def same(self) -> Mapping[str, tuple[str, ...]]:
        """The id of a note -> the ids of the notes on the same topic."""
        return self._current().same

    def search(self, question: str) -> Found:
        """The notes that fit a question, best first. Raises QuestionError."""
        return self._find(checked(question), self._current())

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The answer to a question. Raises QuestionError."""
        answer = None
        for piece in self.stream(question, history):
            if isinstance(piece, Answer):
                answer = piece
        if answer is None:
            raise RuntimeError("the answer ended without its summary")
        return answer

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[str | Answer]:
        """The pieces of the answer's text as they come, and last the answer itself. Raises QuestionError."""
        text = checked(question)
        index = self._current()
        began = time.perf_counter()
        found = self._find(text, index)
        took = (time.perf_counter() - began) * 1000
        yield from answering.quoted(found, index.same, Quote(index.words.stems), took)

    def _find(self, question: str, index: Index) -> Found:
        return retrieval.find(question, index, self._embed().embed, self._judge())

    def _current(self) -> Index:
        return self._index or self.refresh()

    def _embed(self) -> Embedder:
        if self._embedder is None:
            self._embedder = embed.open_embedder(self.settings.embedding_model, self.settings.models)
        return self._embedder

    def _judge(self) -> Confidence:
        if self._confidence is None:
            self._confidence = retrieval.load(self.settings.confidence)
        return self._confidence


def _read(path: str, place: Path, formats: Mapping[str, str]) -> NotesFile | None:
    try:
        return reader.read(path, reader.load(place), formats)
    except (OSError, NotesError):
        return None


def checked(question: str) -> str:
    """The question without blank edges. Raises QuestionError for one that cannot be asked."""
    text = question.strip()
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(text)} characters; {LONGEST_QUESTION} are the most",
            run='assistant ask "a shorter question"',
        )
    if not words(text):
        raise QuestionError("there is no question", run='assistant ask "what do my notes say about …?"')
    return text
