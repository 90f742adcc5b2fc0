"""A sentence and the sources that it names -> the spans behind its marks, and whether it is borne out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.cite.evidence import Evidence
from assistant.cite.statements import Language, Statement, folded, statement
from assistant.cite.support import joint_support, support
from assistant.types import Citation, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.cite.evidence import Span
    from assistant.types import Note, Prompt

LONGEST_QUOTE = 40_000  # characters before a mark that may be one quotation
MOST_BEGINNINGS = 200  # lines at which a quotation may begin
SUBSTANTIAL = 3  # content words of a clause that can be judged without the rest of its sentence


@dataclass(frozen=True, slots=True)
class Segment:
    """A clause up to its marks, and the numbers of the sources that they name (none for the last clause)."""

    text: str
    named: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """For each segment the numbers of the citations that hold; and whether the notes bear the sentence out."""

    numbers: tuple[tuple[int, ...], ...]
    supported: bool


class Judge:
    """Keeps the citations of one answer, numbered in the order of their first marks."""

    def __init__(self, prompt: Prompt, language: Language) -> None:
        self._language = language
        self._sources = {source.number: Evidence(source, language) for source in prompt.sources}
        self._numbers: dict[tuple[str, Place], int] = {}
        self._since = ""  # the text since the last mark that held
        self.citations: list[Citation] = []

    def is_text(self, before: str, brackets: str) -> bool:
        """Whether a source holds these brackets behind these words: then they are its own."""
        words = before.lstrip()
        return bool(words) and any(source.holds(words + brackets) for source in self._sources.values())

    def judge(self, segments: Sequence[Segment]) -> Verdict:
        """Judge one sentence: all its clauses in order."""
        if len(segments) == 1 and self._quoted(segments[0].text):
            self._since = (self._since + segments[0].text)[-LONGEST_QUOTE:]
            return Verdict(((),), supported=True)
        whole = self._statement("".join(segment.text for segment in segments))
        held = [self._held(position, segments, whole) for position in range(len(segments))]
        if not any(held):
            held = self._jointly(segments, whole)
        numbers = tuple(_once(segments, [[self._cite(*found) for found in spans] for spans in held]))
        self._remember(segments, numbers)
        return Verdict(numbers, self._supported(segments, held, whole))

    def pass_over(self, blank: str) -> None:
        """The white space between two sentences, which may stand inside a quotation."""
        self._since += blank

    # --- marks ---------------------------------------------------------------------------------

    def _held(self, position: int, segments: Sequence[Segment], whole: Statement) -> list[tuple[Note, Place]]:
        """The spans behind the marks of one clause, one for each source that bears it out."""
        sources = [self._sources[number] for number in segments[position].named if number in self._sources]
        if not sources:
            return []
        until = "".join(segment.text for segment in segments[: position + 1])
        claims = self._claims(segments, position, whole, until)
        found = ((source, self._place(source, claims, until)) for source in sources)
        return [(source.source.note, place) for source, place in found if place is not None]

    def _claims(self, segments: Sequence[Segment], position: int, whole: Statement, until: str) -> list[Statement]:
        """What the marks may stand for, most likely first: with one mark the sentence, with several the clause."""
        marked = [number for number, segment in enumerate(segments) if segment.named]
        own = max((number for number in range(position + 1) if self._weighs(segments[number].text)), default=0)
        clause, so_far = self._statement(segments[own].text), self._statement(until)
        wide = [so_far, whole] if position else [whole, so_far]
        return [whole, so_far] if len(marked) == 1 else [clause, *wide] if len(clause.stems) >= SUBSTANTIAL else wide

    def _place(self, source: Evidence, claims: Sequence[Statement], until: str) -> Place | None:
        note = source.source.note
        if not note.answered:
            asked = any(folded(note.question) in folded(claim.text) for claim in claims)
            return note.question_place if asked else None
        span = self._quotation(source, until) or next(filter(None, (support(claim, source) for claim in claims)), None)
        return _within(note, span) if span else None

    def _quotation(self, source: Evidence, until: str) -> Span | None:
        """The longest run of whole lines before the mark, back to the last one, that the note has word by word."""
        before = self._since
        lines = [0, *(position + 1 for position, letter in enumerate(before) if letter == "\n")]
        beginnings = [*lines[-MOST_BEGINNINGS:], len(before)]
        return next(filter(None, (source.verbatim(before[start:] + until) for start in beginnings)), None)

    def _jointly(self, segments: Sequence[Segment], whole: Statement) -> list[list[tuple[Note, Place]]]:
        """A sentence that draws on several sources, none of which bears it out alone."""
        named = dict.fromkeys(number for segment in segments for number in segment.named if number in self._sources)
        sources = [self._sources[number] for number in named if self._sources[number].source.note.answered]
        spans = joint_support(whole, sources) if len(sources) > 1 else None
        if spans is None:
            return [[] for _ in segments]
        place = {
            source.source.number: (source.source.note, _within(source.source.note, span))
            for source, span in zip(sources, spans, strict=True)
        }
        return [[place[number] for number in segment.named if number in place] for segment in segments]

    def _cite(self, note: Note, place: Place) -> int:
        key = (note.id, place)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self.citations.append(Citation(self._numbers[key], note.id, note.question, place, _quote(note, place)))
        return self._numbers[key]

    def _remember(self, segments: Sequence[Segment], numbers: Sequence[tuple[int, ...]]) -> None:
        for segment, held in zip(segments, numbers, strict=True):
            self._since = "" if held else (self._since + segment.text)[-LONGEST_QUOTE:]

    # --- the sentence --------------------------------------------------------------------------

    def _supported(
        self, segments: Sequence[Segment], held: Sequence[list[tuple[Note, Place]]], whole: Statement
    ) -> bool:
        """Whether every clause is borne out: by what it cites, or else by any source that was sent."""
        marked = any(segment.named for segment in segments)
        if not (whole.factual or (marked and whole.stems)) or (any(held) and self._cited(held, whole)):
            return True
        if not marked:
            return self._anywhere(whole)
        loose = (segment.text for segment, spans in zip(segments, held, strict=True) if not spans)
        clauses = [clause for clause in map(self._statement, loose) if clause.factual]
        return self._anywhere(whole) or (any(held) and all(self._anywhere(clause) for clause in clauses))

    def _cited(self, held: Sequence[list[tuple[Note, Place]]], whole: Statement) -> bool:
        """Whether a note that the sentence cites bears all of it out."""
        cited = {note.id for spans in held for note, _ in spans}
        sources = [source for source in self._sources.values() if source.source.note.id in cited]
        return any(_bears_out(source, whole) for source in sources) or (
            len(sources) > 1 and joint_support(whole, sources) is not None
        )

    def _anywhere(self, claim: Statement) -> bool:
        return any(_bears_out(source, claim) for source in self._sources.values())

    def _quoted(self, text: str) -> bool:
        """Whether any source says exactly this."""
        return any(source.verbatim(text) for source in self._sources.values())

    def _statement(self, text: str) -> Statement:
        return statement(text, self._language)

    def _weighs(self, text: str) -> bool:
        return bool(self._language.content_words(text))


def _once(segments: Sequence[Segment], numbers: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """Each number once in a row of marks."""
    row: set[int] = set()
    for segment, found in zip(segments, numbers, strict=True):
        row = row if not segment.text.strip() else set()
        yield tuple(number for number in dict.fromkeys(found) if number not in row)
        row.update(found)


def _bears_out(source: Evidence, claim: Statement) -> bool:
    asked = folded(claim.bare).rstrip(" ?:.") in folded(source.source.note.question)
    return asked or support(claim, source) is not None


def _within(note: Note, span: Span) -> Place:
    start, end = span
    place = note.answer_place
    first = place.first_line + note.answer.count("\n", 0, start)
    last = first + note.answer.count("\n", start, end)
    return Place(place.path, first, last, place.start + start, place.start + end)


def _quote(note: Note, place: Place) -> str:
    if not note.answered:
        return note.asked
    offset = note.answer_place.start
    return note.answer[place.start - offset : place.end - offset]
