"""Markdown whose bold lines are questions ("**1. What is …?**", "1. **…?**") -> one entry each."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from assistant.notes.cuts import Reading
from assistant.notes.slicing import cuts, opener, topics
from assistant.notes.wording import is_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.elements import Element
    from assistant.notes.lines import Text

NESTED = 4
MOSTLY = 0.6
NUMBERED_BONUS = 0.6
FEWEST = 2
Style = tuple[str, bool]


def read(text: Text) -> Reading:
    """Take the style of bold lines that asks most, and the questions among the others that stand alone."""
    bold = [one for one in text.elements if one.kind == "bold" and not one.inside and one.indent < NESTED]
    styles: dict[Style, list[Element]] = defaultdict(list)
    for one in bold:
        styles[_style(one)].append(one)
    asking = {style: asked for style, group in styles.items() if (asked := _asking(group))}
    if not asking:
        return Reading((), 0.0, "no bold lines sound like questions")
    main = max(asking, key=lambda style: _mass(asking[style]))
    questions = sorted([*asking[main], *_strays(asking, main)], key=_line)
    made = cuts(text, openers := [opener(text, one) for one in questions], topics(text, openers))
    mass = _mass(questions) if len(made) >= FEWEST else _mass(questions) / 4
    return Reading(made, mass, f"{len(made)} bold lines ask")


def _style(one: Element) -> Style:
    return one.bullet, bool(one.number)


def _line(one: Element) -> int:
    return one.line


def _mass(group: Sequence[Element]) -> float:
    return sum(max(one.likeness, 0.5) for one in group)


def _asking(group: Sequence[Element]) -> list[Element]:
    """The questions of one style: all but the labels when most of it asks, else those with a question mark."""
    numbered = bool(group[0].number)
    weights = [
        1.0 if one.marked else max(one.likeness, NUMBERED_BONUS if numbered and one.asks else 0.0) for one in group
    ]
    if sum(weights) < MOSTLY * len(group):
        return [one for one in group if one.marked or one.likeness >= 1]
    if numbered:
        return [one for one in group if one.asks or _runs_on(group, one)]
    return [one for one in group if one.asks]


def _runs_on(group: Sequence[Element], one: Element) -> bool:
    """Whether a numbered line that does not sound like a question is one in the row all the same."""
    return not is_label(one.title) and one.number.isdigit() and len(group) >= FEWEST


def _strays(asking: dict[Style, list[Element]], main: Style) -> list[Element]:
    others = (one for style, group in asking.items() if style != main for one in group)
    return [one for one in others if one.marked or (one.likeness >= 1 and one.bullet != "-")]
