"""Rules between questions ("---") -> those behind which no answer goes on, and what is asked between them unmarked."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from assistant.notes.markers import answer_marker, question_marker
from assistant.notes.wording import bare, is_answer_label, is_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.lines import Text

COUNT = re.compile(r"[ \t]{0,3}\d{1,3}(?:\.\d{1,3}){0,2}[.)]?[ \t]*$")
FEWEST = 3
ROW = 4
FEW_WORDS = 2
LONGEST_LABEL = 40
MOSTLY = 0.8
DEEPEST = 6  # level of a heading


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
    behind = _last_rule(text, openers[-1])
    return [behind] if behind >= 0 and _says_more(text, behind) else []


def _is_parting(text: Text, line: int) -> bool:
    return not text.shielded[line] and "<" not in text.lines[line] and is_rule(text.lines[line])


def _says_more(text: Text, rule: int) -> bool:
    """Whether something else than rules stands behind a rule."""
    return any(not (text.blank[line] or is_rule(text.lines[line])) for line in range(rule, len(text)))


def _rule(text: Text, first: int, last: int) -> int:
    """The first rule of these lines, -1 for none."""
    return next((line for line in range(first, last + 1) if _is_parting(text, line)), -1)


def _last_rule(text: Text, one: Opening) -> int:
    """The first rule below a question that parts no two parts of its answer, -1 for none.

    An answer goes on behind a rule with a heading of a level that it has above the rule, under that of the question.
    """
    own = _level(text, one.first) or DEEPEST
    levels: set[int] = set()
    for line in range(one.asked + 1, len(text)):
        if _is_parting(text, line) and _level(text, text.first_filled(line + 1, len(text) - 1)) not in levels:
            return line
        if _level(text, line) > own:
            levels.add(_level(text, line))
    return -1


def _level(text: Text, line: int) -> int:
    """How many hashes a line begins with; 0 in code and behind the last line."""
    if line >= len(text) or text.shielded[line]:
        return 0
    return len(text.lines[line]) - len(text.lines[line].lstrip("#"))


def _is_parted(text: Text, first: int, last: int) -> bool:
    """Whether something stands above the first rule of these lines, and only headings and rules below it."""
    rule = _rule(text, first, last)
    if rule < 0 or text.last_filled(first, rule - 1) < first:
        return False
    below = (text.lines[line].lstrip() for line in range(rule, last + 1) if not text.blank[line])
    return all(is_rule(line) or line.startswith("#") for line in below)


def unmarked(text: Text, firsts: Sequence[int]) -> list[int]:
    """The lines that ask without a mark between rules, when a rule stands above nearly all lines `firsts` with one.

    What stands between two rules asks when it has a label of an answer ("Solution:") that nearly all others have too.
    """
    rules = [line for line in range(len(text)) if _is_parting(text, line)]
    pieces = [_Piece(text, first + 1, behind) for first, behind in pairwise([*rules, len(text)])]
    marks = set(firsts)
    marked = [piece for piece in pieces if piece.head in marks]
    if len(marked) < ROW or len(marked) < MOSTLY * len(firsts):
        return []
    often = Counter(label for piece in marked for label in piece.labels)
    usual = {label for label in often if often[label] >= MOSTLY * len(marked)}
    rest = [piece for piece in pieces if piece.head > firsts[0] and piece.asks and piece.labels & usual]
    return [piece.head for piece in rest if bisect_left(firsts, piece.head) == bisect_left(firsts, piece.behind)]


class _Piece:
    """The lines between two rules, the second of which is `behind`; `head` is the first that does more than count."""

    def __init__(self, text: Text, first: int, behind: int) -> None:
        filled = [line for line in range(first, behind) if not text.blank[line]]
        counts = len(filled) > 1 and COUNT.match(text.lines[filled[0]]) is not None
        self.head = filled[counts] if filled else -1
        self.behind = behind
        said = (text.lines[line] for line in filled[counts + 1 :] if not text.shielded[line])
        self.labels = {bare(line) for line in said if len(line) < LONGEST_LABEL and is_answer_label(line)}
        self.asks = bool(filled) and not text.shielded[self.head] and _is_sentence(text.lines[self.head])


def _is_sentence(line: str) -> bool:
    """Whether a line is more than a label, and no heading, item or mark."""
    unmarked = question_marker(line) is None and answer_marker(line) is None
    return line[:1].isalpha() and len(line.split()) > FEW_WORDS and unmarked
