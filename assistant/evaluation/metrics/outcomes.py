"""A case's gold and an answer -> whether it answered or refused as it should, and is right as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.evaluation.metrics import answers, citations, retrieval
from assistant.types import ANSWERED, Answer

if TYPE_CHECKING:
    from assistant.evaluation.cases.gold import Gold

HALF = 0.5  # of the vital facts: an answer with less is a mistake


def intact(gold: Gold, _: Answer) -> float:
    """1 when the notes still hold what the case rests on."""
    return float(not gold.problems)


def outcome(gold: Gold, answer: Answer) -> float:
    """1 when the outcome is the one expected, of three."""
    return float(answer.status == gold.case.expect)


def false_answer(gold: Gold, answer: Answer) -> float | None:
    """1 when a question that the notes do not answer was answered."""
    return None if gold.case.answerable else float(answer.status == ANSWERED)


def over_abstention(gold: Gold, answer: Answer) -> float | None:
    """1 when a question that the notes do answer was not."""
    return float(answer.status != ANSWERED) if gold.case.answerable else None


def wrong(gold: Gold, answer: Answer) -> bool:
    """Whether answering was a mistake: nothing to say, another note first, or half of the vital facts missing."""
    if not gold.case.answerable:
        return True
    said = _all_said(gold, answer)
    return retrieval.hit_at(1, gold, answer) == 0 or (said is not None and said < HALF)


def passed(gold: Gold, answer: Answer) -> float:
    """1 when all of it is right: outcome, first note, vital facts, citations, length, nothing forbidden."""
    return float(not faults(gold, answer))


def faults(gold: Gold, answer: Answer) -> tuple[str, ...]:
    """What is wrong with an answer, in words; empty when nothing is."""
    found = [*gold.problems]
    if answer.status != gold.case.expect:
        found.append(f"{answer.status} instead of {gold.case.expect}")
    elif gold.grades and retrieval.hit_at(1, gold, answer) == 0:
        found.append("another note came first")
    elif answer.status == ANSWERED:
        found.extend(
            f"“{nugget.say}” is not said"
            for nugget in gold.case.nuggets
            if nugget.vital and not answers.holds(nugget, answer)
        )
        found.extend(["longer than allowed"] if answers.within_length(gold, answer) == 0 else [])
    found.extend(f"“{phrase}” is said" for phrase in answers.said(gold, answer))
    found.extend(["a citation does not hold"] if citations.validity(gold, answer) < 1 else [])
    return tuple(found)


def _all_said(gold: Gold, answer: Answer) -> float | None:
    return answers.nugget_recall(gold, answer, vital=True)
