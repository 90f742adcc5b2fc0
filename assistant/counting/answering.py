"""A wish and the notes -> an Answer that lists what was counted, every note cited by its question line."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.counting.wording import understood
from assistant.lexical import WORD
from assistant.plurals import counted
from assistant.types import ANSWERED, NOT_IN_NOTES, Answer, Citation, Hit, Tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.counting.wording import Wish
    from assistant.types import Index, Note, Status

MOST_LISTED = 500  # notes; more are counted, and the list says how many it leaves out


@dataclass(frozen=True, slots=True)
class _Group:
    """Notes listed under one line; `rows` puts notes that stand on one line together."""

    head: str
    rows: tuple[tuple[Note, ...], ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(note for row in self.rows for note in row)


def answer(question: str, index: Index) -> Answer | None:
    """The counted answer; None for every question that is not unmistakably about the notes themselves.

    Status `answered`, with as many citations as notes are listed, none when the count is zero;
    `not_in_notes` when no note is on the topic that the question names.
    """
    began = time.perf_counter()
    wish = understood(question)
    if wish is None:
        return None
    wish, read_as = _repaired(wish, question, index)
    stems = index.words.stems(wish.topic)
    if wish.topic and not _named(index, stems) and not _mentioned(index, stems):
        return _answer((question, read_as), [], NOT_IN_NOTES, began)
    groups = _repeats(wish, index, stems) if wish.kind == "duplicates" else _groups(wish, index, stems)
    return _answer((question, read_as), groups, ANSWERED, began)


def _repaired(wish: Wish, question: str, index: Index) -> tuple[Wish, str | None]:
    """The wish with its topic as the notes spell it, and how the question was read if it was misspelt."""
    words = index.words
    topic = WORD.sub(lambda found: (words.suggest(found[0].lower()) or (found[0], 1.0))[0], wish.topic)
    return replace(wish, topic=topic), None if topic == wish.topic else question.replace(wish.topic, topic)


def _groups(wish: Wish, index: Index, stems: Sequence[str]) -> list[_Group]:
    named = _of_kind(wish, _named(index, stems))
    about = f" on {wish.topic}" if wish.topic else ""
    head = f"{_how_many(named, wish)}{about}{_summary(named, wish)}"
    groups = [_Group(f"You have {head}{':' if named else '.'}", _alone(named))]
    mentioned = _of_kind(wish, _mentioned(index, stems))
    if mentioned:
        only = "more " if named else ""
        verb = "mentions" if len(mentioned) == 1 else "mention"
        groups.append(
            _Group(f"{_how_many(mentioned, wish, only)} {verb} {wish.topic} in the answer:", _alone(mentioned))
        )
    return groups


def _named(index: Index, stems: Sequence[str]) -> tuple[Note, ...]:
    """The notes whose question has every word of the topic; all notes when there is no topic."""
    if not stems:
        return tuple(index.notes)
    wanted = set(stems)
    return tuple(note for note in _holding(index, stems) if wanted <= set(index.words.stems(note.question)))


def _mentioned(index: Index, stems: Sequence[str]) -> tuple[Note, ...]:
    """The other notes that have every word of the topic."""
    named = {note.id for note in _named(index, stems)}
    return tuple(note for note in _holding(index, stems) if note.id not in named)


def _holding(index: Index, stems: Sequence[str]) -> tuple[Note, ...]:
    """The notes that have every stem, in their question or their answer, in reading order."""
    if not stems:
        return ()
    held = index.words.scores([stems[0]]) > 0
    for stem in stems[1:]:
        held = held & (index.words.scores([stem]) > 0)
    return tuple(index.notes[int(position)] for position in held.nonzero()[0])


def _of_kind(wish: Wish, notes: Sequence[Note]) -> tuple[Note, ...]:
    if wish.kind == "all":
        return tuple(notes)
    return tuple(note for note in notes if note.answered == (wish.kind == "answered"))


def _how_many(notes: Sequence[Note], wish: Wish, more: str = "") -> str:
    kind = {"answered": "answered ", "unanswered": "unanswered "}.get(wish.kind, "")
    noun = "question" if wish.kind in ("answered", "unanswered") else "note"
    return f"{len(notes) or 'no'} {more}{kind}{noun}{'' if len(notes) == 1 else 's'}"


def _summary(notes: Sequence[Note], wish: Wish) -> str:
    unanswered = sum(not note.answered for note in notes)
    if wish.kind != "all" or not unanswered:
        return ""
    return f" ({len(notes) - unanswered} answered, {unanswered} without an answer)"


def _alone(notes: Sequence[Note]) -> tuple[tuple[Note, ...], ...]:
    return tuple((note,) for note in notes)


def _repeats(wish: Wish, index: Index, stems: Sequence[str]) -> list[_Group]:
    """The groups of notes that ask the same thing, each on one line."""
    wanted = {note.id for note in _named(index, stems)}
    by_id = {note.id: note for note in index.notes}
    seen: set[str] = set()
    rows = []
    for note in index.notes:
        others = [by_id[other] for other in index.same.get(note.id, ()) if other in by_id and other not in seen]
        if note.id in seen or not others or not wanted & {note.id, *(other.id for other in others)}:
            continue
        rows.append((note, *others))
        seen.update(one.id for one in rows[-1])
    about = f" on {wish.topic}" if wish.topic else ""
    if not rows:
        return [_Group(f"You have no duplicates{about}.", ())]
    times = "one question" if len(rows) == 1 else counted(len(rows), "question")
    return [_Group(f"You have {times}{about} more than once:", tuple(rows))]


# --- the answer's parts ------------------------------------------------------------------------


def _answer(asked: tuple[str, str | None], groups: Sequence[_Group], status: Status, began: float) -> Answer:
    listed = _first(groups)
    notes = tuple(note for group in listed for note in group.notes)
    numbers = {note.id: number for number, note in enumerate(notes, 1)}
    return Answer(
        question=asked[0],
        read_as=asked[1],
        status=status,
        confidence=1.0,
        text=_text(groups, listed, numbers),
        complete=True,
        writer="quote",
        warnings=(),
        unsupported=(),
        citations=tuple(
            Citation(numbers[note.id], note.id, note.question, note.question_place, note.asked) for note in notes
        ),
        hits=tuple(Hit(note, 1.0, ()) for note in notes),
        closest=(),
        tokens=Tokens(),
        retrieve_ms=(time.perf_counter() - began) * 1000,
        write_ms=0.0,
        fault=None,
    )


def _first(groups: Sequence[_Group]) -> list[_Group]:
    """The groups, cut where the list would grow too long."""
    left = MOST_LISTED
    cut = []
    for group in groups:
        rows = group.rows[:left]
        left -= len(rows)
        cut.append(_Group(group.head, rows))
    return cut


def _text(groups: Sequence[_Group], listed: Sequence[_Group], numbers: dict[str, int]) -> str:
    parts = ["\n".join([group.head, *(_row(row, numbers) for row in group.rows)]) for group in listed]
    left_out = sum(len(group.rows) for group in groups) - sum(len(group.rows) for group in listed)
    if left_out:
        parts.append(f"{left_out} more are not listed here.")
    return "\n\n".join(part for part in parts if part)


def _row(row: Sequence[Note], numbers: dict[str, int]) -> str:
    return "- " + " / ".join(f"{_title(note)}{_remark(note)} [{numbers[note.id]}]" for note in row)


def _title(note: Note) -> str:
    """The question on one line; brackets that could be taken for one of our marks are set apart."""
    words = " ".join(note.question.split()) or "(no question)"
    return " ".join(f"({word[1:-1]})" if _is_mark(word) else word for word in words.split(" "))


def _is_mark(word: str) -> bool:
    return word.startswith("[") and word.endswith("]") and word[1:-1].isdigit()


def _remark(note: Note) -> str:
    return "" if note.answered else " (no answer yet)"
