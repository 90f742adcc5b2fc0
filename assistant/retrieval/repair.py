"""A question -> the ways to read it with its typos repaired, by the notes' own vocabulary and common English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant import lexical

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assistant.types import WordIndex

MOST_READINGS = 4  # of one question; each is embedded
BEFORE_CODE, BEHIND_CODE = re.compile(r"[\w)\]]\.$|[=_@`$]$|(?<!\w)--?$"), re.compile(r"[=_(\[`]|\.\w")


def repaired(question: str, vocabulary: WordIndex) -> tuple[str, ...]:
    """The question with what was most likely meant by every typo, then with one of them read in another way.

    Nothing for a question without typos.
    """
    meant = {}
    for found in lexical.WORD.finditer(question):
        suggested = vocabulary.suggestions(found[0].lower())
        if _in_code(question, found):  # a name there need be no English word, and no English word was meant
            suggested = tuple(words for words in suggested if all(map(vocabulary.knows, words.split())))
        if suggested:
            meant[found[0]] = suggested
    return tuple(_readings(question, meant))[:MOST_READINGS]


def _in_code(question: str, word: re.Match[str]) -> bool:
    """Whether a word is a part of code, such as `acks=all`, `max.poll.records` or `--executor-memory`."""
    before, behind = question[max(0, word.start() - 3) : word.start()], question[word.end() : word.end() + 2]
    return BEFORE_CODE.search(before) is not None or BEHIND_CODE.match(behind) is not None


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
