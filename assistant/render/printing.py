"""Lines of a layout -> text: as they are for a pipe, wrapped and in colour for a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from assistant.render.characters import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console
    from rich.text import Text

    from assistant.render.terminal import Line, Style

NARROWEST, WIDEST = 10, 100  # columns; longer lines are hard to read
TAB = 4
_STYLES: dict[Style, str] = {"heading": "bold", "faint": "dim", "doubt": "yellow"}
_MARK = r"\[\d+\]"


def plain(lines: Iterable[Line]) -> str:
    """The layout as it is: no escape sequence, no wrapping; every line ends with a newline."""
    return "".join(f"{visible(line.text)}\n" for line in lines)


def styled(lines: Iterable[Line], width: int, *, colour: bool) -> str:
    """The layout wrapped to the width (columns), in colour or without any escape sequence."""
    from rich.console import Console

    written = io.StringIO()
    width = max(NARROWEST, min(width, WIDEST))
    console = Console(
        file=written,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
        _environ={},
    )
    for line in lines:
        for part in _wrapped(line, console):
            console.print(part, soft_wrap=True)
    return written.getvalue()


def _wrapped(line: Line, console: Console) -> Iterator[Text]:
    """The line in pieces as wide as the console; all but the first stand under the first one's text."""
    from rich.text import Text

    text = Text(visible(line.text), style=_STYLES.get(line.style, ""))
    if line.style in ("answer", "source"):
        text.highlight_regex(_MARK, "cyan")
    hang = min(line.hang, console.width // 3)
    text.expand_tabs(TAB)
    first, rest = text[:hang], text[hang:]
    for part in rest.wrap(console, console.width - hang, overflow="fold"):
        part.rstrip()
        yield first + part
        first = Text(" " * hang)
