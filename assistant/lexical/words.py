"""Text -> words: folded to lower case, without function words, stemmed."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)?")
ABBREVIATIONS = re.compile(r"[b-df-hj-np-tv-xz]{2,}(?<!s)s")  # plural ones: Snowball sees none without a vowel
NEGATED = [f"{verb}n't" for verb in "do does did is are was were ca could wo would should has have had need".split()]
SHORTENED = [
    f"{who}'{verb}"
    for who in "i you we they he she it that there who what where how".split()
    for verb in "m re ve ll d".split()
]
FUNCTION_WORDS = frozenset(
    [*NEGATED, *SHORTENED, *(word.replace("'", "") for word in NEGATED), "ive", "youre", "youve", "weve", "theyre"]
) | frozenset(
    """
    a about actually after again all also am an and any anybody anyone anything are as at be because been before being
    but by can could did do does doing done each either else ever every for from get gets getting give given go
    goes going got had has have having he her here hers him his how i if in into is it it's its just kind know let
    like look made make makes many may maybe me mean means might more most much must my myself need needs no nor not of
    off ok on one ones only or other our out over own please pls really s same say says should show so some somebody
    someone something sort still such t take tell than that that's the their them then there there's these they thing
    things this those through to too up us use used uses using very want wants was way ways we well were what what's
    when where whether which while who whom whose why will with without would write yes yet you your yours
    wat wats whats hows whys wheres wut plz im teh ok okay
    does explain describe define definition meaning happen happens happening work works working
    """.split()
)


def words(text: str) -> list[str]:
    """The words of a text in lower case, width and accents folded; identifiers fall into their parts."""
    if text.isascii():  # the same, in half the time
        found = ASCII_WORD.findall(text.lower())
        return [word.removesuffix("'s") for word in found] if "'" in text else found
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").lower()
    return [_bare(word) for word in WORD.findall(folded)]


def tokens(text: str) -> list[str]:
    """The stemmed content words of a text; of a text without any, all its words."""
    every = words(text)
    return [stem(word) for word in every if word not in FUNCTION_WORDS] or [stem(word) for word in every]


def content_words(text: str) -> list[str]:
    """The words of a text that carry its meaning, unstemmed, in reading order."""
    return [word for word in words(text) if word not in FUNCTION_WORDS]


def is_function_word(word: str) -> bool:
    """Whether a word, in lower case, carries no meaning of its own in a question."""
    return word.replace("’", "'") in FUNCTION_WORDS


@functools.lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The Snowball stem of an English word; of an abbreviation such as RDDs, too."""
    return word[:-1] if ABBREVIATIONS.fullmatch(word) else str(_stemmer().stemWord(word))


@functools.cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


@functools.lru_cache(maxsize=200_000)
def _bare(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).removesuffix("'s")


def overlap(one: Iterable[str], other: Iterable[str]) -> float:
    """Jaccard overlap of two sets of words, 0..1."""
    left, right = set(one), set(other)
    return len(left & right) / len(left | right) if left | right else 1.0
