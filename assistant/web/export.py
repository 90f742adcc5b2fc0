"""A conversation -> Markdown that keeps its citations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.render.characters import one_line, visible
from assistant.types import ANSWERED, NOTED_UNANSWERED
from assistant.web.sources import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.conversations import Conversation, Exchange


def markdown(conversation: Conversation) -> str:
    """The title, and for each turn its question, its answer with marks, and the quoted words with file and line."""
    parts = [f"# {one_line(conversation.title)}\n"]
    for exchange in conversation.exchanges:
        parts += [f"## {one_line(exchange.asked)}\n", *_answer(exchange), *_sources(exchange)]
    return "\n".join(parts)


def _answer(exchange: Exchange) -> Iterator[str]:
    answer = exchange.answer
    if answer["read_as"]:
        yield f"*Read as: {one_line(answer['read_as'])}*\n"
    if exchange.stopped:
        yield "*Stopped.*\n"
    if answer["answer"]:
        yield f"{visible(answer['answer'])}\n"
    elif answer["status"] == NOTED_UNANSWERED:
        yield "*You noted this question but never answered it.*\n"
    elif answer["status"] != ANSWERED:
        yield "*Not in your notes.*\n"
    yield from (f"> Warning: {one_line(warning)}\n" for warning in answer["warnings"])


def _sources(exchange: Exchange) -> Iterator[str]:
    cited: list[dict[str, Any]] = exchange.answer["citations"]
    if cited:
        yield "Sources:\n"
    for each in cited:
        quote = visible(each["quote"]).replace("\n", "\n> ")
        yield f"[{each['number']}] {one_line(each['note'])} (`{one_line(place_of(each))}`)\n\n> {quote}\n"
