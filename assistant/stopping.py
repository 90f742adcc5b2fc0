"""Somebody says stop -> whatever waits for a wire is cut off at once, in whichever thread it waits."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Stop:
    """The wish to end one answer, said once by any thread. A generator that is running cannot be closed by another."""

    def __init__(self) -> None:
        self._said = threading.Event()
        self._lock = threading.Lock()
        self._cuts: list[Callable[[], None]] = []

    def is_set(self) -> bool:
        return self._said.is_set()

    def set(self) -> None:
        """Say it: everything that was to be cut is cut, in this thread, before this returns."""
        with self._lock:
            self._said.set()
            cuts, self._cuts = self._cuts, []
        for cut in cuts:
            cut()

    def then(self, cut: Callable[[], None]) -> None:
        """Have something cut when it is said; at once where it was said already. `cut` must not raise."""
        with self._lock:
            if not self._said.is_set():
                self._cuts.append(cut)
                return
        cut()
