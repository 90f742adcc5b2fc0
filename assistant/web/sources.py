"""What an answer cites, and whole notes -> their lines as in the file, numbered, with the cited words marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from assistant.conversations import KeptNote
from assistant.render.html import EMPTY, Html, join, tag, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.conversations import Exchange
    from assistant.types import Note

AROUND = 1  # lines shown before and after a cited span
Span = tuple[int, int]


class NoteLine(NamedTuple):
    """A line of a file: its number, and where its text starts."""

    number: int
    text: str
    start: int


def kept(note: Note) -> KeptNote:
    """A note as it reads now, to be kept with an answer."""
    asked, answer = note.question_place, note.answer_place
    return KeptNote(
        note.id, note.question, note.place.path,
        note.asked, asked.first_line, asked.start,
        note.answer, answer.first_line, answer.start,
    )  # fmt: skip


def sources(exchange: Exchange) -> Html:
    """The cited passages in order, each with its lines and the words that bear the answer out."""
    notes = {note.id: note for note in exchange.notes}
    cards = [_card(exchange.id, cited, notes.get(cited["note_id"])) for cited in exchange.answer["citations"]]
    return tag("ol", *cards, class_="cited") if cards else EMPTY


def others(exchange: Exchange) -> Html:
    """What was found and not cited, folded."""
    answer = exchange.answer
    cited = {each["note_id"] for each in answer["citations"]}
    rest = [hit for hit in answer["hits"] if hit["note_id"] not in cited]
    if not rest:
        return EMPTY
    items = [tag("li", _open_button(exchange.id, hit, None)) for hit in rest]
    return tag("details", tag("summary", f"Also found ({len(rest)})"), tag("ul", *items), class_="others")


def whole_note(note: KeptNote, spans: Sequence[Span], *, changed: bool = False) -> Html:
    """A note from its question line on, with line numbers; the spans (offsets in the file) are marked."""
    remark = tag("p", "This note reads differently now; this is what was cited.", class_="remark") if changed else EMPTY
    numbered = list(lines_of(note))
    last = numbered[-1].number if numbered else note.asked_line
    missing = EMPTY if note.answer else tag("p", "You never wrote an answer to this.", class_="faint")
    return tag(
        "section",
        tag("h2", note.question, dir="auto"),
        tag("p", f"{note.path}:{note.asked_line}-{last}", class_="place"),
        remark,
        _lines(numbered, spans),
        missing,
        class_="whole-note",
    )


def place_of(cited: dict[str, Any]) -> str:
    """`notes.txt:82-84`."""
    first, last = cited["first_line"], cited.get("last_line", cited["first_line"])
    return f"{cited['path']}:{first}" if first == last else f"{cited['path']}:{first}-{last}"


def lines_of(note: KeptNote) -> Iterator[NoteLine]:
    """The lines of the question and of the answer, as they stand in the file."""
    yield from _split(note.asked, note.asked_line, note.asked_start)
    if note.answer:
        yield from _split(note.answer, note.answer_line, note.answer_start)


def _split(words: str, first: int, start: int) -> Iterator[NoteLine]:
    for number, line in enumerate(words.split("\n"), first):
        yield NoteLine(number, line.removesuffix("\r"), start)
        start += len(line) + 1


def _card(scope: str, cited: dict[str, Any], note: KeptNote | None) -> Html:
    near = _near(note, cited) if note is not None else list(_split(cited["quote"], cited["first_line"], cited["start"]))
    return tag(
        "li",
        _open_button(scope, cited, cited["number"]),
        _lines(near, [(cited["start"], cited["end"])]),
        class_="source",
        id=f"source-{scope}-{cited['number']}",
        tabindex=-1,
    )


def _near(note: KeptNote, cited: dict[str, Any]) -> list[NoteLine]:
    """The cited lines with a line around them, without blank edges."""
    first, last = cited["first_line"] - AROUND, cited["last_line"] + AROUND
    near = [line for line in lines_of(note) if first <= line.number <= last]
    while near and not near[0].text.strip():
        near.pop(0)
    while near and not near[-1].text.strip():
        near.pop()
    return near


def _open_button(scope: str, found: dict[str, Any], number: int | None) -> Html:
    mark = EMPTY if number is None else tag("span", str(number), class_="number")
    name = tag("span", found["note"], class_="name", dir="auto")
    where = tag("span", place_of(found), class_="place")
    return tag("button", mark, name, where, type="button", class_="open-note", data_do="note", data_turn=scope,
               data_note=found["note_id"], data_number=number, title="Show the whole note")  # fmt: skip


def _lines(numbered: Iterable[NoteLine], spans: Sequence[Span]) -> Html:
    rows = (_row(line, spans) for line in numbered)
    return tag("div", *rows, class_="lines")


def _row(line: NoteLine, spans: Sequence[Span]) -> Html:
    number = tag("span", str(line.number), class_="no", aria_hidden="true")
    words = tag("span", _marked(line, spans), dir="auto")
    return tag("div", number, words, class_="line cited-line" if _touched(line, spans) else "line")


def _touched(line: NoteLine, spans: Sequence[Span]) -> bool:
    end = line.start + len(line.text)
    return any(first < end and last > line.start for first, last in spans)


def _marked(line: NoteLine, spans: Sequence[Span]) -> Html:
    parts, position, end = [], line.start, line.start + len(line.text)
    for begins, ends in sorted(spans):
        first, last = max(begins, position), min(ends, end)
        if first < last:
            parts += [text(line.text[position - line.start : first - line.start])]
            parts += [tag("mark", line.text[first - line.start : last - line.start])]
            position = last
    return join([*parts, line.text[position - line.start :] or " "])
