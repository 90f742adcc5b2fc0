"""A question and a notes file -> the file with the question at its end, unanswered, in the file's own format.

How a file is continued is guessed from its last entry and then from its format; a guess is taken only if the reader
reads it back as one unanswered entry more, and everything else exactly as before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import disk, notes
from assistant.errors import UsageError
from assistant.gaps.formats import continuations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from assistant.types import Entry, NotesFile

DOCUMENTS = (".pdf", ".docx", ".html", ".htm")
SAFE = "The file is untouched"


@dataclass(frozen=True, slots=True)
class Addition:
    """What a file holds now and would hold with the question; `text` is what is added, `entry` how it is read."""

    before: bytes
    after: bytes
    text: str
    entry: Entry


def added(question: str, path: str, data: bytes, overrides: Mapping[str, str]) -> Addition:
    """The file at `path` (relative to the notes folder) with one entry more. Raises UsageError when none fits.

    It stands at the end of the file, or behind the last entry where other text ends the file ("Happy coding!").
    """
    if path.lower().endswith(DOCUMENTS):
        raise _refused(path, "it is a document, not a text file")
    asked = " ".join(question.split())
    before = notes.read(path, data, overrides)
    for head, tail in _cuts(before, data):
        for text in continuations(asked, before, head.decode(before.encoding, "replace")):
            after = head + _encoded(text, before) + tail
            entry = _only_one_more(asked, before, notes.read(path, after, overrides))
            if entry is not None:
                return Addition(data, after, text, entry)
    raise _refused(path, "the question would not be read as an entry of its own there")


def write(path: Path, addition: Addition) -> None:
    """Put the longer file in the place of the old one in one step. Raises DiskError, UsageError when it changed."""
    if path.exists() and notes.load(path) != addition.before:
        raise UsageError(f"{path} was changed meanwhile", safe=SAFE, run="assistant gaps")
    disk.rewrite(path, addition.after)


def _cuts(file: NotesFile, data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Where a question may be put in: at the end, or behind the line on which the last entry ends."""
    yield data, b""
    if not file.entries or not file.loose or file.loose[-1].place.start < file.entries[-1].place.end:
        return
    text = data.decode(file.encoding, "replace")
    behind = text.find("\n", file.entries[-1].place.end + text.startswith("\ufeff")) + 1
    head = text[:behind].encode(file.encoding, "replace")
    if behind and data.startswith(head):
        yield head, data[len(head) :]


def _encoded(text: str, file: NotesFile) -> bytes:
    try:
        return text.encode(file.encoding)
    except UnicodeEncodeError:
        why = f"its encoding, {file.encoding}, lacks a character of the question"
        raise _refused(file.path, why) from None


def _only_one_more(asked: str, before: NotesFile, after: NotesFile) -> Entry | None:
    """The new entry, if it asks just that and nothing else in the file is read in another way."""
    if not after.entries or after.entries[:-1] != before.entries or _texts(after) != _texts(before):
        return None
    if before.entries and after.format != before.format:
        return None
    last = after.entries[-1]
    titles = (last.question, last.question.rpartition(" > ")[2])
    return last if last.state == "unanswered" and _said(asked) in map(_said, titles) else None


def _texts(file: NotesFile) -> tuple[str, ...]:
    return tuple(piece.text for piece in file.loose)


def _said(question: str) -> str:
    """The letters and digits: marks of the format may be read away, words may not."""
    return re.sub(r"[\W_]+", "", question).casefold()


def _refused(path: str, why: str) -> UsageError:
    return UsageError(f"the question cannot be appended to {path}: {why}", safe=SAFE, run="assistant gaps add N FILE")
