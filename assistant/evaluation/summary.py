"""Results -> the numbers that are looked at: means, slices, the outcomes, the risk of answering."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.evaluation.metrics import METRICS
from assistant.evaluation.metrics.outcomes import wrong
from assistant.evaluation.statistics import Curve, Mean, auroc, by_cluster, mean, risk_coverage, upper_bound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assistant.evaluation.run import Result

OUTCOMES = ("answered", "noted_unanswered", "not_in_notes")
SMALLEST_SLICE = 10  # clusters; fewer say little
ACCEPTED_RISK = 0.05
WITHOUT_TAG = "clean"


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of failures: by need, with the exact upper bound that so many needs allow at 95 %."""

    value: float
    cases: int
    clusters: int
    bound: float


@dataclass(frozen=True, slots=True)
class Slice:
    """The cases of one tag: the mean of each metric."""

    tag: str
    cases: int
    clusters: int
    means: Mapping[str, Mean]

    @property
    def small(self) -> bool:
        return self.clusters < SMALLEST_SLICE


@dataclass(frozen=True, slots=True)
class Summary:
    """All numbers of one set of results. `outcomes` counts (expected, given), `failed` the cases without an answer."""

    cases: int
    clusters: int
    failed: int
    means: Mapping[str, Mean]
    slices: tuple[Slice, ...]
    outcomes: Mapping[tuple[str, str], int]
    false_answers: Rate | None
    false_answers_by_kind: Mapping[str, Rate]
    auroc: float | None
    curve: Curve | None
    clusters_right: float
    median_ms: float
    tokens: int

    @property
    def numbers(self) -> Mapping[str, float]:
        """Every aggregate by name, as floors and baselines know them."""
        found = {name: each.value for name, each in self.means.items()}
        found["clusters_right"] = self.clusters_right
        found.update({"auroc": self.auroc} if self.auroc is not None else {})
        found.update({"false_answer_bound": self.false_answers.bound} if self.false_answers else {})
        if self.curve:
            found.update({"aurc": self.curve.area, "e_aurc": self.curve.excess})
            found["coverage_at_risk_5"] = self.curve.coverage_at(ACCEPTED_RISK)
        return found


def summarise(results: Sequence[Result]) -> Summary:
    """The numbers of a run, or of any part of it."""
    tags = sorted({tag for result in results for tag in _tags(result)})
    unanswerable = [tag for tag in tags if any(_is(tag)(each) and not each.case.answerable for each in results)]
    answered = [each for each in results if each.answer is not None]
    confidence = [each.answer.confidence for each in answered if each.answer]
    times = sorted(each.milliseconds for each in results)
    return Summary(
        cases=len(results),
        clusters=len({each.case.cluster for each in results}),
        failed=len(results) - len(answered),
        means=_means(results),
        slices=tuple(_slice(tag, [each for each in results if _is(tag)(each)]) for tag in tags),
        outcomes=Counter((each.case.expect, each.answer.status if each.answer else "failed") for each in results),
        false_answers=_false_answers(results),
        false_answers_by_kind=_by_kind(results, unanswerable),
        auroc=auroc(confidence, [each.case.answerable for each in answered]),
        curve=risk_coverage(confidence, [wrong(each.gold, each.answer) for each in answered if each.answer]),
        clusters_right=_clusters_right(results),
        median_ms=times[len(times) // 2] if times else 0.0,
        tokens=sum(each.answer.tokens.prompt + each.answer.tokens.completion for each in answered if each.answer),
    )


def _means(results: Sequence[Result]) -> Mapping[str, Mean]:
    found = {metric.name: mean(_values(results, metric.name)) for metric in METRICS}
    return {name: each for name, each in found.items() if each is not None}


def _values(results: Sequence[Result], metric: str) -> list[tuple[str, float]]:
    pairs = ((each.case.cluster, each.value(metric)) for each in results)
    return [(cluster, value) for cluster, value in pairs if value is not None]


def _tags(result: Result) -> tuple[str, ...]:
    """A case's slices: its tags, and `clean` for a wording that is neither misspelt nor clipped."""
    clean = () if {"typo", "keyword"} & set(result.case.tags) else (WITHOUT_TAG,)
    return (*result.case.tags, *clean)


def _is(tag: str) -> Callable[[Result], bool]:
    return lambda result: tag in _tags(result)


def _slice(tag: str, results: Sequence[Result]) -> Slice:
    return Slice(tag, len(results), len({each.case.cluster for each in results}), _means(results))


def _false_answers(results: Sequence[Result]) -> Rate | None:
    values = _values(results, "false_answer")
    if not values:
        return None
    clusters = by_cluster(values)
    failures = math.ceil(math.fsum(clusters.values()) - 1e-9)  # a need answered in one wording of three counts in part
    rate = math.fsum(clusters.values()) / len(clusters)
    return Rate(rate, len(values), len(clusters), upper_bound(failures, len(clusters)))


def _by_kind(results: Sequence[Result], tags: Sequence[str]) -> Mapping[str, Rate]:
    found = {tag: _false_answers([each for each in results if _is(tag)(each)]) for tag in tags}
    return {tag: rate for tag, rate in found.items() if rate is not None}


def _clusters_right(results: Sequence[Result]) -> float:
    """The share of needs of which every wording passed."""
    worst: dict[str, bool] = {}
    for each in results:
        worst[each.case.cluster] = worst.get(each.case.cluster, True) and each.value("passed") == 1
    return sum(worst.values()) / len(worst) if worst else 0.0
