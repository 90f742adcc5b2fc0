"""A source -> its sentences and lines with what each of them holds, read once for many questions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.cite.statements import (
    IDENTIFIER,
    MANY,
    NEGATION,
    ONE,
    SOFT_NEGATION,
    Language,
    contrasts,
    counted,
    denials,
    folded,
    numbers,
    poles,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.types import Block, Source

PARENTHESIS = re.compile(r"\([^)]*\)")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or line of the answer; `context` are the stems of the `headings` above it.

    `denied` holds, for each negation, the stems that it reaches, in order; `negated` is true for softer
    words too ("only", "regardless"). `clauses` are the texts and stems of what it sets against each other.
    """

    start: int
    end: int
    text: str
    stems: frozenset[str]
    numbers: frozenset[str]
    context: frozenset[str]
    headings: tuple[str, ...]
    negated: bool
    denied: tuple[tuple[str, ...], ...]
    clauses: tuple[tuple[str, frozenset[str]], ...]
    one: frozenset[str]
    many: frozenset[str]
    poles: frozenset[int]


@dataclass(frozen=True)
class Evidence:
    """What one source of the prompt can bear out. Spans are offsets in the note's answer."""

    source: Source
    language: Language
    _exact: dict[str, Span | None] = field(default_factory=dict)

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        return tuple(self._units())

    @cached_property
    def plain(self) -> str:
        """The answer with one blank for all white space."""
        return " ".join(self.source.note.answer.split())

    @cached_property
    def lines(self) -> frozenset[str]:
        """The whole answer, and each of its lines, with one blank for all white space."""
        return frozenset((self.plain, *(" ".join(line.split()) for line in self.source.note.answer.split("\n"))))

    @cached_property
    def title(self) -> frozenset[str]:
        return self.stems(self.source.note.question)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The stems of the whole note."""
        return self.title.union(*(unit.stems | unit.context for unit in self.units))

    @cached_property
    def things(self) -> dict[str, str]:
        """The note's headings and the phrase of stems that names what stands under each."""
        headings = {heading for unit in self.units for heading in unit.headings}
        return {heading: self.phrase(PARENTHESIS.sub("", heading)) for heading in sorted(headings)}

    @cached_property
    def compared(self) -> frozenset[str]:
        """The things that the question itself sets side by side ("shallow copy and deep copy")."""
        title = self.phrase(self.source.note.question)
        return frozenset(thing for thing in self.things.values() if thing and thing in title)

    def holds(self, characters: str) -> bool:
        """Whether the note has these very characters."""
        return characters in self.source.note.answer or characters in self.source.note.question

    def verbatim(self, text: str) -> Span | None:
        """Where the note says exactly this, white space aside; None for a mere part of a line without content words."""
        words = text.split()
        key = " ".join(words)
        if key not in self._exact:
            known = key in self.plain and (key in self.lines or self.language.content_words(key))
            self._exact[key] = self._find(words) if words and known else None
        return self._exact[key]

    def rivals(self, heading: str) -> Iterator[str]:
        """The things that a heading stands against: both in the question, or of one family of names."""
        thing = self.things[heading]
        for other, name in self.things.items():
            family = heading.partition(" ")[0] == other.partition(" ")[0]
            if thing and name and not (thing in name or name in thing) and (family or {thing, name} <= self.compared):
                yield name

    def phrase(self, text: str) -> str:
        """The stems of a text in order, each between blanks, so that `in` finds whole words."""
        return f" {' '.join(self.language.stem(word) for word in self.language.content_words(text))} ".replace("  ", "")

    def stems(self, text: str) -> frozenset[str]:
        return frozenset(self.language.stem(word) for word in self.language.content_words(text))

    def _find(self, words: Sequence[str]) -> Span | None:
        pattern = r"\s+".join(re.escape(word) for word in words)
        before = r"(?<!\w)" if words[0][0].isalnum() else ""
        behind = r"(?!\w)" if words[-1][-1].isalnum() else ""
        found = re.search(before + pattern + behind, self.source.note.answer)
        return found.span() if found else None

    def _units(self) -> Iterator[Unit]:
        offset = self.source.note.answer_place.start
        for block in self.source.blocks:
            for start, end in self._pieces(block):
                yield self._unit(block, block.place.start - offset + start, block.text[start:end])

    def _pieces(self, block: Block) -> Iterator[Span]:
        if block.kind in ("heading", "code"):
            yield from (found.span() for found in re.finditer(r"\S(?:[^\n]*\S)?", block.text))
        else:
            yield from self.language.sentences(block.text)

    def _unit(self, block: Block, start: int, text: str) -> Unit:
        return Unit(
            start=start,
            end=start + len(text),
            text=folded(text),
            stems=self.stems(text),
            numbers=numbers(text),
            context=self.stems(" ".join(block.headings)),
            headings=block.headings,
            negated=bool(NEGATION.search(text) or SOFT_NEGATION.search(text)),
            denied=tuple(tuple(self._in_order(reach)) for reach in denials(text)),
            clauses=tuple((folded(clause), self.stems(clause)) for clause in _clauses(text)),
            one=counted(ONE, text, self.language),
            many=counted(MANY, text, self.language),
            poles=poles(text),
        )

    def _in_order(self, text: str) -> list[str]:
        return [self.language.stem(word) for word in self.language.content_words(text)]


def _clauses(text: str) -> Iterator[str]:
    """The contrasted clauses of a sentence; each identifier begins one where there are several."""
    for clause in contrasts(text):
        starts = [found.start() for found in IDENTIFIER.finditer(clause)]
        cuts = [0, *starts[1:], len(clause)] if len(starts) > 1 and " and " in clause else [0, len(clause)]
        yield from (clause[start:end] for start, end in pairwise(cuts))
