"""The table of formats: a name for the settings -> the reader of that format. A new format is one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.notes import (
    blocks,
    bold,
    columns,
    headings,
    json_document,
    json_lines,
    lists,
    lone_lines,
    q_lines,
    sections,
)
from assistant.notes.cuts import Reading

if TYPE_CHECKING:
    from assistant.notes.cuts import Reader
    from assistant.notes.lines import Text


def plain(_: Text) -> Reading:
    """Take nothing as a question: the whole text stays outside the entries."""
    return Reading((), 0.001, "no questions, sections or columns were found")


# In the order of what may hold what: where several fit, the first that explains a fair share is taken.
FORMATS: dict[str, Reader] = {
    "anki": columns.read_anki,
    "json-lines": json_lines.read,
    "json": json_document.read,
    "csv": columns.read_csv,
    "tsv": columns.read_tsv,
    "q-lines": q_lines.read,
    "markdown-headings": headings.read,
    "markdown-details": blocks.read_details,
    "markdown-table": blocks.read_tables,
    "flash-cards": q_lines.read_cards,
    "markdown-bold": bold.read,
    "question-list": lists.read_items,
    "question-lines": lone_lines.read,
    "markdown-sections": sections.read,
    "plain": plain,
}
