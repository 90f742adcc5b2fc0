"""A ranking -> the same with its first places fought out, word piece by word piece."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant import passages
from assistant.retrieval.matching import NO_MATCH, Match, match, rarity
from assistant.types import PASSAGE_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.retrieval.ranking import Floats, Ranking
    from assistant.types import Index, Integers, Pieces

    Read = Callable[[Sequence[str]], list[Pieces]]

CONTENDERS = 3  # notes
WITHIN = 0.15  # of the first score: what is further behind never wins
WINDOW = PASSAGE_KINDS.index("window")


@dataclass(frozen=True, slots=True)
class Contended:
    """The ranking by half its score and half the match, and how the first note meets the question.

    A note that did not contend counts as matching like the weakest that did, so it stays behind them.
    `window` is the text of the first note that is nearest to the question; None where no note was found.
    """

    ranking: Ranking
    match: Match
    window: str | None


def contest(index: Index, question: str, found: Ranking, read: Read) -> Contended:
    """Read the best window of each contender and put them in the order of how well they match."""
    import numpy as np

    behind = found.scores[:1] - found.scores[:CONTENDERS]
    contenders = int((behind <= WITHIN).sum())
    if not contenders:
        return Contended(found, NO_MATCH, None)
    (asked,) = read([question])
    windows = [_best_window(index, found, int(note)) for note in found.notes[:contenders]]
    matches = [match(question, asked, window, rarity(index.words)) for window in read(windows)]
    salient = np.array([each.salient for each in matches])
    every = np.full(len(found.notes), salient.min())
    every[:contenders] = salient
    scores = (found.scores + every) / 2
    order = np.lexsort((found.notes, -scores.round(6)))
    return Contended(_reordered(found, scores, order), matches[order[0]], windows[order[0]])


def _best_window(index: Index, found: Ranking, note: int) -> str:
    """The window of a note that is nearest to the question, as the model reads it."""
    ours = (index.row_notes[found.rows] == note) & (index.row_kinds[found.rows] == WINDOW)
    rows, scores = found.rows[ours], found.row_scores[ours]
    start, end = index.row_spans[rows[scores.argmax()]]
    return passages.window_text(index.notes[note], int(start), int(end))


def _reordered(found: Ranking, scores: Floats, order: Integers) -> Ranking:
    return replace(
        found,
        notes=found.notes[order],
        scores=scores[order],
        cosines={kind: values[order] for kind, values in found.cosines.items()},
        coverage=found.coverage[order],
    )
