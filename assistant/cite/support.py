"""A statement and a source -> the smallest span of the note that bears the statement out, or None.

A run of consecutive sentences or lines bears a statement out when it holds most of its words, and
every number, identifier, quoted string and negation, and the note holds every name. Headings above
the run count for words. This is a test of words: it is a lower bound, and it is the same every time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.cite.evidence import Evidence, Span, Unit
    from assistant.cite.statements import Statement

ENOUGH = 0.8  # of a statement's words must stand in the run
ENOUGH_FAR = 0.9  # when the run is longer than `SHORT_RUN` sentences
SHORT_RUN = 3
OWN_SHARE = 0.5  # of the words must stand in the run itself, not in the headings above it
SMALLEST_FORM = 4  # letters in which two forms of a word must agree


def support(claim: Statement, evidence: Evidence) -> Span | None:
    """The span that bears the claim out: its own words where they stand so, else the smallest run."""
    exact = evidence.verbatim(claim.text) or evidence.verbatim(claim.bare)
    if exact is not None:
        return exact
    if not claim.factual:
        return None
    return _Search(claim, evidence).smallest()


def joint_support(claim: Statement, evidences: Sequence[Evidence]) -> list[Span] | None:
    """One span a source, which bear the claim out together and none of which could be missed."""
    searches = [_Search(claim, evidence) for evidence in evidences]
    needed = [search.best_part() for search in searches]
    if any(part is None for part in needed):
        return None
    parts = [part for part in needed if part is not None]
    held = frozenset().union(*(part.held for part in parts))
    spared = all(
        len(frozenset().union(*(other.held for other in parts if other is not part))) < len(held) for part in parts
    )
    if not spared or len(held) < math.ceil(ENOUGH * len(claim.stems)):
        return None
    exact = frozenset().union(*(part.exact for part in parts))
    whole = claim.numbers | claim.literals
    named = claim.names <= frozenset().union(*(search.named for search in searches))
    return [part.span for part in parts] if whole <= exact and named and not claim.negated else None


@dataclass(frozen=True, slots=True)
class _Part:
    span: Span
    held: frozenset[str]
    exact: frozenset[str]


@dataclass(frozen=True)
class _Search:
    claim: Statement
    evidence: Evidence

    @cached_property
    def forms(self) -> dict[str, frozenset[str]]:
        """The stems of the note that are forms of each of the claim's words."""
        return {stem: self._forms(stem) for stem in self.claim.stems}

    @cached_property
    def named(self) -> frozenset[str]:
        """The names of the claim that the note knows."""
        return frozenset(name for name in self.claim.names if self.forms.get(name) or self._forms(name))

    def smallest(self) -> Span | None:
        """The shortest run that holds; among equals the one with most of the words, then the first."""
        if self.named < self.claim.names or self._held(self.evidence.vocabulary) < self._enough(ENOUGH):
            return None
        for length in range(1, len(self.evidence.units) + 1):
            runs = (
                self.evidence.units[first : first + length] for first in range(len(self.evidence.units) - length + 1)
            )
            holding = [run for run in runs if self._holds(run)]
            if holding:
                best = max(holding, key=lambda run: self._held(_stems(run)))
                return best[0].start, best[-1].end
        return None

    def best_part(self) -> _Part | None:
        """The sentence that holds most of the claim."""
        admitted = [unit for unit in self.evidence.units if self._admitted(unit) and not self._denies(unit)]
        if not admitted:
            return None
        best = max(admitted, key=lambda unit: self._held(unit.stems))
        held = frozenset(stem for stem, forms in self.forms.items() if forms & (best.stems | best.context))
        exact = (self.claim.numbers & best.numbers) | {
            literal for literal in self.claim.literals if literal in best.text
        }
        return _Part((best.start, best.end), held, frozenset(exact)) if self._held(best.stems) else None

    def _holds(self, run: Sequence[Unit]) -> bool:
        own = self._held(_stems(run))
        share = ENOUGH if len(run) <= SHORT_RUN else ENOUGH_FAR
        if own < math.ceil(OWN_SHARE * len(self.claim.stems)):
            return False
        context = frozenset().union(self.evidence.title, *(unit.context for unit in run))
        return self._held(_stems(run) | context) >= self._enough(share) and self._exactly(run) and self._agrees(run)

    def _exactly(self, run: Sequence[Unit]) -> bool:
        """Numbers, identifiers and quoted strings, letter by letter."""
        above = " ".join(" ".join(unit.headings) for unit in run).casefold()
        text = " ".join([*(unit.text for unit in run), above, self.evidence.source.note.question.casefold()])
        held = _all(unit.numbers for unit in run)
        return all(number in held or number in text.split() for number in self.claim.numbers) and all(
            literal in text for literal in self.claim.literals
        )

    def _agrees(self, run: Sequence[Unit]) -> bool:
        """Neither says the opposite of the other, and the run speaks of the same thing."""
        if not all(self._admitted(unit) for unit in run):
            return False
        if self.claim.negated:
            return any(unit.negated for unit in run)
        return self.claim.wary or not any(self._denies(unit) for unit in run)

    def _denies(self, unit: Unit) -> bool:
        said = frozenset(self.claim.stems)
        return any(denied <= said for denied in unit.denied)

    def _admitted(self, unit: Unit) -> bool:
        """What stands under "Lambda:" says nothing of ECS: the claim must not name a rival alone."""
        said = frozenset(self.claim.stems)
        return not any(
            rival <= said
            for heading in unit.headings
            if not self.evidence.things[heading] <= said
            for rival in self.evidence.rivals(heading)
        )

    def _held(self, stems: frozenset[str]) -> int:
        return sum(1 for forms in self.forms.values() if not forms.isdisjoint(stems))

    def _enough(self, share: float) -> int:
        return math.ceil(share * len(self.claim.stems) - 1e-9)

    def _forms(self, stem: str) -> frozenset[str]:
        return frozenset(known for known in self.evidence.vocabulary if _one_word(known, stem))


def _stems(run: Sequence[Unit]) -> frozenset[str]:
    return _all(unit.stems for unit in run)


def _all(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _one_word(one: str, other: str) -> bool:
    """Whether two stems are forms of one word: `recov` and `recoveri`, but not `s3` and `s3a`."""
    if one == other:
        return True
    return min(len(one), len(other)) >= SMALLEST_FORM and (one.startswith(other) or other.startswith(one))
