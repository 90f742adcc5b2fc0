"""Lines marked as questions -> one entry each: bare "Q.", "Q1)", "Question 3:" lines, or cards of **Q:** and **A:**."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from assistant import plurals
from assistant.notes.cases import cases
from assistant.notes.cuts import Reading
from assistant.notes.markers import answer_marker, question_marker
from assistant.notes.numbering import is_next
from assistant.notes.partings import unmarked
from assistant.notes.shown import begins_code
from assistant.notes.slicing import Opener, banners, cuts, endings, opener, overview, topics
from assistant.notes.titles import title
from assistant.notes.wording import likeness, without_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.elements import Element
    from assistant.notes.lines import Text

INDENT = re.compile(r"[ \t]{0,3}(?:>[ \t]?)?")
SAME_LINE = re.compile(r"(?<=[?.])[ \t]{1,4}(?:\*\*)?(?:A|Ans|Answer)[:.](?:\*\*)?[ \t]")
BREAKS = re.compile(r"(?:[ \t]*<br[ \t]*/?>)+[ \t]*$", re.IGNORECASE)
LONGEST_WRAP = 5
BELOW = 3  # lines in which the question stands below a mark of its own
ASKS = 0.7
NESTED = 2
SURE = 2.0
FEW = 0.34
HALF = 0.5


def read(text: Text) -> Reading:
    """Every bare marked line outside code opens an entry, and decorated ones with it unless they are the rule."""
    listed = overview(text, [one for one in text.elements if one.marked and not one.inside])
    bare = [one for one in _bare(text) if one.first not in listed]
    others = _others(text, listed | {line for one in bare for line in range(one.first, one.asked + 1)})
    decorated = sum(1 for one in others if one.kind in ("heading", "bold"))
    told = _between_chapters(text, cases(text), bare)
    plain = len(bare) + len(told) + len(others) - decorated
    if plain < FEW * (plain + decorated):
        return Reading((), 0.0, "few lines begin with a bare mark")
    counted = _counted_on(text, bare)
    elements = (_same_line(text, opener(text, one)) for one in [*others, *counted])
    parted = (_wrapped(text, line, text.lines[line].strip()) for line in unmarked(text, [one.first for one in bare]))
    openers = sorted([*bare, *told, *parted, *elements], key=_first)
    made = cuts(text, openers, [*banners(text, openers), *_chapters(text, listed, openers), *endings(text)])
    score = SURE * plain + decorated + len(counted)
    found = plurals.counted(len(made), "line begins", "lines begin")
    return Reading(made, score, f"{found} with a mark such as “Q.”")


def _between_chapters(text: Text, told: list[Opener], bare: Sequence[Opener]) -> list[Opener]:
    """The cases, unless the count of the marked lines runs on over them: then they belong to one answer."""
    above = [one.first for one in bare if told and one.first < told[0].first]
    below = [one.first for one in bare if told and one.first > told[-1].first]
    inner = above and below and is_next(_number(text, above[-1]), _number(text, below[0]))
    return [] if inner else told


def _counted_on(text: Text, bare: Sequence[Opener]) -> list[Element]:
    """The numbered lines that ask and go on with the count of the marked ones ("Q1.", "Q2.", "3.", "4.").

    Where the next mark has that number too, or the numbers count from 1 in between, they count within an answer.
    """
    marks = {one.first: _number(text, one.first) for one in bare}
    lines = sorted(marks)
    found: list[Element] = []
    last = inner = ""
    position = 0
    for one in (one for one in text.elements if one.bullet == "1" and not one.inside and one.indent < NESTED):
        while position < len(lines) and lines[position] <= one.line:
            last, inner = marks[lines[position]], ""
            position += 1
        taken = position < len(lines) and marks[lines[position]] == one.number
        if is_next(last, one.number) and one.asks and not taken and not is_next(inner, one.number):
            found.append(one)
            last, inner = one.number, ""
        else:
            inner = one.number
    return found


def _number(text: Text, line: int) -> str:
    marker = question_marker(text.lines[line], _indent(text.lines[line]))
    return marker.number if marker else ""


def read_cards(text: Text) -> Reading:
    """Every bold mark ("**Q:** …") opens an entry."""
    bold = [one for one in text.elements if one.kind == "bold" and not one.inside and one.asks]
    marked = [one for one in bold if one.marked]
    if sum(1 for one in marked if not one.number) * 2 < len(bold):
        return Reading((), 0.0, "most bold questions are numbered or have no mark")
    openers = [_same_line(text, opener(text, one)) for one in marked]
    made = cuts(text, openers, topics(text, openers))
    found = plurals.counted(len(made), "line begins", "lines begin")
    return Reading(made, SURE * len(made), f"{found} with a bold mark such as “**Q:**”")


def _first(one: Opener) -> int:
    return one.first


def _others(text: Text, taken: set[int]) -> list[Element]:
    """The marked elements that are no bare lines."""
    return [one for one in text.elements if one.marked and not one.inside and one.line not in taken]


def _chapters(text: Text, listed: set[int], openers: Sequence[Opener]) -> list[int]:
    """The lines right above a question that a table of contents names among the questions."""
    if not listed:
        return []
    contents = range(max(0, min(listed) - 1), max(listed) + 1)
    names = {without_page(text.lines[line]) for line in contents if line not in listed} - {""}
    above = (text.last_filled(0, one.first - 1) for one in openers)
    return [line for line in above if line > contents[-1] and without_page(text.lines[line]) in names]


def _bare(text: Text) -> list[Opener]:
    """The bare marked lines outside code, but for those within the head of another."""
    found: list[Opener] = []
    for number in range(len(text)):
        one = _opener(text, number) if not found or number > found[-1].asked else None
        found += [one] if one else []
    return found


def _opener(text: Text, number: int) -> Opener | None:
    """The question that is marked on this line; a mark alone on its line marks the next line."""
    if text.shielded[number] or text.blank[number]:
        return None
    column = _indent(text.lines[number])
    marker = question_marker(text.lines[number], column)
    if marker is None:
        return None
    question = BREAKS.sub("", text.lines[number][marker.end :]).strip()
    if question:
        return _same_line(text, _wrapped(text, number, question))
    mark = _mark_below(text, number) if marker.number else number
    lowest = min(mark + BELOW, len(text) - 1)
    following = text.first_filled(mark + 1, lowest)
    if following > lowest or _marked(text.lines[following]):
        return Opener(number, mark, "", text.end(mark))
    numbered = title(text.lines[following])
    question = numbered.text if numbered.number else text.lines[following].strip()
    return _wrapped(text, following, question, number)


def _mark_below(text: Text, number: int) -> int:
    """The line of a second mark ("Question:") in the head that a counting one begins ("Question 1"); else its own."""
    for line in range(number + 1, min(number + 1 + BELOW, len(text))):
        column = _indent(text.lines[line])
        marker = question_marker(text.lines[line], column)
        if marker:
            alone = not marker.number and not text.lines[line][marker.end :].strip()
            return line if alone and not text.shielded[line] else number
        if likeness(text.lines[line]) >= ASKS or answer_marker(text.lines[line], column):
            break
    return number


def _wrapped(text: Text, number: int, question: str, first: int | None = None) -> Opener:
    """Take in the next lines when the question runs on up to an answer mark."""
    last = number + 1
    while last < len(text) and last <= number + LONGEST_WRAP and not text.blank[last] and not _marked(text.lines[last]):
        last += 1
    runs_on = last > number + 1 and last < len(text) and answer_marker(text.lines[last], _indent(text.lines[last]))
    if not runs_on or any(text.shielded[number + 1 : last]) or _stops(text.lines[number], text.lines[number + 1]):
        return Opener(number if first is None else first, number, question, text.end(number))
    words = list(takewhile(_is_prose, text.lines[number + 1 : last]))
    whole = " ".join([question, *(line.strip() for line in words)])
    return Opener(number if first is None else first, last - 1, whole, text.end(last - 1))


def _stops(line: str, below: str) -> bool:
    """Whether a topic stands alone on its line, because what is below is a sentence that would have had room there."""
    sentence = below.rstrip().endswith(".") and not line.rstrip().endswith(("?", ":", ",", "."))
    return sentence and len(line.strip()) < HALF * len(below.strip())


def _is_prose(line: str) -> bool:
    return not begins_code(line)


def _same_line(text: Text, one: Opener) -> Opener:
    """End the question where an answer mark stands on its own line ("Q: What? A: That.")."""
    inner = SAME_LINE.search(one.question)
    place = SAME_LINE.search(text.lines[one.asked]) if inner else None
    if inner is None or place is None:
        return one
    return Opener(
        one.first, one.asked, one.question[: inner.start()], text.starts[one.asked] + place.start(), one.listed
    )


def _marked(line: str) -> bool:
    column = _indent(line)
    return question_marker(line, column) is not None or answer_marker(line, column) is not None


def _indent(line: str) -> int:
    found = INDENT.match(line)
    return found.end() if found else 0
