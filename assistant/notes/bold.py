"""Markdown whose bold lines are questions ("**1. What is …?**", "1. **…?**") -> one entry each."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.notes.cuts import Reading
from assistant.notes.numbering import inner_runs, is_next
from assistant.notes.plain_rows import emphasized
from assistant.notes.slicing import cuts, opener, topics
from assistant.notes.wording import is_label, is_rule
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.notes.elements import Element
    from assistant.notes.lines import Text

NESTED = 4
MOSTLY = 0.6
FEWEST = 2
ROW = 4
LONG_ROW = 8
ALMOST_ALL = 0.9
NEARLY_ALL = 0.75
Style = tuple[str, bool]


def read(text: Text) -> Reading:
    """Take the style of bold lines that asks most, and the questions among the others that stand alone."""
    chapters = _chapters(text)
    bold = [one for one in text.elements if one.kind == "bold" and (chapters or not one.inside) and one.indent < NESTED]
    empty = [one.line for one in bold if not (one.title or one.marked)]
    listed = {one.line for one in emphasized(text)}
    bold = [one for one in bold if (one.title or one.marked) and one.line not in listed]
    styles: dict[Style, list[Element]] = defaultdict(list)
    for one in _without_leads(text, bold):
        styles[_style(one)].append(one)
    asking = {style: asked for style, group in styles.items() if (asked := _asking(group))}
    whole = (_is_the_list, _counts_on)
    asking.update((style, group) for style, group in styles.items() if any(one(text, style, group) for one in whole))
    if not asking and _speaks_of_questions(text):
        asking = {style: group for style, group in styles.items() if style[1] and _counts(group)}
    if not asking:
        return Reading((), 0.0, "no bold lines sound like questions")
    main = max(asking, key=lambda style: _mass(asking[style]))
    asking[main] = [*asking[main], *_between_rules(text, _all(styles), _all(asking))]
    questions = sorted([*asking[main], *_strays(text, asking, main), *_marked(text, asking[main])], key=_line)
    questions = list({one.line: one for one in questions}.values())
    openers = [opener(text, one) for one in questions]
    made = cuts(text, openers, [*topics(text, openers), *empty, *chapters])
    mass = _mass(questions) if len(made) >= FEWEST else _mass(questions) / 4
    return Reading(made, mass, f"{counted(len(made), 'bold line asks', 'bold lines ask')}")


def _chapters(text: Text) -> list[int]:
    """The first lines of `<details>` that hold chapters of bold questions: most questions, and not one in each."""
    asking = [one for one in text.elements if one.kind == "bold" and one.asks]
    inside = [one.line for one in asking if one.inside]
    folds = [first for first, last in text.details if bisect_right(inside, last) > bisect_right(inside, first)]
    return folds if 2 * len(inside) > len(asking) and len(inside) >= FEWEST * len(folds) else []


def _all(styles: Mapping[Style, Sequence[Element]]) -> list[Element]:
    return [one for group in styles.values() for one in group]


def _without_leads(text: Text, bold: Sequence[Element]) -> list[Element]:
    """Leave out bold words that lead into their line ("**First:** text") where questions have lines of their own."""
    alone = {one.line for one in bold if _stands_alone(text, one)}
    asking = [one for one in bold if one.asks]
    if 2 * sum(one.line in alone for one in asking) <= len(asking):
        return list(bold)
    return [one for one in bold if one.asks or one.line in alone]


def _speaks_of_questions(text: Text) -> bool:
    """Whether the first heading of the file calls what follows questions."""
    first = next((one.title.lower() for one in text.elements if one.kind == "heading"), "")
    return "question" in first or "interview" in first


def _is_the_list(text: Text, style: Style, group: Sequence[Element]) -> bool:
    """Whether bold items are the whole list: nothing but headings and indented lines stands between the first and last.

    Then those that do not ask ("Service vs IntentService") are asked too, as long as most ask, or the file says that
    it holds questions.
    """
    if style != ("-", False) or len(group) < ROW or any(one.indent or not one.title for one in group):
        return False
    asking = sum(one.asks for one in group)
    if not asking or (asking < NEARLY_ALL * len(group) and not _speaks_of_questions(text)):
        return False
    lines = {one.line for one in group}
    between = (line for line in range(group[0].line, group[-1].line) if line not in lines and not text.shielded[line])
    return all(not text.lines[line].strip() or text.lines[line][0] in " \t#" for line in between)


def _counts(group: Sequence[Element]) -> bool:
    """Whether the numbers run on from one line to the next, or begin anew at 1."""
    steps = [is_next(before.number, one.number) or one.number == "1" for before, one in pairwise(group)]
    return len(group) >= ROW and group[0].number == "1" and sum(steps) >= ALMOST_ALL * len(steps)


def _counts_on(text: Text, style: Style, group: Sequence[Element]) -> bool:
    """Whether bold items are one count through a file of questions, across its headings, each with text below.

    Then those that do not ask ("12. **Lazy loading:**") are asked as well.
    """
    if style != ("1", True) or len(group) < LONG_ROW or group[0].number != "1" or not _speaks_of_questions(text):
        return False
    pairs = list(pairwise(group))
    steps = sum(is_next(before.number, one.number) for before, one in pairs)
    answered = sum(text.first_filled(before.last + 1, one.line) < one.line for before, one in pairs)
    return min(steps, answered) >= ALMOST_ALL * len(pairs)


def _style(one: Element) -> Style:
    return one.bullet, bool(one.number)


def _line(one: Element) -> int:
    return one.line


def _mass(group: Sequence[Element]) -> float:
    return sum(max(one.likeness, 0.5) for one in group)


def _asking(group: Sequence[Element]) -> list[Element]:
    """The questions of one style: all but the labels when most of it asks, else those with a question mark."""
    inner = inner_runs(group)
    group = [one for one in group if one.line not in inner]
    weights = [1.0 if one.marked else one.likeness for one in group]
    if sum(weights) < MOSTLY * len(group):
        return [one for one in group if one.marked or one.likeness >= 1]
    return _in_row(group) if group[0].number else [one for one in group if one.asks]


def _between_rules(text: Text, group: Sequence[Element], asked: Sequence[Element]) -> list[Element]:
    """Bold lines that do not ask, where rules part one question from the next and stand above these lines too."""
    if sum(_below_rule(text, one) for one in asked) < MOSTLY * len(asked) or len(asked) < ROW:
        return []
    taken = {one.line for one in asked}
    rest = [one for one in group if one.line not in taken and _stands_alone(text, one)]
    return [one for one in rest if _below_rule(text, one) and not is_label(one.title)]


def _below_rule(text: Text, one: Element) -> bool:
    above = text.last_filled(0, one.line - 1)
    return above >= 0 and not text.shielded[above] and is_rule(text.lines[above])


def _in_row(group: Sequence[Element]) -> list[Element]:
    """Numbered lines that ask, and those that stand in the row with them."""
    asked: list[Element] = []
    for one in group:
        follows = bool(asked) and is_next(asked[-1].number, one.number)
        if one.asks or follows or not is_label(one.title):
            asked.append(one)
    return asked


def _marked(text: Text, asked: Sequence[Element]) -> list[Element]:
    """Lines and items with a mark of their own ("* Q) Grid ?") between the bold questions."""
    marked = [one for one in text.elements if one.marked and one.title and one.kind in ("item", "line")]
    return [one for one in marked if not one.inside and one.indent < FEWEST and one.line > asked[0].line]


def _strays(text: Text, asking: dict[Style, list[Element]], main: Style) -> list[Element]:
    """The bold questions of other styles; where the questions have lines of their own, a stray must have one too."""
    others = (one for style, group in asking.items() if style != main for one in group)
    alone = sum(_stands_alone(text, one) for one in asking[main]) >= ALMOST_ALL * len(asking[main])
    plain = (one for one in others if one.marked or (one.likeness >= 1 and one.bullet != "-"))
    return [one for one in plain if one.marked or not alone or _stands_alone(text, one)]


def _stands_alone(text: Text, one: Element) -> bool:
    return one.end >= len(text.lines[one.last].rstrip())
