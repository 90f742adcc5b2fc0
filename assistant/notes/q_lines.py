"""Lines that begin with "Q.", "Q:", "Q1)", "Question 3:" -> one entry each, up to the next such line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.notes.cuts import Reading
from assistant.notes.markers import answer_marker, question_marker
from assistant.notes.slicing import Opener, cuts

if TYPE_CHECKING:
    from assistant.notes.lines import Text

INDENT = re.compile(r"[ \t]{0,3}(?:>[ \t]?)?")
LONGEST_WRAP = 5


def read(text: Text) -> Reading:
    """Every marked line outside code opens an entry."""
    openers = [opener for number in range(len(text)) if (opener := _opener(text, number))]
    score = min(1.0, 0.8 + 0.01 * len(openers)) if openers else 0.0
    return Reading(cuts(text, openers), score, f"{len(openers)} lines begin with a mark such as “Q.”")


def _opener(text: Text, number: int) -> Opener | None:
    """The question that is marked on this line; a mark alone on its line marks the next line."""
    if text.shielded[number] or text.blank[number]:
        return None
    column = _indent(text.lines[number])
    marker = question_marker(text.lines[number], column)
    if marker is None:
        return None
    question = text.lines[number][marker.end :].strip()
    if question:
        return _wrapped(text, number, question)
    following = text.first_filled(number + 1, min(number + 3, len(text) - 1))
    if following >= len(text) or following > number + 2 or _marked(text.lines[following]):
        return Opener(number, number, "", text.end(number))
    return _wrapped(text, following, text.lines[following].strip(), number)


def _wrapped(text: Text, number: int, question: str, first: int | None = None) -> Opener:
    """Take in the next lines when the question runs on up to an answer mark."""
    last = number + 1
    while last < len(text) and last <= number + LONGEST_WRAP and not text.blank[last] and not _marked(text.lines[last]):
        last += 1
    runs_on = last > number + 1 and last < len(text) and answer_marker(text.lines[last], _indent(text.lines[last]))
    if not runs_on or any(text.shielded[number + 1 : last]):
        return Opener(number if first is None else first, number, question, text.end(number))
    whole = " ".join([question, *(line.strip() for line in text.lines[number + 1 : last])])
    return Opener(number if first is None else first, last - 1, whole, text.end(last - 1))


def _marked(line: str) -> bool:
    column = _indent(line)
    return question_marker(line, column) is not None or answer_marker(line, column) is not None


def _indent(line: str) -> int:
    found = INDENT.match(line)
    return found.end() if found else 0
