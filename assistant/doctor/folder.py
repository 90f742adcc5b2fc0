"""A folder of notes as it was read -> findings, each with its line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant import passages
from assistant.doctor import secrets, topics
from assistant.doctor.comparing import Side, sides
from assistant.doctor.findings import Finding
from assistant.doctor.spelling import misspelt, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.doctor.findings import Weight
    from assistant.types import Index, Note, NotesFile, Place, Skipped

SHOWN = 60  # characters of a text that is not an entry
SHORTEST_CUT = 250  # characters; a word piece has at least one
NO_FORMAT = "not a notes format"


@dataclass(frozen=True, slots=True)
class Folder:
    """What the checks look at. `display` stands before the paths of files, as it does in the index already.

    `reads_all` says whether the model reads a text to its end; None when there is nobody to ask.
    """

    files: Sequence[NotesFile]
    skipped: Sequence[Skipped]
    index: Index
    display: str
    reads_all: Callable[[str], bool] | None


def notes(folder: Folder) -> Iterator[Finding]:
    """Every check of the notes themselves."""
    for check in CHECKS:
        yield from check(folder)


def _unanswered(folder: Folder) -> Iterator[Finding]:
    for note in folder.index.notes:
        if note.state == "unanswered":
            yield _at("unanswered", "hint", f"“{note.question}” has no answer", note.place)
        elif note.state == "stub":
            said = " ".join(note.answer.split())[:SHOWN]
            yield _at("stub", "hint", f"“{note.question}” has no more than “{said}”", note.place)


def _duplicates(folder: Folder) -> Iterator[Finding]:
    for one, other in topics.duplicates(folder.index):
        yield _pair("duplicate", one, other, "ask the same")
    for one, other in topics.near(folder.index):
        yield _pair("near-duplicate", one, other, "ask nearly the same")


def _contradictions(folder: Folder) -> Iterator[Finding]:
    for one, other in topics.contradictions(folder.index):
        said = f"“{one.text}” seems to contradict “{other.text}” ({other.place})"
        both = Side(one.place, one.text), Side(other.place, other.text)
        yield replace(_at("contradiction", "attention", said, one.place), beside=both)


def _misspelt(folder: Folder) -> Iterator[Finding]:
    meant = misspelt(tuple(folder.index.notes))
    for note in folder.index.notes:
        better = suggestion(note.question, meant)
        if better != note.question:
            said = f"“{note.question}” may be meant as “{better}”"
            yield _at("misspelt", "attention", said, note.question_place, "assistant doctor --fix")


def _cut(folder: Folder) -> Iterator[Finding]:
    """Parts of answers that the model reads in no window to their end."""
    if folder.reads_all is None:
        return
    for number, note in enumerate(folder.index.notes):
        for passage in passages.split(number, note):
            if passage.kind == "window" and len(passage.text) > SHORTEST_CUT and not folder.reads_all(passage.text):
                said = f"“{note.question}”: the model does not read this part to its end; only its words are found"
                yield _at("cut", "hint", said, passage.place)


def _outside(folder: Folder) -> Iterator[Finding]:
    for file in folder.files:
        for piece in file.loose:
            said = " ".join(piece.text.split())
            shown = said if len(said) <= SHOWN else f"{said[:SHOWN]}…"
            lines = piece.place.last_line - piece.place.first_line + 1
            what = f"{lines} {'line belongs' if lines == 1 else 'lines belong'} to no question: {shown}"
            yield Finding("outside", "hint", what, folder.display + file.path, piece.place.first_line)


def _secrets(folder: Folder) -> Iterator[Finding]:
    for file in folder.files:
        for what, line in secrets.found_in(file):
            yield Finding("secret", "attention", what, folder.display + file.path, line)


def _reading(folder: Folder) -> Iterator[Finding]:
    for file in folder.files:
        for warning in file.warnings:
            path, line, what = _placed(warning, file.path)
            yield Finding("reading", "attention", what, folder.display + path, line)


def _skipped(folder: Folder) -> Iterator[Finding]:
    for skip in folder.skipped:
        weight: Weight = "hint" if skip.reason.startswith(NO_FORMAT) else "attention"
        yield Finding("skipped", weight, f"not read: {skip.reason}", folder.display + skip.path)


def _placed(warning: str, path: str) -> tuple[str, int, str]:
    """A warning's own path and line where it begins with them, and the rest of it."""
    rest = warning.removeprefix(f"{path}:")
    number, colon, what = rest.partition(": ")
    if rest != warning and colon and number.isdigit():
        return path, int(number), what
    return path, 1, rest.strip() if rest != warning else warning


def _pair(check: str, one: Note, other: Note, do: str) -> Finding:
    said = f"“{one.question}” and “{other.question}” ({other.place}) {do}"
    return replace(_at(check, "hint", said, one.place), beside=sides(one, other))


def _at(check: str, weight: Weight, what: str, place: Place, run: str = "") -> Finding:
    return Finding(check, weight, " ".join(what.split()), place.path, place.first_line, run)


CHECKS = (
    _secrets,
    _contradictions,
    _misspelt,
    _reading,
    _skipped,
    _duplicates,
    _unanswered,
    _cut,
    _outside,
)
