"""A change to the person's own files -> their yes or no, before it is made."""

from __future__ import annotations

import sys

from assistant.errors import UsageError


def agreed(question: str, unasked: str) -> bool:
    """Whether the person at the terminal says yes.

    Raises UsageError with the command that does not ask, `unasked`, when there is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask you on", safe="Nothing was changed", run=unasked)
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
