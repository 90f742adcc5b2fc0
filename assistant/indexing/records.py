"""Notes, loose text and rows <-> the bytes of a generation's files."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.types import PASSAGE_KINDS, Loose, Note, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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


def notes_to_bytes(notes: Iterable[Note], numbers: Mapping[str, int], known: Mapping[int, bytes]) -> bytes:
    """One line a note; `numbers` gives each path its position among the sources, `known` lines that are as before."""
    return b"".join(
        known[position] + b"\n" if position in known else _line(_note_values(note, numbers))
        for position, note in enumerate(notes)
    )


def _note_values(note: Note, numbers: Mapping[str, int]) -> list[Any]:
    return [
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


class Notes:
    """The notes that `notes_to_bytes` was given, each made from its line when it is asked for.

    Of 10,000 notes a question asks for a few dozen, and to make them all takes longer than to find the answer.
    Reading raises ValueError, TypeError or IndexError for other bytes.
    """

    def __init__(self, data: bytes, paths: Sequence[str]) -> None:
        self.lines = data.splitlines()
        self._paths = paths

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, position: int) -> Note:
        return self._note(json.loads(self.lines[position]))

    def __iter__(self) -> Iterator[Note]:
        return iter(self._all)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Notes | tuple) and self._all == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all)

    @cached_property
    def _all(self) -> tuple[Note, ...]:
        return tuple(self._note(line) for line in _parsed(self.lines))

    def _note(self, line: list[Any]) -> Note:
        name, state, source, question, answer, asked, *spans = line
        path = self._paths[source]
        places = Place(path, *spans[:4]), Place(path, *spans[4:8]), Place(path, *spans[8:12])
        return Note(name, question, answer, state, *places, asked)


def loose_to_bytes(loose: Iterable[Loose], numbers: Mapping[str, int]) -> bytes:
    """One line a piece of text that belongs to no entry."""
    return b"".join(_line([numbers[piece.place.path], piece.text, *_span(piece.place)]) for piece in loose)


def loose_from_bytes(data: bytes, paths: Sequence[str]) -> tuple[Loose, ...]:
    """Raises ValueError, TypeError or IndexError for what `loose_to_bytes` cannot have given."""
    return tuple(Loose(Place(paths[source], *span), text) for source, text, *span in _parsed(data.splitlines()))


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


def _parsed(lines: Iterable[bytes]) -> list[list[Any]]:
    """All of them at once: one by one it would take half as long again."""
    found: list[list[Any]] = json.loads(b"[%s]" % b",".join(lines))
    return found
