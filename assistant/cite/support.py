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

from assistant.cite.statements import contrasts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.cite.evidence import Evidence, Span, Unit
    from assistant.cite.statements import Statement

ENOUGH = 0.8  # of a statement's words must stand in the run
ENOUGH_FAR = 1.0  # when the run is longer than `SHORT_RUN` sentences
SHORT_RUN = 3
OWN_SHARE = 0.5  # of the words must stand in the run itself, not in the headings above it
SPARING = 6  # words from which on one may be another
DENIED_WORDS = 2  # that a negation reaches first: "not completely disabled"
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


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A unit against the claim: which of the claim's words it holds, and which stand above it."""

    unit: Unit
    own: frozenset[str]
    above: frozenset[str]
    fits: bool


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

    @cached_property
    def weighed(self) -> tuple[_Weighed, ...]:
        return tuple(self._weigh(unit) for unit in self.evidence.units)

    def smallest(self) -> Span | None:
        """The shortest run that holds; among equals the one with most of the words, then the first."""
        if self.named < self.claim.names or sum(map(bool, self.forms.values())) < self._enough(ENOUGH):
            return None
        for length in range(1, self._longest() + 1):
            runs = (self.weighed[first : first + length] for first in range(len(self.weighed) - length + 1))
            holding = [run for run in runs if self._holds(run)]
            if holding:
                best = max(holding, key=lambda run: len(_all(weighed.own for weighed in run)))
                return best[0].unit.start, best[-1].unit.end
        return None

    def best_part(self) -> _Part | None:
        """The sentence that holds most of the claim."""
        fitting = [weighed for weighed in self.weighed if weighed.fits and weighed.own]
        if not fitting:
            return None
        best = max(fitting, key=lambda weighed: len(weighed.own))
        literals = frozenset(literal for literal in self.claim.literals if literal in best.unit.text)
        exact = literals | (self.claim.numbers & best.unit.numbers)
        return _Part((best.unit.start, best.unit.end), best.own | best.above, exact)

    def _weigh(self, unit: Unit) -> _Weighed:
        return _Weighed(
            unit,
            own=self._held(self._said(unit)),
            above=self._held(self.evidence.title | unit.context),
            fits=self._admitted(unit) and not self._denies(unit),
        )

    def _longest(self) -> int:
        """Units of a run: a short claim is said in one place, only a long one may gather what a note says."""
        return SHORT_RUN if len(self.claim.stems) < SPARING else len(self.evidence.units)

    def _holds(self, run: Sequence[_Weighed]) -> bool:
        own = _all(weighed.own for weighed in run)
        if len(own) < OWN_SHARE * len(self.claim.stems) or not all(weighed.fits for weighed in run):
            return False
        held = own.union(*(weighed.above for weighed in run))
        share = ENOUGH if len(run) <= SHORT_RUN else ENOUGH_FAR
        denies = not self.claim.negated or any(weighed.unit.negated for weighed in run)
        return len(held) >= self._enough(share) and denies and self._exactly([weighed.unit for weighed in run])

    def _exactly(self, run: Sequence[Unit]) -> bool:
        """Numbers, identifiers and quoted strings, letter by letter."""
        above = " ".join(" ".join(unit.headings) for unit in run).casefold()
        text = " ".join([*(unit.text for unit in run), above, self.evidence.source.note.question.casefold()])
        held = _all(unit.numbers for unit in run)
        return all(number in held or number in text.split() for number in self.claim.numbers) and all(
            literal in text for literal in self.claim.literals
        )

    def _denies(self, unit: Unit) -> bool:
        """Whether the unit denies what the claim says and does not deny, or takes the other side."""
        said, claim = frozenset(self.claim.stems), self.claim
        if any(-pole in unit.poles for pole in claim.poles):
            return True
        if (claim.many & unit.one) - unit.many or (claim.one & unit.many) - unit.one:
            return True
        return any(
            frozenset(denied[:DENIED_WORDS]) <= said and claim.denied.isdisjoint(denied)
            for denied in unit.denied
            if denied
        )

    def _admitted(self, unit: Unit) -> bool:
        """What is said of "Lambda" says nothing of ECS: the claim must not name a rival alone."""
        said = self._phrase
        under_another = any(
            rival in said
            for heading in unit.headings
            if self.evidence.things[heading] not in said
            for rival in self.evidence.rivals(heading)
        )
        named = {thing for thing in self.evidence.compared if thing in said}
        if under_another or not named:
            return not under_another
        text = self.evidence.phrase(unit.text)
        of_another = any(thing in text for thing in self.evidence.compared - named)
        return not of_another or any(thing in text for thing in named)

    @cached_property
    def _phrase(self) -> str:
        return self.evidence.phrase(self.claim.bare)

    @cached_property
    def _compares(self) -> bool:
        return len(contrasts(self.claim.bare)) > 1

    def _said(self, unit: Unit) -> frozenset[str]:
        """The unit's stems; of one that sets things against each other, those of the claim's subject."""
        if self._compares or len(unit.clauses) == 1:
            return unit.stems
        subject = self.claim.subject
        own = [stems for text, stems in unit.clauses if subject in stems or text.startswith(subject)]
        return _all(own) if own and subject else unit.stems

    def _held(self, stems: frozenset[str]) -> frozenset[str]:
        """The words of the claim that are among these stems."""
        return frozenset(stem for stem, forms in self.forms.items() if not forms.isdisjoint(stems))

    def _enough(self, share: float) -> int:
        """How many of the claim's words; a short claim has none to spare."""
        words = len(self.claim.stems)
        return words if words < SPARING else math.ceil(share * words - 1e-9)

    def _forms(self, stem: str) -> frozenset[str]:
        return frozenset(known for known in self.evidence.vocabulary if _one_word(known, stem))


def _all(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _one_word(one: str, other: str) -> bool:
    """Whether two stems are forms of one word: `recov` and `recoveri`, but not `s3` and `s3a`."""
    if one == other:
        return True
    return min(len(one), len(other)) >= SMALLEST_FORM and (one.startswith(other) or other.startswith(one))
