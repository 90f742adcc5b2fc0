"""A question and its vector -> the notes, best first, with what each of them was judged by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.types import PASSAGE_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from assistant.types import Index, Integers, Matrix, PassageKind

    Floats = NDArray[np.float64]

NEAREST_ROWS = 400  # passages; the notes that they belong to are ranked, exactly, by all their passages
MOST_WORDS = 20  # notes; those with the best BM25 are ranked too, however far their vectors are
ABSENT = -0.2  # the cosine of a passage that a note does not have

# A note's score: its best passage of any kind; what its text says without its title; and its words.
BEST, WINDOW, BARE, COVERAGE = 0.5, 0.25, 0.25, 0.2


@dataclass(frozen=True, slots=True)
class Ranking:
    """The candidate notes, best first: `notes` are positions in `Index.notes`, the arrays run along them.

    `cosines[kind]` is the note's best passage of that kind (-1..1), `coverage` the share of the
    question's words that it holds, weighted by their rarity (0..1), `scores` the fused score.
    `rows` are the rows of the store that were compared and `row_scores` their cosines.
    """

    notes: Integers
    scores: Floats
    cosines: dict[PassageKind, Floats]
    coverage: Floats
    rows: Integers
    row_scores: Matrix

    @property
    def best_cosine(self) -> Floats:
        import numpy as np

        return np.maximum(np.maximum(self.cosines["title"], self.cosines["unit"]), self.cosines["window"])


def rank(index: Index, stems: Sequence[str], vector: Matrix) -> Ranking:
    """The answered notes that may answer, ranked; unanswered ones never stand in an answer's way."""
    candidates = _candidates(index, stems, vector)
    rows = _rows_of(index, candidates)
    row_scores = index.vectors.vectors(rows) @ vector
    cosines = {kind: _best(index, candidates, rows, row_scores, kind) for kind in PASSAGE_KINDS}
    coverage = covered(index, stems, candidates)
    return _ordered(candidates, cosines, coverage, rows, row_scores)


def unanswered(index: Index, vector: Matrix, limit: int = 5) -> tuple[Integers, Matrix]:
    """The questions without an answer whose wording is nearest: positions in `Index.notes` and cosines."""
    rows, scores = index.vectors.search(vector, limit, first=index.answered_rows)
    return index.row_notes[rows], scores


def covered(index: Index, stems: Sequence[str], notes: Sequence[int] | Integers) -> Floats:
    """The share of the question's words that each note holds, weighted by their rarity in the notes."""
    import numpy as np

    weights = np.array([index.words.weight(stem) for stem in stems])
    held = np.array([[index.words.holds(stem, int(note)) for note in notes] for stem in stems], dtype=float)
    return weights @ held / weights.sum() if weights.sum() > 0 else np.zeros(len(notes))


def _candidates(index: Index, stems: Sequence[str], vector: Matrix) -> Integers:
    import numpy as np

    rows, _ = index.vectors.search(vector, NEAREST_ROWS, last=index.answered_rows)
    by_words = index.words.scores(stems)
    best = np.argsort(-by_words, kind="stable")[:MOST_WORDS]
    worded = [note for note in best if by_words[note] > 0 and index.notes[note].answered]
    return np.array(sorted({*index.row_notes[rows].tolist(), *worded}), dtype=np.int64)


def _rows_of(index: Index, notes: Integers) -> Integers:
    """Every row of these notes: the rows of one note stand together, in the order of the notes."""
    import numpy as np

    answered = index.row_notes[: index.answered_rows]
    starts, ends = np.searchsorted(answered, notes, "left"), np.searchsorted(answered, notes, "right")
    runs = [np.arange(start, end) for start, end in zip(starts, ends, strict=True)]
    return np.concatenate(runs) if runs else np.zeros(0, dtype=np.int64)


def _best(index: Index, notes: Integers, rows: Integers, row_scores: Matrix, kind: PassageKind) -> Floats:
    import numpy as np

    of_kind = index.row_kinds[rows] == PASSAGE_KINDS.index(kind)
    best = np.full(len(notes), ABSENT)
    np.maximum.at(best, np.searchsorted(notes, index.row_notes[rows[of_kind]]), row_scores[of_kind])
    return best


def _ordered(
    notes: Integers, cosines: dict[PassageKind, Floats], coverage: Floats, rows: Integers, row_scores: Matrix
) -> Ranking:
    import numpy as np

    best = np.maximum(np.maximum(cosines["title"], cosines["unit"]), cosines["window"])
    scores = BEST * best + WINDOW * cosines["window"] + BARE * cosines["bare"] + COVERAGE * coverage
    order = np.lexsort((notes, -scores.round(6)))  # equal scores in reading order, whatever the machine's last bits
    sorted_cosines = {kind: values[order] for kind, values in cosines.items()}
    return Ranking(notes[order], scores[order], sorted_cosines, coverage[order], rows, row_scores)
