"""Dev cases and the signals of their search -> the coefficients of the confidence, with what they were fitted on.

Two small logistic models, so that a person can read them. Every number here is out of fold, the folds
made of whole clusters.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import CaseError
from assistant.evaluation.cases.gold import COUNTED, Corpus, bind
from assistant.evaluation.logistic import Logistic, folds, learn
from assistant.evaluation.statistics import auroc, by_cluster, upper_bound
from assistant.evaluation.stored import cases_sha, corpus_sha
from assistant.types import ANSWERED, NOT_IN_NOTES, NOTED_UNANSWERED, Found

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from assistant.evaluation.cases.reading import Suite
    from assistant.evaluation.cases.values import Case
    from assistant.evaluation.run import Progress
    from assistant.types import Status

FEWEST = 10  # cases of each kind, below which a fit says nothing
NOTED = 0.3  # the chance from which a question counts as noted: rarer among the cases than among what people ask
DESPITE_ANSWER = 0.5  # the same where the notes seem to answer it, and a mistake withholds an answer
EVEN = 0.005  # thresholds that get so nearly as many outcomes right are as good as the best
VERSION = 1
NOTHING = 1.01  # a threshold that nothing reaches
FALSE_ANSWER_RATE = 0.05


@dataclass(frozen=True, slots=True)
class Searched:
    """A suite, its notes, and a way to search them without writing an answer."""

    suite: Suite
    corpus: Corpus
    search: Callable[[str], Found]


@dataclass(frozen=True, slots=True)
class Features:
    """The signals that each of the two models looks at."""

    noted: tuple[str, ...]
    answered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One case as the models see it: `right` when answering it from the first note that has an answer would be."""

    case: Case
    signals: Mapping[str, float]
    right: bool

    @property
    def unanswered(self) -> bool:
        return self.case.expect == NOTED_UNANSWERED


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the models say of a case: how likely it was noted and never answered, and how likely the notes answer it."""

    noted: float
    answered: float

    @property
    def confidence(self) -> float:
        return self.answered * (1 - self.noted)

    def outcome(self, threshold: float) -> Status:
        """What it comes to when the notes answer from this chance on."""
        is_answered = self.answered >= threshold
        if self.noted >= (DESPITE_ANSWER if is_answered else NOTED):
            return NOTED_UNANSWERED
        return ANSWERED if is_answered else NOT_IN_NOTES


@dataclass(frozen=True, slots=True)
class Operating:
    """What a threshold does out of fold: answers among the answerable, false ones among the rest, and their bound."""

    threshold: float
    coverage: float
    false_answers: float
    bound: float
    clusters: int


@dataclass(frozen=True, slots=True)
class Fit:
    """The file that the retrieval reads, and how good they are. `smallest_bound` is what no cases can beat."""

    data: Mapping[str, Any]
    auroc: float
    auroc_by_tag: Mapping[str, float]
    operating: Operating
    smallest_bound: float
    target: float | None

    @property
    def guaranteed(self) -> bool:
        """Whether so many cases show, at 95 %, that the rate asked for is kept."""
        return self.target is None or self.operating.bound <= self.target


def collect(searched: Sequence[Searched], progress: Progress | None = None) -> list[Sample]:
    """A sample for each dev case that is searched for as it stands, so for no follow-up and nothing counted."""
    asked = [(each, case) for each in searched for case in each.suite.cases if _is_searched_for(case)]
    samples = []
    for number, (each, case) in enumerate(asked, 1):
        samples.append(_sample(case, each))
        if progress:
            progress("searched", number, len(asked))
    return samples


def fit(
    samples: Sequence[Sample],
    searched: Sequence[Searched],
    features: Sequence[Features],
    target: float | None = FALSE_ANSWER_RATE,
) -> Fit:
    """Fit both models, and choose the threshold out of fold: the lowest that keeps the target rate of false answers.

    Without a target, the one with which the most outcomes are right. Each of `features` whose signals are all
    given by the search is fitted; what is told is of the first, and the others stand by for a search that gives less.

    Raises `CaseError` when there are too few cases of a kind, or the search gives the signals of none.
    """
    _enough(samples)
    first, *others = _measured(samples, features)
    confidence, operating, data = _fitted(samples, first, target)
    return Fit(
        data={
            "version": VERSION,
            **data,
            "otherwise": [_fitted(samples, each, target)[2] for each in others],
            "fitted_on": _fitted_on(samples, searched, confidence, operating, target),
        },
        auroc=auroc(confidence, [sample.case.answerable for sample in samples]) or 0.0,
        auroc_by_tag=_by_tag(samples, confidence),
        operating=operating,
        smallest_bound=upper_bound(0, operating.clusters),
        target=target,
    )


def write(found: Fit, path: Path) -> None:
    """The coefficients as JSON, for the file that `confidence` in the settings names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found.data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def stale(fitted_on: Mapping[str, Any], corpora: Mapping[str, Corpus]) -> tuple[str, ...]:
    """The suites whose notes changed since the coefficients were fitted on them."""
    known = fitted_on.get("corpora", {})
    return tuple(name for name, corpus in corpora.items() if name in known and known[name] != corpus_sha(corpus))


