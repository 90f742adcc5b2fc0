"""Questions that were not answered -> groups that ask the same, the most asked first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.lexical import overlap, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.gaps.log import Asked
    from assistant.types import Note

ALIKE = 0.7  # share of common stems from which two questions ask the same


@dataclass(frozen=True, slots=True)
class Gap:
    """One need that the notes do not meet.

    `question` is its most frequent wording, `wordings` all of them, `count` how often it was asked, `last` when it
    was asked last; `note` is the unanswered note that it is in the notes as, or None.
    """

    question: str
    wordings: tuple[str, ...]
    count: int
    last: str
    note: Note | None


def gaps(asked: Sequence[Asked], notes: Sequence[Note]) -> tuple[Gap, ...]:
    """The groups, the most asked first, then the latest; what a note answers by now is left out."""
    by_id = {note.id: note for note in notes}
    by_stems = {frozenset(tokens(note.question)): note for note in notes}
    groups: list[list[Asked]] = []
    stems: list[frozenset[str]] = []
    for one in asked:
        own = frozenset(tokens(one.question))
        place = next((number for number, other in enumerate(stems) if overlap(own, other) >= ALIKE), None)
        if place is None:
            groups.append([one])
            stems.append(own)
        else:
            groups[place].append(one)
    made = [_gap(group, own, by_id, by_stems) for group, own in zip(groups, stems, strict=True)]
    return tuple(sorted((gap for gap in made if gap is not None), key=_most_asked_first))


def _gap(
    group: Sequence[Asked], stems: frozenset[str], by_id: dict[str, Note], by_stems: dict[frozenset[str], Note]
) -> Gap | None:
    wordings = Counter(one.question for one in group)
    met = [note for one in group if (note := by_id.get(one.note_id))]
    note = by_stems.get(stems) or (met[-1] if met else None)
    if note is not None and note.answered:
        return None
    common = [wording for wording, _ in wordings.most_common()]
    return Gap(common[0], tuple(common), len(group), max(one.when for one in group), note)


def _most_asked_first(gap: Gap) -> tuple[int, tuple[int, ...], str]:
    latest_first = tuple(-ord(sign) for sign in gap.last)
    return -gap.count, latest_first, gap.question
