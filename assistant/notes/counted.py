"""Headings that only count ("## Task 3", "# 4.", "#### SQL_Q_5") -> marks of the questions that stand below them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.notes.numbering import is_next

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.elements import Element

COUNTED = re.compile(
    r"(?P<label>(?:[^\W\d_]{1,20}[ \t_-]{1,2}){0,3}[^\W\d_]{0,20})[ \t_#-]{0,3}(?P<number>\d{1,4})[.:)]?"
    r"[ \t]*(?:[(\[][^()\[\]\n]{1,30}[)\]])?"
)
BARE = re.compile(r"(?P<number>\d{1,3})[ \t]+(?=[^\s\d.,:/-])")  # "7 Ways to make a dictionary", the seventh
LAST_WORD = re.compile(r"[^\W\d_]*$")
COUNTS = frozenset(
    "q ques question questions problem exercise task card flashcard quiz puzzle challenge query snippet frage aufgabe "
    "pregunta ejercicio pergunta exercice вопрос задача задание 문제 문 問題 问题 题 題".split()
)
FIRST = ("0", "1", "01")
FEWEST = 3
MOSTLY = 0.6
NEARLY_ALL = 0.9
ROW = 4


def counted(headings: Sequence[Element]) -> list[Element]:
    """The headings, those of the row that only counts turned into marks without a title."""
    headings = _without_dots(headings)
    rows: dict[tuple[int, str], list[Element]] = {}
    for one in headings:
        label, number = _read(one)
        if number:
            rows.setdefault((one.level, label), []).append(replace(one, title="", number=number, marked=True))
    marks = {one.line: one for row in rows.values() if _counts(row) for one in row}
    return [marks.get(one.line, one) for one in headings]


def _without_dots(headings: Sequence[Element]) -> list[Element]:
    """Take "7 Locks" as number 7 where nearly all headings of its level count on, or from 1 in each chapter."""
    numbered: dict[int, Element] = {}
    for level in {one.level for one in headings}:
        group = [one for one in headings if one.level == level]
        bare = [(one, found) for one in group if not one.number and (found := BARE.match(one.title))]
        if len(bare) >= max(ROW, NEARLY_ALL * len(group)) and _count_on([int(found["number"]) for _, found in bare]):
            for one, found in bare:
                numbered[one.line] = replace(one, number=found["number"], title=one.title[found.end() :])
    return [numbered.get(one.line, one) for one in headings]


def _count_on(numbers: Sequence[int]) -> bool:
    return numbers[0] == 1 and all(after > before or after == 1 for before, after in pairwise(numbers))


def _read(one: Element) -> tuple[str, str]:
    """The label and the number of a heading that says nothing else; two empty strings for any other."""
    if one.number and not one.title and not one.marked:
        return "", one.number
    found = COUNTED.fullmatch(one.title)
    if found is None or one.number:
        return "", ""
    label = found["label"].strip(" \t_-").lower()
    last = LAST_WORD.search(label)
    return (label, found["number"]) if not label or (last and last.group() in COUNTS) else ("", "")


def _counts(row: Sequence[Element]) -> bool:
    steps = [is_next(one.number, two.number) for one, two in pairwise(row)]
    return len(row) >= FEWEST and row[0].number in FIRST and sum(steps) >= MOSTLY * len(steps)
