"""A misspelt word -> the word that was meant, from the notes' own vocabulary or from common English."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.lexical import english

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

SHORTEST = 4  # letters; shorter words have too many neighbours
NEAREST = 0.75  # similarity (1 - edits / letters) below which two spellings are two words
ALIKE = 0.84  # a short word that starts with another letter must be this similar
LONG = 7  # letters
RIVALS = 12  # neighbours of a word that are weighed
# What speaks for a neighbour, in units of similarity:
IN_NOTES, SAME_START, SAME_LETTERS, PER_DECADE = 0.06, 0.03, 0.07, 0.015
CLOSE_CALL = 0.05  # how far behind the likeliest meaning another one may have been meant
TWO_WORDS = 0.9  # similarity of a word that is two words of the notes without the blank
UNCOUNTED = 3e4  # the count of a word of the notes that is not in the English list


SURE = 0.85  # similarity from which a spelling of the notes is taken for a typo of another one
LONG_ENOUGH = 6  # letters


@dataclass(frozen=True, slots=True)
class Judged:
    """The words of the notes at some time, and what each of them was taken for that is no English word."""

    spellings: AbstractSet[str]
    meant: Mapping[str, str]


def misspelt(spellings: AbstractSet[str], among: AbstractSet[str]) -> dict[str, str]:
    """Those among the spellings of the notes that are no English word -> the word that was meant, "" for none."""
    strange = _strange(among)
    by_letter = _by_letter(_long({*english.common_words(), *_english(spellings)})) if strange else {}
    return {word: _correct(word, spellings, by_letter.get(word[0], [])) for word in sorted(strange)}


def misspelt_now(spellings: AbstractSet[str], before: Judged) -> dict[str, str]:
    """What `misspelt` says of all spellings.

    Judging is slow, so a word keeps what `before` says of it unless a word that is near to it came or went.
    """
    kept = {word: meant for word, meant in before.meant.items() if word in spellings}
    new = spellings - before.spellings
    doubtful = _near_to(_english(spellings ^ before.spellings), kept.keys()) if kept else set()
    return dict(sorted({**kept, **misspelt(spellings, new | doubtful)}.items()))


def _strange(words: Iterable[str]) -> set[str]:
    """The words that may be misspelt ones."""
    return english.unlisted(word for word in words if len(word) >= LONG_ENOUGH and word.isalpha())


def _english(words: Iterable[str]) -> set[str]:
    """The words that may be meant by a misspelt one."""
    long = _long(words)
    return long - english.unlisted(long)


def _long(words: Iterable[str]) -> set[str]:
    return {word for word in words if len(word) >= LONG_ENOUGH - 1}


def _near_to(words: Iterable[str], strange: Iterable[str]) -> set[str]:
    """The strange words whose meaning any of these words may have a say in."""
    by_letter = _by_letter(strange)
    return {near for word in words for near, _ in _alike(word, by_letter.get(word[0], []), SURE, None)}


def _by_letter(words: Iterable[str]) -> dict[str, list[str]]:
    """Words by their first letter, which people rarely miss."""
    by_letter: dict[str, list[str]] = {}
    for word in sorted(words):
        by_letter.setdefault(word[0], []).append(word)
    return by_letter


def _correct(word: str, spellings: Container[str], rivals: Sequence[str]) -> str:
    near = _neighbours(word, rivals)
    sure = [(other, likeness) for other, likeness in near if likeness >= SURE]
    return max(sure, key=lambda rival: (_likelihood(word, rival, spellings), rival[0]), default=("", 0.0))[0]


def nearest(word: str, notes: Collection[str]) -> tuple[tuple[str, float], ...]:
    """What a misspelt word may mean and the similarity (0..1): the likeliest, then words of the notes close behind."""
    if len(word) < SHORTEST:
        return ()
    rivals = {*_neighbours(word, notes), *_neighbours(word, english.common_words()), *_two_words(word, notes)}
    if not rivals:
        return ()
    (most, best), *others = sorted(((_likelihood(word, rival, notes), rival) for rival in rivals), reverse=True)
    close = [rival for likely, rival in others if likely >= most - CLOSE_CALL and rival[0] in notes]
    return (best, *close)


def _neighbours(word: str, vocabulary: Iterable[str]) -> Iterator[tuple[str, float]]:
    near = _alike(word, list(vocabulary), NEAREST, RIVALS)
    return ((found, likeness) for found, likeness in near if _plausible(word, found, likeness))


def _alike(word: str, vocabulary: Sequence[str], least: float, limit: int | None) -> Iterator[tuple[str, float]]:
    """The words at least so similar, best first."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extract(word, vocabulary, scorer=OSA.normalized_similarity, score_cutoff=least, limit=limit)
    return ((other, likeness) for other, likeness, _ in found)


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


def _likelihood(word: str, rival: tuple[str, float], notes: Container[str]) -> float:
    other, likeness = rival
    return (
        likeness
        + PER_DECADE * math.log10(max(english.count(other), UNCOUNTED))
        + IN_NOTES * (other in notes)
        + SAME_START * (other[0] == word[0])
        + SAME_LETTERS * (sorted(other) == sorted(word))
    )
