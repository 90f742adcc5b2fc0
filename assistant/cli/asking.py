"""A question -> its answer, with what is to be said about the index that it came from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.cli import streams

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.app import Assistant
    from assistant.types import Answer, Turn


def answer(assistant: Assistant, question: str, history: Sequence[Turn] = ()) -> Answer:
    """The answer; its warnings include those of the index, each once."""
    answered = assistant.ask(question, history)
    return replace(answered, warnings=tuple(dict.fromkeys((*assistant.warnings, *answered.warnings))))


def warn(warnings: Iterable[str]) -> None:
    """Say each warning in one line on standard error."""
    for warning in warnings:
        streams.say(f"warning: {' '.join(warning.split())}")
