"""Word pieces of a question and of a note -> how well every word of the question is met in the note.

Late interaction: each piece of the question looks for its nearest piece in the note, in context. It
sees what one vector for a whole text blurs, and costs a run of the model, so only the best window of
the few notes that contend for the first place is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import lexical

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from assistant.types import Pieces, WordIndex

    Floats = NDArray[np.float64]

FUNCTION_WEIGHT = 0.05  # of a function word, beside 0.05..1 for the salience of others
LEAST = 1e-3  # no word counts for nothing: a question may be made of common words alone


@dataclass(frozen=True, slots=True)
class Match:
    """How well the question is met, -1..1: by its salient words, and by its rare words."""

    salient: float
    rare: float


NO_MATCH = Match(0.0, 0.0)


def match(text: str, question: Pieces, note: Pieces, rarity: Callable[[str], float]) -> Match:
    """`text` is the question that `question` was read from; `rarity` weighs a word (0..1) by the notes."""
    if not len(question.states) or not len(note.states):
        return NO_MATCH
    best = (question.states @ note.states.T).max(axis=1)
    return Match(
        float(_weights(text, question, _salience) @ best),
        float(_weights(text, question, lambda word: LEAST + _rarity(word, rarity)) @ best),
    )


def rarity(words: WordIndex) -> Callable[[str], float]:
    """How rare a word is in the notes (0..1); nothing for a sign that folds to no word at all."""

    def weight(word: str) -> float:
        folded = lexical.words(word)
        return words.weight(words.stem(folded[0])) if folded else 0.0

    return weight


def _salience(word: str) -> float:
    return FUNCTION_WEIGHT if lexical.is_function_word(word) else lexical.salience(word)


def _rarity(word: str, rarity: Callable[[str], float]) -> float:
    return 0.0 if lexical.is_function_word(word) else rarity(word)


def _weights(text: str, pieces: Pieces, weight: Callable[[str], float]) -> Floats:
    """The weight of every piece: its word's, shared among the word's pieces; they sum to 1."""
    import numpy as np

    weights = np.zeros(len(pieces.spans))
    for word in lexical.WORD.finditer(text):
        inside = [at for at, (start, end) in enumerate(pieces.spans) if start >= word.start() and end <= word.end()]
        if inside:
            weights[inside] = weight(word[0].lower()) / len(inside)
    total = weights.sum()
    return weights / total if total > 0 else np.full(len(weights), 1 / max(len(weights), 1))