def choose(samples: Sequence[Sample], judged: Sequence[Judgement], target: float) -> Operating:
    """The lowest threshold whose false-answer rate is at most the target: the most answers for what is allowed."""
    candidates = sorted({0.0, *(each.answered for each in judged)})
    points = (operate(samples, judged, each) for each in candidates)
    return next((each for each in points if each.false_answers <= target), operate(samples, judged, NOTHING))


def most_right(samples: Sequence[Sample], judged: Sequence[Judgement]) -> Operating:
    """The middle of the thresholds with which nearly the most outcomes are right, so that no single case decides."""
    candidates = sorted({0.0, *(each.answered for each in judged)})
    right = [_outcomes_right(samples, judged, each) for each in candidates]
    good = [each for each, share in zip(candidates, right, strict=True) if share >= max(right) - EVEN]
    return operate(samples, judged, good[len(good) // 2])


def operate(samples: Sequence[Sample], judged: Sequence[Judgement], threshold: float) -> Operating:
    """What a threshold does."""
    answered = [
        (sample.case, float(each.outcome(threshold) == ANSWERED)) for sample, each in zip(samples, judged, strict=True)
    ]
    good = by_cluster([(case.cluster, value) for case, value in answered if case.answerable])
    bad = by_cluster([(case.cluster, value) for case, value in answered if not case.answerable])
    false_answers = math.fsum(bad.values())
    return Operating(
        threshold=threshold,
        coverage=math.fsum(good.values()) / max(1, len(good)),
        false_answers=false_answers / max(1, len(bad)),
        bound=upper_bound(math.ceil(false_answers - 1e-9), len(bad)),
        clusters=len(bad),
    )


def _outcomes_right(samples: Sequence[Sample], judged: Sequence[Judgement], threshold: float) -> float:
    right = (sample.case.expect == each.outcome(threshold) for sample, each in zip(samples, judged, strict=True))
    return sum(right) / len(samples)


# --- cases -> samples ----------------------------------------------------------------------------


def _is_searched_for(case: Case) -> bool:
    return case.split == "dev" and not case.history and COUNTED not in case.tags


def _sample(case: Case, searched: Searched) -> Sample:
    gold, found = bind(case, searched.corpus), searched.search(case.ask)
    first = next((hit.note.id for hit in found.hits if hit.note.answered), "")
    return Sample(case, found.signals, case.answerable and first in gold.grades)


def _enough(samples: Sequence[Sample]) -> None:
    kinds = {
        "answered": sum(each.right for each in samples),
        "noted and unanswered": sum(each.unanswered for each in samples),
        "not in the notes": sum(each.case.expect == NOT_IN_NOTES for each in samples),
    }
    few = [f"{count} {kind}" for kind, count in kinds.items() if count < FEWEST]
    if few:
        what = f"a fit needs {FEWEST} dev cases of each kind; there are {', '.join(few)}"
        raise CaseError(what, run="assistant eval new")


def _measured(samples: Sequence[Sample], features: Sequence[Features]) -> list[Features]:
    """Those whose signals the search gives for every case."""
    given = set.intersection(*(set(sample.signals) for sample in samples))
    found = [each for each in features if given >= {*each.noted, *each.answered}]
    if not found:
        missing = ", ".join(sorted({*features[-1].noted, *features[-1].answered} - given))
        raise CaseError(f"the search gives no signal {missing}; it gives {', '.join(samples[0].signals)}")
    return found


# --- samples -> models ---------------------------------------------------------------------------


def _fitted(
    samples: Sequence[Sample], features: Features, target: float | None
) -> tuple[list[float], Operating, Mapping[str, Any]]:
    """The confidence in each case out of fold, what the threshold does, and the coefficients."""
    judged = _out_of_fold(samples, features)
    operating = most_right(samples, judged) if target is None else choose(samples, judged, target)
    noted, answered = _models(samples, features)
    data = {
        "noted": {**noted.data(NOTED), "despite_answer": DESPITE_ANSWER},
        "answered": answered.data(operating.threshold),
    }
    return [each.confidence for each in judged], operating, data


def _models(samples: Sequence[Sample], features: Features) -> tuple[Logistic, Logistic]:
    """One model that knows what was noted and never answered, one that knows what of the rest is answered."""
    noted = learn([each.signals for each in samples], [each.unanswered for each in samples], features.noted)
    others = [each for each in samples if not each.unanswered]
    answered = learn([each.signals for each in others], [each.right for each in others], features.answered)
    return noted, answered


def _out_of_fold(samples: Sequence[Sample], features: Features) -> list[Judgement]:
    """What models say of each case that have seen no wording of its cluster."""
    found: dict[int, Judgement] = {}
    for learnt, tried in folds([each.case.cluster for each in samples]):
        noted, answered = _models([samples[at] for at in learnt], features)
        rows = [samples[at].signals for at in tried]
        chances = zip(tried, noted.probabilities(rows), answered.probabilities(rows), strict=True)
        found.update({at: Judgement(one, other) for at, one, other in chances})
    return [found[at] for at in range(len(samples))]


def _fitted_on(
    samples: Sequence[Sample],
    searched: Sequence[Searched],
    confidence: Sequence[float],
    operating: Operating,
    target: float | None,
) -> Mapping[str, Any]:
    return {
        "split": "dev",
        "suites": [each.suite.name for each in searched],
        "corpora": {each.suite.name: corpus_sha(each.corpus) for each in searched},
        "cases_sha": cases_sha(sample.case for sample in samples),
        "cases": len(samples),
        "clusters": len({sample.case.cluster for sample in samples}),
        "auroc": round(auroc(confidence, [sample.case.answerable for sample in samples]) or 0.0, 4),
        "coverage": round(operating.coverage, 4),
        "false_answers": round(operating.false_answers, 4),
        "false_answers_at_most": round(operating.bound, 4),
        "asked_for": "most outcomes right" if target is None else target,
    }


def _by_tag(samples: Sequence[Sample], confidence: Sequence[float]) -> Mapping[str, float]:
    """AUROC of all that is answerable against each kind of question that is not."""
    tags = sorted({tag for sample in samples if not sample.case.answerable for tag in sample.case.tags})
    found = {}
    for tag in tags:
        pairs = [
            (score, sample.case.answerable)
            for sample, score in zip(samples, confidence, strict=True)
            if sample.case.answerable or tag in sample.case.tags
        ]
        value = auroc([score for score, _ in pairs], [good for _, good in pairs])
        found.update({tag: round(value, 4)} if value is not None else {})
    return found
