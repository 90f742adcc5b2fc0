"""Stores and the places of rows in them -> one store, whose rows come in an order of their own.

So an edit writes the vectors of what changed into a small store beside the large one, and leaves that as it is.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from assistant.store.stores import Store
    from assistant.types import Integers, Matrix

NO_ROW = -1


class Joined:
    """Row i stands at `places[i]` of the parts, whose rows are counted through; a place without a row is never found.

    Raises ValueError when two rows stand at one place, or one at none.
    """

    def __init__(self, parts: Sequence[Store], places: Integers) -> None:
        self.parts = tuple(parts)
        self._places = places
        ends = list(accumulate(len(part) for part in self.parts))
        self._starts = [0, *ends[:-1]]
        self._rows = _rows_at(places, ends[-1])

    @classmethod
    def of(cls, part: Store) -> Joined:
        """A store as it is."""
        import numpy as np

        return cls([part], np.arange(len(part)))

    @property
    def dimension(self) -> int:
        return self.parts[0].dimension

    def __len__(self) -> int:
        return len(self._places)

    def search(self, vector: Matrix, limit: int, first: int = 0, last: int | None = None) -> tuple[Integers, Matrix]:
        """The best rows among first..last (end-exclusive) by inner product, best first, ties by row.

        Fewer than `limit` when there are not so many. Raises ValueError for a vector of another shape or
        with numbers that are not finite.
        """
        import numpy as np

        end = len(self) if last is None else last
        rows, scores = [], []
        for start, part in zip(self._starts, self.parts, strict=True):
            row_of = self._rows[start : start + len(part)]
            places, found = part.nearest(vector, limit, (row_of >= max(first, 0)) & (row_of < end))
            rows.append(row_of[places])
            scores.append(found)
        return _ranked(np.concatenate(rows), np.concatenate(scores), max(limit, 0))

    def vectors(self, rows: Sequence[int] | Integers | None = None) -> Matrix:
        """The vectors of these rows, or of all, in that order: a copy."""
        import numpy as np

        places = self._places if rows is None else self._places[np.asarray(rows, dtype=np.int64)]
        part_of = np.searchsorted(self._starts, places, "right") - 1
        most = int(np.bincount(part_of, minlength=1).argmax())
        found = self._at(np.where(part_of == most, places, self._starts[most]), most)  # the others are put in its copy
        for number in np.unique(part_of[part_of != most]).tolist():
            found[part_of == number] = self._at(places[part_of == number], number)
        return found

    def _at(self, places: Integers, part: int) -> Matrix:
        return self.parts[part].vectors(places - self._starts[part])


def _rows_at(places: Integers, size: int) -> Integers:
    """The row that stands at each place, NO_ROW where none does."""
    import numpy as np

    if len(places) and not 0 <= places.min() <= places.max() < size:
        raise ValueError("there are rows at places that are not there")
    if np.bincount(places, minlength=1).max() > 1:
        raise ValueError("two rows stand at the same place")
    rows = np.full(size, NO_ROW, dtype=np.int64)
    rows[places] = np.arange(len(places))
    return rows


def _ranked(rows: Integers, scores: NDArray[np.float32], limit: int) -> tuple[Integers, Matrix]:
    """Best first, ties by row."""
    import numpy as np

    order = np.lexsort((rows, -scores))[:limit]
    return rows[order], scores[order]
