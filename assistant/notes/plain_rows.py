"""Items of a list without answers -> those set in bold among plain ones, which ask as their neighbours do."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.elements import Element
    from assistant.notes.lines import Text

FEWEST = 3
ALMOST_ALL = 0.9


def emphasized(text: Text) -> list[Element]:
    """The bold items of a file whose bold and plain items stand in rows, line below line, and nearly all ask."""
    rows = [one for one in text.elements if one.bullet == "-" and not (one.indent or one.inside or one.link)]
    bold = [one for one in rows if one.kind == "bold"]
    plain = [one for one in rows if one.kind != "bold"]
    if min(len(bold), len(plain)) < FEWEST or not all(one.end >= len(text.lines[one.last].rstrip()) for one in bold):
        return []
    mixed = any(one.last + 1 == two.line and one.kind != two.kind for one, two in pairwise(rows))
    return bold if mixed and _nearly_all_ask(bold) and _nearly_all_ask(plain) and _is_bare(text, rows) else []


def _nearly_all_ask(group: Sequence[Element]) -> bool:
    return sum(one.asks for one in group) >= ALMOST_ALL * len(group)


def _is_bare(text: Text, rows: Sequence[Element]) -> bool:
    """Whether nothing stands right below nearly all of the items, nor indented further down: no answers."""
    lines = {one.line for one in rows}
    return sum(_ends(text, one.last + 1, lines) for one in rows) >= ALMOST_ALL * len(rows)


def _ends(text: Text, below: int, lines: set[int]) -> bool:
    behind = text.first_filled(below, len(text) - 1)
    return behind in lines or behind >= len(text) or (behind > below and text.lines[behind][:1] not in " \t")
