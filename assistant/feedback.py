"""A thumb on an answer -> one JSON line with all that the evaluation needs to make a case of it."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant import disk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.types import Turn

FILE = "feedback.jsonl"
LONGEST_COMMENT = 1_000  # characters
REASONS = {
    "wrong_note": "It used the wrong note",
    "missing": "Something is missing",
    "should_abstain": "It should have said “not in your notes”",
    "should_answer": "It should have answered",
    "made_up": "It made something up",
    "wrong_citation": "A citation is wrong",
}
"""The reasons for a thumb down, as they are kept and as a person reads them."""


class Feedback:
    """The votes on answers, one line for each answer: the last vote counts. Raises DiskError."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = threading.Lock()

    def vote(self, identity: str, answer: dict[str, Any], history: Sequence[Turn], said: dict[str, str]) -> None:
        """Keep a vote on an answer (the object of `ask --json`).

        `said` holds `vote` ("up", "down", or "" to take it back), and for a thumb down `reason`, `comment`
        and `correct_note` (the id of the note that was right).
        """
        with self._lock:
            others = [line for line in self._lines() if _id_of(line) != identity]
            if said.get("vote"):
                others.append(json.dumps(_record(identity, answer, history, said), ensure_ascii=True))
            disk.make_folder(self._path.parent)
            disk.replace(self._path, "".join(f"{line}\n" for line in others).encode())

    def _lines(self) -> list[str]:
        try:
            text = disk.read(self._path).decode("utf-8", "replace")
        except FileNotFoundError:
            return []
        return [line for line in text.split("\n") if line.strip()]


def _id_of(line: str) -> str:
    try:
        data = json.loads(line)
    except ValueError:
        return ""
    return str(data.get("id")) if isinstance(data, dict) else ""


def _record(identity: str, answer: dict[str, Any], history: Sequence[Turn], said: dict[str, str]) -> dict[str, Any]:
    reason = said.get("reason", "")
    return {
        "id": identity,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "question": answer["question"],
        "history": [{"role": turn.role, "content": turn.content} for turn in history],
        "route": answer["status"],
        "answer": answer["answer"],
        "vote": said["vote"],
        "reason": reason if reason in REASONS else "",
        "correct_note": said.get("correct_note", ""),
        "comment": said.get("comment", "")[:LONGEST_COMMENT],
        "read_as": answer["read_as"],
        "confidence": answer["confidence"],
        "writer": answer["writer"],
        "citations": answer["citations"],
        "hits": answer["hits"],
    }
