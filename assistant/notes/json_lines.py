"""One JSON object a line -> one entry each; the answer is the characters between its quotes, escapes and all."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from assistant.notes.column_names import answered_in, asked_in, said
from assistant.notes.columns import ANSWERS, QUESTIONS
from assistant.notes.cuts import Cut, Reading
from assistant.plurals import counted

if TYPE_CHECKING:
    from assistant.notes.lines import Text

SPACE = re.compile(r"[ \t\r\n]*")
ANSWER_KEYS = ANSWERS | {"output", "completion"}
QUESTION_KEYS = QUESTIONS | {"instruction", "input"}
CLEAR = 5.0
MOSTLY = 0.5
DECODER = json.JSONDecoder()
Span = tuple[object, int, int]
Pairs = dict[str, Span]


def read(text: Text) -> Reading:
    """Every line that is an object with a question is an entry."""
    filled = [number for number in range(len(text)) if not text.blank[number]]
    listed = filled and text.lines[filled[0]].replace(" ", "").startswith("[{")  # the first of a document's list
    if not filled or listed or sum(text.lines[number].lstrip()[:1] == "{" for number in filled) < MOSTLY * len(filled):
        return Reading((), 0.0, "the lines are no JSON objects")
    cuts = tuple(cut for number in filled if (cut := _cut(text, number)))
    found = counted(len(cuts), "line is a JSON object", "lines are JSON objects")
    return Reading(cuts, CLEAR * len(cuts), f"{found} with a question")


def _cut(text: Text, number: int) -> Cut | None:
    try:
        values = pairs(text.lines[number].rstrip(), 0)
    except (ValueError, RecursionError, IndexError):
        return None
    question = asked(values)
    start, end = answered(text.lines[number], values)
    offset = text.starts[number] if end else 0
    return Cut(number, number, number, words(question), offset + start, offset + end) if question else None


def asked(values: Pairs) -> Span | None:
    """The question among the values of an object, None when there is none that says something."""
    keys = [key for key in values if isinstance(values[key][0], str)]
    column = asked_in(keys, QUESTION_KEYS)
    return values[keys[column]] if column >= 0 and str(values[keys[column]][0]).strip() else None


def words(question: Span) -> str:
    """What the question says, on one line."""
    return " ".join(str(question[0]).split()).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def answered(whole: str, values: Pairs) -> tuple[int, int]:
    """The columns of the answer's characters without white space at the edges; twice 0 when nothing is answered."""
    keys = list(values)
    column = answered_in(keys, ANSWER_KEYS)
    value, start, end = values[keys[column]] if column >= 0 else (None, 0, 0)
    if not value or (isinstance(value, str) and not value.strip()):
        return 0, 0
    characters = whole[start:end]
    start += len(characters) - len(characters.lstrip())
    return start, start + len(characters.strip())


def pairs(whole: str, column: int) -> Pairs:
    """The keys of the object at a column as words in lower case.

    Each comes with its value and the columns of the value's characters. Raises ValueError or IndexError where the
    characters at the column are no object.
    """
    column = _skip(whole, column, "{")
    found: Pairs = {}
    while whole[column] != "}":
        key, column = DECODER.raw_decode(whole, column)
        column = _skip(whole, column, ":")
        value, end = DECODER.raw_decode(whole, column)
        quoted = isinstance(value, str)
        found[said(str(key))] = (value, column + quoted, end - quoted)
        column = space(whole, end)
        column = _skip(whole, column, ",") if whole[column] == "," else column
    return found


def _skip(whole: str, column: int, sign: str) -> int:
    """The column of what follows a sign that has to stand here; ValueError when it does not."""
    column = space(whole, column)
    if whole[column] != sign:
        raise ValueError(sign)
    return space(whole, column + 1)


def space(whole: str, column: int) -> int:
    """The column behind white space."""
    found = SPACE.match(whole, column)
    return found.end() if found else column
