"""Where a reader cuts a file -> entries, and the text between them: no line is lost, none is in two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.notes.states import state
from assistant.types import Entry, Loose, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.notes.lines import Text


@dataclass(frozen=True, slots=True)
class Cut:
    """One entry, as lines from 0 (`first`..`last`, the question on `first`..`asked`) and its answer's offsets.

    `start == end` means that there is no answer. An entry that may share its lines with others says by three offsets
    where it begins, where its question ends and where it ends; of any other these are the ends of its lines.
    """

    first: int
    asked: int
    last: int
    question: str
    start: int = 0
    end: int = 0
    inside: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a file: `score` (0..1) is how well it fits, `reason` says why, in words for a person."""

    cuts: tuple[Cut, ...]
    score: float
    reason: str


if TYPE_CHECKING:
    Reader = Callable[[Text], Reading]


def entries(text: Text, cuts: tuple[Cut, ...]) -> tuple[Entry, ...]:
    """One entry a cut."""
    return tuple(_entry(text, cut) for cut in cuts)


def loose(text: Text, cuts: tuple[Cut, ...]) -> tuple[Loose, ...]:
    """What stands before, between and behind the entries, one piece each, without blank edges."""
    edges = [-1, *(line for cut in cuts for line in (cut.first, cut.last)), len(text)]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return tuple(piece for before, behind in gaps if (piece := _piece(text, before + 1, behind - 1)))


def _entry(text: Text, cut: Cut) -> Entry:
    answer = text.text[cut.start : cut.end]
    begin, behind, end = cut.inside or (text.starts[cut.first], text.end(cut.asked), text.end(cut.last))
    return Entry(
        question=cut.question,
        answer=answer,
        state=state(answer, cut.question, text.text[behind : cut.start]),
        place=Place(text.path, cut.first + 1, cut.last + 1, begin, end),
        question_place=Place(text.path, cut.first + 1, cut.asked + 1, begin, behind),
        answer_place=_answer_place(text, cut, behind),
        asked=text.text[begin:behind],
    )


def _answer_place(text: Text, cut: Cut, end: int) -> Place:
    if cut.start >= cut.end:
        return Place(text.path, cut.asked + 1, cut.asked + 1, end, end)
    first = text.line_of(cut.start)
    return Place(text.path, first + 1, text.line_of(cut.end - 1) + 1, cut.start, cut.end)


def _piece(text: Text, first: int, last: int) -> Loose | None:
    first = text.first_filled(first, last)
    last = text.last_filled(first, last)
    if last < first:
        return None
    place = text.place(first, last)
    return Loose(place, text.text[place.start : place.end])
