"""Pairs of texts -> lines in two columns, or one below the other where there is no room for two."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from assistant.plurals import counted
from assistant.render.characters import one_line
from assistant.render.printing import WIDEST
from assistant.render.terminal import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOM_FOR_TWO = 80  # columns
BETWEEN = " │ "
INDENT = "    "
MOST = 12  # lines of each side


def beside(left: Sequence[str], right: Sequence[str], width: int) -> list[Line]:
    """Row by row next to each other, wrapped to a terminal of that width; the first of each is its heading.

    A width of 0 or less than 80 columns puts the left side above the right side.
    """
    if width < ROOM_FOR_TWO:
        return [*_below(left), *_below(right)]
    column = (min(width, WIDEST) - len(INDENT) - len(BETWEEN)) // 2
    rows = zip_longest(_cut(left), _cut(right), fillvalue="")
    return [Line(line) for ours, theirs in rows for line in _row(ours, theirs, column)]


def _below(side: Sequence[str]) -> list[Line]:
    heading, *rest = _cut(side)
    return [Line(INDENT + one_line(heading)), *(Line(INDENT * 2 + one_line(text), hang=12) for text in rest)]


def _cut(side: Sequence[str]) -> list[str]:
    """The heading and the first lines; how many more there are."""
    more = len(side) - 1 - MOST
    return [*side[: MOST + 1], f"… {counted(more, 'more line')}"] if more > 0 else list(side)


def _row(left: str, right: str, column: int) -> Iterator[str]:
    from rich.cells import cell_len

    for ours, theirs in zip_longest(_wrapped(left, column), _wrapped(right, column), fillvalue=""):
        yield f"{INDENT}{ours}{' ' * (column - cell_len(ours))}{BETWEEN}{theirs}".rstrip()


def _wrapped(text: str, column: int) -> list[str]:
    import io

    from rich.console import Console
    from rich.text import Text

    console = Console(file=io.StringIO(), width=column, _environ={})
    return [str(part).rstrip() for part in Text(one_line(text)).wrap(console, column, overflow="fold")]
