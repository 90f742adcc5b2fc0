"""Counted cases ("Scenario 3: A firm wants …") whose solutions stand below them -> openers of questions."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.notes.edges import is_answer_heading
from assistant.notes.markers import answer_marker, question_marker
from assistant.notes.slicing import Opener

if TYPE_CHECKING:
    from assistant.notes.lines import Text

CASE = re.compile(
    r"(?P<label>Scenario|Case(?: [Ss]tudy)?|Problem|Exercise|Challenge|Situation)[ \t]?[#-]?(?P<number>\d{1,3})"
    r"[ \t]?[:.)-][ \t]+(?=\S)"
)
FEWEST = 3
LONGEST = 12  # lines of a case, with those between its paragraphs


def cases(text: Text) -> list[Opener]:
    """The cases of each label that counts upwards at the margin, when all of them lead to a solution."""
    rows: dict[str, list[tuple[int, int]]] = {}
    for line in range(len(text)):
        found = CASE.match(text.lines[line]) if not text.shielded[line] else None
        if found and (line == 0 or text.blank[line - 1]):
            rows.setdefault(found["label"], []).append((int(found["number"]), line))
    told = [_told(text, line) for row in rows.values() if _counts(row) for _, line in row]
    return [] if None in told else sorted((one for one in told if one), key=_first)


def _counts(row: list[tuple[int, int]]) -> bool:
    return len(row) >= FEWEST and all(one < two for (one, _), (two, _) in pairwise(row))


def _told(text: Text, first: int) -> Opener | None:
    """The case with all that is told up to its solution; None when there is none."""
    last = first
    for line in range(first + 1, min(first + LONGEST, len(text))):
        if is_answer_heading(text.lines[line]) or answer_marker(text.lines[line]):
            told = " ".join(" ".join(text.lines[first : last + 1]).split())
            return Opener(first, last, told, text.end(last))
        if text.shielded[line] or text.lines[line][:1] == "#" or question_marker(text.lines[line]):
            return None
        last = last if text.blank[line] else line
    return None


def _first(one: Opener) -> int:
    return one.first
