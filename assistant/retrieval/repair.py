"""A question -> the question with its typos repaired, by the notes' own vocabulary and common English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant import lexical

if TYPE_CHECKING:
    import re

    from assistant.types import WordIndex


def repaired(question: str, vocabulary: WordIndex) -> str:
    """The question with every misspelt word replaced; the same text when there is none."""
    return lexical.WORD.sub(lambda found: _repaired_word(found, vocabulary), question)


def _repaired_word(found: re.Match[str], vocabulary: WordIndex) -> str:
    word = found[0]
    suggestion = vocabulary.suggest(word.lower())
    return word if suggestion is None else suggestion[0]
