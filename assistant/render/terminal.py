"""Answers, hits, notes and summaries -> lines for a person; `printing` writes them for a pipe or a terminal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.plurals import counted
from assistant.render.characters import one_line, visible
from assistant.types import ANSWERED, NOTED_UNANSWERED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.types import Answer, Found, IndexSummary, Note, NotesFile, Place, Prompt

__all__ = [
    "Line",
    "answer_lines",
    "files_lines",
    "found_lines",
    "note_lines",
    "notes_lines",
    "prompt_lines",
    "summary_lines",
    "visible",
]

LOW_CONFIDENCE = 0.7  # below it an answer is given with a word of doubt
SHOWN_SKIPPED = 20

_BULLET = re.compile(r"\s*(?:[-*\N{BULLET}]|\d{1,3}[.)])?\s*")

Style = Literal["", "heading", "faint", "doubt", "answer", "source"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a layout, its part in the whole, and the columns by which its continuation is indented."""

    text: str
    style: Style = ""
    hang: int = 0


BLANK = Line("")


def answer_lines(answer: Answer) -> list[Line]:
    """An outcome of `ask`: the answer and its sources, or what is missing; then how the question was read."""
    if answer.status == ANSWERED:
        lines = _answered(answer)
    elif answer.status == NOTED_UNANSWERED:
        lines = [Line("You wrote this question but never answered it:", "heading"), *_sources(answer)]
    else:
        lines = [Line("This is not in your notes.", "heading")]
    return [*lines, *_closest(answer), *_read_as(answer.read_as)]


def after_lines(answer: Answer) -> list[Line]:
    """What stands below an answer whose text was printed while it was written."""
    return [BLANK, *_sources(answer), *_read_as(answer.read_as)]


def cited_lines(note: Note, place: Place, around: int = 2) -> list[Line]:
    """The lines of a citation with their numbers, the cited ones marked, and `around` lines above and below."""
    numbered = list(enumerate(f"{note.asked}\n{_between(note)}{note.answer}".split("\n"), note.place.first_line))
    first, last = place.first_line - around, place.last_line + around
    return [
        Line(f"{'>' if place.first_line <= number <= place.last_line else ' '} {number:>5}  {one_line(text)}", "", 9)
        for number, text in numbered
        if first <= number <= last
    ]


def _between(note: Note) -> str:
    """The blank lines between a question and its answer."""
    return "\n" * (note.answer_place.first_line - note.question_place.last_line - 1)


def found_lines(found: Found) -> list[Line]:
    """The hits of `search`, best first."""
    hits = [
        Line(f"{rank}. {_where(hit.note.place)}  {_named(hit.note)}  ({hit.score:.2f})", "source", 3)
        for rank, hit in enumerate(found.hits, start=1)
    ]
    return [*(hits or [Line("Nothing in your notes comes near.", "heading")]), *_read_as(found.read_as)]


def notes_lines(notes: Sequence[Note], same: Mapping[str, tuple[str, ...]]) -> list[Line]:
    """One line a note, in reading order; the id is what `notes show` takes."""
    lines = []
    for note in notes:
        remarks = [] if note.answered else ["not answered"]
        remarks += [f"same as {', '.join(same[note.id])}"] if same.get(note.id) else []
        tail = f"  ({'; '.join(remarks)})" if remarks else ""
        lines.append(Line(f"{note.id}  {_where(note.place)}  {one_line(note.question)}{tail}", "source", 2))
    unanswered = sum(not note.answered for note in notes)
    return [*lines, BLANK, Line(f"{counted(len(notes), 'note')}, {unanswered} of them not answered.", "faint")]


def note_lines(note: Note, same_as: Sequence[str] = ()) -> list[Line]:
    """One note in full."""
    answer = [Line("You wrote this question but never answered it.", "doubt")]
    if note.answer:
        answer = _body(note.answer)
    same = [BLANK, Line(f"The same question: {', '.join(same_as)}", "faint")] if same_as else []
    return [
        Line(one_line(note.question), "heading"),
        Line(f"{_where(note.place)}  {note.id}", "faint"),
        BLANK,
        *answer,
        *same,
    ]


