"""Lists and lone lines that are questions ("1. What is …?", "- Explain …", "What is …?") -> one entry each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.notes.cuts import Reading
from assistant.notes.numbering import is_next
from assistant.notes.slicing import Opener, cuts, opener, overview, topics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.elements import Element
    from assistant.notes.lines import Text

MOSTLY = 0.6
ASKS = 0.7
FEWEST = 2
NESTED = 2
NEARLY_ALL = 0.7
SOME = 0.3
LONGEST_WRAP = 4
ENDS = ("?", ".", ":", "!")
PLAIN_WEIGHT = 0.5


def read_items(text: Text) -> Reading:
    """Items are questions when most items of their kind ask; the rest of a numbered row is taken with them."""
    items = [
        one for one in text.elements if one.kind in ("item", "line") and one.bullet and not one.inside and not one.link
    ]
    questions = [*_of_kind(text, items, "1"), *_of_kind(text, items, "-")]
    taken = {one.line for one in questions}
    questions += [one for one in text.elements if one.marked and one.title and _apart(one) and one.line not in taken]
    questions.sort(key=_line)
    repeated = overview(questions)
    questions = [one for one in questions if one.line not in repeated]
    openers = [_wrapped(text, one) for one in questions]
    made = cuts(text, openers, [*topics(text, openers), *repeated])
    mass = sum(one.likeness for one in questions) if len(made) >= FEWEST else 0.0
    return Reading(made, mass, f"{len(made)} list items ask")


def read_lone_lines(text: Text) -> Reading:
    """A line of its own that ends with a question mark, after a blank line, opens an entry."""
    lines = text.lines
    questions = [
        one for one in text.elements if one.kind == "line" and not one.bullet and not one.inside and one.indent < NESTED
    ]
    questions = [
        one for one in questions if one.line == 0 or text.blank[one.line - 1] or lines[one.line - 1][:1] == "#"
    ]
    openers = [opener(text, one) for one in questions]
    made = cuts(text, openers, topics(text, openers))
    mass = PLAIN_WEIGHT * len(made) if len(made) >= FEWEST else 0.0
    return Reading(made, mass, f"{len(made)} lines of their own end with a question mark")


def _wrapped(text: Text, one: Element) -> Opener:
    """Take in the indented lines right below a bulleted question that is not at its end yet."""
    first = opener(text, one)
    last = one.last
    while one.bullet == "-" and _runs_on(text, last, one.indent) and last < one.last + LONGEST_WRAP:
        last += 1
    words = [first.question, *(text.lines[line].strip() for line in range(one.last + 1, last + 1))]
    return first if last == one.last else Opener(one.line, last, " ".join(words), text.end(last), listed=True)


def _runs_on(text: Text, line: int, indent: int) -> bool:
    if text.lines[line].rstrip().endswith(ENDS) or line + 1 >= len(text) or text.shielded[line + 1]:
        return False
    below = text.lines[line + 1]
    return below.strip()[:1].islower() and len(below) - len(below.lstrip()) > indent


def _apart(one: Element) -> bool:
    """Whether a marked line ("*Question: What …?*") stands among the lists and not in one."""
    return one.kind in ("line", "bold") and not one.inside and one.indent < NESTED


def _line(one: Element) -> int:
    return one.line


def _of_kind(text: Text, items: Sequence[Element], bullet: str) -> list[Element]:
    """The questions among the outer items of one kind, and the nested ones that end with a question mark."""
    kind = [one for one in items if one.bullet == bullet]
    margin = _margin(kind) if bullet == "1" else 0
    outer = [one for one in kind if margin <= one.indent < margin + NESTED]
    if bullet == "1":
        return _numbered(outer)
    if sum(one.likeness for one in outer) < MOSTLY * len(outer):
        return []
    asked: list[Element] = []
    nearly_all = sum(one.likeness >= ASKS for one in outer) >= NEARLY_ALL * len(outer)
    for block in _blocks(text, outer):
        if sum(1 for one in block if one.likeness >= ASKS) >= (SOME if nearly_all else MOSTLY) * len(block):
            asked.extend(block)
    return [*asked, *(one for one in kind if one.indent >= NESTED and one.likeness >= 1)]


def _margin(kind: Sequence[Element]) -> int:
    """The indent of nearly all numbered items that ask, when the whole list is indented; 0 otherwise."""
    indents = [one.indent for one in kind if one.likeness >= ASKS]
    least = min(indents, default=0)
    return least if indents.count(least) >= MOSTLY * len(indents) else 0


def _numbered(outer: Sequence[Element]) -> list[Element]:
    """Numbered items that ask, and those that carry on the count of the last one that did."""
    asked: list[Element] = []
    inner = ""
    for one in outer:
        carries_on = bool(asked) and is_next(asked[-1].number, one.number) and not is_next(inner, one.number)
        if one.likeness >= ASKS or carries_on:
            asked.append(one)
            inner = ""
        else:
            inner = one.number
    return asked if sum(one.likeness >= ASKS for one in outer) >= MOSTLY * len(asked) else []


def _blocks(text: Text, items: Sequence[Element]) -> list[list[Element]]:
    """Items with nothing but blank and indented lines between them."""
    blocks: list[list[Element]] = []
    for one in items:
        if blocks and all(_belongs(text, line) for line in range(blocks[-1][-1].last + 1, one.line)):
            blocks[-1].append(one)
        else:
            blocks.append([one])
    return blocks


def _belongs(text: Text, line: int) -> bool:
    return text.blank[line] or text.lines[line][:1] in " \t" or text.shielded[line]
