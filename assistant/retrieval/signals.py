"""A ranking -> the numbers that tell whether the notes answer the question."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import lexical
from assistant.retrieval import asking, ranking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.retrieval.contest import Contended
    from assistant.retrieval.ranking import Ranking
    from assistant.types import Index, Matrix

BESIDE = 10  # notes, one of which may be about the other thing compared
NO_RIVAL = 0.0  # the score of the next note when there is none


@dataclass(frozen=True, slots=True)
class _Words:
    """The question's content words, each once, with how much each says and whether the best note has it."""

    stems: Sequence[str]
    rarity: Sequence[float]
    salience: Sequence[float]
    held: Sequence[bool]
    known: Sequence[bool]


def signals(
    index: Index,
    question: str,
    contended: Contended,
    opened: tuple[int, float] | None,
    verdict: float | None = None,
) -> dict[str, float]:
    """What speaks for and against an answer; every value is finite, most lie in -1..1.

    `opened` is the nearest question without an answer, as `nearest_unanswered` gives it; `verdict` the log odds
    that the first note answers, which are no signal where nobody judged.
    """
    found, met = contended.ranking, contended.match
    words = _words(index, question, found)
    return {
        **_of_the_best(index, found),
        **_of_the_words(words),
        **_of_the_wording(index, question, found),
        "match_rare": met.rare,
        **_of_the_unanswered(index, words, found, opened),
        **({} if verdict is None else {"verdict": verdict}),
    }


def _words(index: Index, question: str, found: Ranking) -> _Words:
    spelt = list(dict.fromkeys(lexical.content_words(question) or lexical.words(question)))
    stems = [index.words.stem(word) for word in spelt]
    rarity = [index.words.weight(stem) for stem in stems]
    top = int(found.notes[0]) if len(found.notes) else -1
    held = [top >= 0 and index.words.holds(stem, top) for stem in stems]
    return _Words(stems, rarity, [lexical.salience(word) for word in spelt], held, [one < 1.0 for one in rarity])


def _of_the_best(index: Index, found: Ranking) -> dict[str, float]:
    if not len(found.notes):
        return dict.fromkeys(("best_cosine", "text_cosine", "margin"), ranking.ABSENT)
    return {
        "best_cosine": float(found.best_cosine[0]),
        "text_cosine": float(found.cosines["bare"][0]),
        "margin": float(found.scores[0]) - _next_other(index, found),
    }


def _next_other(index: Index, found: Ranking) -> float:
    """The score of the best note that does not say the same as the first one."""
    first = index.notes[int(found.notes[0])].id
    for note, score in zip(found.notes[1:], found.scores[1:], strict=True):
        if index.notes[int(note)].id not in index.same.get(first, ()):
            return float(score)
    return NO_RIVAL


def _of_the_words(words: _Words) -> dict[str, float]:
    missing = [not held for held in words.held]
    unknown = [not known for known in words.known]
    return {
        "coverage": _share(words.rarity, words.held),
        "rarest_missing": _most(words.rarity, missing),
        "salient_missing": _sum(words.salience, missing),
        "salient_unknown": _sum(words.salience, unknown),
        "length": math.log1p(len(words.stems)),
    }


def _of_the_wording(index: Index, question: str, found: Ranking) -> dict[str, float]:
    """What the wording of the question asks for, and whether the best note has it."""
    wanted = asking.asked(question)
    if not len(found.notes):
        return asking.met(wanted, "", "", lambda _: 0.0)
    first = index.notes[int(found.notes[0])]
    return asking.met(wanted, first.question, first.answer, lambda words: _held(index, words, found))


def _held(index: Index, words: str, found: Ranking) -> float:
    """The share of some words that the best note holds, or the title of a note that was found beside it."""
    stems = [index.words.stem(word) for word in lexical.content_words(words)]
    weights = [index.words.weight(stem) for stem in stems]
    titles = (index.words.stems(index.notes[int(note)].question) for note in found.notes[:BESIDE])
    named = max((_share(weights, [stem in title for stem in stems]) for title in titles), default=0.0)
    return max(named, _share(weights, [index.words.holds(stem, int(found.notes[0])) for stem in stems]))


def _of_the_unanswered(index: Index, words: _Words, found: Ranking, best: tuple[int, float] | None) -> dict[str, float]:
    answered = _of_the_best(index, found)["best_cosine"]
    coverage = _share(words.rarity, words.held)
    if best is None:
        return _no_unanswered(answered, coverage)
    position, cosine = best
    asked, title = set(words.stems), index.words.stems(index.notes[position].question)
    shared = _share(words.rarity, [stem in title for stem in words.stems])
    return {
        "unanswered_cosine": cosine,
        "unanswered_gap": cosine - answered,
        "unanswered_coverage": shared,
        "unanswered_coverage_gap": shared - coverage,
        "unanswered_title": _share([index.words.weight(stem) for stem in title], [stem in asked for stem in title]),
    }


def nearest_unanswered(index: Index, stems: Sequence[str], vector: Matrix) -> tuple[int, float] | None:
    """The unanswered question that the words and the vector are nearest to: its position and cosine."""
    notes, cosines = ranking.unanswered(index, vector)
    rarity = [index.words.weight(stem) for stem in stems]

    def nearness(found: tuple[int, float]) -> float:
        title = set(index.words.stems(index.notes[found[0]].question))
        return found[1] + ranking.COVERAGE * _share(rarity, [stem in title for stem in stems])

    pairs = [(int(note), float(cosine)) for note, cosine in zip(notes, cosines, strict=True)]
    return max(pairs, key=nearness, default=None)


def _no_unanswered(answered: float, coverage: float) -> dict[str, float]:
    return {
        "unanswered_cosine": ranking.ABSENT,
        "unanswered_gap": ranking.ABSENT - answered,
        "unanswered_coverage": 0.0,
        "unanswered_coverage_gap": -coverage,
        "unanswered_title": 0.0,
    }


def _sum(weights: Sequence[float], chosen: Sequence[bool]) -> float:
    return sum(weight for weight, is_chosen in zip(weights, chosen, strict=True) if is_chosen)


def _share(weights: Sequence[float], chosen: Sequence[bool]) -> float:
    total = sum(weights)
    return _sum(weights, chosen) / total if total > 0 else 0.0


def _most(weights: Sequence[float], chosen: Sequence[bool]) -> float:
    return max((weight for weight, is_chosen in zip(weights, chosen, strict=True) if is_chosen), default=0.0)
