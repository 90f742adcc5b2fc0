"""Records of fields (CSV, TSV, Anki's export) -> one entry a record: a column of questions, a column of answers."""

from __future__ import annotations

import html
import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.notes.blocks import is_separator
from assistant.notes.column_names import ANSWERED, ASKED, answered_in, asked_in, said
from assistant.notes.cuts import Cut, Reading
from assistant.notes.numbering import is_next
from assistant.notes.records import Record, joined, records_from, words_of
from assistant.notes.wording import likeness
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.lines import Text
    from assistant.notes.records import Field

QUESTIONS = ASKED | frozenset("query questiontext title term problem".split()) | {"question text"}
ANSWERS = ANSWERED | frozenset("reply answertext definition".split()) | {"answer text"}
SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " ", "\\t": "\t"}
DIRECTIVE = re.compile(r"#([a-z ]{3,30}):(.*)")
SPECIAL = re.compile(r"(?:notetype|deck|guid|tags) column")
LEVEL = re.compile(r"\d{1,2}|(?:very )?(?:easy|hard)|medium|difficult|basic|beginner|intermediate|advanced|expert")
TAGS = re.compile(r"[\w:/#-]{1,40}(?: [\w:/#-]{1,40}){0,3}")
TAG = re.compile(r"<[^<>]{1,300}>")
CLEAR = 5.0
PAIR = 2
FEWEST = 3
ALMOST_ALL = 0.9
ASKS = 0.7
MOSTLY = 0.75
LONGEST_FRONT = 200
SPILT = 6  # a question may be parted by that many of its own commas


def read_csv(text: Text) -> Reading:
    """Fields parted by commas, semicolons or bars, under a header that names a column of questions, or without one."""
    signs = ",;" if any(is_separator(line) for line in text.lines) else ",;|"  # the bars of a table of Markdown
    headed = _with_header(text, signs, "values under a header")
    return headed if headed.cuts else max(_headless(text, signs), _cards(text), key=_score)


def _score(reading: Reading) -> float:
    return reading.score


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
    records = records_from(text, first, SEPARATORS.get(sign.lower(), sign[:1] or "\t"))
    cuts = tuple(cut for record in records if (cut := _card(text, record, special)))
    return Reading(cuts, CLEAR * len(cuts), f"{counted(len(cuts), 'card')} of an Anki export")


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
        records = records_from(text, first, sign)
        names = [words_of(text, field) for field in records[0].fields]
        columns = _columns(names)
        if columns and (said(names[columns[0]]) in QUESTIONS or _are_full(records)):
            width = len(records[0].fields)
            cuts = _pairs(text, [_fitted(text, record, width, *columns) for record in records[1:]], *columns)
            return Reading(cuts, CLEAR * len(cuts), f"{counted(len(cuts), 'record')} of {what}")
    return nothing


def _are_full(records: Sequence[Record]) -> bool:
    """Whether most records have a field for each name, so that the first line is a header and no sentence."""
    full = sum(len(one.fields) >= len(records[0].fields) for one in records[1:])
    return full >= MOSTLY * (len(records) - 1)


def _columns(names: Sequence[str]) -> tuple[int, int] | None:
    """The columns of the question and of the answer (-1 for none)."""
    asked, answered = asked_in(names, QUESTIONS), answered_in(names, ANSWERS)
    if asked < 0 or (len(names) > 1 and answered < 0 and said(names[asked]) in ("title", "a", "q")):
        return None
    return asked, answered


def _fitted(text: Text, record: Record, width: int, asked: int, answered: int) -> Record:
    """A record of more fields than the header has, since commas of a text were not quoted: those fields put together.

    A question reaches to the field that ends with its question mark; what is left over belongs to the answer.
    """
    fields = list(record.fields)
    while len(fields) > width and not words_of(text, fields[-1]):
        fields.pop()
    surplus = len(fields) - width
    if surplus <= 0 or answered < 0:
        return record
    spilt = _spilt(text, fields[asked : asked + 1 + surplus])
    for column in sorted((asked, answered)):
        more = spilt if column == asked else surplus - spilt
        fields[column : column + 1 + more] = [joined(fields[column : column + 1 + more])]
    return Record(record.first, record.last, tuple(fields))


def _spilt(text: Text, fields: Sequence[Field]) -> int:
    """How many fields behind the first still belong to the question, up to its question mark."""
    ends = (number for number, field in enumerate(fields[:SPILT]) if words_of(text, field).endswith("?"))
    return next(ends, 0)


