"""A case's gold and an answer's hits -> how well the right notes were ranked, each a number from 0 to 1.

Alternatives (`any_of`) are one need: the first of them counts, the others are left out of the ranking,
so that showing a duplicate neither helps nor hurts. Where each note is needed (`all_of`) each counts.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.evaluation.cases.gold import Gold, Span
    from assistant.types import Answer, Block, Hit

EVIDENCE_BLOCKS = 5  # as many blocks as a person reads, or a model is given


def ranking(gold: Gold, answer: Answer) -> list[str]:
    """The ids of the notes found, best first, each once, alternatives as the first of them."""
    alternatives = set() if gold.case.every else set(gold.grades)
    one = next((hit.note.id for hit in answer.hits if hit.note.id in alternatives), None)
    found = dict.fromkeys(hit.note.id for hit in answer.hits)
    return [note for note in found if note not in alternatives or note == one]


def grades(gold: Gold, answer: Answer) -> Mapping[str, int]:
    """The grade of each relevant note, alternatives as the one that `ranking` keeps."""
    if gold.case.every or not gold.grades:
        return gold.grades
    found = next((hit.note.id for hit in answer.hits if hit.note.id in gold.grades), None)
    best = max(gold.grades.values())
    return (
        {found: gold.grades[found], **_better(best, gold.grades[found])} if found else {next(iter(gold.grades)): best}
    )


def _better(best: int, found: int) -> Mapping[str, int]:
    """A better alternative that was passed over still stands in the ideal ranking."""
    return {} if found >= best else {"": best}


def success(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """1 when a relevant note is among the first k."""
    return float(any(relevant.get(note, 0) > 0 for note in ranked[:k]))


def reciprocal_rank(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """1 / the rank of the first relevant note among the first k, else 0."""
    return next((1 / rank for rank, note in enumerate(ranked[:k], 1) if relevant.get(note, 0) > 0), 0.0)


def recall(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """The share of the relevant notes among the first k."""
    wanted = {note for note, grade in relevant.items() if grade > 0}
    return len(wanted & set(ranked[:k])) / len(wanted) if wanted else 0.0


def ndcg(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """The grades gained, discounted by the logarithm of the rank, against the best order there is."""
    ideal = _gain(sorted(relevant.values(), reverse=True)[:k])
    return _gain([relevant.get(note, 0) for note in ranked[:k]]) / ideal if ideal else 0.0


def _gain(found: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(found, 1))


# --- the metrics ---------------------------------------------------------------------------------


def hit_at(k: int, gold: Gold, answer: Answer) -> float:
    """hit@k."""
    return success(ranking(gold, answer), grades(gold, answer), k)


def mrr_at_10(gold: Gold, answer: Answer) -> float:
    """RR@10."""
    return reciprocal_rank(ranking(gold, answer), grades(gold, answer), 10)


def ndcg_at_10(gold: Gold, answer: Answer) -> float:
    """nDCG@10."""
    return ndcg(ranking(gold, answer), grades(gold, answer), 10)


def recall_at_5(gold: Gold, answer: Answer) -> float:
    """R@5; of alternatives one is all."""
    relevant = grades(gold, answer)
    return recall(ranking(gold, answer), relevant if gold.case.every else _one(relevant), 5)


def _one(relevant: Mapping[str, int]) -> Mapping[str, int]:
    return dict(list(relevant.items())[:1])


def evidence_recall(gold: Gold, answer: Answer) -> float | None:
    """The share of the gold characters inside the best blocks found: the same however the notes are cut up."""
    if not gold.groups:
        return None
    found = _characters(gold, answer.hits)
    return max(_share(group, found) for group in gold.groups)


def _share(group: Sequence[Span], found: Mapping[str, set[int]]) -> float:
    wanted = {(span.path, at) for span in group for at in range(span.start, span.end)}
    return sum(at in found.get(path, set()) for path, at in wanted) / len(wanted)


def _characters(gold: Gold, hits: Sequence[Hit]) -> Mapping[str, set[int]]:
    """The characters of the best blocks with the headings above them, by path."""
    scored = [(unit.score, rank, hit, unit.block) for rank, hit in enumerate(hits) for unit in hit.units]
    best = sorted(scored, key=lambda found: (-found[0], found[1], found[3]))[:EVIDENCE_BLOCKS]
    found: dict[str, set[int]] = {}
    for _, _, hit, number in best:
        for block in _with_headings(gold.corpus.blocks(hit.note), number):
            found.setdefault(block.place.path, set()).update(range(block.place.start, block.place.end))
    return found


def _with_headings(blocks: Sequence[Block], number: int) -> list[Block]:
    chain: list[Block] = []
    while 0 <= number < len(blocks):
        chain.append(blocks[number])
        number = blocks[number].parent
    return chain
