"""Rows of before, rows that are new -> all rows in order: vectors stay in the files that they are in, or are written.

An index of 10,000 notes has 200 MB of vectors: an edit writes those of what it changed into a file of their own.
Small files and those whose rows are gone are taken into it, so that files stay few and hold little that is dead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.indexing import records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.indexing.generation import Generation
    from assistant.indexing.manifest import Part
    from assistant.indexing.records import Rows
    from assistant.indexing.rows import Reuse
    from assistant.types import Integers, Matrix

FEW = 10_000  # rows; to write so many again (15 MB) takes no longer than everything else about an edit


@dataclass(frozen=True, slots=True)
class Placed:
    """Every row with its place: first in the files that are kept, then in one that `vectors` are to be written to."""

    rows: Rows
    kept: tuple[Part, ...]
    vectors: Matrix


def place(taken: Reuse, before: Generation | None, new: tuple[Rows, Matrix], answered: Sequence[bool]) -> Placed:
    """Answered notes' rows first, notes in their order, the rows of a note as they were split."""
    import numpy as np

    rows = taken.rows.followed_by(new[0])
    of = rows.table[:, records.NOTE]
    order = np.lexsort((of, ~np.array(answered, dtype=bool)[of]))
    rows = rows.taken(order)
    parts = () if before is None else before.manifest.parts
    part_of = _part_of(parts, rows.places)
    kept = _kept(parts, part_of)
    written = np.flatnonzero(~np.isin(part_of, kept))
    rows.table[:, records.PLACE] = _places(parts, kept, rows.places, part_of)
    return Placed(rows, tuple(parts[number] for number in kept), _vectors(order[written], taken, before, new[1]))


def _part_of(parts: Sequence[Part], places: Integers) -> Integers:
    """The number of the file that each place is in, NOWHERE for the places of new rows."""
    import numpy as np

    ends = np.cumsum([part.rows for part in parts], dtype=np.int64)
    return np.where(places == records.NOWHERE, records.NOWHERE, np.searchsorted(ends, places, "right"))


def _kept(parts: Sequence[Part], part_of: Integers) -> list[int]:
    """The files to leave as they are: large, larger by far than what is written, and mostly still in use."""
    import numpy as np

    used = np.bincount(part_of[part_of >= 0], minlength=len(parts))
    written = int((part_of == records.NOWHERE).sum())
    kept = []
    for number in np.argsort(used, kind="stable").tolist():
        if used[number] < max(FEW, 2 * written, parts[number].rows / 2):
            written += int(used[number])
        else:
            kept.append(number)
    return sorted(kept)


def _places(parts: Sequence[Part], kept: Sequence[int], places: Integers, part_of: Integers) -> Integers:
    """Where the vectors of the rows stand when only the kept files are there, and those of all others follow them."""
    import numpy as np

    sizes = np.array([part.rows for part in parts], dtype=np.int64)
    now_sizes = np.where(np.isin(np.arange(len(parts)), kept), sizes, 0)
    moved = np.cumsum(now_sizes) - now_sizes - (np.cumsum(sizes) - sizes)
    stays = np.isin(part_of, kept)
    now = np.empty(len(places), dtype=np.int64)
    now[stays] = places[stays] + moved[part_of[stays]]
    now[~stays] = now_sizes.sum() + np.arange((~stays).sum())
    return now


def _vectors(wanted: Integers, taken: Reuse, before: Generation | None, new: Matrix) -> Matrix:
    """The vectors of these rows, which are counted through those that were taken over and those that are new."""
    import numpy as np

    is_old = wanted < len(taken.origin)
    if before is None or not is_old.any():
        return new[wanted - len(taken.origin)]
    vectors = np.concatenate([before.vectors.vectors(taken.origin[wanted[is_old]]), new])
    return vectors[np.where(is_old, np.cumsum(is_old) - 1, wanted - len(taken.origin) + is_old.sum())]
