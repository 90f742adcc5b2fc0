"""Headings that break off at the end of a line -> openers that take in the line below with the rest of the question."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.notes.slicing import opener

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.elements import Element
    from assistant.notes.lines import Text
    from assistant.notes.slicing import Opener

BROKEN_OFF = re.compile(r"[ \t](?:a|an|the|and|or|of|in|on|to|for|with|from|by|between|than|using|is|are)$")
ENDS = ("?", ".", ":", "!", ")", "*", "`")
SHORTEST = 60
FEWEST = 3
MOSTLY = 0.6


def openers(text: Text, questions: Sequence[Element]) -> list[Opener]:
    """One opener each; a rest is taken in where most headings have a blank line below and several break off."""
    broken = [one.line for one in questions if _breaks_off(text, one)]
    apart = sum(one.last + 1 >= len(text) or text.blank[one.last + 1] for one in questions)
    wrapped = set(broken) if len(broken) >= FEWEST and apart >= MOSTLY * len(questions) else set()
    return [_with_rest(text, one) if one.line in wrapped else opener(text, one) for one in questions]


def _breaks_off(text: Text, one: Element) -> bool:
    """Whether a long heading ends in the sentence and one line right below it, above a text, ends that."""
    first, below = text.lines[one.last].rstrip(), one.last + 1
    if one.kind != "heading" or len(first) < SHORTEST or first.endswith(ENDS):
        return False
    behind = text.first_filled(below + 1, len(text) - 1)
    if behind in (below + 1, len(text)) or text.shielded[below] or text.lines[behind][:1] == "#":
        return False
    rest = text.lines[below].rstrip()
    whole = len(rest) < len(first) and rest.endswith((".", "?"))
    return whole and (rest[:1].islower() or rest[:1].isdigit() or bool(rest[:1].isalpha() and BROKEN_OFF.search(first)))


def _with_rest(text: Text, one: Element) -> Opener:
    first, below = opener(text, one), one.last + 1
    question = f"{first.question} {text.lines[below].strip()}"
    return replace(first, asked=below, question=question, behind=text.end(below))
