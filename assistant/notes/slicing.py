"""Openers of questions -> cuts: each answer reaches to the next opener or closer."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from assistant.notes.cuts import Cut
from assistant.notes.edges import first_content, is_answer_heading, is_frame, trimmed
from assistant.notes.lines import PICTURES
from assistant.notes.markers import answer_marker, question_marker
from assistant.notes.partings import COUNT, partings
from assistant.notes.shown import begins_code, looks_like_code
from assistant.notes.signposts import lead_ins, signposts
from assistant.notes.titles import clean, title
from assistant.notes.wording import (
    bare,
    is_aside,
    is_chatter,
    is_document_part,
    is_ending,
    is_farewell,
    is_label,
    is_rule,
    without_page,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.notes.elements import Element
    from assistant.notes.lines import Text

DASH = re.compile(r"[ \t]{0,4}(?:[:=>\u2013\u2014-]{1,3}|\.)(?:[ \t]|$)")
MOSTLY = 0.5
BREAK = re.compile(r"\?[*_`]{0,3}[ \t]{0,4}<br[ \t]{0,2}/?>", re.IGNORECASE)  # a question and its answer on one line
ROW = 4
PAIR = 2
BANNER = re.compile(r"[ \t]{0,3}([=*~_-])\1{2,}[ \t]{0,3}[^\n=*~_-][^\n]{0,100}\1{3,}[ \t]*$")
NAMED = re.compile(r"[A-Z][^\n?.!:;]{2,70}\b[Qq]uestions?(?:[ \t](?:and|&)[ \t][Aa]nswers?)?:?[ \t]*$")
BOX = re.compile(r"[ \t]{0,3}([=*])\1{7,}[ \t]*$")
SOURCE = re.compile(r"[ \t]{0,3}(?:\[\^?\d{1,3}\](?:\(|:[ \t])|<?https?://)\S{1,500}[ \t]*$")
INDENTED = re.compile(r"(?: {4,12}|\t{1,3})#{2,6} \w[^\n.:;(){}]{0,60}$")
ALMOST_ALL = 0.8
NEAR = 2
LONGEST_CODE = 40
MOST_CELLS = 4
TAB = re.compile(r"\t")
SHORTEST = 8  # characters of a question before a tab


@dataclass(frozen=True, slots=True)
class Opener:
    """Where a question stands (lines from 0), and the offset behind it where its answer may begin.

    `listed` says that the answer may be indented because the question is a list item; `last` is the last
    line that the entry may have, -1 for as far as the next opener or closer. `bare` says that a mark stands for
    the question.
    """

    first: int
    asked: int
    question: str
    behind: int
    listed: bool = False
    last: int = -1
    bare: bool = False


def opener(text: Text, element: Element) -> Opener:
    """The question that an element asks."""
    if element.marked and not element.title:
        return _asked_below(text, element)
    line = text.lines[element.last]
    cell = _next_cell(element, line)
    if cell:
        question = title(line[:cell]).text
        return Opener(element.line, element.last, question, text.starts[element.last] + cell, bool(element.bullet))
    broken = BREAK.search(line)
    if broken and line[broken.end() :].strip():
        question = title(line[: broken.start() + 1]).text
        return Opener(
            element.line, element.last, question, text.starts[element.last] + broken.end(), bool(element.bullet)
        )
    dash = DASH.match(line, element.end)
    behind = text.starts[element.last] + (dash.end() if dash else min(element.end, len(line)))
    return Opener(element.line, element.last, element.title, behind, listed=bool(element.bullet))


def _next_cell(element: Element, line: str) -> int:
    """The column of the tab between a question and its answer, where cells of a sheet were pasted as a list; or 0."""
    if element.kind not in ("item", "line") or element.line != element.last or "\t" not in line.strip():
        return 0
    cells = islice((found.start() for found in TAB.finditer(line, 0, len(line.rstrip()))), MOST_CELLS)
    return next((cell for cell in cells if len(title(line[:cell]).text) >= SHORTEST), 0)


def _asked_below(text: Text, element: Element) -> Opener:
    """The question on the first filled line below a mark that stands alone ("### Question 1")."""
    below = text.first_filled(element.last + 1, min(element.last + 3, len(text) - 1))
    line = text.lines[min(below, len(text) - 1)].strip()
    answered = line.startswith("#") or answer_marker(line.lstrip("* ")) is not None or begins_code(line)
    if below >= len(text) or not line or answered or text.shielded[below]:
        mark = clean(text.lines[element.line].strip(" \t#*"))
        return Opener(element.line, element.last, mark, text.end(element.last), bare=True)
    return Opener(element.line, below, clean(text.lines[below].strip()), text.end(below))


def cuts(text: Text, openers: Sequence[Opener], closers: Iterable[int] = ()) -> tuple[Cut, ...]:
    """Cut from each opener to the line before the next opener or closer; an opener inside another's lines is none."""
    apart = _apart(openers)
    ends = sorted({*(opener.first for opener in apart), *closers, len(text)})
    made = []
    position = 0
    for one in apart:
        while ends[position] <= one.asked:
            position += 1
        last = ends[position] - 1
        made.append(cut(text, one, min(last, one.last) if one.last >= one.asked else last))
    return tuple(one for one, opener in zip(made, apart, strict=True) if one.start < one.end or not _is_bare(opener))


