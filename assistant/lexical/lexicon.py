"""Words of the notes -> a word index: BM25 scores, how rare a word is, how the notes spell it."""

from __future__ import annotations

import io
import json
import math
from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from assistant.errors import IndexDamagedError
from assistant.lexical import english, spelling
from assistant.lexical.words import content_words, is_function_word, stem, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

VERSION = "words-3"
NOTHING_JUDGED: Mapping[str, str] = MappingProxyType({})
TITLE_WEIGHT = 2  # the question line says what an entry is about: its words count twice


@dataclass(frozen=True, slots=True)
class Document:
    """The words of one note, in reading order."""

    title: tuple[str, ...]
    body: tuple[str, ...]


class Lexicon:
    """BM25 weights by word and note, kept as a sparse matrix with one column a stemmed word.

    Scoring adds up columns here, because importing the library that computed them costs a question
    more time than everything else that it does.
    """

    def __init__(self, vocabulary: Vocabulary, matrix: Columns, notes: int) -> None:
        self._columns = {word: number for number, word in enumerate(vocabulary.stems)}
        self._matrix = matrix
        self._spellings = vocabulary.spellings
        self._judged = vocabulary.judged
        self._notes = notes

    def stem(self, word: str) -> str:
        """The stem of a word, or of the word that the notes misspell this way."""
        return stem(self._judged.get(word) or word)

    def stems(self, text: str) -> list[str]:
        """The stems of a text's content words, each once; of a text without any, of all its words."""
        return list(dict.fromkeys(self.stem(word) for word in content_words(text) or words(text)))

    def scores(self, question: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of every note for stemmed words; shape (notes,)."""
        import numpy as np

        total = np.zeros(self._notes, dtype=np.float32)
        for word in question:
            rows, weights = self._column(word)
            total[rows] += weights
        return total

    def holds(self, word: str, note: int) -> bool:
        """Whether the note has the stemmed word, in its question or its answer."""
        rows, _ = self._column(word)
        return bool((rows == note).any())

    def weight(self, word: str) -> float:
        """How rare a stemmed word is: 0 in every note, 1 in none of them."""
        rows, _ = self._column(word)
        return math.log((self._notes + 1) / (len(rows) + 0.5)) / math.log((self._notes + 1) / 0.5)

    def knows(self, word: str) -> bool:
        """Whether the notes spell a word this way, or another form of it."""
        return word in self._spellings or self.stem(word) in self._columns

    def suggest(self, word: str) -> tuple[str, float] | None:
        """What a misspelt word was meant to be and the similarity (0..1); None for a word that is known."""
        if is_function_word(word) or self.knows(word) or not word.isalpha() or english.is_word(word):
            return None
        return spelling.nearest(word, self._spellings)

    def save(self) -> dict[str, bytes]:
        """The files that `load` reads."""
        vocabulary = {
            "notes": self._notes,
            "columns": list(self._columns),
            "spellings": dict(self._spellings),
            "judged": dict(self._judged),
        }
        return {
            "words.json": json.dumps(vocabulary, ensure_ascii=False).encode(),
            **{f"words-{part}.npy": _to_npy(array) for part, array in self._matrix.parts().items()},
        }

    def _column(self, word: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        column = self._columns.get(word)
        return self._matrix.empty() if column is None else self._matrix.column(column)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The stems in the order of their columns, the spellings with their counts, and what strange ones mean."""

    stems: Sequence[str]
    spellings: Mapping[str, int]
    judged: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Columns:
    """A sparse matrix by columns: column i holds `weights[starts[i]:starts[i+1]]` at those `rows`."""

    weights: NDArray[np.float32]
    rows: NDArray[np.int32]
    starts: NDArray[np.int64]

    def column(self, position: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        start, end = self.starts[position], self.starts[position + 1]
        return self.rows[start:end], self.weights[start:end]

    def empty(self) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        return self.rows[:0], self.weights[:0]

    def parts(self) -> dict[str, NDArray[Any]]:
        return {"weights": self.weights, "rows": self.rows, "starts": self.starts}


def document(question: str, answer: str) -> Document:
    """The words of a note, unstemmed: the spelling counts for repair, the stem for matching."""
    return Document(tuple(content_words(question)), tuple(content_words(answer)))


def build(documents: Sequence[Document], judged: Mapping[str, str] = NOTHING_JUDGED) -> Lexicon:
    """BM25 weights (Lucene's variant, k1 1.5, b 0.75) of the stems of every document.

    `judged` is what an earlier lexicon found out about misspelt words (`judged_in` its files).
    """
    spellings = Counter(word for found in documents for word in (*found.title, *found.body) if not word.isdigit())
    meant = spelling.misspelt(spellings, judged)
    stem_of = {word: stem(meant.get(word) or word) for found in documents for word in (*found.title, *found.body)}
    stemmed = [[stem_of[word] for word in TITLE_WEIGHT * found.title + found.body] for found in documents]
    stems = sorted(set(stem_of.values()))
    matrix = _weigh(stemmed, {word: number for number, word in enumerate(stems)}) if stems else _nothing()
    return Lexicon(Vocabulary(stems, dict(sorted(spellings.items())), meant), matrix, len(documents))


def judged_in(files: Mapping[str, bytes]) -> dict[str, str]:
    """What the lexicon in these files knows about misspelt words."""
    judged: dict[str, str] = json.loads(files["words.json"])["judged"]
    return judged


def load(files: Mapping[str, bytes]) -> Lexicon:
    """A lexicon from the bytes of its files; `IndexDamagedError` when they do not fit together."""
    try:
        vocabulary = json.loads(files["words.json"])
        matrix = Columns(*(_from_npy(files[f"words-{part}.npy"]) for part in ("weights", "rows", "starts")))
        read = Vocabulary(vocabulary["columns"], vocabulary["spellings"], vocabulary["judged"])
        notes = int(vocabulary["notes"])
    except (KeyError, ValueError, TypeError, EOFError) as error:
        raise IndexDamagedError(f"the word index cannot be read ({error})") from error
    if len(matrix.starts) != len(read.stems) + 1 or len(matrix.rows) != len(matrix.weights):
        raise IndexDamagedError("the word index does not fit its vocabulary")
    return Lexicon(read, matrix, notes)


def _weigh(stemmed: Sequence[Sequence[str]], columns: Mapping[str, int]) -> Columns:
    import numpy as np
    from bm25s import BM25

    bm25 = BM25(method="lucene", k1=1.5, b=0.75)
    numbered = [[columns[word] for word in found] for found in stemmed]
    bm25.index((numbered, dict(columns)), create_empty_token=False, show_progress=False)
    scores = bm25.scores
    starts = np.asarray(scores["indptr"], dtype=np.int64)[: len(columns) + 1]
    return Columns(np.asarray(scores["data"], dtype=np.float32), np.asarray(scores["indices"], dtype=np.int32), starts)


def _nothing() -> Columns:
    import numpy as np

    return Columns(np.zeros(0, np.float32), np.zeros(0, np.int32), np.zeros(1, np.int64))


def _to_npy(array: NDArray[Any]) -> bytes:
    import numpy as np

    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _from_npy(data: bytes) -> Any:
    import numpy as np

    return np.load(io.BytesIO(data), allow_pickle=False)
