"""A conversation -> Markdown that keeps every answer with its citations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.render.characters import one_line, visible
from assistant.types import ANSWERED, NOTED_UNANSWERED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.types import Answer

NOT_ANSWERED = {NOTED_UNANSWERED: "You wrote this question but never answered it."}


def conversation_text(exchanges: Iterable[tuple[str, Answer]]) -> str:
    """Questions as headings, answers quoted, their sources as a list."""
    return "\n".join(_exchange(question, answer) for question, answer in exchanges)


def _exchange(question: str, answer: Answer) -> str:
    text = visible(answer.text) if answer.status == ANSWERED else NOT_ANSWERED.get(answer.status, "Not in your notes.")
    quoted = "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
    sources = "".join(
        f"- [{each.number}] {one_line(str(each.place))}: {one_line(each.note)}\n" for each in answer.citations
    )
    return f"## {one_line(question)}\n\n{quoted}\n\n{sources}"
