"""An answer that is none -> one line in a file that only this person can read."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant import disk
from assistant.errors import DiskError
from assistant.types import ANSWERED

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.types import Answer, Status

FILE = "asked.jsonl"
LARGEST = 10_000_000  # bytes; then nothing more is kept until the person has looked at it


@dataclass(frozen=True, slots=True)
class Asked:
    """One question that was not answered; `note_id` is the unanswered note that it met, "" for none."""

    when: str
    question: str
    status: Status
    note_id: str


def record(folder: Path, answer: Answer) -> None:
    """Keep the question of an answer that is none; an answered one leaves no trace.

    That it cannot be kept costs the person nothing that they asked for, so it is no error.
    """
    if answer.status == ANSWERED:
        return
    note = answer.citations[0].note_id if answer.citations else ""
    when = datetime.now(UTC).isoformat(timespec="seconds")
    question = (answer.read_as or answer.question).encode("utf-8", "replace").decode()
    line = json.dumps({"when": when, "question": question, "status": answer.status, "note_id": note})
    try:
        disk.make_folder(folder)
        _append(folder / FILE, f"{line}\n".encode())
    except (DiskError, OSError):
        return


def kept(folder: Path) -> tuple[Asked, ...]:
    """All that was kept, oldest first; a line that was cut or edited into something else is passed over."""
    try:
        data = disk.read(folder / FILE)
    except FileNotFoundError:
        return ()
    lines = data.decode("utf-8", "replace").split("\n")
    return tuple(one for line in lines if line.strip() and (one := _asked(line)))


def forget(folder: Path) -> None:
    """Remove all that was kept."""
    disk.remove(folder / FILE)


def _append(path: Path, line: bytes) -> None:
    """In one write, so that lines of two processes never mix."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(path, flags, 0o600)
    try:
        if os.fstat(handle).st_size < LARGEST:
            os.write(handle, line)
    finally:
        os.close(handle)


def _asked(line: str) -> Asked | None:
    try:
        found: dict[str, Any] = json.loads(line)
        values = [found[name] for name in ("when", "question", "status", "note_id")]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in values) or values[2] not in ("noted_unanswered", "not_in_notes"):
        return None
    return Asked(*values)
