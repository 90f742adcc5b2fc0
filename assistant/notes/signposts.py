"""Lines that stand alone above questions -> those that name a topic: "🔹 Storage", "==STORAGE", "2️⃣ Storage:", bold."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Protocol

from assistant.notes.wording import is_label, is_rule

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from assistant.notes.lines import Text

BOLD = re.compile(r"(?:\*\*|__)[^*_\n]{2,80}(?:\*\*|__)[ \t]{0,4}$")
DRAWN = re.compile(r"([=~+])\1{1,}[ \t]?[^\W_]")
KEYCAP = re.compile(r"\d\ufe0f?\u20e3")
STYLED = re.compile("[\U0001d400-\U0001d7ff]")  # letters drawn in another style
LONGEST = 80
FEWEST = 2
HALF = 0.5
IN_BOLD, IN_STYLE, KEYCAPS = "**", "\U0001d400", "1\ufe0f\u20e3"


class Opening(Protocol):
    """Where a question begins."""

    @property
    def first(self) -> int: ...

    @property
    def asked(self) -> int: ...


def signposts(text: Text, openers: Sequence[Opening]) -> list[int]:
    """The lines that close an answer because they name the topic of the questions below them.

    A sign counts when it leads to a question twice and no less often than not, and when it is not what stands below
    most questions: an answer may begin with a pictogram too. A pictogram that leads is believed everywhere, so that a
    last topic without questions closes the last answer.
    """
    asked = {line for one in openers for line in range(one.first, one.asked + 1)}
    firsts = {one.first for one in openers}
    signs = {line: sign for line in range(len(text)) if line not in asked and (sign := _post(text, line, firsts))}
    above = {text.last_filled(0, one.first - 1) for one in openers}
    leading = Counter(sign for line, sign in signs.items() if line in above)
    all_of_them = Counter(signs.values())
    answering = Counter(sign for line, sign in signs.items() if text.last_filled(0, line - 1) in asked)
    meant = {
        sign
        for sign, often in leading.items()
        if often >= FEWEST and often >= HALF * all_of_them[sign] and answering[sign] <= HALF * len(openers)
    }
    return [line for line, sign in signs.items() if sign in meant and (line in above or _is_pictogram(sign))]


def sign_of(line: str) -> str:
    """What a short line begins with that may name a topic: a pictogram, a keycap, drawn signs, bold; "" for none."""
    words = line.rstrip()
    if not words or len(words) > LONGEST or (words[0].isascii() and words[0].isalpha()):
        return ""
    if words[0] in "*_":
        return IN_BOLD if BOLD.match(words) and not is_label(words.strip("*_ ")) else ""
    ends = words[-1].isalnum() or words[-1] in "):"
    drawn = DRAWN.match(words)
    if drawn or not ends:
        return drawn[1] * 2 if drawn and ends else ""
    return _first_sign(words)


def _first_sign(words: str) -> str:
    if KEYCAP.match(words):
        return KEYCAPS
    if STYLED.match(words):
        return IN_STYLE
    return words[0] if _is_pictogram(words[0]) else ""


def _is_pictogram(sign: str) -> bool:
    return len(sign) == 1 and unicodedata.category(sign) == "So"


def _post(text: Text, line: int, firsts: Collection[int]) -> str:
    """The sign of a line that stands between blank lines or rules, or right above a question."""
    if text.shielded[line] or not sign_of(text.lines[line]):
        return ""
    above = line == 0 or text.blank[line - 1] or is_rule(text.lines[line - 1])
    below = line + 1 == len(text) or text.blank[line + 1] or line + 1 in firsts
    return sign_of(text.lines[line]) if below and (above or _right_between(text, line, firsts)) else ""


def _right_between(text: Text, line: int, firsts: Collection[int]) -> bool:
    """Whether a line stands right between two questions, as the topic of the second."""
    return line - 1 in firsts and line + 1 in firsts and not text.lines[line][:1].isalnum()
