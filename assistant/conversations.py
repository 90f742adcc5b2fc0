"""Turns of conversations -> private files that outlive the process -> the same turns again.

A conversation is one file of JSON lines: its heading, then a line for each turn. A turn is added at the end, so that
a hundred turns cost no more than one, and a line that a power cut left half written is as if it had not been said.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import threading
import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant import disk
from assistant.errors import DiskError, UsageError
from assistant.types import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_TITLE = 80  # characters
HISTORY = 12  # turns of either side that a follow-up may lean on
_ID = re.compile(r"[0-9a-f]{16}")
_SUFFIX = ".jsonl"
_FORMAT = 1


class ConversationMissingError(UsageError):
    """A conversation or a turn that is not (or no longer) there."""

    code = "CONVERSATION"


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A cited note as it read when it was cited: lines are 1-based, offsets those of its file."""

    id: str
    question: str
    path: str
    asked: str
    asked_line: int
    asked_start: int
    answer: str
    answer_line: int
    answer_start: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it: `answer` is the object of `ask --json`, `notes` what it cites, word for word."""

    id: str
    asked: str
    answer: dict[str, Any]
    notes: tuple[KeptNote, ...]
    stopped: bool = False
    vote: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A conversation in the list; `changed` is in seconds since 1970."""

    id: str
    title: str
    changed: float


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation opened."""

    id: str
    title: str
    exchanges: tuple[Exchange, ...]

    def history(self, before: str = "") -> tuple[Turn, ...]:
        """What was said (before an exchange), for a question that leans on it; the last turns only."""
        said: list[Turn] = []
        for exchange in self.exchanges:
            if exchange.id == before:
                break
            said += [Turn("user", exchange.asked), Turn("assistant", str(exchange.answer.get("answer") or ""))]
        return tuple(said[-HISTORY:])

    def exchange(self, identity: str) -> Exchange:
        """Raises ConversationMissingError."""
        for exchange in self.exchanges:
            if exchange.id == identity:
                return exchange
        raise _missing("this question is no longer in the conversation")


class Conversations:
    """The conversations of one notes folder; every method raises DiskError when the disk cannot be used."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()

    def headings(self) -> tuple[Heading, ...]:
        """All of them, the last one used first; what cannot be read is left out."""
        found = [heading for path in self._paths() if (heading := _heading(path)) is not None]
        return tuple(sorted(found, key=lambda heading: (-heading.changed, heading.id)))

    def open(self, identity: str) -> Conversation:
        """Raises ConversationMissingError."""
        with self._lock:
            lines = self._lines(identity)
        title = str(lines[0].get("title") or "") if lines else ""
        return Conversation(identity, title, tuple(_exchanges(lines[1:])))

    def begin(self, title: str) -> str:
        """Make an empty conversation; gives its id."""
        identity = secrets.token_hex(8)
        with self._lock:
            self._make_folder()
            disk.write(self._path(identity), _line({"format": _FORMAT, "title": _titled(title)}))
        return identity

    def add(self, identity: str, exchange: Exchange) -> None:
        """Add an exchange at the end. Raises ConversationMissingError."""
        path = self._path(identity)
        with self._lock:
            if not path.is_file():
                raise _missing("this conversation was deleted")
            _append(path, _line(asdict(exchange)))

    def cut(self, identity: str, first: str) -> Conversation:
        """Take away an exchange and all after it; gives what stood there before."""
        with self._lock:
            before = self.open(identity)
            place = before.exchanges.index(before.exchange(first))
            self._rewrite(replace(before, exchanges=before.exchanges[:place]))
        return before

    def vote(self, identity: str, exchange: str, vote: str) -> Exchange:
        """Keep how the person liked an answer ("up", "down" or ""); gives the exchange as it is now."""
        with self._lock:
            found = self.open(identity)
            voted = replace(found.exchange(exchange), vote=vote)
            others = tuple(voted if each.id == exchange else each for each in found.exchanges)
            self._rewrite(replace(found, exchanges=others))
        return voted

    def rename(self, identity: str, title: str) -> None:
        """Raises ConversationMissingError."""
        with self._lock:
            self._rewrite(replace(self.open(identity), title=_titled(title)))

    def delete(self, identity: str) -> None:
        """Take the conversation away for good; one that is not there is no error."""
        with self._lock:
            disk.remove(self._path(identity))

    def _rewrite(self, conversation: Conversation) -> None:
        heading = {"format": _FORMAT, "title": conversation.title}
        lines = [_line(heading), *(_line(asdict(exchange)) for exchange in conversation.exchanges)]
        disk.replace(self._path(conversation.id), b"".join(lines))

    def _lines(self, identity: str) -> list[dict[str, Any]]:
        try:
            data = disk.read(self._path(identity))
        except FileNotFoundError:
            raise _missing("this conversation is no longer there") from None
        return [line for raw in data.split(b"\n") if (line := _parsed(raw)) is not None]

    def _path(self, identity: str) -> Path:
        """The id is part of a file name, so nothing but an id may be one."""
        if not _ID.fullmatch(identity):
            raise _missing("there is no such conversation")
        return self._folder / f"{identity}{_SUFFIX}"

    def _paths(self) -> list[Path]:
        try:
            found = list(self._folder.iterdir())
        except OSError:
            return []
        return [path for path in found if path.suffix == _SUFFIX and _ID.fullmatch(path.stem)]

    def _make_folder(self) -> None:
        disk.make_folder(self._folder)
        try:
            self._folder.chmod(0o700)
        except OSError as error:
            raise disk.refusal(self._folder, error) from error


def new_id() -> str:
    """An id for an exchange."""
    return secrets.token_hex(8)


def _titled(title: str) -> str:
    text = " ".join(title.split()) or time.strftime("Conversation of %d %B %Y")
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}\N{HORIZONTAL ELLIPSIS}"


def _heading(path: Path) -> Heading | None:
    try:
        with path.open("rb") as file:
            line = _parsed(file.readline(65_536))
        changed = path.stat().st_mtime
    except OSError:
        return None
    return None if line is None else Heading(path.stem, str(line.get("title") or ""), changed)


def _exchanges(lines: list[dict[str, Any]]) -> Iterator[Exchange]:
    for line in lines:
        try:
            notes = tuple(KeptNote(**note) for note in line["notes"])
            yield Exchange(**{**line, "notes": notes})
        except (TypeError, KeyError):
            continue


def _parsed(raw: bytes) -> dict[str, Any] | None:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return line if isinstance(line, dict) else None


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _append(path: Path, data: bytes) -> None:
    """Write at the end, on a line of its own even where the last one was cut off."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0))
        try:
            size = os.lseek(handle, 0, os.SEEK_END)
            os.lseek(handle, max(0, size - 1), os.SEEK_SET)
            whole = size == 0 or os.read(handle, 1) == b"\n"
            _write_all(handle, data if whole else b"\n" + data)
        finally:
            os.close(handle)
    except OSError as error:
        refused: DiskError = disk.refusal(path, error)
        raise refused from error


def _write_all(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _missing(what: str) -> ConversationMissingError:
    return ConversationMissingError(what, safe="The notes are untouched", run="assistant web")