def _is_bare(one: Opener) -> bool:
    """Whether an opener is a mark without any words, which is an entry only when something answers it."""
    marker = question_marker(one.question)
    return one.bare or not one.question or (marker is not None and marker.end == len(one.question))


def _apart(openers: Sequence[Opener]) -> list[Opener]:
    apart: list[Opener] = []
    for one in openers:
        if not apart or one.first > max(apart[-1].asked, apart[-1].last):
            apart.append(one)
    return apart


def cut(text: Text, one: Opener, last: int) -> Cut:
    """The entry from the opener to the given line at most."""
    last = max(_above_asides(text, one.asked + 1, last), one.asked)
    asked = _behind_shown(text, one.asked, last) if one.behind >= text.end(one.asked) else one.asked
    start, end = trimmed(text, text.end(asked) if asked > one.asked else one.behind, last, code=not one.listed)
    return Cut(one.first, asked, last, one.question, start, max(start, end))


def _above_asides(text: Text, first: int, last: int) -> int:
    """The last filled line of first..last above what a chat-bot says between two lists of questions."""
    line = text.last_filled(first, last)
    while line > first and text.blank[line - 1] and is_aside(text.lines[line]):
        line = text.last_filled(first, line - 1)
    return line


def _behind_shown(text: Text, asked: int, last: int) -> int:
    """The last line of code without a fence, or of pictures, between a question and its answer's mark: asked about.

    When nothing follows the mark, whatever stands above it is.
    """
    for line in range(asked + 1, min(last, asked + LONGEST_CODE) + 1):
        if text.shielded[line]:
            return asked
        if answer_marker(text.lines[line].lstrip(" \t*>_")):
            if text.last_filled(line, last) == line and is_answer_heading(text.lines[line]):
                return max(asked, text.last_filled(asked + 1, line - 1))
            between = [shown for shown in text.lines[asked + 1 : line] if shown.strip()]
            is_shown = looks_like_code(between) or all(PICTURES.fullmatch(shown.strip()) for shown in between)
            return max(asked, text.last_filled(asked + 1, line - 1)) if is_shown else asked
    return asked


def banners(text: Text, openers: Sequence[Opener]) -> list[int]:
    """What closes an answer of marked lines: a heading or "=== Topic ===" right above the next question.

    Outside Markdown a single hash may be a comment of code that stands in no fence: it counts only when such
    lines are the rule.
    """
    if is_markdown(text):
        return topics(text, openers)
    drawn = [*_drawn(text, openers), *signposts(text, openers), *partings(text, openers)]
    firsts = {one.first for one in openers}
    headings = [one for one in text.elements if one.kind == "heading" and not one.inside and one.line not in firsts]
    leading = [one for one in headings if _leads(text, one, firsts)]
    hashes = [one for one in leading if one.level == 1]
    rule = len(hashes) >= PAIR and len(hashes) >= ALMOST_ALL * sum(one.level == 1 for one in headings)
    return [*(one.line for one in leading if rule or one.level > 1), *drawn, *boxes(text)]


