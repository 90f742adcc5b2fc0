"""Lines that stand alone above questions -> those that name a topic, behind a pictogram ("🔹 Storage") or in bold."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Protocol

from assistant.notes.wording import is_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.lines import Text

BOLD = re.compile(r"(?:\*\*|__)[^*_\n]{2,80}(?:\*\*|__)[ \t]{0,4}$")
LONGEST = 80
FEWEST = 2
HALF = 0.5
IN_BOLD = "**"


class Opening(Protocol):
    """Where a question begins."""

    @property
    def first(self) -> int: ...

    @property
    def asked(self) -> int: ...


def signposts(text: Text, openers: Sequence[Opening]) -> list[int]:
    """The lines that close an answer because they name the topic of the questions below them.

    A sign counts when it leads to a question twice and no less often than not; a sign that does is believed
    everywhere, so that a last topic without questions closes the last answer.
    """
    asked = {line for one in openers for line in range(one.first, one.asked + 1)}
    signs = {line: sign for line in range(len(text)) if line not in asked and (sign := _sign(text, line))}
    above = {text.last_filled(0, one.first - 1) for one in openers}
    leading = Counter(sign for line, sign in signs.items() if line in above)
    all_of_them = Counter(signs.values())
    meant = {sign for sign, often in leading.items() if often >= FEWEST and often >= HALF * all_of_them[sign]}
    return [line for line, sign in signs.items() if sign in meant and (line in above or sign != IN_BOLD)]


def _sign(text: Text, line: int) -> str:
    """The pictogram or the bold that begins a short line between blank ones; "" for none."""
    words = text.lines[line].rstrip()
    if not words or text.shielded[line] or len(words) > LONGEST or words[0].isalnum():
        return ""
    if (line and not text.blank[line - 1]) or (line + 1 < len(text) and not text.blank[line + 1]):
        return ""
    if words[0] in "*_":
        return IN_BOLD if BOLD.match(words) and not is_label(words.strip("*_ ")) else ""
    drawn = unicodedata.category(words[0]) == "So" and (words[-1].isalnum() or words[-1] == ")")
    return words[0] if drawn else ""
