"""A JSON document (objects in a list, on one line or many, or lists of them in an object) -> one entry an object."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from assistant.notes.column_names import answered_in
from assistant.notes.cuts import Cut, Reading
from assistant.notes.json_lines import ANSWER_KEYS, CLEAR, DECODER, answered, asked, pairs, space, words
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.notes.json_lines import Span
    from assistant.notes.lines import Text

DEEPEST = 6
SURE = frozenset(("question", "front"))  # other keys ("title") name a question only where there is an answer


def read(text: Text) -> Reading:
    """Every object with a question is an entry, up to where the document breaks off."""
    cuts: list[Cut] = []
    with suppress(ValueError, RecursionError, IndexError):
        for cut in _walk(text, space(text.text, 0), DEEPEST):
            cuts.append(cut)  # noqa: PERF402  what comes before the break is kept
    found = counted(len(cuts), "object of a JSON document holds", "objects of a JSON document hold")
    return Reading(tuple(cuts), CLEAR * len(cuts), f"{found} a question")


def _walk(text: Text, column: int, deepest: int) -> Iterator[Cut]:
    """The entries of the value at an offset: an object that asks, or what its lists and objects hold."""
    whole = text.text
    if whole[column] == "[":
        inner = _elements(whole, column)
    elif whole[column] == "{":
        values = pairs(whole, column)
        sure = SURE & values.keys() or answered_in(list(values), ANSWER_KEYS) >= 0
        question = asked(values) if sure else None
        if question:
            yield _cut(text, column, question, answered(whole, values))
            return
        inner = iter([start for value, start, _ in values.values() if isinstance(value, list | dict)])
    else:
        return
    for start in inner if deepest else ():
        yield from _walk(text, start, deepest - 1)


def _elements(whole: str, column: int) -> Iterator[int]:
    """The offsets of the elements of the list at an offset."""
    column = space(whole, column + 1)
    while whole[column] != "]":
        yield column
        column = space(whole, DECODER.raw_decode(whole, column)[1])
        column = space(whole, column + 1) if whole[column] == "," else column


def _cut(text: Text, column: int, question: Span, answer: tuple[int, int]) -> Cut:
    """The entry of the object at an offset, which may share its lines with others."""
    behind, end = question[2] + len('"'), DECODER.raw_decode(text.text, column)[1]
    first, asked_last, last = (text.line_of(offset) for offset in (column, behind - 1, end - 1))
    return Cut(first, asked_last, last, words(question), *answer, inside=(column, behind, end))
