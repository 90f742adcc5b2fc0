"""A case and the notes -> its gold: the notes, characters and sources that a right answer rests on."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.evaluation.wording import find, fold, likeness

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assistant.evaluation.cases.values import Case, Evidence
    from assistant.types import Block, Note, Place

COUNTED = "counting"  # the tag of questions about the notes: counted answers rest on empty notes too
ALIKE = 0.5  # the likeness of two question lines from which one may be meant for the other


def no_text(_: str) -> str | None:
    """The text of a file, when nobody can read it."""
    return None


def no_blocks(_: Note) -> Sequence[Block]:
    """The blocks of a note, when nobody knows them."""
    return ()


@dataclass(frozen=True, slots=True)
class Corpus:
    """The notes asked about.

    `read` gives a file's decoded text by a place's path (None: it has none), `blocks` a note's blocks.
    """

    notes: tuple[Note, ...]
    read: Callable[[str], str | None] = no_text
    blocks: Callable[[Note], Sequence[Block]] = no_blocks
    _by_id: dict[str, Note] = field(init=False, repr=False, compare=False)
    _by_name: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names: dict[str, tuple[str, ...]] = {}
        for note in self.notes:
            names[fold(note.question)] = (*names.get(fold(note.question), ()), note.id)
        object.__setattr__(self, "_by_id", {note.id: note for note in self.notes})
        object.__setattr__(self, "_by_name", names)

    def note(self, name: str) -> Note | None:
        """The note of an id."""
        return self._by_id.get(name)

    def named(self, name: str) -> tuple[str, ...]:
        """The ids of the notes that go by an id or a question line: several when a line stands there twice."""
        return (name,) if name in self._by_id else self._by_name.get(fold(name), ())

    def nearest(self, name: str) -> str | None:
        """The question line that was probably meant, for a name that none of the notes has."""
        near = max(self.notes, key=lambda note: likeness(note.question, name), default=None)
        if near and likeness(near.question, name) >= ALIKE:
            return near.question
        spelt = difflib.get_close_matches(fold(name), self._by_name, 1)
        return self._by_id[self._by_name[spelt[0]][0]].question if spelt else None

    def slice(self, place: Place) -> str | None:
        """The text at a place, from its file; without files, from the answer that spans it. None when it is nowhere."""
        text = self.read(place.path)
        if text is not None:
            return text[place.start : place.end] if 0 <= place.start <= place.end <= len(text) else None
        for note in self.notes:
            inside = note.answer_place
            if inside.path == place.path and inside.start <= place.start <= place.end <= inside.end:
                return note.answer[place.start - inside.start : place.end - inside.start]
        return None


@dataclass(frozen=True, slots=True)
class Span:
    """Gold characters: `text` stands in the file of the note at start..end (end-exclusive)."""

    note: str
    path: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Gold:
    """A case bound to the notes. `grades` are by note id; `problems` say what of it is gone from the notes."""

    case: Case
    corpus: Corpus
    grades: Mapping[str, int]
    spans: tuple[Span, ...]
    problems: tuple[str, ...]

    @property
    def groups(self) -> tuple[tuple[Span, ...], ...]:
        """The spans that belong together: of all notes where each is needed, else of one note each."""
        if self.case.every:
            return (self.spans,) if self.spans else ()
        notes = dict.fromkeys(span.note for span in self.spans)
        return tuple(tuple(span for span in self.spans if span.note == note) for note in notes)


def bind(case: Case, corpus: Corpus) -> Gold:
    """The gold of a case; what cannot be found is a problem, which fails the case."""
    problems: list[str] = []
    grades: dict[str, int] = {}
    for name, grade in case.notes:
        found = corpus.named(name)
        grades.update(dict.fromkeys(found, grade))
        problems.extend([] if found else [_gone(name, corpus)])
        problems.extend(_other_state(case, note) for note in map(corpus.note, found) if note and not _fits(case, note))
    spans = [span for evidence in case.evidence for span in _spans(evidence, case, corpus, problems)]
    return Gold(case, corpus, grades, tuple(dict.fromkeys(spans)), tuple(dict.fromkeys(problems)))


def _gone(name: str, corpus: Corpus) -> str:
    near = corpus.nearest(name)
    return f"no note is called “{name}”" + (f"; did you mean “{near}”?" if near else "")


def _fits(case: Case, note: Note) -> bool:
    return note.answered == case.answerable or COUNTED in case.tags


def _other_state(case: Case, note: Note) -> str:
    return f"“{note.question}” has no answer" if case.answerable else f"“{note.question}” has an answer now"


def _spans(evidence: Evidence, case: Case, corpus: Corpus, problems: list[str]) -> list[Span]:
    """The quote in its note, and in every alternative to it that says the same word for word."""
    named = corpus.named(evidence.note)
    if not named:
        problems.append(_gone(evidence.note, corpus))
        return []
    home = [span for name in named if (span := _span(evidence.quote, corpus.note(name)))]
    if not home:
        problems.append(f"“{evidence.note}” no longer says “{evidence.quote}”")
    others = (
        [] if case.every else [name for listed, _ in case.notes for name in corpus.named(listed) if name not in named]
    )
    return home + [span for name in others if (span := _span(evidence.quote, corpus.note(name)))]


def _span(quote: str, note: Note | None) -> Span | None:
    found = find(quote, note.answer) if note else None
    if note is None or found is None:
        return None
    offset = note.answer_place.start
    return Span(note.id, note.answer_place.path, offset + found[0], offset + found[1], note.answer[slice(*found)])
