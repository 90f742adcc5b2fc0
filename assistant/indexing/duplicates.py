"""Notes -> which of them ask the same thing."""

from __future__ import annotations

from collections import defaultdict
from itertools import permutations
from typing import TYPE_CHECKING

from assistant.lexical import salience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.types import Matrix, Note

SAME_TITLE = 0.9
MOST_REPEATS = 20  # a title that stands more often is a template ("Example"), not a question asked twice
A_TERM = 0.9  # salience
BLOCK = 1024


def find_same(
    notes: Sequence[Note], title_vectors: Matrix, stems: Callable[[str], Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Note id -> ids of the other notes on the same question, in reading order; row i of the vectors is note i.

    Two questions are the same when they are made of the same words (typos aside) or mean nearly the same;
    two that differ in a number or a name never are.
    """
    said = [frozenset(stems(note.question)) for note in notes]
    pairs = _of_the_same_words(said) | {pair for pair in _near(title_vectors) if _exchangeable(said, *pair)}
    same: dict[str, list[str]] = defaultdict(list)
    for one, other in sorted(pairs):
        same[notes[one].id].append(notes[other].id)
    return {name: tuple(others) for name, others in same.items()}


def _of_the_same_words(said: Sequence[frozenset[str]]) -> set[tuple[int, int]]:
    groups: dict[frozenset[str], list[int]] = defaultdict(list)
    for position, words in enumerate(said):
        if words:
            groups[words].append(position)
    return {pair for group in groups.values() if len(group) <= MOST_REPEATS for pair in permutations(group, 2)}


def _near(vectors: Matrix) -> Iterator[tuple[int, int]]:
    """The pairs of notes whose questions mean nearly the same."""
    import numpy as np

    for start in range(0, len(vectors), BLOCK):
        near = np.argwhere(vectors[start : start + BLOCK] @ vectors.T >= SAME_TITLE)
        yield from ((int(one) + start, int(other)) for one, other in near if one + start != other)


def _exchangeable(said: Sequence[frozenset[str]], one: int, other: int) -> bool:
    """Whether what one question says and the other does not is short of a number, a name or a term of art."""
    return all(salience(word) < A_TERM for word in said[one] ^ said[other])
