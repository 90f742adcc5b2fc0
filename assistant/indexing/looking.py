"""A notes folder -> what is in it now: the hash of every file, and the bytes of those that changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import notes
from assistant.errors import NotesError
from assistant.plurals import counted
from assistant.types import Skipped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from assistant.indexing.manifest import Source


@dataclass(frozen=True, slots=True)
class Seen:
    """`hashes` of every file by path, in order; `changed` holds the bytes of those that were not known."""

    hashes: dict[str, str]
    changed: dict[str, bytes]
    skipped: tuple[Skipped, ...]


def look(notes_folder: Path, known: Mapping[str, str]) -> Seen:
    """Read every file (its times tell nothing: clocks are set, copies keep them) and hold on to what is new.

    Raises NotesError when the folder is not there or holds nothing that can be read.
    """
    found, skipped = notes.files(notes_folder)
    hashes: dict[str, str] = {}
    changed: dict[str, bytes] = {}
    for name, path in found:
        try:
            data = notes.load(path)
        except (OSError, NotesError) as error:
            skipped.append(Skipped(name, _why(error)))
            continue
        hashes[name] = hashlib.sha256(data).hexdigest()
        if known.get(name) != hashes[name]:
            changed[name] = data
    if not hashes:
        raise NotesError(f"there are no notes in {notes_folder}{_left_out(skipped)}", run="assistant --notes DIR index")
    return Seen(hashes, changed, tuple(skipped))


def hashes(notes_folder: Path, before: Mapping[str, str]) -> dict[str, str]:
    """The sha256 of each file by path; raises as `look` does. `before` saves holding on to what is known."""
    return look(notes_folder, before).hashes


def known_hashes(sources: tuple[Source, ...]) -> dict[str, str]:
    """The sha256 of each file by path, as it was read."""
    return {source.path: source.sha256 for source in sources}


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror or type(error).__name__})"
    return str(error)


def _left_out(skipped: list[Skipped]) -> str:
    if not skipped:
        return ""
    first = skipped[0]
    return f": {counted(len(skipped), 'file')} cannot be read, the first is {first.path} ({first.reason})"
