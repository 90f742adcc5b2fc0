"""A path -> at most one process at a time between two lines of a program; the kernel frees it when that one dies."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.disk.files import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class LockHeldError(Exception):
    """Another process holds the lock; `holder` is its process id, or None when it left no name."""

    def __init__(self, holder: int | None) -> None:
        super().__init__(f"held by process {holder}")
        self.holder = holder


@contextmanager
def locked(path: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file; raises LockHeldError after `wait` seconds, DiskError when it cannot be made."""
    from filelock import FileLock, Timeout

    # A soft lock would survive its holder: where the file system has no locks we say so instead.
    lock = FileLock(path, timeout=wait, mode=0o600, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        raise LockHeldError(_holder(path)) from None
    except NotImplementedError as error:
        raise refusal(path, OSError(0, "this file system has no locks")) from error
    except OSError as error:
        raise refusal(path, error) from error
    try:
        _sign(path)
        yield
    finally:
        lock.release()


def _sign(path: Path) -> None:
    """Say who holds the lock: for people, not for the program, so that failing to is no failure."""
    try:
        signature = _signature(path)
        signature.touch(mode=0o600)
        signature.write_text(f"{os.getpid()}\n", encoding="ascii")
    except OSError:
        return


def _holder(path: Path) -> int | None:
    try:
        return int(_signature(path).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _signature(path: Path) -> Path:
    return path.with_name(f"{path.name}-holder")
