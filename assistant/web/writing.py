"""A stream of an answer -> what is known of it at any moment, and an end to it when somebody says stop."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.stopping import Stop
from assistant.types import ANSWERED, Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

PACE = 0.08  # seconds between two states of an answer that is being written
TICK = 0.05  # seconds between two looks at whether it was stopped


@dataclass
class Writing:
    """An answer that is being written, by a thread of its own: a model that hangs must not hold the page.

    `text` is what there is of it, `answer` the whole once it is there, `stopped` whether somebody ended it.
    """

    stop: Stop = field(default_factory=Stop)
    text: str = ""
    answer: Answer | None = None

    @property
    def stopped(self) -> bool:
        return self.answer is None and self.stop.is_set()

    def follow(self, stream: Iterator[str | Answer]) -> Iterator[str]:
        """The text so far, again and again, until it is whole or was stopped. Raises what the stream raises."""
        pieces: queue.SimpleQueue[str | Answer | Exception | None] = queue.SimpleQueue()
        threading.Thread(target=self._pump, args=(stream, pieces), name="writing", daemon=True).start()
        shown, length = time.monotonic(), 0
        while True:
            piece = _next(pieces)
            if self.stop.is_set():
                return  # what comes now is how the cut off writer complains
            if isinstance(piece, Exception):
                raise piece
            if isinstance(piece, Answer):
                self.answer = piece
                return
            if piece is None:
                raise RuntimeError("the stream ended without an answer")
            self.text += piece
            if len(self.text) > length and time.monotonic() - shown >= PACE:
                shown, length = time.monotonic(), len(self.text)
                yield self.text

    def _pump(self, stream: Any, pieces: queue.SimpleQueue[Any]) -> None:
        try:
            for piece in stream:
                pieces.put(piece)
                if self.stop.is_set():
                    break
        except Exception as error:  # noqa: BLE001 - it is raised again where the answer is awaited
            pieces.put(error)
        finally:
            stream.close()
            pieces.put(None)


def _next(pieces: queue.SimpleQueue[Any]) -> Any:
    """What comes next; an empty piece when nothing came for a while."""
    try:
        return pieces.get(timeout=TICK)
    except queue.Empty:
        return ""


def unfinished(question: str, text: str) -> dict[str, Any]:
    """What is kept of an answer that was stopped: an object like that of `ask --json`."""
    return {
        "id": None, "question": question, "read_as": None, "status": ANSWERED, "confidence": 0.0, "answer": text,
        "complete": False, "writer": "", "warnings": [], "unsupported": [], "citations": [], "hits": [], "closest": [],
        "tokens": {"prompt": 0, "completion": 0, "estimated": False}, "timings_ms": {"retrieve": 0.0, "write": 0.0},
    }  # fmt: skip
