"""Vectors -> a store that finds the nearest of them, in one of the ways of the table."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Protocol, Self

from assistant.errors import IndexForeignError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from assistant.types import Integers, Matrix

LENGTH_TOLERANCE = 1e-2
ROWS_AT, COUNT = 8, 8  # where a flat index's file says how many rows it has; the numbers of its data stand before them


class Store(Protocol):
    """What every row of STORES can do."""

    @classmethod
    def prepare(cls) -> None:
        """Load the libraries that it needs."""
        ...

    @classmethod
    def from_vectors(cls, vectors: Matrix) -> Self:
        """Keep rows of length 1, shape (rows, dimension). Raises ValueError for any other."""
        ...

    @classmethod
    def from_bytes(cls, data: bytes | memoryview, rows: int, dimension: int) -> Self:
        """What `to_bytes` gave. Raises ValueError when it does not hold so many such vectors."""
        ...

    def to_bytes(self) -> memoryview: ...

    @property
    def dimension(self) -> int: ...

    def __len__(self) -> int: ...

    def nearest(self, vector: Matrix, limit: int, among: NDArray[np.bool_]) -> tuple[Integers, Matrix]:
        """The `limit` best rows of those marked, by inner product, and every row as good as the last; in any order.

        Raises ValueError for a vector of another shape or with numbers that are not finite.
        """
        ...

    def vectors(self, rows: Integers) -> Matrix:
        """The vectors of these rows, in that order."""
        ...


class _Rows:
    """Vectors as the rows of one array."""

    @classmethod
    def prepare(cls) -> None:
        import numpy as np  # noqa: F401 - slow to load

    def __init__(self, vectors: Matrix) -> None:
        self._vectors = vectors

    def __len__(self) -> int:
        return len(self._vectors)

    @property
    def dimension(self) -> int:
        return int(self._vectors.shape[1])

    def vectors(self, rows: Integers) -> Matrix:
        return self._vectors[rows]


class FaissStore(_Rows):
    """Exact inner product over a flat FAISS index, which reads the bytes of its file where they lie."""

    def __init__(self, vectors: Matrix, index: Any = None, reader: Any = None) -> None:
        super().__init__(vectors)
        self._opened = index
        self._reader = reader

    @classmethod
    def prepare(cls) -> None:
        import faiss  # noqa: F401 - slow to load

    @property
    def _index(self) -> Any:
        """The index, which has a copy of the vectors: made when it is searched, not when it is only written."""
        import faiss

        if self._opened is None:
            index = faiss.IndexFlatIP(self._vectors.shape[1])
            index.add(self._vectors)
            self._opened = index
        return self._opened

    @classmethod
    def from_vectors(cls, vectors: Matrix) -> FaissStore:
        import numpy as np

        return cls(np.ascontiguousarray(_checked(vectors), dtype=np.float32))

    @classmethod
    def from_bytes(cls, data: bytes | memoryview, rows: int, dimension: int) -> FaissStore:
        import faiss
        import numpy as np

        buffer = np.frombuffer(data, dtype=np.uint8)
        reader = faiss.ZeroCopyIOReader(faiss.swig_ptr(buffer), buffer.size)  # type: ignore[attr-defined]
        try:
            index = faiss.read_index(reader)
        except (RuntimeError, MemoryError) as error:
            raise ValueError("the vectors cannot be read") from error
        if type(index) is not faiss.IndexFlatIP:
            raise ValueError("the vectors are of another kind of index")
        _same_shape((index.ntotal, index.d), rows, dimension)
        return cls(_checked(_lent(index, buffer)), index, reader)

    def to_bytes(self) -> memoryview:
        """The bytes of FAISS's own `serialize_index`, which would copy the vectors four times."""
        import faiss
        import numpy as np

        rows, dimension = self._vectors.shape
        head: Any = faiss.serialize_index(faiss.IndexFlatIP(dimension))
        data: Any = np.empty(len(head) + self._vectors.nbytes, dtype=np.uint8)
        data[: len(head)] = head
        data[ROWS_AT : ROWS_AT + COUNT] = _as_bytes(rows)
        data[len(head) - COUNT : len(head)] = _as_bytes(rows * dimension)
        data[len(head) :] = self._vectors.reshape(-1).view(np.uint8)
        return memoryview(data)

    def nearest(self, vector: Matrix, limit: int, among: NDArray[np.bool_]) -> tuple[Integers, Matrix]:
        query = _query(vector, self.dimension)
        marked = int(among.sum())
        wanted = min(limit, marked)
        if wanted <= 0:
            return _nothing()
        selected = _selected(among)
        scores, rows = self._index.search(query, min(wanted + 1, marked), params=selected)
        if len(rows[0]) > wanted and scores[0][wanted] == scores[0][wanted - 1]:
            rows, scores = self._with_ties(query, scores[0][wanted], selected)
        return _real(rows.ravel(), scores.ravel())

    def _with_ties(self, query: Matrix, score: np.float32, among: Any) -> tuple[Any, Any]:
        """Every row that is as good: FAISS keeps any of them where they do not all fit."""
        import numpy as np

        below = np.nextafter(score, np.float32(-np.inf))
        _, scores, rows = self._index.range_search(query, float(below), params=among)
        return rows, scores


