"""Text -> words that compare: the measuring side has its own, so that a product's mistake cannot hide in them."""

from __future__ import annotations

import functools
import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD = re.compile(r"\w+(?:['’]\w+)*|[+#%°€$]")
MARK = re.compile(r"(?:^|(?<=\n)|[ \t])\[(\d{1,3})\]")  # behind white space: `x[0]` is code
SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*(?:[ \t]?\[\d{1,3}\])*[ \t]+(?!\[\d{1,3}\])(?=[\"'“‘(\[]*[A-Z0-9])")
IDENTIFIER = re.compile(r"\w+(?:[._]\w+)+|\b[a-z]+[A-Z]\w*|\b\w*\d\w*")
QUOTED = re.compile(r"[\"“`]([^\"”`]{1,80})[\"”`]")
NEGATIONS = frozenset(
    """
    no not never none neither nor cannot without isn't aren't don't doesn't didn't can't won't
    """.split()
)
SMALL_WORDS = frozenset(
    """
    a an and are as at be been but by can could do does for from had has have how i if in into is it its may more of
    on or our so some such than that the their them then there these they this to was we were what when which while
    who will with would you your
    """.split()
)
SUFFIXES = ("ations", "ation", "ingly", "ings", "ing", "edly", "ies", "ed", "es", "ly", "s", "e", "y")
SHORTEST_STEM = 3
COVERED = 0.8  # the share of a statement's content words that the cited text must hold


def fold(text: str) -> str:
    """A text in lower case with one kind of quote mark, dash and space."""
    plain = unicodedata.normalize("NFKC", text).translate(_PLAIN)
    return " ".join(plain.casefold().split())


def words(text: str) -> list[str]:
    """The words of a text as they compare: punctuation and case gone, numbers and identifiers kept."""
    return WORD.findall(fold(text))


def says(text: str, phrase: str) -> bool:
    """Whether a text holds a phrase word for word, whatever its case and punctuation."""
    wanted = words(phrase)
    if not wanted:
        return fold(phrase) in fold(text)
    return f" {' '.join(wanted)} " in _spaced(text)


def literally(text: str, phrase: str) -> bool:
    """Whether a text holds a phrase with its punctuation; case and spacing do not matter."""
    return fold(phrase) in fold(text)


def without_marks(text: str) -> str:
    """An answer without its `[n]` marks."""
    return MARK.sub("", text)


def statements(text: str) -> list[tuple[int, int]]:
    """Where each statement of an answer starts and ends: a line, or a sentence of it, with the marks behind it."""
    found: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        cuts = [0, *(cut.end() for cut in SENTENCE_END.finditer(line)), len(line)]
        for first, last in pairwise(cuts):
            piece, end = line[first:last], start + first + len(line[first:last].rstrip())
            if words(without_marks(piece)):
                found.append((start + first, end))
            elif found and MARK.search(piece):
                found[-1] = (found[-1][0], end)
        start += len(line) + 1
    return found


def marks(text: str) -> list[tuple[int, int]]:
    """The `[n]` marks of a text: (where, n)."""
    return [(found.start(), int(found[1])) for found in MARK.finditer(text)]


def traceable(statement: str, cited: str) -> bool:
    """Whether a cited text bears a statement out, as far as words can show.

    Either the statement stands there word for word, or four fifths of its content words do together
    with every number, identifier, quoted string and negation. What this refuses may still be true:
    it is a lower bound, which a person or a judge can look at.
    """
    if says(cited, statement):
        return True
    content = [word for word in words(statement) if word not in SMALL_WORDS]
    if not content:
        return False
    held = stems(cited)
    covered = sum(stem(word) in held for word in content) / len(content)
    return covered >= COVERED and all(says(cited, hard) for hard in _must_stand(statement))


def stems(text: str) -> frozenset[str]:
    """The stems of a text's words."""
    return _stems(text)


@functools.lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A word without its ending: rough, and the same on both sides of a comparison."""
    bare = word.removesuffix("'s").removesuffix("’s")
    for suffix in SUFFIXES:
        if bare.endswith(suffix) and len(bare) - len(suffix) >= SHORTEST_STEM:
            return bare.removesuffix(suffix)
    return bare


def likeness(one: str, other: str) -> float:
    """The share of words that two texts have in common (Jaccard), 0..1."""
    left, right = set(words(one)), set(words(other))
    return len(left & right) / len(left | right) if left | right else 1.0


def find(quote: str, text: str) -> tuple[int, int] | None:
    """Where a quote stands in a text, white space aside, as offsets; None when it does not."""
    exact = text.find(quote)
    if exact >= 0:
        return exact, exact + len(quote)
    found = re.search(r"\s+".join(re.escape(part) for part in quote.split()), text) if quote.strip() else None
    return found.span() if found else None


def slug(text: str, words_at_most: int = 8) -> str:
    """A readable id for a question: its first words, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:words_at_most]) or "case"


def _must_stand(statement: str) -> Iterator[str]:
    yield from (found[0] for found in IDENTIFIER.finditer(statement))
    yield from (found[1] for found in QUOTED.finditer(statement))
    yield from (word for word in words(statement) if word in NEGATIONS)


@functools.lru_cache(maxsize=20_000)
def _spaced(text: str) -> str:
    return f" {' '.join(words(text))} "


@functools.lru_cache(maxsize=20_000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text))


_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})
