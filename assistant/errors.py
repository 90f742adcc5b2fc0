"""Every way to fail that a person can do something about, each with what to do next.

NotesAssistantError                 70
├── UsageError                       2   a command, question or setting that cannot be taken
│   ├── SettingsError                2
│   ├── QuestionError                2
│   ├── CaseError                    2   an evaluation case that cannot be taken as written
│   └── ModelSettingsError           2   what is wrong with the LLM and shows before anything is sent
├── NotesError                       5   no notes to read
├── NotesIndexError                  5   an index that cannot be used
│   ├── IndexDamagedError            5
│   ├── IndexForeignError            5
│   ├── IndexLockedError             5
│   ├── DiskError                    5
│   ├── IndexMissingError            5
│   └── WeightsError                 5
└── WriterError                      6   the LLM failed; the quoted answer steps in
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pathlib import Path


class NotesAssistantError(Exception):
    """An error with a code for scripts, a sentence for people, and the command that mends it."""

    code: ClassVar[str] = "INTERNAL"
    exit_code: ClassVar[int] = 70

    def __init__(self, what: str, *, safe: str = "", run: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.safe = safe
        self.run = run

    def line(self) -> str:
        """`error[CODE]: what, where. What is safe. Run: the command that mends it`, on one line."""
        sentences = [_sentence(self.what)]
        if self.safe:
            sentences.append(_sentence(self.safe))
        if self.run:
            sentences.append(f"Run: {self.run}")
        return f"error[{self.code}]: {' '.join(' '.join(sentences).split())}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


class UsageError(NotesAssistantError):
    """The command line cannot be taken as it is."""

    code = "USAGE"
    exit_code = 2


class SettingsError(UsageError):
    """A setting is unknown or has a value that cannot be used."""

    code = "SETTINGS"


class QuestionError(UsageError):
    """The question is empty, blank or too long."""

    code = "QUESTION"


class CaseError(UsageError):
    """An evaluation case cannot be taken as it is written."""

    code = "CASES"


class ModelSettingsError(UsageError):
    """The LLM cannot be called as configured; nothing was sent."""

    code = "LLM_SETTINGS"


class NotesError(NotesAssistantError):
    """There are no notes that can be read."""

    code = "NO_NOTES"
    exit_code = 5


class NotesIndexError(NotesAssistantError):
    """The index cannot be used; the notes are untouched."""

    code = "INDEX"
    exit_code = 5


class IndexMissingError(NotesIndexError):
    """No index has been built yet."""

    code = "INDEX_MISSING"


class IndexDamagedError(NotesIndexError):
    """A file of the index is not what was written."""

    code = "INDEX_DAMAGED"


class IndexForeignError(NotesIndexError):
    """The index was made by another model or a newer version."""

    code = "INDEX_FOREIGN"


class IndexLockedError(NotesIndexError):
    """Another process is building the index."""

    code = "INDEX_LOCKED"


class DiskError(NotesIndexError):
    """The disk is full or cannot be written."""

    code = "DISK"


class WeightsError(NotesIndexError):
    """The embedding model is missing or its weights are not the ones expected."""

    code = "MODEL_WEIGHTS"


class WriterError(NotesAssistantError):
    """The LLM was asked and failed; the quoted answer is given instead."""

    code = "LLM_FAILED"
    exit_code = 6


def editing(*paths: Path) -> str:
    """The command that opens files in the person's editor, to be pasted as it stands."""
    return f"$EDITOR {shlex.join(map(str, paths))}"
