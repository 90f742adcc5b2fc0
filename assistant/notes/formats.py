"""The table of formats: a name for the settings -> the reader of that format. A new format is one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.notes import q_lines
from assistant.notes.cuts import Reading

if TYPE_CHECKING:
    from assistant.notes.cuts import Reader
    from assistant.notes.lines import Text


def plain(_: Text) -> Reading:
    """Take nothing as a question: the whole text stays outside the entries."""
    return Reading((), 0.001, "no questions, sections or columns were found")


FORMATS: dict[str, Reader] = {
    "q-lines": q_lines.read,
    "plain": plain,
}
