"""A folder -> the notes files in it, and the files that are not read, with why."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import NotesError
from assistant.notes.decoding import not_text
from assistant.notes.documents import missing
from assistant.types import Skipped

PLAIN = frozenset(
    (
        "",
        ".txt",
        ".text",
        ".md",
        ".markdown",
        ".mdown",
        ".mkd",
        ".mdx",
        ".csv",
        ".tsv",
        ".json",
        ".jsonl",
        ".ndjson",
        ".org",
        ".rst",
    )
)
DOCUMENTS = frozenset((".pdf", ".docx", ".html", ".htm"))
MEGABYTE = 1_000_000
LARGEST = 20 * MEGABYTE
TOTAL = 200 * MEGABYTE
READ_TRIES = 3


@dataclass
class _Walk:
    found: list[tuple[str, os.DirEntry[str]]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def files(folder: Path) -> tuple[list[tuple[str, Path]], list[Skipped]]:
    """The notes files under the folder as (relative POSIX path, path), sorted, and what was left out.

    Nothing is opened but folders. Raises NotesError when the folder is not there or cannot be listed.
    """
    walk = _Walk()
    try:
        _enter(os.fspath(folder), walk)
    except OSError as error:
        what = f"there is no notes folder at {folder} ({_why(error)})"
        raise NotesError(what, run="assistant --notes DIR index") from error
    walk.found.sort(key=_by_path)
    kept = _within_limits(walk)
    return kept, sorted(walk.skipped, key=lambda skip: skip.path)


def load(path: Path) -> bytes:
    """The bytes of one regular file, the same before and after reading.

    Raises OSError when it cannot be opened, NotesError when it is no regular file, too large, not text
    or being written.
    """
    for _ in range(READ_TRIES):
        data = _read_unchanged(path)
        if data is not None:
            return _text_only(path, data)
    raise NotesError(f"{path} is being written", safe="Nothing was changed.", run="the same command again")


def suffix(name: str) -> str:
    """The kind of file that its name claims, in lower case; "" for none ("README", "v1.2 ideas")."""
    stem, dot, ending = name.rpartition(".")
    ending = f".{ending.lower()}" if stem.rpartition("/")[2] and dot else ""
    return ending if ending[1:].isalnum() and not ending[1:].isdigit() and ending.isascii() else ""


def shown(name: str) -> str:
    r"""A file name as text: bytes that are not UTF-8 as `\xe9`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _by_path(item: tuple[str, os.DirEntry[str]]) -> str:
    return item[0]


def _enter(folder: str, walk: _Walk) -> None:
    """List folders one after the other, without recursion: a tree may be deep."""
    waiting = [(folder, "")]
    while waiting:
        path, inside = waiting.pop()
        try:
            with os.scandir(path) as entries:
                seen = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            if not inside:
                raise
            walk.skipped.append(Skipped(inside.rstrip("/"), f"the folder cannot be listed ({_why(error)})"))
            continue
        for entry in seen:
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, f"{inside}{shown(entry.name)}/"))
            else:
                _sort_in(entry, inside + shown(entry.name), walk)


def _sort_in(entry: os.DirEntry[str], path: str, walk: _Walk) -> None:
    reason = _refusal(entry)
    if reason:
        walk.skipped.append(Skipped(path, reason))
    else:
        walk.found.append((path, entry))


def _refusal(entry: os.DirEntry[str]) -> str | None:
    if entry.is_symlink():
        return "a link (links are not followed)"
    if not entry.is_file(follow_symlinks=False):
        return "not a regular file"
    kind = suffix(entry.name)
    if kind in DOCUMENTS:
        return missing(kind)
    return None if kind in PLAIN else f"not a notes format ({kind})"


def _within_limits(walk: _Walk) -> list[tuple[str, Path]]:
    kept = []
    total = 0
    for path, entry in walk.found:
        reason, size = _size(entry, total)
        if reason:
            walk.skipped.append(Skipped(path, reason))
            continue
        total += size
        kept.append((path, Path(entry.path)))
    return kept


def _size(entry: os.DirEntry[str], total: int) -> tuple[str, int]:
    """Why the file is too much ("" when it is not) and its size in bytes."""
    try:
        size = entry.stat(follow_symlinks=False).st_size
    except OSError as error:
        return f"cannot be read ({_why(error)})", 0
    if size > LARGEST:
        return f"larger than {LARGEST // MEGABYTE} MB", size
    return (f"all notes together are larger than {TOTAL // MEGABYTE} MB" if total + size > TOTAL else ""), size


def _read_unchanged(path: Path) -> bytes | None:
    """The file's bytes, or None when it changed while it was read."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise NotesError(f"{path} is not a regular file")
        if before.st_size > LARGEST:
            raise NotesError(f"{path} is larger than {LARGEST // MEGABYTE} MB")
        data = file.read(before.st_size + 1)  # one more than there should be, to see that there is no more
        return data if _same(before, os.fstat(handle), len(data)) else None


def _same(before: os.stat_result, after: os.stat_result, size: int) -> bool:
    return (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size) and size == after.st_size


def _text_only(path: Path, data: bytes) -> bytes:
    what = None if suffix(path.name) in DOCUMENTS else not_text(data)
    if what:
        raise NotesError(f"{shown(str(path))} is not text but {what}")
    return data


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__
