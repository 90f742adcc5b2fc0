"""Ctrl-C -> KeyboardInterrupt, and the memory of it: a library that is being imported turns it into another error."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType, TracebackType


class Interrupts:
    """While it is entered, `seen` says whether the person pressed Ctrl-C."""

    def __init__(self) -> None:
        self.seen = False
        self._watching = False

    def __enter__(self) -> Interrupts:  # noqa: PYI034 - typing_extensions is not worth its import here
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            try:
                signal.signal(signal.SIGINT, self._interrupt)
                self._watching = True
            except ValueError:
                pass  # only the main thread may watch
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watching:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a handler's signature
        self.seen = True
        raise KeyboardInterrupt
