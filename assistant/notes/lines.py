"""A decoded file -> its lines with offsets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from assistant.notes.elements import Element, details, elements
from assistant.notes.shields import shielded, wrappers
from assistant.notes.signs import sign_of
from assistant.types import Place

PICTURES = re.compile(
    r"(?:!\[[^\[\]\n]{0,100}\]\((?:[^()\s]|\([^()\s]{0,50}\)){1,400}\)\s{0,4}|<img\b[^<>\n]{1,400}>\s{0,4}){1,4}"
)
OFTEN = 3


@dataclass(frozen=True)
class Text:
    r"""One file's characters. Lines are split on `\n` only and counted from 0 in this room."""

    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        return [line.removesuffix("\r") for line in self.text.split("\n")]

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each line's first character."""
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    @cached_property
    def blank(self) -> list[bool]:
        return [not line.strip() for line in self.lines]

    @cached_property
    def shielded(self) -> list[bool]:
        """Which lines are code, comment or front matter: nothing in them opens a question."""
        return shielded(self.lines, self.wrapping)

    @cached_property
    def wrapping(self) -> list[int]:
        """The lines that only set a whole document as code."""
        return wrappers(self.lines)

    @cached_property
    def elements(self) -> list[Element]:
        """The headings, bold lines, list items and lone questions, in order."""
        return elements(self.lines, self.shielded, self.details)

    @cached_property
    def signs(self) -> dict[int, str]:
        """What the lines begin with that may name a topic, for those that have such a sign and are no code."""
        signed = ((number, sign_of(line)) for number, line in enumerate(self.lines) if not self.shielded[number])
        return {number: sign for number, sign in signed if sign}

    @cached_property
    def badges(self) -> set[int]:
        """The lines that are nothing but a picture that stands in the file three times, or one of its folder."""
        shown = [(number, line.strip()) for number, line in enumerate(self.lines) if PICTURES.fullmatch(line.strip())]
        often = Counter(picture for _, picture in shown)
        folders = {_folder(picture) for picture in often if often[picture] >= OFTEN}
        return {number for number, picture in shown if _folder(picture) in folders}

    @cached_property
    def details(self) -> list[tuple[int, int]]:
        """The first and the last line of each `<details>` that is not inside another."""
        return details(self.lines, self.shielded)

    def __len__(self) -> int:
        return len(self.lines)

    def end(self, line: int) -> int:
        """The offset behind the last character of a line that is not white space."""
        return self.starts[line] + len(self.lines[line].rstrip())

    def line_of(self, offset: int) -> int:
        """The line that a character stands on."""
        return bisect_right(self.starts, offset) - 1

    def place(self, first: int, last: int) -> Place:
        """The place of whole lines, first and last counted from 0 and inclusive."""
        return Place(self.path, first + 1, last + 1, self.starts[first], self.end(last))

    def last_filled(self, first: int, last: int) -> int:
        """The last line of first..last that is not blank; `first - 1` when all are."""
        while last >= first and self.blank[last]:
            last -= 1
        return last

    def first_filled(self, first: int, last: int) -> int:
        """The first line of first..last that is not blank; `last + 1` when all are."""
        while first <= last and self.blank[first]:
            first += 1
        return first


def _folder(picture: str) -> str:
    """What stands before the file's name in a picture's address."""
    _, _, address = picture.partition("](")
    return (address or picture).rpartition("/")[0]
