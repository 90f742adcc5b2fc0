"""Lines of Markdown -> what may open a question or close an answer: headings, bold lines, items, lone questions."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from assistant.notes.titles import clean, title
from assistant.notes.wording import is_rule, likeness

Kind = Literal["heading", "bold", "item", "line"]

UNDERLINE = re.compile(r"(?:(={3,})|(-{3,}))[ \t]*$")
DETAILS = re.compile(r"<(/?)details\b", re.IGNORECASE)
LONGEST_QUESTION = 600
NESTED = 4
LOOKAHEAD = 3
TAIL = 40
SURE = 0.8


@dataclass(frozen=True, slots=True)
class Element:
    """One title in the text, on lines `line`..`last` from 0; an answer may begin at column `end` of `last`.

    `inside` says that it stands within a `<details>` block.
    """

    line: int
    last: int
    kind: Kind
    title: str
    level: int
    indent: int
    bullet: str
    number: str
    marked: bool
    likeness: float
    end: int
    link: bool
    inside: bool

    @property
    def asks(self) -> bool:
        return self.marked or self.likeness >= SURE


def details(lines: list[str], shielded: list[bool]) -> list[tuple[int, int]]:
    """The outermost pairs of `<details>` and `</details>`; one that is never closed is passed over."""
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for number, line in enumerate(lines):
        if shielded[number] or "details" not in line.lower():
            continue
        for tag in DETAILS.finditer(line):
            if not tag[1]:
                opened.append(number)
            elif opened:
                pairs.append((opened.pop(), number))
    return _outermost(pairs)


def _outermost(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for first, last in sorted(pairs, key=lambda pair: (pair[0], -pair[1])):
        if not kept or first > kept[-1][1] or (first == kept[-1][1] and last > first):
            kept.append((first, last))
    return kept


def elements(lines: list[str], shielded: list[bool], blocks: list[tuple[int, int]]) -> list[Element]:
    """All elements outside code, in order."""
    scan = _Scan(lines, shielded, blocks)
    found = (scan.element(number) for number in range(len(lines)) if not shielded[number])
    return [element for element in found if element is not None]


class _Scan:
    def __init__(self, lines: list[str], shielded: list[bool], blocks: list[tuple[int, int]]) -> None:
        self.lines = lines
        self.shielded = shielded
        self.blocks = blocks
        self.firsts = [first for first, _ in blocks]

    def element(self, number: int) -> Element | None:
        line = self.lines[number]
        bare = line.lstrip()
        if not bare or bare[0] in "|>" or is_rule(line):
            return None
        if bare[0] == "<" and not bare[1:2].isalpha():
            return None
        if bare[0].isalpha() and bare[0] not in "Qq" and "?" not in line[-TAIL:] and not self._underlined(number, line):
            return None
        return self._element(number, line)

    def _element(self, number: int, line: str) -> Element | None:
        read = title(line[:LONGEST_QUESTION])
        last, level, end = number, read.level, read.end
        words = read.text
        if level and read.indent >= NESTED:
            return None
        if not level and (underlined := self._underlined(number, line)):
            last, level, end = number + 1, underlined, len(self.lines[number + 1])
        elif read.emphasis and not level and (behind := self._closed_below(number, read.emphasis)):
            last, end = behind, len(self.lines[behind])
            words = clean(" ".join([words, *self.lines[number + 1 : last + 1]]).rstrip("*_ "))
        marked = read.marked or (level > 0 and words.lower().strip(" :") == "question")
        words = "" if marked and not read.marked else words
        likely = likeness(words)
        kind = _kind(level, read.emphasis, read.bullet)
        if kind == "line" and not marked and likely < 1:
            return None
        inside = self._inside(number)
        return Element(
            number, last, kind, words, level, read.indent, read.bullet, read.number, marked, likely, end,
            read.link, inside,
        )  # fmt: skip

    def _underlined(self, number: int, line: str) -> int:
        """The level that a line of "===" or "---" below makes of a line, 0 for none."""
        if number + 1 >= len(self.lines) or (number and self.lines[number - 1].strip()) or line[:1] in "#-*+ \t`<":
            return 0
        found = UNDERLINE.match(self.lines[number + 1])
        if found is None:
            return 0
        if found[1]:
            return 1
        drawn = len(found[2])
        return 2 if drawn > LOOKAHEAD and not line.rstrip().endswith(".") else 0

    def _closed_below(self, number: int, sign: str) -> int:
        """The line on which bold that is left open here closes, when that ends the line; 0 for none."""
        if sign not in ("**", "***", "__") or self.lines[number].count(sign) % 2 == 0:
            return 0
        for below in range(number + 1, min(number + 1 + LOOKAHEAD, len(self.lines))):
            line = self.lines[below]
            if not line.strip() or self.shielded[below]:
                return 0
            if sign in line:
                return below if line.count(sign) == 1 and line.rstrip(" \t?:.\\").endswith(sign) else 0
        return 0

    def _inside(self, number: int) -> bool:
        position = bisect_right(self.firsts, number) - 1
        return position >= 0 and self.blocks[position][0] < number <= self.blocks[position][1]


def _kind(level: int, emphasis: str, bullet: str) -> Kind:
    if level:
        return "heading"
    if emphasis in ("**", "***", "__", "___", "<b>", "<strong>"):
        return "bold"
    return "item" if bullet else "line"
