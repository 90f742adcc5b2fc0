"""Notes -> which of them ask the same thing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain, permutations
from typing import TYPE_CHECKING

from assistant.lexical import salience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.types import Matrix, Note

SAME_TITLE = 0.9
MOST_REPEATS = 20  # a title that stands more often is a template ("Example"), not a question asked twice
A_TERM = 0.9  # salience
BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Known:
    """What was found before: the positions now of notes that are as they were, and the pairs among them."""

    notes: frozenset[int]
    pairs: frozenset[tuple[int, int]]


NOTHING = Known(frozenset(), frozenset())


def find_same(
    notes: Sequence[Note], title_vectors: Matrix, stems: Callable[[str], Sequence[str]], known: Known = NOTHING
) -> dict[str, tuple[str, ...]]:
    """Note id -> ids of the other notes on the same question, in reading order; row i of the vectors is note i.

    Two questions are the same when they are made of the same words (typos aside) or mean nearly the same;
    two that differ in a number or a name never are.
    """
    said = [frozenset(stems(note.question)) for note in notes]
    near = chain(_near(title_vectors, known.notes), _still_near(title_vectors, known.pairs))
    pairs = _of_the_same_words(said) | {pair for pair in near if _exchangeable(said, *pair)}
    same: dict[str, list[str]] = defaultdict(list)
    for one, other in sorted({*pairs, *((other, one) for one, other in pairs)}):
        same[notes[one].id].append(notes[other].id)
    return {name: tuple(others) for name, others in same.items()}


def _of_the_same_words(said: Sequence[frozenset[str]]) -> set[tuple[int, int]]:
    groups: dict[frozenset[str], list[int]] = defaultdict(list)
    for position, words in enumerate(said):
        if words:
            groups[words].append(position)
    return {pair for group in groups.values() if len(group) <= MOST_REPEATS for pair in permutations(group, 2)}


def _near(vectors: Matrix, known: frozenset[int]) -> Iterator[tuple[int, int]]:
    """The pairs of notes whose questions mean nearly the same, those of two known notes left out."""
    import numpy as np

    is_new = np.ones(len(vectors), dtype=bool)
    is_new[list(known)] = False
    new = np.flatnonzero(is_new)
    for start in range(0, len(new), BLOCK):
        block = new[start : start + BLOCK]
        near = np.argwhere(vectors[block] @ vectors.T >= SAME_TITLE)
        ones, others = block[near[:, 0]], near[:, 1]
        once = (ones < others) | ((ones > others) & ~is_new[others])  # a pair of two new notes is met twice
        yield from zip(ones[once].tolist(), others[once].tolist(), strict=True)


def _still_near(vectors: Matrix, pairs: frozenset[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pairs that were found before, without those that only had the same words."""
    return ((one, other) for one, other in pairs if vectors[one] @ vectors[other] >= SAME_TITLE)


def _exchangeable(said: Sequence[frozenset[str]], one: int, other: int) -> bool:
    """Whether what one question says and the other does not is short of a number, a name or a term of art."""
    return all(salience(word) < A_TERM for word in said[one] ^ said[other])
