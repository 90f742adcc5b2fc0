"""A folder that changes -> an index that follows, by looking at the contents of its files once a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from assistant.cli import streams
from assistant.errors import NotesAssistantError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Contents = Callable[[], Mapping[str, str]]

EVERY = 1.0  # seconds


def watch(contents: Contents, update: Callable[[], None], pause: Callable[[float], None] = time.sleep) -> None:
    """Call `update` when the contents have changed and then stayed the same for one look, until Ctrl-C.

    An error is told once and does not end the watch: the next change may be what mends it.
    """
    watcher = _Watcher(contents, update)
    try:
        watcher.begin()
        while True:
            pause(EVERY)
            watcher.look()
    except KeyboardInterrupt:
        streams.say("\nStopped.")


class _Watcher:
    def __init__(self, contents: Contents, update: Callable[[], None]) -> None:
        self._contents = contents
        self._update = update
        self._indexed: Mapping[str, str] = {}
        self._seen: Mapping[str, str] = {}
        self._told = ""

    def begin(self) -> None:
        """Take what is there now as what the index holds."""
        self._indexed = self._seen = self._now()

    def look(self) -> None:
        """One look: what differs from the index, and not from the look before, is indexed."""
        now = self._now()
        settled, self._seen = now == self._seen, now
        if settled and now != self._indexed:
            self._indexed = now
            self._tried(self._update)

    def _now(self) -> Mapping[str, str]:
        found: list[Mapping[str, str]] = []
        self._tried(lambda: found.append(self._contents()))
        return dict(found[0]) if found else {}

    def _tried(self, action: Callable[[], None]) -> None:
        try:
            action()
        except NotesAssistantError as error:
            if error.line() != self._told:
                streams.say(error.line())
            self._told = error.line()
        else:
            self._told = ""
