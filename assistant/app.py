"""Settings -> Assistant: the one place that joins the parts, and all that the outside may ask of them."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant import answering, embed, indexing, notes, retrieval
from assistant.errors import QuestionError
from assistant.lexical import words
from assistant.quote import Quote
from assistant.types import ANSWERED, Answer, Prompt, Tokens

if TYPE_CHECKING:
    from assistant.embed import Embedder
    from assistant.retrieval import Confidence
    from assistant.settings import Settings
    from assistant.stopping import Stop
    from assistant.types import Found, Index, IndexSummary, Note, NotesFile, Source, Turn

Progress = Callable[[str, int, int], None]

LONGEST_QUESTION = 2_000  # characters
ABOUT_NOTES = ("note", "question", "entr", "answer", "list", "everything", "twice", "duplicate", " q")
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
        self._model: _Modelled | None = None

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

    def expect_question(self) -> None:
        """Begin to open the model while the index is opened: both take a quarter of a second, and most of it elsewhere.

        Where there is a second processor a question waits for the longer one only.
        """
        self._embed().open_ahead()

    def refresh(self, progress: Progress | None = None) -> Index:
        """The index of the notes as they are now; where it cannot be brought up to date, the last good one."""
        if self._index is not None and self._is_current(self._index):
            return self._index
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

    def _is_current(self, held: Index) -> bool:
        """Whether the index in hand was made of the notes as they are, which looking alone can tell."""
        settings = self.settings
        return indexing.is_current(
            settings.notes, settings.index, self._embed().fingerprint, settings.formats, held=held.generation
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the person should know about the index and the model that are in use."""
        return (*self._current().warnings, *self._embed().warnings)

    def notes(self) -> tuple[Note, ...]:
        """Every note, in reading order."""
        return tuple(self._current().notes)

    def files(self) -> tuple[NotesFile, ...]:
        """Every notes file as it is read now, with its reading and what belongs to no question."""
        found, _ = notes.files(self.settings.notes)
        return tuple(notes.read(path, notes.load(file), self.settings.formats) for path, file in found)

    @property
    def same(self) -> Mapping[str, tuple[str, ...]]:
        """The id of a note -> the ids of the notes on the same topic."""
        return self._current().same

    def search(self, question: str) -> Found:
        """The notes that fit a question, best first. Raises QuestionError."""
        text = checked(question)
        return self._find(text, text, self._current())

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The answer to a question. Raises QuestionError, ModelSettingsError."""
        *_, last = self.stream(question, history)
        if not isinstance(last, Answer):
            raise TypeError("the stream ended without an answer")
        return last

    def stream(self, question: str, history: Sequence[Turn] = (), stop: Stop | None = None) -> Iterator[str | Answer]:
        """The pieces of the answer's text as they come, and last the answer itself.

        Closing the iterator stops the model, and so does `stop` from another thread while this one waits for it.
        Raises QuestionError, ModelSettingsError.
        """
        text = checked(question)
        index = self._current()
        for piece in self._answered(text, history, index, stop):
            if isinstance(piece, Answer) and self.settings.gaps:
                _keep(piece, self.settings)
            yield piece

    def _answered(self, text: str, history: Sequence[Turn], index: Index, stop: Stop | None) -> Iterator[str | Answer]:
        counted = _counted(text, index)
        if counted is not None:
            yield counted.text
            yield counted
            return
        quoting = _quoting(index)
        writing = self._writing(history, stop) or quoting
        yield from answering.answer(self._case(text, history, index, stop), writing, quoting)

    def prompt(self, question: str, history: Sequence[Turn] = ()) -> Prompt:
        """What would be sent for a question; nothing is. Raises QuestionError, ModelSettingsError."""
        index = self._current()
        case = self._case(checked(question), history, index)
        return (self._writing(history) or _quoting(index)).compose(case.question, case.sources)

    def like(self, *, quote: bool, sources: int) -> Assistant:
        """The same assistant for one question: quoting instead of asking a model, or with so many sources."""
        other = copy.copy(self)
        other.settings = self.settings.model_copy(update={"sources": sources, **({"llm": None} if quote else {})})
        other._model = None  # noqa: SLF001 - the writer depends on what was changed
        return other

    def _case(self, text: str, history: Sequence[Turn], index: Index, stop: Stop | None = None) -> answering.Case:
        began = time.perf_counter()
        found = self._find(self._alone(text, history, stop), text, index)
        took = (time.perf_counter() - began) * 1000
        return answering.case(found, index.same, took, max(answering.MOST_SOURCES, self.settings.sources))

    def _alone(self, text: str, history: Sequence[Turn], stop: Stop | None) -> str:
        """A follow-up as a question that stands alone, worded by the model when there is one."""
        if not history:
            return text
        from assistant import rewriting

        writing = self._writing(stop=stop)
        if writing is None:
            return rewriting.by_rules(text, history)
        return rewriting.by_model(writing.writer, text, history)

    def _find(self, question: str, asked: str, index: Index) -> Found:
        from assistant import rewriting

        return retrieval.find(question, index, self._embed(), self._judge(), asked, rewriting.parts(question))

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

    def _writing(self, history: Sequence[Turn] = (), stop: Stop | None = None) -> answering.Writing | None:
        """The language model that the settings name, opened once; None when they name none."""
        if self._model is None and self.settings.llm is not None:
            self._model = _Modelled(self.settings, self.settings.llm)
        return self._model.writing(history, stop) if self._model is not None else None


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


def _counted(text: str, index: Index) -> Answer | None:
    """The answer by counting, for a question about the notes themselves; its wordings are many and loaded when near."""
    if not any(sign in text.lower() for sign in ABOUT_NOTES):
        return None
    from assistant import counting

    return counting.answer(text, index)


def _keep(answer: Answer, settings: Settings) -> None:
    """Keep what was asked in vain."""
    if answer.status != ANSWERED:
        from assistant import gaps

        gaps.record(settings.asked, answer)


def _quoting(index: Index) -> answering.Writing:
    """The writer that needs no model: everything that was found is its prompt."""

    def compose(question: str, sources: Sequence[Source]) -> Prompt:
        return Prompt(question, tuple(sources), "", "", Tokens(), ())

    return answering.Writing(Quote(index.words.stems, index.words.weight), compose, _never)


class _Modelled:
    """A language model with the prompt that fits into its context, counted ever better."""

    def __init__(self, settings: Settings, named: str) -> None:
        from assistant import llm, prompt

        tokens = settings.max_answer_tokens
        self._model = llm.open_model(named, settings.base_url, answer_tokens=tokens, temperature=settings.temperature)
        self._budget = prompt.Budget(settings.context_window or prompt.Budget().window, tokens)
        self._count = prompt.counter(named)
        self._most = settings.sources

    def writing(self, history: Sequence[Turn], stop: Stop | None) -> answering.Writing:
        """The model for one question of a conversation: of earlier turns it sees the person's own."""
        from assistant import prompt

        earlier = [turn.content for turn in history if turn.role == "user"]

        def compose(question: str, sources: Sequence[Source]) -> Prompt:
            given = sources[: self._most]
            return prompt.compose(question, given, budget=self._budget, count=self._count, earlier=earlier)

        writer = replace(self._model, stop=stop)
        return answering.Writing(writer, compose, prompt.declines, self._model.notices, self._learn)

    def _learn(self, counted: int, reported: int) -> None:
        self._count = self._count.corrected(counted, reported)


def _never(_text: str) -> bool:
    return False
