"""`<details>` with a question as summary, and tables of questions and answers -> one entry each."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.notes.column_names import ANSWERED, answered_in, asked_in
from assistant.notes.cuts import Cut, Reading
from assistant.notes.slicing import Opener, cuts, topics
from assistant.notes.titles import clean, title
from assistant.notes.wording import is_answer_label, is_label, is_rule, likeness
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.lines import Text

SUMMARY = re.compile(r"<summary\b[^<>]{0,300}>", re.IGNORECASE)
SUMMARY_END = re.compile(r"</summary>", re.IGNORECASE)
LATEST_SUMMARY = 5
LONGEST_SUMMARY = 40  # lines: it may hold the list or the code that the question speaks of
CELL = re.compile(r"(?:[^|`\\]|\\.|`[^`|]{0,200}`|`)*")
SEPARATOR = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
ANSWERS = ANSWERED | {"notes"}
NUMBERS = frozenset(
    (
        "no",
        "no.",
        "#",
        "sr",
        "sr.",
        "s.no",
        "s.no.",
        "sno",
        "id",
        "number",
        "nr",
        "sr no",
        "sl no",
        "sl.no",
        "s no",
        "index",
        "",
    )
)
SORTED_BY = frozenset(
    ("priority", "difficulty", "level", "category", "topic", "topics", "tag", "tags", "type", "status", "companies")
)
OFTEN = 3
LONGEST_SEPARATOR = 1000
PAIR = 2
ASKS = 0.5
COUNTED = 0.3


def read_details(text: Text) -> Reading:
    """Every outermost block whose summary is no mere label ("Answer") opens an entry and ends it."""
    found = [one for first, last in text.details if (one := _summary(text, first, last))]
    repeated = Counter(one.question.lower() for one in found)
    openers = [one for one in found if repeated[one.question.lower()] < max(OFTEN, len(found) * 0.2)]
    mass = sum(likeness(one.question) for one in openers)
    if mass < ASKS * len(openers):
        return Reading((), 0.0, "the <details> are no questions")
    made = cuts(text, openers, topics(text, openers))
    folded = counted(len(made), "<details> has a question as its", "<details> have a question as their")
    return Reading(made, mass, f"{folded} summary")


def _summary(text: Text, first: int, last: int) -> Opener | None:
    """The question in the summary of the block on these lines."""
    opening = None
    for number in range(first, min(first + LONGEST_SUMMARY, last + 1)):
        opening = opening or (_found(SUMMARY, text, number) if number < first + LATEST_SUMMARY else None)
        closing = _found(SUMMARY_END, text, number) if opening else None
        if opening and closing:
            asked = title(clean(_in_words(text, opening[1], closing[0]))).text
            if not asked or is_answer_label(asked) or is_label(asked):
                return None
            return Opener(first, number, asked, closing[1], listed=True, last=last)
    return None


def _in_words(text: Text, start: int, end: int) -> str:
    """The words between two offsets on one line, without the code that they speak of."""
    lines = range(text.line_of(start), text.line_of(end) + 1)
    code = [line for line in lines if text.shielded[line]]
    return " ".join(text.text[start : text.starts[code[0]] if code else end].split())


def _found(pattern: re.Pattern[str], text: Text, number: int) -> tuple[int, int] | None:
    found = pattern.search(text.lines[number])
    return (text.starts[number] + found.start(), text.starts[number] + found.end()) if found else None


@dataclass(frozen=True, slots=True)
class _Cell:
    words: str
    start: int
    end: int


def read_tables(text: Text) -> Reading:
    """Every row of a table with a column of questions is an entry; rows that link into the notes are not."""
    made: list[Cut] = []
    number = 1
    while number < len(text):
        if text.shielded[number] or not is_separator(text.lines[number]):
            number += 1
            continue
        number = _take_table(text, number, made)
    mass = sum(max(likeness(one.question), ASKS) for one in made)
    return Reading(tuple(made), mass, f"{counted(len(made), 'row of a table holds', 'rows of tables hold')} a question")


def is_separator(line: str) -> bool:
    """Whether a line stands between the header and the rows of a table ("|---|---|")."""
    return "|" in line and len(line) < LONGEST_SEPARATOR and SEPARATOR.match(line) is not None


def _take_table(text: Text, separator: int, made: list[Cut]) -> int:
    """Read the rows below a separator line; the line behind the table."""
    last = separator
    while last + 1 < len(text) and "|" in text.lines[last + 1] and not is_rule(text.lines[last + 1]):
        last += 1
    header = [cell.words.lower().strip("*_: ") for cell in _cells(text, separator - 1)]
    rows = [_cells(text, number) for number in range(separator + 1, last + 1)]
    columns = _columns(header, rows)
    if columns:
        counted = _counted(header, rows)
        for number, row in enumerate(rows, start=separator + 1):
            one = _row(number, row, *columns, len(header))
            if one and counted and not row[0].words:
                _answer_above(one, row[columns[0]], made)
            elif one:
                made.append(one)
    return last + 1


def _counted(header: Sequence[str], rows: Sequence[Sequence[_Cell]]) -> bool:
    """Whether the first column counts the questions, so that a row without a number there asks nothing."""
    numbers = sum(bool(row) and row[0].words.strip("*_. ").isdigit() for row in rows)
    return bool(header) and header[0] in NUMBERS and numbers >= COUNTED * len(rows)


def _answer_above(row: Cut, cell: _Cell, made: list[Cut]) -> None:
    """Take a row without a number for the answer of the question right above it, unless it names a topic in bold."""
    above = made[-1] if made else None
    if above and above.last == row.first - 1 and above.start == above.end and not cell.words.startswith("**"):
        made[-1] = replace(above, last=row.first, start=cell.start, end=cell.end)


def _cells(text: Text, number: int) -> list[_Cell]:
    line = text.lines[number]
    start = text.starts[number]
    column = len(line) - len(line.lstrip())
    column += line[column : column + 1] == "|"
    cells = []
    while column < len(line.rstrip()):
        found = CELL.match(line, column)
        end = found.end() if found else len(line)
        raw = line[column:end]
        begin = column + len(raw) - len(raw.lstrip())
        cells.append(_Cell(raw.strip(), start + begin, start + begin + len(raw.strip())))
        column = max(end, column) + 1
    return cells


def _columns(header: Sequence[str], rows: Sequence[Sequence[_Cell]]) -> tuple[int, int] | None:
    """The columns of the question and of the answer (-1 for none), by the header's words or else by the rows'."""
    asked, answered = asked_in(header), answered_in(header, ANSWERS)
    if asked >= 0:
        others = [column for column, name in enumerate(header) if name not in NUMBERS | SORTED_BY and column != asked]
        return asked, answered if answered >= 0 else (others[0] if len(others) == 1 else -1)
    wide = [column for column, name in enumerate(header) if name not in NUMBERS]
    if len(wide) != PAIR or not rows:
        return None
    asks = [likeness(row[wide[0]].words) for row in rows if len(row) > wide[0]]
    return (wide[0], wide[1]) if sum(one >= 1 for one in asks) > len(rows) * ASKS else None


def _row(number: int, row: Sequence[_Cell], asked: int, answered: int, width: int) -> Cut | None:
    if asked >= len(row) or not row[asked].words:
        return None
    question = title(row[asked].words)
    if question.link or not question.text:
        return None
    if not 0 <= answered < len(row):
        return Cut(number, number, number, question.text)
    # A row with more cells than its header has a bare "|" in its last cell: the text of all of them is the answer.
    cells = [cell for cell in row[answered:] if cell.words] if answered == width - 1 else [row[answered]]
    if not cells or not cells[0].words:
        return Cut(number, number, number, question.text)
    return Cut(number, number, number, question.text, cells[0].start, cells[-1].end)
