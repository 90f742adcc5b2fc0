"""Question lines -> their misspelt words, and the lines as they may have been meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant import lexical

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence

    from assistant.types import Note


def misspelt(notes: Sequence[Note]) -> dict[str, str]:
    """Every misspelt word of the questions, in lower case -> the word that was meant."""
    spellings = {word for note in notes for word in lexical.content_words(f"{note.question}\n{note.answer}")}
    asked = {word for note in notes for word in lexical.content_words(note.question)}
    judged = lexical.misspelt(spellings, asked)
    return {word: meant for word, meant in judged.items() if meant and word in asked}


def suggestion(text: str, meant: Mapping[str, str]) -> str:
    """The text with every misspelt word as it was meant, in the case that it was written in."""
    return lexical.WORD.sub(lambda found: _better(found, meant), text)


def _better(found: re.Match[str], meant: Mapping[str, str]) -> str:
    word = found[0]
    better = meant.get(word.lower())
    if better is None:
        return word
    if word.isupper():
        return better.upper()
    return better.capitalize() if word[:1].isupper() else better