def files_lines(files: Iterable[NotesFile], display: str = "") -> list[Line]:
    """How each file was read, and the text in it that belongs to no question."""
    lines: list[Line] = []
    for file in files:
        lines.append(Line(one_line(f"{display}{file.path}"), "heading"))
        lines.append(Line(f"  read as {file.format} ({file.encoding}): {one_line(file.reading)}", hang=4))
        lines.append(Line(f"  {counted(len(file.entries), 'question')}", hang=4))
        lines += [Line(f"  warning: {one_line(warning)}", "doubt", 4) for warning in file.warnings]
        lines += [
            Line(f"  belongs to no question: {_where(each.place, display)}  {_beginning(each.text)}", "faint", 4)
            for each in file.loose
        ]
    return lines


def summary_lines(summary: IndexSummary, display: str = "") -> list[Line]:
    """What `index` did, and what it left out."""
    first = (
        f"{counted(summary.files, 'file')}, {counted(summary.notes, 'note')}: {summary.answered} answered, "
        f"{summary.unanswered} unanswered, {counted(summary.duplicates, 'duplicate')}."
    )
    second = (
        f"{counted(summary.passages, 'passage')}, {summary.embedded} embedded, {summary.seconds:.1f} seconds."
        if summary.changed
        else f"{counted(summary.passages, 'passage')}, nothing changed, {summary.seconds:.1f} seconds."
    )
    return [Line(first), Line(second), *_skipped(summary, display)]


def prompt_lines(prompt: Prompt) -> list[Line]:
    """Exactly what a language model would be sent."""
    if not prompt.system and not prompt.user:
        return [Line("No language model is set: your notes are quoted, and nothing is sent anywhere.")]
    left_out = ", ".join(one_line(note.question) for note in prompt.left_out)
    about = "about " if prompt.tokens.estimated else ""
    return [
        Line("--- system", "heading"),
        *_body(prompt.system),
        Line("--- user", "heading"),
        *_body(prompt.user),
        Line(f"--- {about}{counted(prompt.tokens.prompt, 'token')}; nothing was sent", "heading"),
        *([Line(f"Left out: {left_out}", "doubt")] if left_out else []),
    ]


# --- their parts -------------------------------------------------------------------------------


def _answered(answer: Answer) -> list[Line]:
    doubt = f"I am not sure that this answers your question (confidence {answer.confidence:.2f})."
    lines = [Line(doubt, "doubt"), BLANK] if answer.confidence < LOW_CONFIDENCE else []
    lines += [*_body(answer.text), BLANK, *_sources(answer)]
    if not answer.complete:
        lines += [BLANK, Line("The answer was cut off.", "doubt")]
    if answer.unsupported:
        lines += [BLANK, Line("Not borne out by your notes:", "doubt")]
        lines += [Line(f"  {one_line(each.sentence)}", hang=2) for each in answer.unsupported]
    return lines


def _sources(answer: Answer) -> list[Line]:
    return [
        Line(f"[{each.number}] {_where(each.place)}  {one_line(each.note)}", "source", 4) for each in answer.citations
    ]


def _closest(answer: Answer) -> list[Line]:
    if not answer.closest:
        return []
    near = [Line(f"  {_first(note.place)}  {_named(note)}", "source", 4) for note in answer.closest]
    return [BLANK, Line("Closest:", "heading"), *near]


def _named(note: Note) -> str:
    return one_line(note.question) + ("" if note.answered else "  (no answer yet)")


def _read_as(question: str | None) -> list[Line]:
    return [] if question is None else [BLANK, Line(f"Read as: {one_line(question)}", "faint", 9)]


def _body(text: str) -> list[Line]:
    return [Line(line, "answer", _indent(line)) for line in visible(text).rstrip("\n").split("\n")]


def _skipped(summary: IndexSummary, display: str) -> list[Line]:
    if not summary.skipped:
        return []
    shown = [
        Line(f"  {one_line(f'{display}{each.path}: {each.reason}')}", "faint", 4)
        for each in summary.skipped[:SHOWN_SKIPPED]
    ]
    more = len(summary.skipped) - len(shown)
    rest = [Line(f"  and {more} more", "faint")] if more else []
    return [Line(f"Not read: {counted(len(summary.skipped), 'file')}", "heading"), *shown, *rest]


def _where(place: Place, display: str = "") -> str:
    return one_line(f"{display}{place}")


def _first(place: Place) -> str:
    return one_line(f"{place.path}:{place.first_line}")


def _beginning(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= 60 else f"{line[:59]}\N{HORIZONTAL ELLIPSIS}"  # noqa: PLR2004 - a taste


def _indent(line: str) -> int:
    bullet = _BULLET.match(line)
    return min(len(bullet[0]), 8) if bullet else 0
