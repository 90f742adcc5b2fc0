"""A line -> the sign that it begins with and that may name a topic: "🔹 Storage", "==STORAGE", "2️⃣ Storage:", bold."""

from __future__ import annotations

import re
import unicodedata

from assistant.notes.wording import is_label

BOLD = re.compile(r"(?:\*\*|__)[^*_\n]{2,80}(?:\*\*|__)[ \t]{0,4}$")
DRAWN = re.compile(r"([=~+])\1{1,}[ \t]?[^\W_]")
KEYCAP = re.compile(r"\d\ufe0f?\u20e3")
STYLED = re.compile("[\U0001d400-\U0001d7ff]")  # letters drawn in another style
LONGEST = 80
IN_BOLD, IN_STYLE, KEYCAPS = "**", "\U0001d400", "1\ufe0f\u20e3"


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
    if words[0].isascii() and not words[0].isdigit():
        return ""
    if KEYCAP.match(words):
        return KEYCAPS
    if STYLED.match(words):
        return IN_STYLE
    return words[0] if is_pictogram(words[0]) else ""


def is_pictogram(sign: str) -> bool:
    """Whether a sign is a picture."""
    return len(sign) == 1 and unicodedata.category(sign) == "So"
