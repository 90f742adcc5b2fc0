"""Arguments or standard input -> one question that may be asked, refused before anything is loaded."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from assistant.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 2_000  # characters
_LONGEST_BYTES = 4 * LONGEST + 200  # UTF-8, and some blank space around it
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_EXAMPLE = 'assistant ask "what is a mutex?"'


def asked(words: Sequence[str], command: str = "ask") -> str:
    """The question in the arguments, or on standard input when there are none or only `-`. Raises QuestionError."""
    if not words or list(words) == ["-"]:
        return checked(_from_input(), command)
    return checked(_utf8(" ".join(words)), command)


def checked(text: str, command: str = "ask") -> str:
    """The question without blank edges. Raises QuestionError when it is blank, without a word, or too long."""
    question = _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text.strip())
    example = f'assistant {command} "what is a mutex?"'
    if len(question) > LONGEST:
        raise QuestionError(f"the question is longer than {LONGEST:,} characters", run=example)
    if not any(character.isalnum() for character in question):
        raise QuestionError("the question is empty" if not question else "the question has no words", run=example)
    return question


def _from_input() -> str:
    if sys.stdin.isatty():
        sys.stderr.write("Your question: ")
        sys.stderr.flush()
        return sys.stdin.readline(_LONGEST_BYTES)
    data = sys.stdin.buffer.read(_LONGEST_BYTES + 1)
    if len(data) > _LONGEST_BYTES:
        raise QuestionError(f"the question on standard input is longer than {LONGEST:,} characters", run=_EXAMPLE)
    return data.decode("utf-8-sig", "replace")


def _utf8(argument: str) -> str:
    """An argument that a locale without UTF-8 could not decode, decoded."""
    return os.fsencode(argument).decode("utf-8", "replace")