def _drawn(text: Text, openers: Sequence[Opener]) -> list[int]:
    lines = (_said_above(text, one.first - 1) for one in openers)
    asked = {one.asked for one in openers}
    drawn = [line for line in lines if line >= 0 and not text.shielded[line]]
    return [line for line in drawn if _is_drawn(text, line) or _counts(text, line, asked)]


def _said_above(text: Text, last: int) -> int:
    """The last line that says more than what stands between a topic and its questions: asides, hashes alone."""
    line = _above_asides(text, 0, last)
    while line > 0 and not text.shielded[line] and not text.lines[line].strip("# \t"):
        line = _above_asides(text, 0, line - 1)
    return line


def _counts(text: Text, line: int, asked: set[int]) -> bool:
    """Whether a line is nothing but the number of the next question ("2.10") behind a rule that ends an answer."""
    rule = text.last_filled(0, line - 1) if COUNT.match(text.lines[line]) else -1
    return rule >= 0 and is_rule(text.lines[rule]) and text.last_filled(0, rule - 1) not in asked


def _is_drawn(text: Text, line: int) -> bool:
    """Whether a line is drawn as a title ("=== Topic ===") or is a paragraph that names a topic's questions."""
    if BANNER.match(text.lines[line]):
        return True
    named = NAMED.match(text.lines[line]) or INDENTED.match(text.lines[line])
    return named is not None and (line == 0 or is_frame(text.lines[line - 1]))


def topics(text: Text, openers: Sequence[Opener]) -> list[int]:
    """The lines that close an answer: headings of the levels that stand over questions, and tables of contents."""
    firsts = {one.first for one in openers}
    asked = {line for one in openers for line in range(one.first, one.asked + 1)}
    headings = [one for one in text.elements if one.kind == "heading" and not one.inside and one.line not in asked]
    chapter = _chapter(text, headings, min(firsts, default=0))
    headings = [one for one in headings if not is_label(one.title) or _stands_over(text, one, chapter, firsts)]
    leading = [one for one in headings if _leads(text, one, firsts)]
    level = max((one.level for one in leading if _usually(one.level, leading, headings)), default=0)
    level = max(level, chapter)
    over = [one.line for one in headings if one.level <= level or one in leading or is_document_part(one.title)]
    drawn = [*_drawn(text, openers), *signposts(text, openers), *boxes(text), *partings(text, openers)]
    drawn += lead_ins(text, openers)
    return [*over, *_first_of_all(openers, headings), *contents(text), *endings(text), *drawn]


def _first_of_all(openers: Sequence[Opener], headings: Sequence[Element]) -> list[int]:
    """The first heading behind the last question, when none stands among the answers before."""
    first, last = (openers[0].first, openers[-1].asked) if openers else (0, 0)
    among = any(first < one.line < last for one in headings)
    return [] if among or len(openers) < ROW else [one.line for one in headings if one.line > last][:1]


def _chapter(text: Text, headings: Sequence[Element], first: int) -> int:
    """The level of the heading under which the first question stands: the next of its kind ends that chapter.

    Outside Markdown a single hash may be a comment of code that stands in no fence, so it says nothing.
    """
    level = next((one.level for one in reversed(headings) if one.line < first), 0)
    return level if level > 1 or is_markdown(text) else 0


def is_markdown(text: Text) -> bool:
    """Whether the file's name says that it is Markdown."""
    return text.path.lower().endswith((".md", ".markdown"))


def _stands_over(text: Text, label: Element, chapter: int, firsts: set[int]) -> bool:
    """Whether a label ("Summary", "Code") is the title of a chapter and not of a part of an answer."""
    if is_document_part(label.title):
        return True
    return label.level <= chapter and (is_ending(label.title) or _leads(text, label, firsts))


