"""One JSON object a line -> one entry each; the answer is the characters between its quotes, escapes and all."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from assistant.notes.columns import ANSWERED, ASKED
from assistant.notes.cuts import Cut, Reading
from assistant.plurals import counted

if TYPE_CHECKING:
    from assistant.notes.lines import Text

SPACE = re.compile(r"[ \t\r]*")
ANSWER_KEYS = ANSWERED | {"output", "completion"}
QUESTION_KEYS = ASKED | {"instruction", "input"}
CLEAR = 5.0
MOSTLY = 0.5
Span = tuple[object, int, int]


def read(text: Text) -> Reading:
    """Every line that is an object with a question is an entry."""
    filled = [number for number in range(len(text)) if not text.blank[number]]
    if not filled or sum(text.lines[number].lstrip()[:1] == "{" for number in filled) < MOSTLY * len(filled):
        return Reading((), 0.0, "the lines are no JSON objects")
    cuts = tuple(cut for number in filled if (cut := _cut(text, number)))
    found = counted(len(cuts), "line is a JSON object", "lines are JSON objects")
    return Reading(cuts, CLEAR * len(cuts), f"{found} with a question")


def _cut(text: Text, number: int) -> Cut | None:
    try:
        pairs = _pairs(text.lines[number].rstrip())
    except (ValueError, RecursionError, IndexError):
        return None
    asked = next((pairs[key] for key in pairs if key in QUESTION_KEYS and isinstance(pairs[key][0], str)), None)
    if asked is None or not str(asked[0]).strip():
        return None
    question = " ".join(str(asked[0]).split()).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    answered = next((pairs[key] for key in pairs if key in ANSWER_KEYS), None)
    start, end = _span(text, number, answered)
    return Cut(number, number, number, question, start, end)


def _span(text: Text, number: int, answered: Span | None) -> tuple[int, int]:
    if answered is None or not answered[0] or (isinstance(answered[0], str) and not answered[0].strip()):
        return 0, 0
    _, start, end = answered
    words = text.lines[number][start:end]
    start += len(words) - len(words.lstrip())
    offset = text.starts[number]
    return offset + start, offset + start + len(words.strip())


def _pairs(line: str) -> dict[str, Span]:
    """The object's keys in lower case, each with its value and the columns of the value's characters."""
    column = _skip(line, 0, "{")
    pairs: dict[str, Span] = {}
    decoder = json.JSONDecoder()
    while line[column] != "}":
        key, column = decoder.raw_decode(line, column)
        column = _skip(line, column, ":")
        value, end = decoder.raw_decode(line, column)
        quoted = isinstance(value, str)
        pairs[str(key).lower()] = (value, column + quoted, end - quoted)
        column = _space(line, end)
        column = _skip(line, column, ",") if line[column] == "," else column
    return pairs


def _skip(line: str, column: int, sign: str) -> int:
    """The column of what follows a sign that has to stand here; ValueError when it does not."""
    column = _space(line, column)
    if line[column] != sign:
        raise ValueError(sign)
    return _space(line, column + 1)


def _space(line: str, column: int) -> int:
    found = SPACE.match(line, column)
    return found.end() if found else column
