"""A misspelt word -> the word that was meant, from the notes' own vocabulary or from common English."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from assistant.lexical import english

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SHORTEST = 4  # letters; shorter words have too many neighbours
NEAREST = 0.75  # similarity (1 - edits / letters) below which two spellings are two words
ALIKE = 0.84  # a short word that starts with another letter must be this similar
LONG = 7  # letters
RIVALS = 12  # neighbours of a word that are weighed
# What speaks for a neighbour, in units of similarity:
IN_NOTES, SAME_START, SAME_LETTERS, PER_DECADE = 0.06, 0.03, 0.05, 0.015
TWO_WORDS = 0.9  # similarity of a word that is two words of the notes without the blank
UNCOUNTED = 3e4  # the count of a word of the notes that is not in the English list


def nearest(word: str, notes: Mapping[str, int]) -> tuple[str, float] | None:
    """The most likely meaning of a misspelt word and its similarity (0..1), or None when nothing is near."""
    if len(word) < SHORTEST:
        return None
    rivals = [*_neighbours(word, notes), *_neighbours(word, english.common_words()), *_two_words(word, notes)]
    if not rivals:
        return None
    best, likeness = max(rivals, key=lambda rival: (_likelihood(word, *rival, notes), rival[0]))
    return best, likeness


def _neighbours(word: str, vocabulary: Mapping[str, int]) -> Iterator[tuple[str, float]]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    near = process.extract(
        word, list(vocabulary), scorer=OSA.normalized_similarity, score_cutoff=NEAREST, limit=RIVALS
    )
    return ((found, likeness) for found, likeness, _ in near if _plausible(word, found, likeness))


def _plausible(word: str, other: str, likeness: float) -> bool:
    """People rarely miss a first letter, and in a short word one edit is much."""
    if len(other) < SHORTEST - 1:
        return False
    same_start = word[0] == other[0] or sorted(word) == sorted(other)
    return same_start or likeness >= ALIKE or len(word) >= LONG


def _two_words(word: str, notes: Iterable[str]) -> Iterator[tuple[str, float]]:
    known = set(notes)
    for cut in range(SHORTEST - 1, len(word) - 2):
        first, second = word[:cut], word[cut:]
        if first in known and second in known:
            yield f"{first} {second}", TWO_WORDS


def _likelihood(word: str, other: str, likeness: float, notes: Mapping[str, int]) -> float:
    return (
        likeness
        + PER_DECADE * math.log10(max(english.count(other), UNCOUNTED))
        + IN_NOTES * (other in notes)
        + SAME_START * (other[0] == word[0])
        + SAME_LETTERS * (sorted(other) == sorted(word))
    )
