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


SURE = 0.85  # similarity from which a spelling of the notes is taken for a typo of another one
LONG_ENOUGH = 6  # letters


def misspelt(spellings: Mapping[str, int], judged: Mapping[str, str]) -> dict[str, str]:
    """Every word of the notes that is no English word -> the word that was meant, "" where there is none.

    `judged` are words that were looked at before: looking is slow, and an edit changes few of them.
    """
    strange = [word for word in spellings if len(word) >= LONG_ENOUGH and word.isalpha() and not english.is_word(word)]
    by_letter = _by_letter({**english.common_words(), **spellings}) if strange else {}
    return {word: judged[word] if word in judged else _correct(word, spellings, by_letter) for word in strange}


def _by_letter(vocabulary: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """The English words of a vocabulary by their first letter, which people rarely miss."""
    by_letter: dict[str, dict[str, int]] = {}
    for word, count in vocabulary.items():
        if len(word) >= LONG_ENOUGH - 1 and english.is_word(word):
            by_letter.setdefault(word[0], {})[word] = count
    return by_letter


def _correct(word: str, spellings: Mapping[str, int], by_letter: Mapping[str, Mapping[str, int]]) -> str:
    near = _neighbours(word, by_letter.get(word[0], {}))
    sure = [(other, likeness) for other, likeness in near if likeness >= SURE]
    return max(sure, key=lambda rival: (_likelihood(word, rival, spellings), rival[0]), default=("", 0.0))[0]


def nearest(word: str, notes: Mapping[str, int]) -> tuple[str, float] | None:
    """The most likely meaning of a misspelt word and its similarity (0..1), or None when nothing is near."""
    if len(word) < SHORTEST:
        return None
    rivals = [*_neighbours(word, notes), *_neighbours(word, english.common_words()), *_two_words(word, notes)]
    if not rivals:
        return None
    best, likeness = max(rivals, key=lambda rival: (_likelihood(word, rival, notes), rival[0]))
    return best, likeness


def _neighbours(word: str, vocabulary: Mapping[str, int]) -> Iterator[tuple[str, float]]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    near = process.extract(word, list(vocabulary), scorer=OSA.normalized_similarity, score_cutoff=NEAREST, limit=RIVALS)
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


def _likelihood(word: str, rival: tuple[str, float], notes: Mapping[str, int]) -> float:
    other, likeness = rival
    return (
        likeness
        + PER_DECADE * math.log10(max(english.count(other), UNCOUNTED))
        + IN_NOTES * (other in notes)
        + SAME_START * (other[0] == word[0])
        + SAME_LETTERS * (sorted(other) == sorted(word))
    )
