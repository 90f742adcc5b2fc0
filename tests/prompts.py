"""Prompts for tests: notes written in one string, in the user's own format, and their sources."""

from __future__ import annotations

from assistant import lexical, passages
from assistant.cite import Language
from assistant.types import Hit, Note, Place, Prompt, Source, Tokens

LANGUAGE = Language(passages.sentences, lexical.content_words, lexical.stem)


def notes(text: str, path: str = "notes.txt") -> tuple[Note, ...]:
    """The entries that begin with `Q. `, with exact places; ids count from n1."""
    starts = [
        position
        for position in range(len(text))
        if text.startswith("Q. ", position) and text[:position][-1:] in ("", "\n")
    ]
    ends = [*starts[1:], len(text)]
    return tuple(
        _note(text, path, f"n{number}", start, end)
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    )


def prompt(*chosen: Note, question: str = "a question") -> Prompt:
    return Prompt(question, sources(*chosen), "", "", Tokens(), ())


def sources(*chosen: Note) -> tuple[Source, ...]:
    return tuple(
        Source(number, Hit(note, 1.0, ()), passages.blocks(note) if note.answered else ())
        for number, note in enumerate(chosen, 1)
    )


def _note(text: str, path: str, name: str, start: int, end: int) -> Note:
    line = text.find("\n", start)
    asked = end if line < 0 or line > end else line
    raw = text[asked:end]
    first = asked + len(raw) - len(raw.lstrip()) if raw.strip() else asked
    last = first + len(raw.strip())
    answer = text[first:last]
    return Note(
        name,
        text[start + 3 : asked].strip(),
        answer,
        "answered" if answer else "unanswered",
        _place(text, path, start, max(last, asked)),
        _place(text, path, start, start + len(text[start:asked].rstrip())),
        _place(text, path, first, last),
        text[start:asked].rstrip(),
    )


def _place(text: str, path: str, start: int, end: int) -> Place:
    first = text.count("\n", 0, start) + 1
    return Place(path, first, first + text.count("\n", start, max(start, end - 1)), start, end)
