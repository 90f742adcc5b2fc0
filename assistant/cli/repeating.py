"""A command that mends something -> the same command for the folders that the person named."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FLAGS = ("--notes", "--index")
EVALUATION = "--eval"  # stands behind the name of its command
ABOUT_NOTES = frozenset(("ask", "chat", "doctor", "gaps", "index", "notes", "search", "web"))


def given(arguments: Sequence[str]) -> dict[str, str]:
    """The folders among the arguments, by flag; the last of each wins, as it does for the command itself."""
    named: dict[str, str] = {}
    for position, argument in enumerate(arguments):
        flag, equals, value = argument.partition("=")
        if flag in (*FLAGS, EVALUATION) and equals:
            named[flag] = value
        elif flag in (*FLAGS, EVALUATION) and position + 1 < len(arguments):
            named[flag] = arguments[position + 1]
    return named


def with_folders(command: str, folders: Mapping[str, str]) -> str:
    """The command with `--notes` and `--index` before its name, where it looks at notes and names none itself."""
    words = command.split()
    if words[:2] == ["assistant", "eval"] and EVALUATION in folders and not {EVALUATION, "--help"} & {*words}:
        return f"{command} {EVALUATION} {shlex.quote(folders[EVALUATION])}"
    about_notes = words[:1] == ["assistant"] and words[1:2] and words[1] in ABOUT_NOTES
    if not about_notes or not {*FLAGS} & {*folders} or any(word in (*FLAGS, "--help") for word in words):
        return command
    flags = " ".join(f"{flag} {shlex.quote(folders[flag])}" for flag in FLAGS if flag in folders)
    return f"assistant {flags}{command.removeprefix('assistant')}"
