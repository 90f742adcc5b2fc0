"""Entries of all files -> notes with ids: a slug of the question, numbered where it repeats."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from assistant.types import Entry, Note, NotesFile

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_SLUG = 80
BETWEEN_WORDS = re.compile(r"[\W_]+")
NUMBERED = re.compile(r"-\d+$")


def name(files: Iterable[NotesFile]) -> tuple[Note, ...]:
    """Name every entry, in reading order: files by path, entries by offset."""
    return named(entry for file in sorted(files, key=_path) for entry in file.entries)


def named(entries: Iterable[Entry | Note]) -> tuple[Note, ...]:
    """Name entries in the order they have; a note gets the name that its entry would get, and may stay what it is."""
    given = tuple(entries)
    slugs = [_slug_of(one) for one in given]
    taken = set(slugs)
    seen: dict[str, int] = {}
    return tuple(_note(one, _unique(own, seen, taken)) for one, own in zip(given, slugs, strict=True))


def _slug_of(one: Entry | Note) -> str:
    """The slug of a question, which the id of a note tells unless it may have got a number."""
    if isinstance(one, Note) and not NUMBERED.search(one.id):
        return one.id
    return slug(one.question)


def slug(question: str) -> str:
    """Lower case, words joined by `-`, at most 80 characters; "note" when there is no letter or digit."""
    words = BETWEEN_WORDS.sub("-", unicodedata.normalize("NFC", question).lower()).strip("-")
    return words[:LONGEST_SLUG].rstrip("-") or "note"


def _path(file: NotesFile) -> str:
    return file.path


def _unique(own: str, seen: dict[str, int], taken: set[str]) -> str:
    """The slug itself the first time, then the next number that no other slug has by nature."""
    number = seen.get(own, 0) + 1
    unique = own if number == 1 else f"{own}-{number}"
    while number > 1 and unique in taken:
        number += 1
        unique = f"{own}-{number}"
    seen[own] = number
    taken.add(unique)
    return unique


def _note(entry: Entry | Note, unique: str) -> Note:
    if isinstance(entry, Note) and entry.id == unique:
        return entry
    return Note(
        id=unique,
        question=entry.question,
        answer=entry.answer,
        state=entry.state,
        place=entry.place,
        question_place=entry.question_place,
        answer_place=entry.answer_place,
        asked=entry.asked,
    )