def overview(text: Text, questions: Sequence[Element], headings: Sequence[Element] = ()) -> set[int]:
    """The lines of questions that stand in a row without answers and are asked again below: a table of contents.

    What is asked again may be asked by a heading, and the table may end each line with the number of a page. As long
    as half of it has the very words of what is below, the rest may say otherwise what has the same number there.
    """
    below = (*questions, *headings)
    titles = Counter(bare(one.title) for one in below)
    numbers = Counter(one.number for one in below)
    lines: set[int] = set()
    for row in _rows(text, questions):
        titles.subtract(bare(one.title) for one in row)
        numbers.subtract(one.number for one in row)
        worded = [titles[bare(one.title)] > 0 or titles[without_page(one.title)] > 0 for one in row]
        counted = [bool(one.number) and numbers[one.number] > 0 for one in row]
        again = sum(map(max, worded, counted))
        if len(row) >= ROW and sum(worded) >= MOSTLY * len(row) and again >= ALMOST_ALL * len(row):
            lines.update(one.line for one in row)
    return lines


def _rows(text: Text, questions: Sequence[Element]) -> list[list[Element]]:
    """Questions near to one another, or with no blank line between them."""
    rows: list[list[Element]] = []
    for one in questions:
        last = rows[-1][-1].last if rows else -1
        if rows and (one.line <= last + NEAR or not any(text.blank[last : one.line])):
            rows[-1].append(one)
        else:
            rows.append([one])
    return rows


def endings(text: Text) -> list[int]:
    """The lines that wrap a document, and those from which on its author or a chat-bot says good-bye."""
    return [*text.wrapping, *_farewell(text), *_farewells(text)]


def _farewell(text: Text) -> list[int]:
    last = text.last_filled(0, len(text) - 1)
    said = _above_links(text, last)
    rule = text.last_filled(0, said - 1)
    if rule >= 0 and is_chatter(text.lines[said]) and is_rule(text.lines[rule]):
        return [rule]
    rule = text.last_filled(0, last - 1)
    return [last] if rule >= 0 and text.blank[last - 1] and is_farewell(text.lines[last]) else []


def _farewells(text: Text) -> list[int]:
    """The rules right above a good-bye, whatever follows it."""
    said = (line for line in range(1, len(text)) if not text.shielded[line] and is_farewell(text.lines[line]))
    rules = (text.last_filled(0, line - 1) for line in said)
    return [line for line in rules if line >= 0 and not text.shielded[line] and is_rule(text.lines[line])]


def _above_links(text: Text, last: int) -> int:
    """The last line above the list of sources ("[1](https://…)") that ends a document; `last` when there is none."""
    line = last
    while line >= 0 and SOURCE.match(text.lines[line]):
        line = text.last_filled(0, line - 1)
    return max(line, 0)


def boxes(text: Text) -> list[int]:
    """The first line of each title that is drawn between two long lines of equals signs or stars."""
    drawn = [number for number, line in enumerate(text.lines) if BOX.match(line) and not text.shielded[number]]
    return [first for first, last in pairwise(drawn) if last == first + 2 and not text.blank[first + 1]]


def contents(text: Text) -> list[int]:
    """The first line of each run of four or more links into the notes themselves: a table of contents."""
    runs: list[list[int]] = [[]]
    links = [one.line for one in text.elements if one.link and one.kind != "heading"]
    for line in links:
        if runs[-1] and text.first_filled(runs[-1][-1] + 1, line) < line:
            runs.append([])
        runs[-1].append(line)
    return [run[0] for run in runs if len(run) >= ROW]


def _leads(text: Text, heading: Element, firsts: set[int]) -> bool:
    """Whether the next line that is not blank opens a question."""
    return first_content(text, heading.last + 1, len(text) - 1) in firsts


def _usually(level: int, leading: Sequence[Element], headings: Sequence[Element]) -> bool:
    there = sum(1 for one in headings if one.level == level)
    return sum(1 for one in leading if one.level == level) >= MOSTLY * there
