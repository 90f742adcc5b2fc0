"""Lines between questions -> those that speak of the questions below them, and so close an answer."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from assistant.notes.signs import is_pictogram
from assistant.notes.wording import is_rule

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from assistant.notes.lines import Text

FEWEST = 2
HALF = 0.5
ROW = 4
MOSTLY = 0.7


class Opening(Protocol):
    """Where a question begins, and the line on which it ends."""

    @property
    def first(self) -> int: ...

    @property
    def asked(self) -> int: ...


def signposts(text: Text, openers: Sequence[Opening]) -> list[int]:
    """The lines that close an answer because they name the topic of the questions below them.

    A sign counts when it leads to a question twice and no less often than not, and when it is not what stands below
    most questions: an answer may begin with a pictogram too. A pictogram that leads is believed everywhere, so that a
    last topic without questions closes the last answer.
    """
    asked = {line for one in openers for line in range(one.first, one.asked + 1)}
    firsts = {one.first for one in openers}
    signs = {line: sign for line, sign in text.signs.items() if line not in asked and _is_post(text, line, firsts)}
    above = {text.last_filled(0, one.first - 1) for one in openers}
    leading = Counter(sign for line, sign in signs.items() if line in above)
    all_of_them = Counter(signs.values())
    answering = Counter(sign for line, sign in signs.items() if text.last_filled(0, line - 1) in asked)
    meant = {
        sign
        for sign, often in leading.items()
        if often >= FEWEST and often >= HALF * all_of_them[sign] and answering[sign] <= HALF * len(openers)
    }
    return [line for line, sign in signs.items() if sign in meant and (line in above or is_pictogram(sign))]


def _is_post(text: Text, line: int, firsts: Collection[int]) -> bool:
    """Whether a line with a sign stands between blank lines or rules, or right above a question."""
    below = line + 1 == len(text) or text.blank[line + 1] or line + 1 in firsts
    if not below:
        return False
    above = line == 0 or text.blank[line - 1] or is_rule(text.lines[line - 1])
    return above or _right_between(text, line, firsts)


def _right_between(text: Text, line: int, firsts: Collection[int]) -> bool:
    """Whether a line stands right between two questions, as the topic of the second."""
    return line - 1 in firsts and line + 1 in firsts and not text.lines[line][:1].isalnum()


def lead_ins(text: Text, openers: Sequence[Opening]) -> list[int]:
    """The first line of each paragraph at the margin right above a question, in a list whose answers are indented."""
    found: list[int] = []
    indented = flush = 0
    for one, two in pairwise(openers):
        lines = [line for line in range(one.asked + 1, two.first) if not text.blank[line]]
        margin = [line for line in lines if text.lines[line][0] not in " \t"]
        if any(text.lines[line][0] == "#" for line in margin):
            continue
        indented += bool(lines) and not margin
        flush += bool(margin)
        free = bool(margin) and margin[0] > lines[0] and text.blank[margin[0] - 1]
        if free and margin == list(range(margin[0], two.first)):
            found.append(margin[0])
    return found if indented >= ROW and indented >= MOSTLY * (indented + flush) else []
