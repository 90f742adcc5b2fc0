"""Misspelt question lines -> the files as they would be, shown as a diff first and written in one step.

Only words of question lines are ever changed. A fix that reads back as anything but the same notes with those words
is none.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import disk
from assistant import notes as reader
from assistant.doctor.spelling import suggestion
from assistant.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from assistant.types import NotesFile


@dataclass(frozen=True, slots=True)
class Fix:
    """One file's bytes now and as they would be, and the difference in lines for a person."""

    path: str
    before: bytes
    after: bytes
    diff: tuple[str, ...]


def fixes(
    path: str, data: bytes, meant: Mapping[str, str], overrides: Mapping[str, str], display: str = ""
) -> Fix | None:
    """The file with its question lines spelt right; None when nothing changes or too much would.

    `display` stands before the path in the difference, as it does wherever the file is shown.
    """
    before = reader.read(path, data, overrides)
    text = _exactly(data, before.encoding)
    if text is None:
        return None
    offset = len(text) - len(text.removeprefix("\ufeff"))
    pieces, position = [], 0
    for entry in before.entries:
        start, end = entry.question_place.start + offset, entry.question_place.end + offset
        pieces += [text[position:start], suggestion(text[start:end], meant)]
        position = end
    fixed = "".join(pieces) + text[position:]
    after = fixed.encode(before.encoding, "surrogatepass") if fixed != text else data
    if after == data or not _same_notes(before, reader.read(path, after, overrides), meant):
        return None
    return Fix(path, data, after, _difference(display + path, text, fixed))


def write(place: Path, fix: Fix) -> None:
    """Put the fixed file in the place of the old one. Raises UsageError when it changed meanwhile, DiskError."""
    if reader.load(place) != fix.before:
        raise UsageError(f"{place} was changed meanwhile", safe="The file is untouched", run="assistant doctor --fix")
    disk.rewrite(place, fix.after)


def _exactly(data: bytes, encoding: str) -> str | None:
    """The file's characters, if they give back its bytes."""
    try:
        text = data.decode(encoding)
        return text if text.encode(encoding) == data else None
    except (UnicodeError, LookupError):
        return None


def _same_notes(before: NotesFile, after: NotesFile, meant: Mapping[str, str]) -> bool:
    """Whether all is as it was but for those words: as many entries, the same answers, nothing lost."""
    if len(before.entries) != len(after.entries) or before.format != after.format:
        return False
    if [piece.text for piece in before.loose] != [piece.text for piece in after.loose]:
        return False
    return all(
        (suggestion(one.question, meant), one.answer, one.state) == (other.question, other.answer, other.state)
        for one, other in zip(before.entries, after.entries, strict=True)
    )


def _difference(path: str, before: str, after: str) -> tuple[str, ...]:
    old, new = before.split("\n"), after.split("\n")
    lines = difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", n=1, lineterm="")
    return tuple(line.rstrip("\r\n") for line in lines)
