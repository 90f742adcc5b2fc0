"""A source -> its sentences and lines with what each of them holds, read once for many questions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.cite.statements import NEGATION, SOFT_NEGATION, Language, folded, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.types import Block, Source

NEGATED_WORDS = 2  # that a negation reaches: "not completely disabled"
PARENTHESIS = re.compile(r"\([^)]*\)")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or line of the answer; `context` are the stems of the `headings` above it.

    `denied` holds, for each negation, the stems that it reaches; `negated` is true for softer words too
    ("instead of", "prevents").
    """

    start: int
    end: int
    text: str
    stems: frozenset[str]
    numbers: frozenset[str]
    context: frozenset[str]
    headings: tuple[str, ...]
    negated: bool
    denied: tuple[frozenset[str], ...]


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
    def title(self) -> frozenset[str]:
        return self.stems(self.source.note.question)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The stems of the whole note."""
        return self.title.union(*(unit.stems | unit.context for unit in self.units))

    @cached_property
    def things(self) -> dict[str, frozenset[str]]:
        """The note's headings and the stems that name what stands under them."""
        headings = {heading for unit in self.units for heading in unit.headings}
        return {heading: self.stems(PARENTHESIS.sub("", heading)) for heading in sorted(headings)}

    def holds(self, characters: str) -> bool:
        """Whether the note has these very characters."""
        return characters in self.source.note.answer or characters in self.source.note.question

    def verbatim(self, text: str) -> Span | None:
        """Where the note says exactly this, white space aside; None for a text without content words."""
        words = text.split()
        key = " ".join(words)
        if key not in self._exact:
            known = key in self.plain and self.language.content_words(key)
            self._exact[key] = self._find(words) if known else None
        return self._exact[key]

    def rivals(self, heading: str) -> Iterator[frozenset[str]]:
        """The things that a heading stands against: both named in the question, or of one family of names."""
        thing = self.things[heading]
        for other, name in self.things.items():
            if thing and name and not (thing <= name or name <= thing):
                both_asked = thing <= self.title and name <= self.title
                if both_asked or heading.partition(" ")[0] == other.partition(" ")[0]:
                    yield name

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
            denied=tuple(self._denied(text)),
        )

    def _denied(self, text: str) -> Iterator[frozenset[str]]:
        for found in NEGATION.finditer(text):
            reach = re.split(r"[.,;:!?]|\bbut\b", text[found.end() :])[0]
            words = self.language.content_words(reach)[:NEGATED_WORDS]
            if words:
                yield frozenset(self.language.stem(word) for word in words)
