"""A notes file -> the lines that look like secrets, named and masked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.types import NotesFile

SHOWN = 4  # characters of a secret that may be seen
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ ){0,3}PRIVATE KEY-----")),
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})")),
    ("a Slack token", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}")),
    ("a Google key", re.compile(r"\bAIza[A-Za-z0-9_-]{35}\b")),
    ("a key of a language model", re.compile(r"\bsk-(?:[a-z]{2,6}-)?[A-Za-z0-9_-]{20,}")),
    ("a signed token", re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")),
    ("an address with a password", re.compile(r"\b[a-z][a-z0-9+]{1,12}://[^\s:/@]{1,80}:[^\s:/@]{4,80}@[\w.-]+")),
    (
        "a password or key",
        re.compile(
            r"\b(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?key|auth[_-]?token|token)\b[\"']?[ \t]{0,3}[:=]"
            r"[ \t]{0,3}[\"']?(?P<value>(?=[^\s\"']{0,60}\d)(?=[^\s\"']{0,60}[A-Za-z])"
            r"[A-Za-z0-9+/_!@#%^&*-]{10,100})(?![\w(.\[])",
            re.IGNORECASE,
        ),
    ),
)
INVENTED = re.compile(
    r"example|your|xxx|change|placeholder|dummy|sample|test|1234567|user:pass|abc123|<|>", re.IGNORECASE
)
LONGEST_LINE = 10_000


def found_in(file: NotesFile) -> Iterator[tuple[str, int]]:
    """What looks like a secret, masked, and its line in the file."""
    pieces = [(piece.text, piece.place.first_line) for piece in file.loose]
    for entry in file.entries:
        pieces.append((entry.asked, entry.question_place.first_line))
        pieces.append((entry.answer, entry.answer_place.first_line))
    seen: set[tuple[str, int]] = set()
    for text, first in sorted(pieces, key=_line):
        for number, line in enumerate(text.split("\n"), first):
            what = _secret(line[:LONGEST_LINE])
            if what and (what, number) not in seen:
                seen.add((what, number))
                yield what, number


def _line(piece: tuple[str, int]) -> int:
    return piece[1]


def _secret(line: str) -> str | None:
    for name, pattern in KINDS:
        found = pattern.search(line)
        if found and not INVENTED.search(found[0]):
            value = found.groupdict().get("value") or found[0]
            return f"this looks like {name}: {value[:SHOWN]}…"
    return None
