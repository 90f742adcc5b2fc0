"""Text -> standard output, messages -> standard error: whatever those are connected to."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, TextIO

from assistant.errors import DiskError
from assistant.render.characters import visible
from assistant.render.printing import plain, styled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.render.terminal import Line


def prepare() -> None:
    """Make all three streams safe to use: none is closed, none can fail to encode a character."""
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _open_what_is_closed() -> None:
    """Give closed streams a descriptor, lowest first.

    The next file that is opened would get it, and libraries would write their messages into that file.
    """
    sys.stdin = sys.stdin or _nothing("r")
    sys.stdout = sys.stdout or _nothing("w")
    sys.stderr = sys.stderr or _nothing("w")


def _nothing(mode: str) -> TextIO:
    return open(os.devnull, mode, encoding="utf-8")  # type: ignore[return-value]  # noqa: PTH123


def show(lines: Iterable[Line]) -> None:
    """Print a layout: wrapped, and coloured where the person has not asked for none, on a terminal only."""
    if sys.stdout.isatty():
        write(styled(lines, shutil.get_terminal_size().columns, colour=_colour_is_welcome()))
    else:
        write(plain(lines))


def width() -> int:
    """The columns of the terminal that a layout is printed on, 0 when there is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def _colour_is_welcome() -> bool:
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM", "") not in ("dumb", "")


def write(text: str) -> None:
    """Write to standard output and flush. Raises BrokenPipeError when nobody reads, DiskError when it is full."""
    _delivered(text)


def write_json(text: str) -> None:
    """Write one line of JSON, in UTF-8 whatever the locale is: JSON has no other encoding."""
    _delivered(f"{text}\n".encode())


def _delivered(data: str | bytes) -> None:
    try:
        if isinstance(data, bytes):
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
        else:
            sys.stdout.write(data)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon_output()
        what = f"standard output cannot be written ({error.strerror})"
        raise DiskError(what, safe="The notes are untouched.", run="the same command with another output") from error


def say(message: str) -> None:
    """Write a line to standard error; a person who closed it does not want to know."""
    try:
        sys.stderr.write(f"{visible(message)}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        _to_nowhere(2)


def abandon_output() -> None:
    """Send what is still buffered nowhere, so that the end of the process says nothing about it."""
    _to_nowhere(1)


def _to_nowhere(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
