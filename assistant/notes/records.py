"""Lines of values between signs -> records of fields, each with the offsets of its characters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.lines import Text


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


def records_from(text: Text, first: int, sign: str) -> list[Record]:
    """All records from a line on; blank lines hold none."""
    parser = _Parser(text, sign)
    found = []
    while first < len(text):
        record = parser.record(first)
        if not all(text.blank[first : record.last + 1]):
            found.append(record)
        first = record.last + 1
    return found or [Record(0, 0, ())]


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


def words_of(text: Text, field: Field) -> str:
    """What a field says, without white space at its edges; doubled quotes once."""
    words = text.text[field.start : field.end].strip()
    return words.replace('""', '"') if field.quoted else words


def joined(fields: Sequence[Field]) -> Field:
    """Fields that one value's own signs have parted, as one."""
    if len(fields) == 1:
        return fields[0]
    return Field(fields[0].start - fields[0].quoted, fields[-1].end + fields[-1].quoted, quoted=False)
