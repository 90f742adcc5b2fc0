"""An English word -> how common it is: what tells a typo from a word that the notes do not use.

The list (82,765 words with their counts in a large corpus) is the data file of the package symspellpy;
none of that package's code is run. Where the list is missing every word counts as English, so that
nothing is repaired by mistake.
"""

from __future__ import annotations

import functools
import math
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

COMMON = 2e7  # counts; only a common word is offered as the repair of a word that the notes do not use
MOST_COMMON, RAREST = 9.2, 6.0  # decimal logarithms of counts between which a word grows salient
LEAST_SALIENT = 0.05
MISSING = "\n"
FEW = 300  # words; to look up more takes longer than to go through the list
LIST = "frequency_dictionary_en_82_765.txt"


def count(word: str) -> int:
    """How often a word was counted, 0 when it is not in the list."""
    text = _text()
    start = text.find(f"\n{word} ")
    if start < 0:
        return 0
    return int(text[start + len(word) + 2 : text.find("\n", start + 1)])


@functools.lru_cache(maxsize=200_000)
def is_word(word: str) -> bool:
    """Whether a word is English, or its list is missing."""
    return _text() == MISSING or count(word) > 0


def unlisted(words: Iterable[str]) -> set[str]:
    """Those of the words that are not English; none when the list is missing."""
    asked = set(words)
    if len(asked) <= FEW or _text() == MISSING:
        return {word for word in asked if not is_word(word)}
    return asked.difference(line.partition(" ")[0] for line in _text().split("\n"))


@functools.lru_cache(maxsize=20_000)
def salience(word: str) -> float:
    """How much a word says (0.05..1): little for 'gain', all for a name, a number or a term of art."""
    if not word.isalpha():
        return 1.0
    counted = count(word)
    if not counted:
        return 1.0
    return min(1.0, max(LEAST_SALIENT, (MOST_COMMON - math.log10(counted)) / (MOST_COMMON - RAREST)))


@functools.cache
def common_words() -> dict[str, int]:
    """The common words with their counts."""
    pairs = (line.split(" ") for line in _text().split("\n") if line)
    return {word: number for word, text in pairs if (number := int(text)) >= COMMON}


@functools.cache
def _text() -> str:
    """The list, a line a word, most frequent first, with a line break before the first and after the last."""
    spec = find_spec("symspellpy")
    if spec is None or spec.origin is None:
        return MISSING
    file = Path(spec.origin).with_name(LIST)
    if not file.is_file():
        return MISSING
    return "\n" + file.read_text(encoding="utf-8-sig").replace("\r", "").strip() + "\n"
