"""The bytes of one file -> a NotesFile, by the format that fits its content best or that the settings name."""

from __future__ import annotations

import hashlib
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from assistant.errors import SettingsError
from assistant.notes.cuts import Reading, entries, loose
from assistant.notes.decoding import decode
from assistant.notes.documents import extract
from assistant.notes.folder import DOCUMENTS, suffix
from assistant.notes.formats import FORMATS
from assistant.notes.leftovers import completed
from assistant.notes.lines import Text
from assistant.plurals import counted
from assistant.types import NotesFile

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_OVERRIDES: Mapping[str, str] = {}
FAIR_SHARE = 0.34
FULL_SHARE = 0.6
ASKING = frozenset(
    ("q-lines", "markdown-headings", "markdown-details", "flash-cards", "markdown-bold", "question-list")
)


def read(path: str, data: bytes, overrides: Mapping[str, str] = NO_OVERRIDES) -> NotesFile:
    """Decode and read one file; `path` (relative, POSIX) is what the places will say.

    `overrides` maps a path or a glob, relative to the notes folder, to a name of FORMATS. Never fails on
    any bytes; raises SettingsError when an override names a format that is not in the table, and NotesError
    for a PDF, Word or HTML file when the `documents` extra is not installed.
    """
    kind = suffix(path)
    decoded = extract(path, kind, data) if kind in DOCUMENTS else decode(path, data)
    text = Text(path, decoded.text)
    settled = _settled(path, overrides)
    name, reading, doubts = _named(text, settled) if settled else _best(text)
    return NotesFile(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=decoded.encoding,
        format=name,
        reading=reading.reason,
        entries=entries(text, reading.cuts),
        loose=loose(text, reading.cuts),
        warnings=(*decoded.warnings, *doubts),
    )


def _settled(path: str, overrides: Mapping[str, str]) -> str | None:
    """The format that the settings name for this file: by its very path first, then by the first glob."""
    named = overrides.get(path) or next((overrides[glob] for glob in overrides if fnmatchcase(path, glob)), None)
    if named is not None and named not in FORMATS:
        known = ", ".join(FORMATS)
        raise SettingsError(
            f"[formats] names “{named}” for {path}; the formats are {known}", run="$EDITOR assistant.toml"
        )
    return named


def _named(text: Text, name: str) -> tuple[str, Reading, tuple[str, ...]]:
    reading = FORMATS[name](text)
    settled = Reading(reading.cuts, reading.score, f"the settings say so; {reading.reason}")
    return name, settled, () if reading.cuts else (f"{text.path}: nothing was found when read as {name}",)


def _best(text: Text) -> tuple[str, Reading, tuple[str, ...]]:
    """The first row of the table that explains a fair share of what the best row explains."""
    readings = [(name, weighed(text, reader(text))) for name, reader in FORMATS.items()]
    most = max(reading.score for _, reading in readings)
    position = next(place for place, (_, reading) in enumerate(readings) if reading.score >= most * FAIR_SHARE)
    name, best = readings[position]
    whole = completed(text, best) if name in ASKING else best
    rivals = [(other, reading) for other, reading in readings[position + 1 :] if reading.score > best.score]
    return name, whole, _doubts(text, name, whole, [] if whole is not best and _as_many(whole, rivals) else rivals)


def _as_many(whole: Reading, rivals: list[tuple[str, Reading]]) -> bool:
    """Whether a completed reading has found as many entries as any other."""
    return all(len(whole.cuts) >= len(reading.cuts) for _, reading in rivals)


def weighed(text: Text, reading: Reading) -> Reading:
    """A reading that leaves most of the file outside its entries counts for less."""
    filled = sum(not blank for blank in text.blank)
    inside = sum(not text.blank[line] for cut in reading.cuts for line in range(cut.first, cut.last + 1))
    share = min(1.0, inside / max(1, filled) / FULL_SHARE)
    return Reading(reading.cuts, reading.score * share**2 if reading.cuts else reading.score, reading.reason)


def _doubts(text: Text, name: str, best: Reading, rivals: list[tuple[str, Reading]]) -> tuple[str, ...]:
    """What to tell the person when later rows explain more than the one that was taken."""
    if not rivals:
        return ()
    other, reading = max(rivals, key=lambda rival: rival[1].score)
    taken = f"read as {name} ({counted(len(best.cuts), 'entry', 'entries')})"
    said = f"{text.path}: {taken}; {other} would give {len(reading.cuts)}"
    return (f'{said}; to settle it, in assistant.toml: [formats] "{text.path}" = "{name}"',)
