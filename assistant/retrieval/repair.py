"""A question -> the ways to read it with its typos repaired, by the notes' own vocabulary and common English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant import lexical

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assistant.types import WordIndex

MOST_READINGS = 4  # of one question; each is embedded


def repaired(question: str, vocabulary: WordIndex) -> tuple[str, ...]:
    """The question with what was most likely meant by every typo, then with one of them read in another way.

    Nothing for a question without typos.
    """
    written = dict.fromkeys(found[0] for found in lexical.WORD.finditer(question))
    meant = {word: found for word in written if (found := vocabulary.suggestions(word.lower()))}
    return tuple(_readings(question, meant))[:MOST_READINGS]


def _readings(question: str, meant: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    if not meant:
        return
    likeliest = {word: found[0] for word, found in meant.items()}
    yield _with(question, likeliest)
    for word, (_, *others) in meant.items():
        for other in others:
            yield _with(question, {**likeliest, word: other})


def _with(question: str, words: Mapping[str, str]) -> str:
    return lexical.WORD.sub(lambda found: words.get(found[0], found[0]), question)
