"""Who asks, and when -> whether they may: so many questions a minute, saved up to that number."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE = 60.0
MOST_KNOWN = 10_000  # visitors remembered


class Limit:
    """A bucket for each visitor that fills up again within a minute."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def allows(self, visitor: str) -> bool:
        """Whether the visitor may go on; counted when so."""
        with self._lock:
            left = self._now(visitor)
            allowed = left >= 1
            self._left[visitor] = (left - allowed, self._clock())
            return allowed

    def _now(self, visitor: str) -> float:
        if visitor not in self._left and len(self._left) >= MOST_KNOWN:
            self._left.pop(next(iter(self._left)))
        left, seen = self._left.pop(visitor, (float(self.per_minute), self._clock()))
        return min(float(self.per_minute), left + (self._clock() - seen) * self.per_minute / MINUTE)
