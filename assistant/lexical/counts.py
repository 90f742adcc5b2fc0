"""The words of notes -> how often each note uses each word, kept so that an edit is counted alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

NOTE_BITS = 32
TITLE_WEIGHT = 2  # the question line says what an entry is about: its words count twice


@dataclass(frozen=True, slots=True)
class Document:
    """The words of one note, in reading order."""

    title: tuple[str, ...]
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """A sparse matrix, a column a word in the order of the alphabet.

    The word at position i stands `times[starts[i]:starts[i+1]]` times in those `notes`, which ascend.
    """

    words: tuple[str, ...]
    starts: NDArray[np.int64]
    notes: NDArray[np.int32]
    times: NDArray[np.int32]

    def column(self, position: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        start, end = self.starts[position], self.starts[position + 1]
        return self.notes[start:end], self.times[start:end]

    def together(self, positions: Sequence[int]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The notes that hold any of these words, ascending, and how often each of them does."""
        import numpy as np

        found = [self.column(position) for position in positions] or [(self.notes[:0], self.times[:0])]
        notes, places = np.unique(np.concatenate([notes for notes, _ in found]), return_inverse=True)
        times = np.bincount(places, weights=np.concatenate([times for _, times in found]))
        return notes, times.astype(np.float64)

    def after(self, now: Integers, new: Counts) -> Counts:
        """These counts when each note stands where `now` says (-1: it is gone), and others with new ones came."""
        import numpy as np

        notes = now[self.notes]
        kept = notes >= 0
        return _sorted(
            (*self.words, *new.words),
            np.concatenate([_columns(self)[kept], len(self.words) + _columns(new)]),
            np.concatenate([notes[kept].astype(np.int32), new.notes]),
            np.concatenate([self.times[kept], new.times]),
        )


def count(documents: Mapping[int, Document]) -> Counts:
    """The counts of notes by their positions."""
    import numpy as np

    number: dict[str, int] = {}
    found = [
        (number.setdefault(word, len(number)), note, times)
        for note, document in documents.items()
        for word, times in Counter((*TITLE_WEIGHT * document.title, *document.body)).items()
    ]
    columns, notes, times = np.array(found, dtype=np.int64).reshape(-1, 3).T
    return _sorted(tuple(number), columns, notes.astype(np.int32), times.astype(np.int32))


def _columns(counts: Counts) -> Integers:
    """The column of each number."""
    import numpy as np

    return np.repeat(np.arange(len(counts.words)), np.diff(counts.starts))


def _sorted(words: Sequence[str], columns: Integers, notes: NDArray[np.int32], times: NDArray[np.int32]) -> Counts:
    """The matrix of numbers in any order; `words` may name one twice, or one without a number."""
    import numpy as np

    used = sorted({words[column] for column in np.bincount(columns).nonzero()[0].tolist()})
    position = {word: column for column, word in enumerate(used)}
    ordered = np.array([position.get(word, -1) for word in words], dtype=np.int64)[columns]
    key = (ordered << NOTE_BITS) | notes
    order = np.argsort(key, kind="stable")  # quick where most are in order already, as they are after an edit
    starts = np.searchsorted(ordered[order], np.arange(len(used) + 1))
    return Counts(tuple(used), starts, notes[order], times[order])
