"""The index -> pairs of notes on one topic, and what in them does not go together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import lexical, passages
from assistant.cite.statements import Language, statement
from assistant.types import PASSAGE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.cite.statements import Statement
    from assistant.types import Index, Note, Place

NEAR = 0.8  # cosine of two questions
ON_ONE_TOPIC = 0.7  # cosine from which two answers are compared
ALIKE = 0.6  # share of common words from which two sentences speak of the same
SAME_BUT_NUMBERS = 0.8
FEWEST = 3  # words of a sentence that can contradict another
BLOCK = 1024
LONGEST = 200  # sentences of an answer that are compared
LANGUAGE = Language(passages.sentences, lexical.content_words, lexical.stem)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a note and where it stands."""

    text: str
    place: Place


def duplicates(index: Index) -> Iterator[tuple[Note, Note]]:
    """Every pair of notes that asks the same, once, in reading order."""
    position = {note.id: number for number, note in enumerate(index.notes)}
    for note in index.notes:
        for other in index.same.get(note.id, ()):
            if position.get(other, -1) > position[note.id]:
                yield note, index.notes[position[other]]


def near(index: Index) -> Iterator[tuple[Note, Note]]:
    """Pairs of notes whose questions mean nearly the same and that are no duplicates."""
    for one, other in _pairs(index, NEAR):
        if other.id not in index.same.get(one.id, ()):
            yield one, other


def contradictions(index: Index) -> Iterator[tuple[Said, Said]]:
    """Sentences of two notes on one topic of which the one seems to deny the other."""
    pairs = dict.fromkeys([*duplicates(index), *_pairs(index, ON_ONE_TOPIC)])
    for one, other in pairs:
        if one.answered and other.answered:
            yield from _denials(_statements(one), _statements(other))


def _pairs(index: Index, likeness: float) -> Iterator[tuple[Note, Note]]:
    """Pairs of notes, in reading order, by the likeness of their questions."""
    import numpy as np

    rows = np.flatnonzero(index.row_kinds == PASSAGE_KINDS.index("title"))
    rows = rows[index.row_notes[rows].argsort(kind="stable")]
    vectors = index.vectors.vectors(rows)
    for start in range(0, len(rows), BLOCK):
        found = np.argwhere(vectors[start : start + BLOCK] @ vectors.T >= likeness)
        for one, other in found:
            if one + start < other:
                yield index.notes[index.row_notes[rows[one + start]]], index.notes[index.row_notes[rows[other]]]


def _statements(note: Note) -> list[tuple[Statement, Said]]:
    found = []
    for start, end in passages.sentences(note.answer)[:LONGEST]:
        text = note.answer[start:end].strip()
        claim = statement(text, LANGUAGE)
        if len(claim.stems) >= FEWEST:
            place = passages.within(note.answer_place, note.answer, start, end)
            found.append((claim, Said(" ".join(text.split()), place)))
    return found


def _denials(ours: list[tuple[Statement, Said]], theirs: list[tuple[Statement, Said]]) -> Iterator[tuple[Said, Said]]:
    for claim, said in ours:
        for other, elsewhere in theirs:
            if contradict(claim, other):
                yield said, elsewhere


def contradict(one: Statement, other: Statement) -> bool:
    """Whether two sentences speak of the same and take opposite sides, or count it differently."""
    alike = lexical.overlap(one.stems, other.stems)
    if alike < ALIKE:
        return False
    if any(-pole in other.poles for pole in one.poles) or one.negated != other.negated:
        return True
    differ = bool(one.numbers) and bool(other.numbers) and one.numbers.isdisjoint(other.numbers)
    return differ and alike >= SAME_BUT_NUMBERS
