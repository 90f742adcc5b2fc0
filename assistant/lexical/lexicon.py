"""Words of the notes -> a word index: BM25 scores, how rare a word is, how the notes spell it."""

from __future__ import annotations

import io
import json
import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.errors import IndexDamagedError
from assistant.lexical import counts, english, spelling
from assistant.lexical.counts import Counts, Document
from assistant.lexical.words import content_words, is_function_word, stem, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from assistant.types import Integers

    Column = tuple[NDArray[np.int32], NDArray[np.float32]]

VERSION = "words-5"
K1, B = 1.5, 0.75  # of BM25
PARTS = ("starts", "notes", "times")


class Lexicon:
    """How often each note uses each word, and from it the BM25 weights (Lucene's variant) of a question's words.

    A weight changes with every note that comes or goes, a count does not: so the counts are kept,
    and the few weights that a question needs are worked out when it is asked.
    """

    def __init__(self, counted: Counts, stems: Sequence[str], judged: Mapping[str, str], notes: int) -> None:
        import numpy as np

        self._counts = counted
        self._stems = stems
        self._judged = judged
        self._notes = notes
        self._lengths = np.bincount(counted.notes, weights=counted.times, minlength=notes)
        self._stem_of = dict(zip(counted.words, stems, strict=True))
        self._weighed: dict[str, Column] = {}

    @cached_property
    def _spellings(self) -> dict[str, None]:
        return {word: None for word in self._counts.words if not word.isdigit()}

    @cached_property
    def _columns(self) -> dict[str, list[int]]:
        """The columns of each stem."""
        columns: dict[str, list[int]] = {}
        for column, stemmed in enumerate(self._stems):
            columns.setdefault(stemmed, []).append(column)
        return columns

    def stem(self, word: str) -> str:
        """The stem of a word, or of the word that the notes misspell this way."""
        return self._stem_of.get(word) or stem(word)

    def stems(self, text: str) -> list[str]:
        """The stems of a text's content words, each once; of a text without any, of all its words."""
        found = content_words(text) or words(text)
        return list(dict.fromkeys([self._stem_of.get(word) or stem(word) for word in found]))

    def scores(self, question: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of every note for stemmed words; shape (notes,)."""
        import numpy as np

        total = np.zeros(self._notes, dtype=np.float32)
        for word in question:
            notes, weights = self._column(word)
            total[notes] += weights
        return total

    def holds(self, word: str, note: int) -> bool:
        """Whether the note has the stemmed word, in its question or its answer."""
        notes, _ = self._column(word)
        return bool((notes == note).any())

    def weight(self, word: str) -> float:
        """How rare a stemmed word is: 0 in every note, 1 in none of them."""
        notes, _ = self._column(word)
        return math.log((self._notes + 1) / (len(notes) + 0.5)) / math.log((self._notes + 1) / 0.5)

    def knows(self, word: str) -> bool:
        """Whether the notes spell a word this way, or another form of it."""
        return word in self._spellings or self.stem(word) in self._columns

    def suggest(self, word: str) -> tuple[str, float] | None:
        """What a misspelt word was meant to be and the similarity (0..1); None for a word that is known."""
        return next(iter(self._meanings(word)), None)

    def suggestions(self, word: str) -> tuple[str, ...]:
        """All that a misspelt word may have been meant to be, the likeliest first; nothing for a known word."""
        return tuple(meant for meant, _ in self._meanings(word))

    def _meanings(self, word: str) -> tuple[tuple[str, float], ...]:
        if is_function_word(word) or self.knows(word) or not word.isalpha() or english.is_word(word):
            return ()
        return spelling.nearest(word, self._spellings)

    def after(self, now: Integers, new: Mapping[int, Document], notes: int) -> Lexicon:
        """The lexicon of so many notes: those that stand where `now` says (-1: no more), and new ones by position.

        Equal to one that was built of them all, and only the new ones are read.
        """
        counted = self._counts.after(now, counts.count(new))
        judged = spelling.misspelt_now(set(counted.words), spelling.Judged(set(self._counts.words), self._judged))
        stems = [self._stem_now(word, judged.get(word)) for word in counted.words]
        return Lexicon(counted, stems, judged, notes)

    def _stem_now(self, word: str, meant: str | None) -> str:
        """The stem of before for a word that is taken for the same as before: an edit brings few other ones."""
        if word in self._stem_of and self._judged.get(word) == meant:
            return self._stem_of[word]
        return stem(meant or word)

    def save(self) -> dict[str, bytes]:
        """The files that `load` reads."""
        vocabulary = {
            "notes": self._notes,
            "words": self._counts.words,
            "stems": self._stems,
            "judged": dict(self._judged),
        }
        return {
            "words.json": json.dumps(vocabulary, ensure_ascii=False).encode(),
            **{f"words-{part}.npy": _to_npy(getattr(self._counts, part)) for part in PARTS},
        }

    def _column(self, word: str) -> Column:
        """The notes that hold a stemmed word, and its weight in each."""
        if word not in self._weighed:
            self._weighed[word] = self._weigh(*self._counts.together(self._columns.get(word, [])))
        return self._weighed[word]

    def _weigh(self, notes: NDArray[np.int32], times: NDArray[np.float64]) -> Column:
        import numpy as np

        if not len(notes):
            return notes, np.zeros(0, np.float32)
        rarity = np.float32(math.log(1 + (self._notes - len(notes) + 0.5) / (len(notes) + 0.5)))
        long = (1 - B) + B * self._lengths[notes] / self._lengths.mean()
        return notes, (rarity * (times / (K1 * long + times))).astype(np.float32)


def document(question: str, answer: str) -> Document:
    """The words of a note, unstemmed: the spelling counts for repair, the stem for matching."""
    return Document(tuple(content_words(question)), tuple(content_words(answer)))


def build(documents: Sequence[Document]) -> Lexicon:
    """The lexicon of these notes."""
    import numpy as np

    return empty().after(np.zeros(0, np.int64), dict(enumerate(documents)), len(documents))


def empty() -> Lexicon:
    """The lexicon of no notes."""
    return Lexicon(counts.count({}), (), {}, 0)


def load(files: Mapping[str, bytes]) -> Lexicon:
    """A lexicon from the bytes of its files; `IndexDamagedError` when they do not fit together."""
    try:
        vocabulary = json.loads(files["words.json"])
        arrays = {part: _from_npy(files[f"words-{part}.npy"]) for part in PARTS}
        counted = Counts(tuple(vocabulary["words"]), **arrays)
        return _fitted(counted, vocabulary["stems"], vocabulary["judged"], int(vocabulary["notes"]))
    except (KeyError, ValueError, TypeError, EOFError) as error:
        raise IndexDamagedError(f"the word index cannot be read ({error})") from error


def _fitted(counted: Counts, stems: Sequence[str], judged: Mapping[str, str], notes: int) -> Lexicon:
    import numpy as np

    starts, size = counted.starts, len(counted.notes)
    whole = len(starts) == len(counted.words) + 1 == len(stems) + 1 and len(counted.times) == size
    if not whole or starts[0] != 0 or starts[-1] != size or (np.diff(starts) < 0).any():
        raise ValueError("the counts do not fit the words")
    if size and not 0 <= counted.notes.min() <= counted.notes.max() < notes:
        raise ValueError("words are counted in notes that are not there")
    return Lexicon(counted, tuple(stems), dict(judged), notes)


def _to_npy(array: NDArray[Any]) -> bytes:
    import numpy as np

    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _from_npy(data: bytes) -> Any:
    import numpy as np

    return np.load(io.BytesIO(data), allow_pickle=False)
