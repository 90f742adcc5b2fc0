"""What must hold for every file that was read, whatever is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.types import NotesFile


def check_lossless(file: NotesFile, text: str) -> None:
    """Every line that is not blank stands in exactly one place, and every slice is what it claims to be.

    The objects of a JSON document may stand on one line, one behind the other.
    """
    owners: dict[int, int] = {}
    last = end = 0
    for entry in file.entries:
        assert entry.place.first_line > last or (file.format == "json" and entry.place.start >= end)
        last, end = entry.place.last_line, entry.place.end
        place = entry.answer_place
        assert text[place.start : place.end] == entry.answer
        assert entry.place.start <= entry.question_place.start <= entry.question_place.end <= entry.place.end
        for where in (entry.place, entry.question_place, place):
            assert text.count("\n", 0, where.start) + 1 == where.first_line
            assert text.count("\n", 0, max(where.start, where.end - 1)) + 1 == where.last_line
        assert not entry.answer or entry.place.start <= place.start < place.end <= entry.place.end
        assert entry.answer == entry.answer.rstrip()
    for entry in file.entries:
        for line in range(entry.place.first_line, entry.place.last_line + 1):
            owners[line] = 1 if file.format == "json" else owners.get(line, 0) + 1
    for loose in file.loose:
        for line in range(loose.place.first_line, loose.place.last_line + 1):
            owners[line] = owners.get(line, 0) + 1
    for loose in file.loose:
        assert text[loose.place.start : loose.place.end] == loose.text
    filled = {number for number, line in enumerate(text.split("\n"), start=1) if line.strip()}
    assert filled <= set(owners)
    assert max(owners.values(), default=1) == 1


def decoded(file: NotesFile, data: bytes) -> str:
    """The text that the file's places count in."""
    return data.decode(file.encoding, "replace").removeprefix("\ufeff")
