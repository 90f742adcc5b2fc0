"""Cases and a way to ask -> results: every case asked once, every (case, metric) pair scored once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.errors import NotesAssistantError
from assistant.evaluation.cases.gold import Corpus, Gold, bind
from assistant.evaluation.metrics import METRICS, Score, score
from assistant.evaluation.metrics.outcomes import faults
from assistant.types import Answer, Turn

if TYPE_CHECKING:
    from assistant.evaluation.cases.values import Case

Ask = Callable[[str, Sequence[Turn]], Answer]
Progress = Callable[[str, int, int], None]
NEAR_TIE = 1e-3  # a lead that another processor's rounding could turn


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured: a way to ask, the notes it asks about, and what it is made of (for the result's header)."""

    ask: Ask
    corpus: Corpus
    engine: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """One case, the answer it got (None: it failed, `error` says how) and all its scores."""

    gold: Gold
    answer: Answer | None
    error: str | None
    scores: tuple[Score, ...]
    milliseconds: float

    @property
    def case(self) -> Case:
        return self.gold.case

    @property
    def faults(self) -> tuple[str, ...]:
        return faults(self.gold, self.answer) if self.answer else (f"failed: {self.error}",)

    @property
    def near_tie(self) -> bool:
        """Whether the first two notes are so close that rounding decides between them."""
        scores = [hit.score for hit in self.answer.hits] if self.answer else []
        return len(scores) > 1 and abs(scores[0] - scores[1]) < NEAR_TIE

    def value(self, metric: str) -> float | None:
        """What a metric says of this case."""
        return next(score.value for score in self.scores if score.metric == metric)


def run(cases: Sequence[Case], subject: Subject, progress: Progress | None = None) -> tuple[Result, ...]:
    """Ask every case and score it. An error of the product is a result too; anything else is ours and is raised."""
    results = []
    for number, case in enumerate(cases, 1):
        results.append(_result(case, subject))
        if progress:
            progress("asked", number, len(cases))
    return tuple(results)


def rescore(gold: Gold, answer: Answer | None, error: str | None, milliseconds: float) -> Result:
    """A result from an answer that was kept."""
    return Result(gold, answer, error, score(gold, answer, METRICS), milliseconds)


def _result(case: Case, subject: Subject) -> Result:
    gold = bind(case, subject.corpus)
    answer: Answer | None = None
    error: str | None = None
    begin = time.perf_counter()
    try:
        given = subject.ask(case.ask, case.history)
        if given.fault is None:
            answer = given
        else:  # what stepped in for the model is not what was to be measured
            error = _told(given.fault)
    except Exception as failure:  # noqa: BLE001  (a question that crashes is a result, not the end)
        error = _told(failure)
    return rescore(gold, answer, error, (time.perf_counter() - begin) * 1000)


def _told(failure: Exception) -> str:
    return failure.line() if isinstance(failure, NotesAssistantError) else f"{type(failure).__name__}: {failure}"
