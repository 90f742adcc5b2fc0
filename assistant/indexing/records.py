"""Notes, loose text and rows <-> the bytes of a generation's files."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.types import PASSAGE_KINDS, Entry, Loose, Note, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from assistant.types import Integers

    Bytes = NDArray[np.uint8]
    Numbers = NDArray[np.int32]

KINDS = PASSAGE_KINDS
TITLE = KINDS.index("title")
NOTE, KIND, BLOCK, START, END, PLACE = range(6)  # the columns of the rows
NOWHERE = -1  # the place of a row whose vector is in no file yet
HASH_BYTES = 16
_COMPACT = json.JSONEncoder(separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Rows:
    """What each row of the store stands for: `table` has the columns above, `hashes` what was embedded.

    PLACE says where the vector stands in the files of vectors, whose vectors are counted through.
    """

    table: Numbers
    hashes: Bytes

    def __len__(self) -> int:
        return len(self.table)

    @property
    def places(self) -> Integers:
        import numpy as np

        return self.table[:, PLACE].astype(np.int64)

    def followed_by(self, others: Rows) -> Rows:
        import numpy as np

        return Rows(np.concatenate([self.table, others.table]), np.concatenate([self.hashes, others.hashes]))

    def taken(self, positions: Any) -> Rows:
        return Rows(self.table[positions], self.hashes[positions])


def notes_to_bytes(notes: Iterable[Note], numbers: Mapping[str, int]) -> bytes:
    """One line a note; `numbers` gives each path its position among the sources."""
    return b"".join(
        _line(
            [
                note.id,
                note.state,
                numbers[note.place.path],
                note.question,
                note.answer,
                note.asked,
                *_span(note.place),
                *_span(note.question_place),
                *_span(note.answer_place),
            ]
        )
        for note in notes
    )


def notes_from_bytes(data: bytes, paths: Sequence[str]) -> tuple[Note, ...]:
    """Raises ValueError, TypeError or IndexError for what `notes_to_bytes` cannot have given."""
    return tuple(
        Note(
            name,
            question,
            answer,
            state,
            Place(paths[source], *spans[:4]),
            Place(paths[source], *spans[4:8]),
            Place(paths[source], *spans[8:12]),
            asked,
        )
        for name, state, source, question, answer, asked, *spans in _lines(data)
    )


def entry(note: Note) -> Entry:
    """The note as it stood in its file, before it had a name."""
    return Entry(note.question, note.answer, note.state, note.place, note.question_place, note.answer_place, note.asked)


def loose_to_bytes(loose: Iterable[Loose], numbers: Mapping[str, int]) -> bytes:
    """One line a piece of text that belongs to no entry."""
    return b"".join(_line([numbers[piece.place.path], piece.text, *_span(piece.place)]) for piece in loose)


def loose_from_bytes(data: bytes, paths: Sequence[str]) -> tuple[Loose, ...]:
    """Raises ValueError, TypeError or IndexError for what `loose_to_bytes` cannot have given."""
    return tuple(Loose(Place(paths[source], *span), text) for source, text, *span in _lines(data))


def array_to_bytes(array: NDArray[Any]) -> bytes:
    """The array in NumPy's own format, which never holds objects here."""
    import numpy as np

    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def rows_from_bytes(table: bytes, hashes: bytes, rows: int) -> Rows:
    """Raises ValueError when the arrays are not of so many rows."""
    import numpy as np

    found = Rows(np.load(io.BytesIO(table), allow_pickle=False), np.load(io.BytesIO(hashes), allow_pickle=False))
    if found.table.shape != (rows, PLACE + 1) or found.hashes.shape != (rows, HASH_BYTES):
        raise ValueError(f"there are rows of shape {found.table.shape} and {found.hashes.shape} where {rows} belong")
    return found


def _span(place: Place) -> tuple[int, int, int, int]:
    return place.first_line, place.last_line, place.start, place.end


def _line(values: list[Any]) -> bytes:
    """ASCII, so that a lone surrogate in a file's name comes back as it was."""
    return _COMPACT.encode(values).encode("ascii") + b"\n"


def _lines(data: bytes) -> list[list[Any]]:
    lines: list[list[Any]] = json.loads(b"[%s]" % b",".join(data.splitlines()))
    return lines
