"""Records of fields (CSV, TSV, Anki's export) -> one entry a record: a column of questions, a column of answers."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.notes.cuts import Cut, Reading
from assistant.notes.numbering import is_next

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.lines import Text

ASKED = frozenset("question questions q front prompt query ques question_text questiontext title term problem".split())
ANSWERED = frozenset(
    "answer answers a back response solution reply answer_text answertext definition explanation".split()
)
SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " ", "\\t": "\t"}
DIRECTIVE = re.compile(r"#([a-z ]{3,30}):(.*)")
SPECIAL = re.compile(r"(?:notetype|deck|guid|tags) column")
TAG = re.compile(r"<[^<>]{1,300}>")
CLEAR = 5.0
PAIR = 2
FEWEST = 3
ALMOST_ALL = 0.9


@dataclass(frozen=True, slots=True)
class Field:
    """The offsets of a field's characters, without its quotes."""

    start: int
    end: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one record, on lines `first`..`last` from 0."""

    first: int
    last: int
    fields: tuple[Field, ...]


def read_csv(text: Text) -> Reading:
    """Fields parted by commas, semicolons or bars, under a header that names a column of questions."""
    return _with_header(text, ",;|", "values under a header")


def read_tsv(text: Text) -> Reading:
    """Fields parted by tabs: under a header, or else two in nearly every line."""
    headed = _with_header(text, "\t", "values between tabs under a header")
    return headed if headed.cuts else _two_columns(text)


def read_anki(text: Text) -> Reading:
    """Anki's text export: lines such as "#separator:tab" say how the records are to be read."""
    directives, first = _directives(text)
    if "separator" not in directives and "html" not in directives:
        return Reading((), 0.0, "no line such as “#separator:tab” at the head")
    sign = directives.get("separator", "tab")
    special = {int(value) - 1 for key, value in directives.items() if SPECIAL.fullmatch(key) and value.isdecimal()}
    records = _records(text, first, SEPARATORS.get(sign.lower(), sign[:1] or "\t"))
    cuts = tuple(cut for record in records if (cut := _card(text, record, special)))
    return Reading(cuts, CLEAR * len(cuts), f"{len(cuts)} cards of an Anki export")


def _directives(text: Text) -> tuple[dict[str, str], int]:
    directives: dict[str, str] = {}
    number = 0
    while number < len(text) and (found := DIRECTIVE.match(text.lines[number])):
        directives[found[1]] = found[2].strip()
        number += 1
    return directives, number


def _card(text: Text, record: Record, special: set[int]) -> Cut | None:
    fields = [field for number, field in enumerate(record.fields) if number not in special]
    return _cut(text, record, fields[0], fields[1] if len(fields) > 1 else None) if fields else None


def _with_header(text: Text, signs: str, what: str) -> Reading:
    nothing = Reading((), 0.0, "no header names a column of questions")
    first = text.first_filled(0, len(text) - 1)
    if first >= len(text):
        return nothing
    for sign in signs:
        if text.lines[first].count(sign) == 0:
            continue
        records = _records(text, first, sign)
        columns = _columns([_words(text, field).lower().strip("*_: ") for field in records[0].fields])
        if columns:
            cuts = _pairs(text, records[1:], *columns)
            return Reading(cuts, CLEAR * len(cuts), f"{len(cuts)} records of {what}")
    return nothing


def _columns(names: Sequence[str]) -> tuple[int, int] | None:
    """The columns of the question and of the answer (-1 for none)."""
    asked = next((number for number, name in enumerate(names) if name in ASKED), None)
    answered = next((number for number, name in enumerate(names) if name in ANSWERED), -1)
    if asked is None or (len(names) > 1 and answered < 0 and names[asked] in ("title", "a", "q")):
        return None
    return asked, answered


def _pairs(text: Text, records: Sequence[Record], asked: int, answered: int) -> tuple[Cut, ...]:
    made = []
    for record in records:
        fields = record.fields
        answer = fields[answered] if 0 <= answered < len(fields) else None
        if asked < len(fields) and (cut := _cut(text, record, fields[asked], answer)):
            made.append(cut)
    return tuple(made)