def _headless(text: Text, signs: str) -> Reading:
    """Records without a header, of which nearly all begin with a question and go on behind its question mark."""
    filled = [number for number in range(len(text)) if not text.blank[number]]
    for sign in signs:
        if len(filled) < FEWEST or sum(sign in text.lines[number] for number in filled) < ALMOST_ALL * len(filled):
            continue
        found = records_from(text, filled[0], sign)
        asked = [_asked_first(text, record) for record in found]
        marked = sum(words_of(text, field).endswith("?") for field, _ in asked)
        asking = sum(bool(rest) and likeness(words_of(text, field)) >= ASKS for field, rest in asked)
        if len(found) >= FEWEST and marked >= MOSTLY * len(found) and asking >= ALMOST_ALL * len(found):
            tags = _tags(text, [rest for _, rest in asked])
            pairs = [(field, joined(rest[: max(1, len(rest) - tags)]) if rest else None) for field, rest in asked]
            made = [_cut(text, record, *pair) for record, pair in zip(found, pairs, strict=True)]
            cuts = tuple(cut for cut in made if cut)
            begin = counted(len(cuts), "record begins", "records begin")
            return Reading(cuts, float(len(cuts)), f"{begin} with a question, without a header")
    return Reading((), 0.0, "no header names a column of questions")


def _cards(text: Text) -> Reading:
    """Cards without a header, as Anki takes them: "front; back" or "front; back; tags" in nearly all of the records."""
    found = records_from(text, text.first_filled(0, len(text) - 1), ";") if ";" in text.text else []
    full = [one for one in found if _is_full(text, one)]
    if len(full) <= FEWEST or len(full) < ALMOST_ALL * len(found) or not _are_cards(text, found):
        return Reading((), 0.0, "the records are no two values between semicolons")
    tagged = all(TAGS.fullmatch(words_of(text, one.fields[-1])) for one in full if len(one.fields) > PAIR)
    rests = [one.fields[1 : PAIR if tagged and len(one.fields) == PAIR + 1 else None] for one in found]
    made = (
        _cut(text, one, one.fields[0], joined(rest) if rest else None) for one, rest in zip(found, rests, strict=True)
    )
    cuts = tuple(cut for cut in made if cut)
    return Reading(cuts, float(len(cuts)), f"{counted(len(cuts), 'card')} of two values between a semicolon")


def _is_full(text: Text, record: Record) -> bool:
    """Whether a record is a short front, a back and perhaps tags, none of them empty."""
    said = [words_of(text, field) for field in record.fields]
    return PAIR <= len(said) <= PAIR + 1 and all(said) and len(said[0]) < LONGEST_FRONT


def _are_cards(text: Text, found: Sequence[Record]) -> bool:
    """Whether most fronts ask, or a blank line stands between nearly all records."""
    asking = sum(likeness(words_of(text, one.fields[0])) >= ASKS for one in found)
    apart = sum(two.first > one.last + 1 for one, two in pairwise(found))
    return asking >= MOSTLY * len(found) or apart >= ALMOST_ALL * (len(found) - 1)


def _asked_first(text: Text, record: Record) -> tuple[Field, tuple[Field, ...]]:
    """The question at the head of a record, which may hold a number of its own before it, and the fields behind it."""
    fields = record.fields[words_of(text, record.fields[0]).isdigit() and len(record.fields) > PAIR :]
    spilt = _spilt(text, fields[:-1])
    return joined(fields[: spilt + 1]), fields[spilt + 1 :]


def _tags(text: Text, rests: Sequence[tuple[Field, ...]]) -> int:
    """1 when the field behind most answers only says how hard the question is ("2", "easy"), else 0."""
    widths = Counter(len(rest) for rest in rests)
    if min(widths) < PAIR or widths.most_common(1)[0][0] != PAIR:
        return 0
    return int(all(LEVEL.fullmatch(words_of(text, rest[-1]).lower()) for rest in rests))


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
    records = [one for one in records_from(text, filled[0], "\t") if one.fields]
    records = [one for one in records if len(one.fields) >= PAIR]
    if _count_on([words_of(text, one.fields[0]) for one in records]):
        return Reading((), 0.0, "what stands before the tabs only counts the lines")
    cuts = _pairs(text, records, 0, 1)
    return Reading(cuts, float(len(cuts)), f"{counted(len(cuts), 'line')} of two values between a tab")


def _count_on(firsts: Sequence[str]) -> bool:
    """Whether the first values are numbers of which nearly each is the next of the one before."""
    steps = sum(is_next(before, after) for before, after in pairwise(firsts))
    return len(firsts) > PAIR and steps >= ALMOST_ALL * (len(firsts) - 1)


def _cut(text: Text, record: Record, asked: Field, answered: Field | None) -> Cut | None:
    question = " ".join(html.unescape(TAG.sub(" ", words_of(text, asked))).split())
    if not question:
        return None
    last = max(record.first, text.last_filled(record.first, record.last))
    asked_last = min(last, text.line_of(max(asked.start, asked.end - 1)))
    asked_last = max(record.first, text.last_filled(record.first, asked_last))
    start, end = _stripped(text, answered) if answered else (0, 0)
    return Cut(record.first, asked_last, last, _without_surrogates(question), start, end)


def _without_surrogates(words: str) -> str:
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _stripped(text: Text, field: Field) -> tuple[int, int]:
    words = text.text[field.start : field.end]
    start = field.start + len(words) - len(words.lstrip())
    return (start, start + len(words.strip())) if words.strip() else (0, 0)
