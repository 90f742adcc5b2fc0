"""Dev cases and the signals of their search -> the coefficients of the confidence, with what they were fitted on.

A small logistic model, so that a person can read it: standardised features, balanced classes, and every
number here out of fold, the folds made of whole clusters.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import CaseError
from assistant.evaluation.cases.gold import Corpus, bind
from assistant.evaluation.statistics import auroc, by_cluster, upper_bound
from assistant.evaluation.stored import cases_sha, corpus_sha
from assistant.types import NOTED_UNANSWERED, Found

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from assistant.evaluation.cases.reading import Suite
    from assistant.evaluation.cases.values import Case
    from assistant.evaluation.run import Progress

FOLDS = 5
FEWEST = 20  # cases of either kind, below which a fit says nothing
DIGITS = 6
FALSE_ANSWER_RATE = 0.05


@dataclass(frozen=True, slots=True)
class Searched:
    """A suite, its notes, and a way to search them without writing an answer."""

    suite: Suite
    corpus: Corpus
    search: Callable[[str], Found]


@dataclass(frozen=True, slots=True)
class Sample:
    """One case as the model sees it: `right` when answering it with the first note would be."""

    case: Case
    signals: Mapping[str, float]
    right: bool
    noted: bool


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
    """Coefficients as the retrieval reads them, and how good they are. `smallest_bound` is what no cases can beat."""

    data: Mapping[str, Any]
    auroc: float
    auroc_by_tag: Mapping[str, float]
    operating: Operating
    smallest_bound: float
    target: float

    @property
    def guaranteed(self) -> bool:
        """Whether so many cases show, at 95 %, that the rate asked for is kept."""
        return self.operating.bound <= self.target


def collect(searched: Sequence[Searched], progress: Progress | None = None) -> list[Sample]:
    """A sample for each dev case that stands alone; a follow-up is understood by others than the search."""
    asked = [(each, case) for each in searched for case in each.suite.cases if case.split == "dev" and not case.history]
    samples = []
    for number, (each, case) in enumerate(asked, 1):
        samples.append(_sample(case, each))
        if progress:
            progress("searched", number, len(asked))
    return samples


def fit(
    samples: Sequence[Sample],
    searched: Sequence[Searched],
    features: Sequence[str] | None = None,
    target: float = FALSE_ANSWER_RATE,
) -> Fit:
    """Fit the signals named (default: all of them), and choose the lowest threshold that keeps the target.

    Raises `CaseError` when there are too few cases of either kind, or a signal is not given by the search.
    """
    names = tuple(features) if features else tuple(sorted(samples[0].signals)) if samples else ()
    _enough(samples, names)
    matrix = [[sample.signals[name] for name in names] for sample in samples]
    right = [sample.right for sample in samples]
    clusters = [sample.case.cluster for sample in samples]
    confidence = _out_of_fold(matrix, right, clusters)
    operating = choose(samples, confidence, target)
    return Fit(
        data=_data(names, matrix, right, operating, _fitted_on(samples, searched, confidence, operating, target)),
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


def choose(samples: Sequence[Sample], confidence: Sequence[float], target: float) -> Operating:
    """The lowest threshold whose false-answer rate is at most the target: the most answers for what is allowed."""
    candidates = sorted({0.0, *confidence})
    points = (operate(samples, confidence, each) for each in candidates)
    above = math.nextafter(max(confidence, default=1.0), 2.0)
    return next((each for each in points if each.false_answers <= target), operate(samples, confidence, above))


def operate(samples: Sequence[Sample], confidence: Sequence[float], threshold: float) -> Operating:
    """What a threshold does; what is found to be noted without an answer is never answered."""
    answered = [
        (sample.case, float(score >= threshold and not sample.noted))
        for sample, score in zip(samples, confidence, strict=True)
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


# --- cases -> samples ----------------------------------------------------------------------------


def _sample(case: Case, searched: Searched) -> Sample:
    gold, found = bind(case, searched.corpus), searched.search(case.ask)
    first = found.hits[0].note.id if found.hits else ""
    noted = found.status == NOTED_UNANSWERED
    return Sample(case, found.signals, case.answerable and first in gold.grades and not noted, noted)


def _enough(samples: Sequence[Sample], names: Sequence[str]) -> None:
    right = sum(sample.right for sample in samples)
    if min(right, len(samples) - right) < FEWEST:
        what = f"a fit needs {FEWEST} dev cases of either kind; there are {right} right and {len(samples) - right} not"
        raise CaseError(what, run="assistant eval new")
    missing = sorted({name for sample in samples for name in names if name not in sample.signals})
    if missing:
        raise CaseError(f"the search gives no signal {', '.join(missing)}; it gives {', '.join(samples[0].signals)}")


# --- the model -----------------------------------------------------------------------------------


def _out_of_fold(matrix: Sequence[Sequence[float]], right: Sequence[bool], clusters: Sequence[str]) -> list[float]:
    """The confidence of each case by a model that has seen no wording of its cluster."""
    import numpy as np
    from sklearn.model_selection import GroupKFold

    data, truth = np.asarray(matrix, dtype=float), np.asarray(right)
    found = np.zeros(len(truth))
    for learnt, tried in GroupKFold(min(FOLDS, len(set(clusters)))).split(data, truth, np.asarray(clusters)):
        mean, scale, model = _model(data[learnt], truth[learnt])
        found[tried] = model.predict_proba((data[tried] - mean) / scale)[:, 1]
    return [round(float(each), DIGITS) for each in found]


def _model(data: Any, truth: Any) -> tuple[Any, Any, Any]:
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    mean, scale = data.mean(axis=0), data.std(axis=0)
    scale = np.where(scale == 0, 1.0, scale)
    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000, tol=1e-8)
    model.fit((data - mean) / scale, truth)
    return mean, scale, model


def _data(
    names: Sequence[str],
    matrix: Sequence[Sequence[float]],
    right: Sequence[bool],
    operating: Operating,
    fitted_on: Mapping[str, Any],
) -> Mapping[str, Any]:
    import numpy as np

    mean, scale, model = _model(np.asarray(matrix, dtype=float), np.asarray(right))
    return {
        "features": list(names),
        "mean": _rounded(mean),
        "scale": _rounded(scale),
        "weights": _rounded(model.coef_[0]),
        "intercept": round(float(model.intercept_[0]), DIGITS),
        "threshold": round(operating.threshold, DIGITS),
        "fitted_on": fitted_on,
    }


def _fitted_on(
    samples: Sequence[Sample],
    searched: Sequence[Searched],
    confidence: Sequence[float],
    operating: Operating,
    target: float,
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
        "asked_for": target,
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


def _rounded(values: Any) -> list[float]:
    return [round(float(each), DIGITS) for each in values]
