"""Openers of questions -> cuts: each answer reaches to the next opener, without blank edges and answer marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.notes.cuts import Cut
from assistant.notes.markers import answer_marker

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.notes.lines import Text

EMPHASIS = re.compile(r"[ \t]*(?:[-*+>][ \t]{1,4})?(?:#{1,6}[ \t]+)?(?:\*{1,3}|_{1,3})?[ \t]?")
CLOSED_EMPHASIS = re.compile(r"[ \t]?[:.]?(?:\*{1,3}|_{1,3})[ \t]?[:.]?[ \t]?")
OPTION_B = re.compile(r"[ \t]*(?:[-*+][ \t]+)?\*{0,2}[Bb][.):]")


@dataclass(frozen=True, slots=True)
class Opener:
    """Where a question stands (lines from 0), and the offset behind it where its answer may begin."""

    first: int
    asked: int
    question: str
    behind: int


def cuts(text: Text, openers: Sequence[Opener], closers: Iterable[int] = ()) -> tuple[Cut, ...]:
    """Cut from each opener to the line before the next opener or closer."""
    ends = sorted({*(opener.first for opener in openers), *closers, len(text)})
    made = []
    position = 0
    for opener in openers:
        while ends[position] <= opener.asked:
            position += 1
        made.append(cut(text, opener, ends[position] - 1))
    return tuple(made)


def cut(text: Text, opener: Opener, last: int) -> Cut:
    """The entry from the opener to the given line at most."""
    last = max(text.last_filled(opener.asked + 1, last), opener.asked)
    start, end = trimmed(text, opener.behind, text.end(last))
    start = _behind_mark(text, start, end)
    return Cut(opener.first, opener.asked, last, opener.question, start, max(start, end))


def trimmed(text: Text, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its edges; indented code keeps the indentation of its first line."""
    whole = text.text
    while end > start and whole[end - 1].isspace():
        end -= 1
    first = start
    while first < end and whole[first].isspace():
        first += 1
    if first >= end:
        return start, start
    line = text.starts[text.line_of(first)]
    indented = line > start and (whole[line:first].startswith(("    ", "\t")))
    return (line if indented else first), end


def _behind_mark(text: Text, start: int, end: int) -> int:
    """The offset behind "A:", "Ans.", "**Answer:**" at the head of an answer, when it is one."""
    if start >= end:
        return start
    number = text.line_of(start)
    line = text.lines[number]
    column = start - text.starts[number]
    decorated = EMPHASIS.match(line, column)
    mark = answer_marker(line, decorated.end() if decorated else column)
    if mark is None or _is_option(text, number, line[column:]):
        return start
    closed = CLOSED_EMPHASIS.match(line, mark.end) if decorated and decorated.end() > column else None
    behind = text.starts[number] + (closed.end() if closed else mark.end)
    return trimmed(text, min(behind, end), end)[0]


def _is_option(text: Text, number: int, line: str) -> bool:
    """Whether "A." is the first of several choices: then a "B." follows within a few lines."""
    if not line.lstrip("-*+ \t").startswith(("A.", "A)", "A:")):
        return False
    return any(OPTION_B.match(following) for following in text.lines[number + 1 : number + 8])
