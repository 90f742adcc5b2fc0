"""A few texts -> vectors, by the ONNX copy of the model: ready in a third of a second, no torch."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.embed.texts import batches
from assistant.types import Pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from assistant.types import Integers, Matrix

BATCH = 8
# Threads that read a text each: as much work in a part of the time. The few texts that are read differ much in length,
# and to fill them up costs more than a batch saves.
READERS = min(4, os.cpu_count() or 1)
VECTOR, STATES, SCORE = "vector", "states", "score"  # the outputs of the graph
GATE = "gate"  # the input that turns the adapter on
GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"
Read = TypeVar("Read")


class Session:
    """The copy in `folder`, whose files the caller has verified."""

    def __init__(self, folder: Path, *, dimension: int, pieces: int, padding: int) -> None:
        from tokenizers import Tokenizer

        self.dimension = dimension
        self.pieces = pieces
        self._padding = padding
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.enable_truncation(pieces)
        self._tokenizer.no_padding()
        self._runtime = _runtime(folder / GRAPH)
        self._inputs = tuple(given.name for given in self._runtime.get_inputs())

    def embed(self, texts: Sequence[str], progress: Callable[[int], None]) -> Matrix:
        """Vectors of length 1, shape (texts, dimension)."""
        import numpy as np

        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        done = 0
        for positions in batches(texts, BATCH):
            vectors[positions] = self._run([texts[position] for position in positions])
            done += len(positions)
            progress(done)
        return vectors

    def read(self, texts: Sequence[str]) -> list[Pieces]:
        """The word pieces of each text, without the marks that the model puts around it."""
        return _side_by_side(self._read, texts)

    def judge(self, question: str, texts: Sequence[str]) -> list[float]:
        """Log odds that each text answers the question, as the adapter judges them."""
        return _side_by_side(lambda text: self._judge(question, text), texts)

    def _judge(self, question: str, text: str) -> float:
        (scores,) = self._runtime.run([SCORE], self._fed([self._tokenizer.encode(question, text)], gate=1.0))
        return float(scores[0])

    def _read(self, text: str) -> Pieces:
        encoded = self._tokenizer.encode(text)
        (states,) = self._runtime.run([STATES], self._fed([encoded]))
        return _pieces(encoded, states[0])

    def reads_all(self, text: str) -> bool:
        """Whether no word piece of the text is dropped."""
        return not self._tokenizer.encode(text).overflowing

    def _run(self, texts: Sequence[str]) -> Matrix:
        encoded = [self._tokenizer.encode(text) for text in texts]
        (vectors,) = self._runtime.run([VECTOR], self._fed(encoded))
        found: Matrix = vectors
        return found

    def _fed(self, encoded: Sequence[Any], gate: float = 0.0) -> dict[str, Any]:
        import numpy as np

        fed = {
            GATE: np.array([gate], dtype=np.float32),
            "input_ids": _padded([one.ids for one in encoded], self._padding),
            "attention_mask": _padded([one.attention_mask for one in encoded], 0),
            "token_type_ids": _padded([one.type_ids for one in encoded], 0),
        }
        return {name: fed[name] for name in self._inputs}


def _side_by_side(read: Callable[[str], Read], texts: Sequence[str]) -> list[Read]:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(READERS) as readers:
        return list(readers.map(read, texts))


def _runtime(graph: Path) -> Any:
    """The runtime, with the weights mapped and used where they lie.

    Repacking them for speed makes a question 2 ms quicker, and costs 0.1 s and 45 MB before the first one.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1  # a second one saves 10 ms a question and costs more processor time than it saves
    options.add_session_config_entry("session.disable_prepacking", "1")
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _pieces(encoded: Any, states: Matrix) -> Pieces:
    import numpy as np

    inside = np.flatnonzero(np.array(encoded.special_tokens_mask) == 0)
    return Pieces(states[inside], tuple(encoded.offsets[position] for position in inside))


def _padded(rows: Sequence[Sequence[int]], filling: int) -> Integers:
    import numpy as np

    padded = np.full((len(rows), max(map(len, rows))), filling, dtype=np.int64)
    for row, values in zip(padded, rows, strict=True):
        row[: len(values)] = values
    return padded