def _as_bytes(number: int) -> Any:
    import numpy as np

    return np.frombuffer(number.to_bytes(COUNT, "little"), dtype=np.uint8)


class ExactStore(_Rows):
    """The same by one matrix product: what the others are measured by."""

    @classmethod
    def from_vectors(cls, vectors: Matrix) -> ExactStore:
        return cls(_checked(vectors))

    @classmethod
    def from_bytes(cls, data: bytes | memoryview, rows: int, dimension: int) -> ExactStore:
        import numpy as np

        try:
            vectors = np.load(io.BytesIO(data), allow_pickle=False)
        except (ValueError, EOFError, OSError) as error:
            raise ValueError("the vectors cannot be read") from error
        _same_shape(vectors.shape, rows, dimension)
        return cls(_checked(vectors))

    def to_bytes(self) -> memoryview:
        import numpy as np

        buffer = io.BytesIO()
        np.save(buffer, self._vectors, allow_pickle=False)
        return buffer.getbuffer()

    def nearest(self, vector: Matrix, limit: int, among: NDArray[np.bool_]) -> tuple[Integers, Matrix]:
        import numpy as np

        query = _query(vector, self.dimension)
        rows = np.flatnonzero(among)
        if limit <= 0 or not len(rows):
            return _nothing()
        scores = np.einsum("ij,j->i", self._vectors[rows], query[0])  # a product would round by where a row stands
        worst = np.sort(scores)[-min(limit, len(rows))]
        return rows[scores >= worst], scores[scores >= worst]


STORES: Mapping[str, type[Store]] = {"faiss": FaissStore, "exact": ExactStore}


def store_named(name: str) -> type[Store]:
    """A row of the table. Raises IndexForeignError when this version has no such store."""
    if name not in STORES:
        raise IndexForeignError(
            f"the index needs a vector store called “{name}” that this version has not", run="assistant index --rebuild"
        )
    return STORES[name]


def _checked(vectors: Matrix) -> Matrix:
    """Raise ValueError unless these are rows of length 1: a `raise`, because python -O drops assertions."""
    import numpy as np

    if vectors.ndim != 2 or vectors.dtype != np.float32:  # noqa: PLR2004 - rows and columns
        raise ValueError(f"vectors must be rows of float32, not {vectors.dtype} of shape {vectors.shape}")
    lengths = np.einsum("ij,ij->i", vectors, vectors)
    if not (np.abs(lengths - 1.0) < LENGTH_TOLERANCE).all():
        raise ValueError("there are vectors whose length is not 1")
    return vectors


def _query(vector: Matrix, dimension: int) -> Matrix:
    import numpy as np

    query = np.ascontiguousarray(np.atleast_2d(vector), dtype=np.float32)
    if query.shape != (1, dimension):
        raise ValueError(f"one vector of {dimension} numbers was expected, not {query.shape}")
    if not np.isfinite(query).all():
        raise ValueError("the vector holds numbers that are not finite")
    return query


def _selected(among: NDArray[np.bool_]) -> Any:
    import faiss
    import numpy as np

    parameters: Any = faiss.SearchParameters
    bitmap: Any = faiss.IDSelectorBitmap
    return parameters(sel=bitmap(np.packbits(among, bitorder="little")))


def _lent(index: Any, buffer: NDArray[np.uint8]) -> Matrix:
    """The vectors, which lie in the buffer, as an array that keeps the buffer alive: a bare address would not."""
    import numpy as np

    if index.ntotal == 0:
        return np.zeros((0, index.d), dtype=np.float32)
    return np.ndarray(
        (index.ntotal, index.d), np.float32, buffer=buffer, offset=int(index.get_xb()) - buffer.ctypes.data
    )


def _real(rows: NDArray[Any], scores: NDArray[Any]) -> tuple[Integers, Matrix]:
    """Without the places that FAISS fills with row -1."""
    import numpy as np

    real = (rows >= 0) & np.isfinite(scores)
    return rows[real].astype(np.int64), scores[real].astype(np.float32)


def _nothing() -> tuple[Integers, Matrix]:
    import numpy as np

    return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)


def _same_shape(shape: tuple[int, ...], rows: int, dimension: int) -> None:
    if tuple(shape) != (rows, dimension):
        raise ValueError(f"there are vectors of shape {tuple(shape)} where {(rows, dimension)} was expected")
