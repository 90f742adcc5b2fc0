"""Any text -> the same text without a character that a terminal would obey or a reader would not see."""

from __future__ import annotations

import re

UNSEEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and newline, DEL, C1
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069"  # zero width space, bidirectional controls
    "\u180e\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # separators, joiners, annotations
    "\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e01ef"  # shorthand, music, tags, variations
    "]"
)


def visible(text: str) -> str:
    r"""The text with everything that a terminal would obey or hide written as `\x1b`, `\u202e`, `\U000e0041`.

    Newline and tab stay; a carriage return before a newline is part of it.
    """
    return UNSEEN.sub(_named, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """The text as it may stand in the middle of a line."""
    return visible(" ".join(text.split()))


def _named(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= 0xFF:  # noqa: PLR2004 - the three forms of escape in Python
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004
