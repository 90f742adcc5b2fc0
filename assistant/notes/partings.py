"""Rules between questions ("---") -> those behind which no answer goes on."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from assistant.notes.wording import is_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.lines import Text

FEWEST = 3
MOSTLY = 0.8


class Opening(Protocol):
    """Where a question begins, and the line on which it ends."""

    @property
    def first(self) -> int: ...

    @property
    def asked(self) -> int: ...


def partings(text: Text, openers: Sequence[Opening]) -> list[int]:
    """The rules that end an answer: right below the questions of a bare list, and behind the last of parted ones.

    A list is bare when its questions follow one another at once. Questions are parted when a rule stands between any
    two of them and nothing but headings behind it: then what is behind the last rule is no part of the last answer.
    """
    gaps = [(one.asked + 1, two.first - 1) for one, two in pairwise(openers)]
    if len(gaps) < FEWEST:
        return []
    if sum(text.first_filled(first, last) > last for first, last in gaps) >= MOSTLY * len(gaps):
        below = (text.first_filled(one.asked + 1, len(text) - 1) for one in openers)
        return [line for line in below if line < len(text) and _is_parting(text, line) and _says_more(text, line)]
    if not all(_is_parted(text, first, last) for first, last in gaps):
        return []
    behind = _rule(text, openers[-1].asked + 1, len(text) - 1)
    return [behind] if behind >= 0 and _says_more(text, behind) else []


def _is_parting(text: Text, line: int) -> bool:
    return not text.shielded[line] and "<" not in text.lines[line] and is_rule(text.lines[line])


def _says_more(text: Text, rule: int) -> bool:
    """Whether something else than rules stands behind a rule."""
    return any(not (text.blank[line] or is_rule(text.lines[line])) for line in range(rule, len(text)))


def _rule(text: Text, first: int, last: int) -> int:
    """The first rule of these lines, -1 for none."""
    return next((line for line in range(first, last + 1) if _is_parting(text, line)), -1)


def _is_parted(text: Text, first: int, last: int) -> bool:
    """Whether something stands above the first rule of these lines, and only headings and rules below it."""
    rule = _rule(text, first, last)
    if rule < 0 or text.last_filled(first, rule - 1) < first:
        return False
    below = (text.lines[line].lstrip() for line in range(rule, last + 1) if not text.blank[line])
    return all(is_rule(line) or line.startswith("#") for line in below)
