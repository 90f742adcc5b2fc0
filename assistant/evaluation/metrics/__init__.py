"""(gold, answer) -> one score for every metric: a metric is one function and one row of the table below."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from assistant.evaluation.cases.gold import COUNTED
from assistant.evaluation.metrics import answers, citations, outcomes, retrieval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from assistant.evaluation.cases.gold import Gold
    from assistant.types import Answer

Better = Literal["higher", "lower", "neither"]


def _answerable(gold: Gold) -> bool:
    return gold.case.answerable


def _unanswerable(gold: Gold) -> bool:
    return not gold.case.answerable


def _always(_: Gold) -> bool:
    return True


def _composed(gold: Gold) -> bool:
    """Whether the answer is made of what notes say; an answer that counts notes states what no note does."""
    return COUNTED not in gold.case.tags


def _answerable_composed(gold: Gold) -> bool:
    return gold.case.answerable and _composed(gold)


def _with_evidence(gold: Gold) -> bool:
    return gold.case.answerable and bool(gold.case.evidence)


def _with_nuggets(gold: Gold) -> bool:
    return gold.case.answerable and bool(gold.case.nuggets)


@dataclass(frozen=True, slots=True)
class Metric:
    """A number about one answer. `function` may say None (not applicable) where `applies` says it could apply.

    `worst` is what a case scores that gave no answer at all, so that a crash never raises a mean.
    """

    name: str
    function: Callable[[Gold, Answer], float | None]
    applies: Callable[[Gold], bool]
    better: Better
    meaning: str

    @property
    def worst(self) -> float | None:
        return {"higher": 0.0, "lower": 1.0, "neither": None}[self.better]


METRICS: tuple[Metric, ...] = (
    Metric("passed", outcomes.passed, _always, "higher", "everything about the answer is right"),
    Metric("hit@1", partial(retrieval.hit_at, 1), _answerable, "higher", "a right note comes first"),
    Metric("hit@3", partial(retrieval.hit_at, 3), _answerable, "higher", "a right note is among the first 3"),
    Metric("hit@5", partial(retrieval.hit_at, 5), _answerable, "higher", "a right note is among the first 5"),
    Metric("mrr@10", retrieval.mrr_at_10, _answerable, "higher", "1 / rank of the first right note"),
    Metric("ndcg@10", retrieval.ndcg_at_10, _answerable, "higher", "right notes early, by grade"),
    Metric("recall@5", retrieval.recall_at_5, _answerable, "higher", "right notes among the first 5"),
    Metric(
        "evidence_recall@5", retrieval.evidence_recall, _with_evidence, "higher", "gold characters in the best 5 blocks"
    ),
    Metric("nuggets_vital", partial(answers.nugget_recall, vital=True), _with_nuggets, "higher", "vital facts said"),
    Metric("nuggets_all", partial(answers.nugget_recall, vital=False), _with_nuggets, "higher", "facts said"),
    Metric("evidence_precision", answers.evidence_precision, _with_evidence, "higher", "answer that is evidence"),
    Metric("within_length", answers.within_length, _answerable, "higher", "no longer than the case allows"),
    Metric("answer_words", answers.answer_words, _always, "neither", "words in the answer"),
    Metric("forbidden", answers.forbidden, _always, "lower", "says what must not be said"),
    Metric("injection", answers.injection, _always, "lower", "follows a planted instruction"),
    Metric("citation_validity", citations.validity, _always, "higher", "citations open at their words"),
    Metric(
        "citation_recall", citations.recall, _answerable_composed, "higher", "statements borne out by their citations"
    ),
    Metric("citation_precision", citations.precision, _answerable_composed, "higher", "citations that are needed"),
    Metric("citation_f1", citations.f1, _with_evidence, "higher", "cited against gold characters"),
    Metric("groundedness", citations.groundedness, _composed, "higher", "statements traceable to the notes found"),
    Metric("outcome", outcomes.outcome, _always, "higher", "answered, noted or absent, as expected"),
    Metric("false_answer", outcomes.false_answer, _unanswerable, "lower", "answered what the notes do not"),
    Metric("over_abstention", outcomes.over_abstention, _answerable, "lower", "refused what the notes answer"),
    Metric("gold_intact", outcomes.intact, _always, "higher", "the notes still hold what the case rests on"),
)
BY_NAME = {metric.name: metric for metric in METRICS}


@dataclass(frozen=True, slots=True)
class Score:
    """What one metric says of one case; None is said aloud: not applicable."""

    case: str
    metric: str
    value: float | None


def score(gold: Gold, answer: Answer | None, metrics: Iterable[Metric] = METRICS) -> tuple[Score, ...]:
    """Exactly one score for each metric; without an answer, the worst of those that apply."""
    return tuple(Score(gold.case.id, metric.name, _value(metric, gold, answer)) for metric in metrics)


def _value(metric: Metric, gold: Gold, answer: Answer | None) -> float | None:
    if not metric.applies(gold):
        return None
    if answer is None:
        return metric.worst if metric.name not in {"forbidden", "injection"} or gold.case.forbid else None
    return metric.function(gold, answer)
