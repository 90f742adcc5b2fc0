"""Notes -> which of them ask the same thing."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.types import Matrix, Note

SAME_TITLE = 0.9
BLOCK = 1024


def find_same(notes: Sequence[Note], title_vectors: Matrix) -> dict[str, tuple[str, ...]]:
    """Note id -> ids of the other notes on the same question, in reading order; row i of the vectors is note i."""
    import numpy as np

    answered = np.array([position for position, note in enumerate(notes) if note.answered], dtype=np.int64)
    vectors = title_vectors[answered]
    same: dict[str, list[str]] = defaultdict(list)
    for start in range(0, len(answered), BLOCK):
        near = np.argwhere(vectors[start : start + BLOCK] @ vectors.T >= SAME_TITLE)
        for one, other in near[near[:, 0] + start != near[:, 1]]:
            same[notes[answered[start + one]].id].append(notes[answered[other]].id)
    return {name: tuple(others) for name, others in same.items()}
