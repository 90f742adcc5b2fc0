"""An exit code -> the end of the process, at once where nothing is lost by it."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End the process as `sys.exit` does, but without taking the interpreter apart, which takes 0.1 s of a question.

    What was registered for the end is done and what was written is delivered first. The long way is taken where
    there is more to end: a thread that still runs, a profiler or a tracer whose numbers are wanted.
    """
    if threading.active_count() > 1 or sys.getprofile() is not None or sys.gettrace() is not None:
        sys.exit(code)
    atexit._run_exitfuncs()  # noqa: SLF001 - there is no other way to do what they ask for
    if not _delivered():
        sys.exit(code)
    os._exit(code)


def _delivered() -> bool:
    """Whether nothing waits in the buffers of the streams any more."""
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except (OSError, ValueError, AttributeError):
        return False
    return True
