"""Markdown without questions -> one entry a section, whose title is the path of its headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.notes.cuts import Reading
from assistant.notes.slicing import Opener, contents, cuts
from assistant.notes.wording import is_document_part
from assistant.plurals import counted

if TYPE_CHECKING:
    from assistant.notes.elements import Element
    from assistant.notes.lines import Text

WEIGHT = 0.3


def read(text: Text) -> Reading:
    """Every heading with text of its own, or with nothing at all below it, opens an entry."""
    headings = [one for one in text.elements if one.kind == "heading" and not one.inside and one.title]
    openers = []
    titles = set()
    closers = contents(text)
    path: list[Element] = []
    for position, one in enumerate(headings):
        path = [*(above for above in path if above.level < one.level), one]
        following = headings[position + 1] if position + 1 < len(headings) else None
        if is_document_part(one.title) or _only_leads(text, one, following):
            closers.append(one.line)
            continue
        titles.add(one.title.lower())
        title = " > ".join(above.title for above in path)
        openers.append(Opener(one.line, one.last, title, text.end(one.last)))
    made = cuts(text, openers, closers)
    # Titles that recur ("Example", "Key takeaway") are parts of something, so each counts once.
    found = f"no questions, but {counted(len(made), 'section')} under headings"
    return Reading(made, WEIGHT * min(len(made), len(titles)), found)


def _only_leads(text: Text, one: Element, following: Element | None) -> bool:
    """Whether a heading has no text of its own but headings below it."""
    if following is None or following.level <= one.level:
        return False
    return text.first_filled(one.last + 1, following.line) == following.line
