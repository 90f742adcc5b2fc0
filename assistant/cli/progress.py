"""What the Assistant says about its progress -> a bar on standard error, on a terminal only."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.render.characters import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress, TaskID


@contextmanager
def bar(*, stays: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """A function that moves the bar, or None without a terminal. `stays`: the full bar is left standing."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    display = _Bar(stays=stays)
    try:
        yield display.move
    finally:
        display.stop()


class _Bar:
    """One row for each thing that is done; nothing is drawn, or imported, before the first."""

    def __init__(self, *, stays: bool) -> None:
        self._stays = stays
        self._progress: Progress | None = None
        self._rows: dict[str, TaskID] = {}

    def move(self, what: str, done: int, total: int) -> None:
        progress = self._progress or self._started()
        if what not in self._rows:
            self._rows[what] = progress.add_task(one_line(what), total=total)
        progress.update(self._rows[what], completed=done, total=total)

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()

    def _started(self) -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True, width=None),
            transient=not self._stays,
        )
        self._progress.start()
        return self._progress
