"""Two notes on the same -> what each says and the other does not, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.types import Note, Place

MOST = 400  # lines of an answer that are compared


@dataclass(frozen=True, slots=True)
class Side:
    """One of two notes: its place, question and answer, and the lines of its answer that the other one has not.

    Each of those is its number in the file, counted from 1, and its text. Of two sentences that are at odds,
    `question` holds the sentence and the rest is empty.
    """

    place: Place
    question: str
    answer: str = ""
    differs: tuple[tuple[int, str], ...] = ()


def sides(one: Note, other: Note) -> tuple[Side, Side]:
    """Compare two answers; lines that differ in white space and case alone are the same."""
    ours, theirs = _lines(one), _lines(other)
    same = SequenceMatcher(None, [_bare(text) for _, text in ours], [_bare(text) for _, text in theirs], autojunk=False)
    mine: list[tuple[int, str]] = []
    yours: list[tuple[int, str]] = []
    for kind, start, end, begin, stop in same.get_opcodes():
        if kind != "equal":
            mine += ours[start:end]
            yours += theirs[begin:stop]
    return Side(one.place, one.question, one.answer, tuple(mine)), Side(
        other.place, other.question, other.answer, tuple(yours)
    )


def _lines(note: Note) -> list[tuple[int, str]]:
    numbered = enumerate(note.answer.split("\n"), note.answer_place.first_line) if note.answer else ()
    return [(number, text.strip()) for number, text in numbered if text.strip()][:MOST]


def _bare(text: str) -> str:
    return " ".join(text.lower().split())
