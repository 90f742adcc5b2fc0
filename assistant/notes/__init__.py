"""A folder of notes -> its files, their entries with exact places, and the ids of the notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.notes.folder import files, load
from assistant.notes.naming import name, named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.types import NotesFile

__all__ = ["VERSION", "files", "load", "name", "named", "read"]

VERSION = "notes-7"  # what is read from the same bytes changes with it: the index reads them anew


def read(path: str, data: bytes, overrides: Mapping[str, str] | None = None) -> NotesFile:
    """Decode and read one file; see `assistant.notes.reading`.

    The readers are loaded with the first file: a question to notes that did not change needs none of them.
    """
    from assistant.notes import reading

    return reading.read(path, data, overrides or {})