def _two_columns(text: Text) -> Reading:
    """Two fields in nearly every line: question and answer, as flash-card programs write them."""
    filled = [number for number in range(len(text)) if not text.blank[number]]
    pairs = sum(1 for number in filled if text.lines[number].strip().count("\t") == 1)
    if len(filled) < FEWEST or pairs < ALMOST_ALL * len(filled):
        return Reading((), 0.0, "the lines are not two values between tabs")
    records = [one for one in _records(text, filled[0], "\t") if one.fields]
    records = [one for one in records if len(one.fields) >= PAIR]
    if _count_on([_words(text, one.fields[0]) for one in records]):
        return Reading((), 0.0, "what stands before the tabs only counts the lines")
    cuts = _pairs(text, records, 0, 1)
    return Reading(cuts, float(len(cuts)), f"{len(cuts)} lines of two values between a tab")


def _count_on(firsts: Sequence[str]) -> bool:
    """Whether the first values are numbers of which nearly each is the next of the one before."""
    steps = sum(is_next(before, after) for before, after in pairwise(firsts))
    return len(firsts) > PAIR and steps >= ALMOST_ALL * (len(firsts) - 1)


def _cut(text: Text, record: Record, asked: Field, answered: Field | None) -> Cut | None:
    question = " ".join(html.unescape(TAG.sub(" ", _words(text, asked))).split())
    if not question:
        return None
    last = max(record.first, text.last_filled(record.first, record.last))
    asked_last = min(last, text.line_of(max(asked.start, asked.end - 1)))
    asked_last = max(record.first, text.last_filled(record.first, asked_last))
    start, end = _stripped(text, answered) if answered else (0, 0)
    return Cut(record.first, asked_last, last, _without_surrogates(question), start, end)


def _without_surrogates(words: str) -> str:
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _words(text: Text, field: Field) -> str:
    words = text.text[field.start : field.end].strip()
    return words.replace('""', '"') if field.quoted else words


def _stripped(text: Text, field: Field) -> tuple[int, int]:
    words = text.text[field.start : field.end]
    start = field.start + len(words) - len(words.lstrip())
    return (start, start + len(words.strip())) if words.strip() else (0, 0)


def _records(text: Text, first: int, sign: str) -> list[Record]:
    """All records from a line on; blank lines hold none."""
    parser = _Parser(text, sign)
    records = []
    while first < len(text):
        record = parser.record(first)
        if not all(text.blank[first : record.last + 1]):
            records.append(record)
        first = record.last + 1
    return records or [Record(0, 0, ())]


class _Parser:
    """RFC 4180 with offsets; a quote that nothing closes is an ordinary character."""

    def __init__(self, text: Text, sign: str) -> None:
        self.text = text
        self.whole = text.text
        self.sign = sign
        self.part = re.compile(rf"[^{re.escape(sign)}\n]*")
        self.quotes_close = True

    def record(self, line: int) -> Record:
        fields = []
        position = self.text.starts[line]
        while True:
            field, position = self._field(position)
            fields.append(field)
            if position >= len(self.whole) or self.whole[position] == "\n":
                break
            position += 1
        return Record(line, self.text.line_of(position), tuple(fields))

    def _field(self, position: int) -> tuple[Field, int]:
        """One field and the offset of the separator, line end or end of text behind it."""
        start = position
        while self.whole[start : start + 1] == " ":
            start += 1
        if self.whole[start : start + 1] == '"' and (end := self._closing(start + 1)) >= 0:
            return Field(start + 1, end, quoted=True), self._part_end(end + 1)
        end = self._part_end(position)
        return Field(position, end, quoted=False), end

    def _part_end(self, position: int) -> int:
        found = self.part.match(self.whole, position)
        return found.end() if found else position

    def _closing(self, position: int) -> int:
        """The offset of the closing quote, -1 for none; after one failure quotes must close on their line."""
        limit = len(self.whole) if self.quotes_close else self._line_end(position)
        end = self.whole.find('"', position, limit)
        while end >= 0 and self.whole[end + 1 : end + 2] == '"':
            end = self.whole.find('"', end + 2, limit)
        self.quotes_close = self.quotes_close and end >= 0
        return end

    def _line_end(self, position: int) -> int:
        end = self.whole.find("\n", position)
        return len(self.whole) if end < 0 else end
