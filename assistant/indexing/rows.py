"""Notes -> the rows of the store and their vectors, both taken over from the generation before where they can be."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant import passages
from assistant.indexing import records
from assistant.indexing.records import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from assistant.embed import Embedder
    from assistant.indexing.generation import Generation
    from assistant.types import Integers, Matrix, Note, Passage

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Reuse:
    """Rows of unchanged notes as they were, with their notes' positions now; `origin` is where they stood.

    `now` is the position of every note of the generation before, -1 for one that changed, `notes` all the others.
    """

    rows: Rows
    origin: Integers
    notes: frozenset[int]
    now: Integers


def reuse(named: Sequence[Note], before: Generation | None, changed: Mapping[str, bytes]) -> Reuse:
    """What can be taken over from a generation of the same recipe."""
    import numpy as np

    if before is None:
        return Reuse(_rows([], []), np.zeros(0, np.int64), frozenset(), np.zeros(0, np.int64))
    now = _positions_now(named, before, changed)
    moved = now[before.rows.table[:, records.NOTE]]
    origin = np.flatnonzero(moved >= 0)
    rows = before.rows.taken(origin)
    rows.table[:, records.NOTE] = moved[origin]
    return Reuse(rows, origin, frozenset(now[now >= 0].tolist()), now)


def split(named: Sequence[Note], kept: Reuse, fingerprint: str) -> tuple[Rows, list[str]]:
    """The rows of all other notes, and the texts to embed for them."""
    new = [one for number, note in enumerate(named) if number not in kept.notes for one in passages.split(number, note)]
    texts = [passage.text for passage in new]
    return _rows([_row(passage) for passage in new], _hashes(fingerprint, texts)), texts


def embed(
    rows: Rows,
    texts: Sequence[str],
    before: Generation | None,
    embedder: Embedder,
    progress: Callable[[int, int], None],
) -> tuple[Matrix, int]:
    """The vectors of rows, and how many texts had to be embedded: none that was before, and none twice."""
    import numpy as np

    names = _names(rows)
    known = {} if before is None else _rows_by_hash(before.rows, rows)
    missing = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
    old = list(dict.fromkeys(name for name in names if name in known))
    vectors = embedder.embed(list(missing.values()), lambda done: progress(done, len(missing)))
    if before is not None and old:
        vectors = np.concatenate([vectors, before.vectors.vectors([known[name] for name in old])])
    number = {name: row for row, name in enumerate((*missing, *old))}
    return vectors[np.array([number[name] for name in names], dtype=np.int64)], len(missing)


def _positions_now(named: Sequence[Note], before: Generation, changed: Mapping[str, bytes]) -> Integers:
    """For every note of the generation before its position now, -1 when its file changed or is gone."""
    import numpy as np

    now = {(note.place.path, note.place.start): number for number, note in enumerate(named)}
    old = (note.place for note in before.plain_notes)
    return np.array(
        [-1 if place.path in changed else now.get((place.path, place.start), -1) for place in old], np.int64
    )


def _rows_by_hash(rows: Rows, wanted: Rows) -> dict[bytes, int]:
    """The hash of a row -> its number, for every row whose hash begins as one of those that are wanted.

    An edit wants a few hundred of 130,000.
    """
    import numpy as np

    found = np.flatnonzero(np.isin(_beginnings(rows), _beginnings(wanted)))
    return dict(zip(_names(rows.taken(found)), found.tolist(), strict=True))


def _beginnings(rows: Rows) -> Any:
    """The first two bytes of each hash as a number: so few numbers are found in a table."""
    return rows.hashes.view("<u2")[:, 0]


def _names(rows: Rows) -> list[bytes]:
    """The hash of each row as a key."""
    whole = rows.hashes.tobytes()
    return [whole[start : start + records.HASH_BYTES] for start in range(0, len(whole), records.HASH_BYTES)]


def _rows(table: Sequence[tuple[int, ...]], hashes: Sequence[bytes]) -> Rows:
    import numpy as np

    return Rows(
        np.array(table, dtype=np.int32).reshape(-1, records.PLACE + 1),
        np.frombuffer(b"".join(hashes), dtype=np.uint8).reshape(-1, records.HASH_BYTES),
    )


def _row(passage: Passage) -> tuple[int, ...]:
    place = passage.place
    return passage.note, records.KINDS.index(passage.kind), passage.block, place.start, place.end, records.NOWHERE


def _hashes(fingerprint: str, texts: Iterable[str]) -> list[bytes]:
    """What a vector depends on: the model and the text."""
    start = hashlib.sha256(fingerprint.encode() + b"\0")
    digests = []
    for text in texts:
        one = start.copy()
        one.update(text.encode("utf-8", "surrogatepass"))
        digests.append(one.digest()[: records.HASH_BYTES])
    return digests
