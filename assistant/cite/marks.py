"""A sentence as a writer wrote it -> its words and the marks between them.

A mark is whatever a language model may write to name a source: `[1]`, `[1, 2]`, `[1-3]`, `[^1]`,
`[Source 1]`, full-width brackets and digits, with a link behind it or not. A bracket that stands so
in a source (`x = [1, 2, 3]`), or in code, is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_NUMBERS = 20  # of one mark; a longer range is no citation
LONGEST_MARK = 80  # characters that may stand between the brackets
LONGEST_LINK = 400
MOST_DIGITS = 6
CONTEXT = 40  # characters before a bracket by which a source's own are known

# A mark in a Draft: always behind white space, so that `x[0]` in quoted code is none.
MARK = re.compile(r"(?<!\S)\[(\d+)\]")

OPEN = r"[\[\u3010\uff3b]"
CLOSED = r"[\]\u3011\uff3d]"
INSIDE = r"[^\[\]\u3010\u3011\uff3b\uff3d\n]"
DASH = r"(?:-|\u2013|\u2014|\u2212|\.\.\.?|\u2026|\bto\b)"
WORD = r"(?:(?:sources?|notes?|refs?|citations?|passages?|cite|see)\s*[:.]?\s*)?"
NUMBER = rf"{WORD}[#^]?\s*[-\u2212+]?\d+(?:[\u2020:]{INSIDE}{{0,30}})?"
SEPARATOR = rf"\s*(?:[,;\u3001\uff0c&+/\s]|\band\b|{DASH})\s*"
LINK = rf"\([^()\n]{{0,{LONGEST_LINK}}}\)"

GROUP = re.compile(
    rf"(?P<brackets>{OPEN}(?={INSIDE}{{1,{LONGEST_MARK}}}{CLOSED})"
    rf"\s*(?P<body>{NUMBER}(?:{SEPARATOR}{NUMBER}){{0,{MOST_NUMBERS}}})\s*{CLOSED})(?:{LINK})?",
    re.IGNORECASE,
)
OPENING = re.compile(OPEN)
UNCLOSED = re.compile(rf"{OPEN}{INSIDE}{{0,{LONGEST_MARK}}}$")
UNCLOSED_LINK = re.compile(rf"{CLOSED}\([^()\n]{{0,{LONGEST_LINK}}}$")
ONE_NUMBER = re.compile(rf"(?P<range>(?<=\d)\s*{DASH}\s*{WORD})?(?P<sign>[-\u2212])?(?P<digits>\d+)(?:[\u2020:]\S*)?")
FENCED = re.compile(r"^[ \t]*(```|~~~)[^\n]*\n?(?:.*?^[ \t]*\1[^\n]*$|.*\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a mark stands in a text (with the link behind it), and the numbers it names."""

    start: int
    end: int
    numbers: tuple[int, ...]


def marks(text: str, line: str, is_text: Callable[[str, str], bool]) -> list[Mark]:
    """The marks of a text that follows `line`; `is_text(before, brackets)` knows the brackets of a source."""
    code = fenced(text)
    found = (match for match in GROUP.finditer(text) if not _in_code(line + text[: match.start()], match.start(), code))
    return [
        Mark(match.start(), match.end(), numbers(match["body"]))
        for match in found
        if not is_text(_context(line + text[: match.start()]), match["brackets"])
    ]


def numbers(body: str) -> tuple[int, ...]:
    """The numbers that a mark names, ranges counted out, each once; none for what cannot be one."""
    named: list[int] = []
    for found in ONE_NUMBER.finditer(body):
        if len(found["digits"]) > MOST_DIGITS or found["sign"]:
            continue
        number = int(found["digits"])
        if found["range"] and named and 0 < number - named[-1] <= MOST_NUMBERS:
            named.extend(range(named[-1] + 1, number + 1))
        else:
            named.append(number)
    return tuple(dict.fromkeys(named))


def unfinished(text: str) -> bool:
    """Whether the end of a text may be the beginning of a mark, or of the link behind one."""
    return bool(UNCLOSED.search(text) or UNCLOSED_LINK.search(text))


def masked(text: str, found: list[Mark]) -> str:
    """The text with blanks where its marks stand: all offsets hold."""
    for mark in found:
        text = text[: mark.start] + " " * (mark.end - mark.start) + text[mark.end :]
    return text


def neutral(text: str) -> str:
    """Words of a source that look like a mark of ours, so that they cannot be taken for one."""
    return MARK.sub(r"[ \1 ]", text)


def _context(before: str) -> str:
    return before.rpartition("\n")[2][-CONTEXT:]


def fenced(text: str) -> list[tuple[int, int]]:
    """Where fenced code stands; a fence that is still open reaches to the end."""
    return [found.span() for found in FENCED.finditer(text)]


def _in_code(before: str, position: int, code: list[tuple[int, int]]) -> bool:
    """Inside a fence, or behind an odd number of backticks of its line."""
    return any(start <= position < end for start, end in code) or before.rpartition("\n")[2].count("`") % 2 == 1
