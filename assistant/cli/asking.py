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


def written(assistant: Assistant, question: str, history: Sequence[Turn] = ()) -> Answer:
    """The answer, printed piece by piece while a language model writes it; the whole layout where it fails."""
    from assistant.render.terminal import after_lines, answer_lines, visible

    said = ""
    answered = None
    for piece in assistant.stream(question, history):
        if not isinstance(piece, str):
            answered = piece
        elif piece:
            said += piece
            streams.write(visible(piece))
    if answered is None:
        raise TypeError("the stream ended without an answer")
    if said:
        streams.write("\n")
    whole = said and answered.fault is None
    streams.show(after_lines(answered) if whole else answer_lines(answered))
    return replace(answered, warnings=tuple(dict.fromkeys((*assistant.warnings, *answered.warnings))))


def warn(warnings: Iterable[str]) -> None:
    """Say each warning in one line on standard error."""
    for warning in warnings:
        streams.say(f"warning: {' '.join(warning.split())}")
