"""Bytes -> one file that is on the disk when the call returns; every failure names the path."""

from __future__ import annotations

import errno
import os
import shlex
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.errors import DiskError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SAFE = "Your notes and the last index are untouched"
REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def write(path: Path, data: bytes | memoryview) -> None:
    """Write a new file (mode 0600) and wait until the disk has it. Raises DiskError."""
    with _reported(path):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _ON_WINDOWS_TOO, 0o600)
        try:
            _write_all(handle, memoryview(data))
            os.fsync(handle)
        finally:
            os.close(handle)


def replace(path: Path, data: bytes) -> None:
    """Put a file in the place of another in one step: a reader sees the old or the new one. Raises DiskError."""
    fresh = path.with_name(f".tmp-{path.name}-{os.getpid()}")
    remove(fresh)
    write(fresh, data)
    move(fresh, path)


def rewrite(path: Path, data: bytes) -> None:
    """As `replace`, for a file of the person's own: it keeps its mode, and a new one gets what the system gives.

    Raises DiskError.
    """
    rewrite_all({path: data})


def rewrite_all(files: Mapping[Path, bytes]) -> None:
    """As `rewrite`, for files that belong together: none is replaced before all are on the disk. Raises DiskError."""
    fresh: dict[Path, Path] = {}
    try:
        for number, (path, data) in enumerate(files.items()):
            fresh[path] = path.with_name(f".tmp-{os.getpid()}-{number}")
            _beside(fresh[path], path, data)
        for path, new in fresh.items():
            move(new, path)
    except BaseException:
        for new in fresh.values():
            remove(new)
        raise


def _beside(fresh: Path, path: Path, data: bytes) -> None:
    with _reported(path):
        mode = path.stat().st_mode if path.exists() else 0o666 & ~_umask()
    remove(fresh)
    write(fresh, data)
    with _reported(path):
        fresh.chmod(mode & 0o7777)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def move(source: Path, target: Path) -> None:
    """Rename within a folder and wait until the disk has it. Raises DiskError."""
    with _reported(target):
        os.replace(source, target)  # noqa: PTH105 - one name to fail in the tests of a failing disk
    sync_folder(target.parent)


def link(source: Path, target: Path) -> bool:
    """Give a file that never changes a second name; False where that cannot be, and nothing was done."""
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the folder's names: without it a power cut can undo a rename."""
    if os.name == "nt":
        return
    with _reported(folder):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def own(path: Path) -> None:
    """Take over a file that another library wrote: mode 0600, and on the disk. Raises DiskError."""
    with _reported(path):
        path.chmod(0o600)
        handle = os.open(path, os.O_RDWR | _ON_WINDOWS_TOO)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_folder(folder: Path) -> None:
    """Make the folder and what is missing above it, for this person's eyes only (mode 0700). Raises DiskError."""
    if folder.is_dir():
        return
    with _reported(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def read(path: Path) -> bytes:
    """All of a file. Raises FileNotFoundError, and DiskError for every other failure."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as missing:
        raise FileNotFoundError(str(path)) from missing
    except OSError as error:
        raise DiskError(f"{path} cannot be read ({error.strerror})", safe="Your notes are safe") from error


def remove(path: Path) -> None:
    """Remove a file or a folder with all that is in it; what cannot be removed stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def _write_all(handle: int, rest: memoryview) -> None:
    while rest:
        rest = rest[os.write(handle, rest) :]


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    """Turn what the system says into a sentence with the path in it."""
    try:
        yield
    except OSError as error:
        raise refusal(path, error) from error


def refusal(path: Path, error: OSError) -> DiskError:
    """The error to raise when the system refused to write at the path."""
    why = error.strerror or type(error).__name__
    folder = shlex.quote(str(path.parent))
    if error.errno in FULL:
        return DiskError(f"there is no room on the disk for {path} ({why})", safe=SAFE, run=f"df -h {folder}")
    if error.errno in REFUSED:
        return DiskError(f"{path} cannot be written ({why})", safe=SAFE, run=f"ls -ld {folder}")
    return DiskError(f"the disk failed at {path} ({why})", safe=SAFE, run="assistant index")


_ON_WINDOWS_TOO = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
