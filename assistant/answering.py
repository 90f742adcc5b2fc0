"""What was found -> an answer: written by whoever writes, checked against the notes, or an honest refusal.

The quoted answer needs no model and cannot fail, so it is what the person gets when a model does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant import passages
from assistant.cite import Checker, Language
from assistant.errors import WriterError
from assistant.lexical import content_words, stem
from assistant.plurals import counted
from assistant.types import ANSWERED, NOT_IN_NOTES, NOTED_UNANSWERED, Answer, Citation, Draft, Source, Tokens, Written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from assistant.types import Found, Hit, Note, Prompt, Writer

MOST_SOURCES = 5  # notes
CLOSEST = 3  # notes shown to a person whose question is not in the notes
LANGUAGE = Language(passages.sentences, content_words, stem)
WHOLE = Written(complete=True, tokens=Tokens())
NO_DRAFT = Draft("", (), ())


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes, how what was found becomes its prompt, and how it says that the sources do not answer.

    `notices` are what the person should know before anything is sent; `learn` is told how many tokens of a
    prompt we counted, and how many the server did.
    """

    writer: Writer
    compose: Callable[[str, Sequence[Source]], Prompt]
    declines: Callable[[str], bool | None]
    notices: tuple[str, ...] = ()
    learn: Callable[[int, int], None] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A question with all that was found for it."""

    found: Found
    sources: tuple[Source, ...]
    retrieve_ms: float

    @property
    def question(self) -> str:
        return self.found.read_as or self.found.question


def case(found: Found, same: Mapping[str, tuple[str, ...]], retrieve_ms: float, limit: int = MOST_SOURCES) -> Case:
    """What a writer may use of what was found; `same` tells which notes are on one topic."""
    return Case(found, sources(found.hits, same, limit), retrieve_ms)


def answer(asked: Case, writing: Writing, quoting: Writing) -> Iterator[str | Answer]:
    """The pieces of the answer's text, then the answer. No writer is called for a question without an answer.

    When the writer fails, the answer is the quoted one with the fault, whatever was shown before.
    """
    if asked.found.status != ANSWERED:
        yield refused(asked, writing.writer.name)
        return
    if writing is quoting:
        yield from _written(asked, quoting)
        return
    safe = quoted(asked, quoting)
    try:
        yield from _written(asked, writing)
    except WriterError as fault:
        yield replace(safe, fault=fault, warnings=writing.notices)


def quoted(asked: Case, quoting: Writing) -> Answer:
    """The answer in the notes' own words."""
    *_, last = _written(asked, quoting)
    if not isinstance(last, Answer):
        raise TypeError("the writing ended without an answer")
    return last


def refused(asked: Case, writer: str) -> Answer:
    """The honest outcome of a question that the notes do not answer: no text, and where to look."""
    hits = asked.found.hits
    if asked.found.status == NOTED_UNANSWERED:
        note = hits[0].note
        citation = Citation(1, note.id, note.question, note.question_place, note.asked)
        return _answer(asked, writer, Draft("", (citation,), ()), closest=_notes(hits[1:]))
    return _answer(asked, writer, NO_DRAFT, closest=_notes(hits))


def sources(hits: Sequence[Hit], same: Mapping[str, tuple[str, ...]], limit: int = MOST_SOURCES) -> tuple[Source, ...]:
    """The first answered hits as a writer sees them, numbered from 1 in the order of the hits."""
    answered = [hit for hit in hits if hit.note.answered][:limit]
    numbers = {hit.note.id: number for number, hit in enumerate(answered, 1)}
    return tuple(
        Source(number, hit, passages.blocks(hit.note), _earlier(number, same.get(hit.note.id, ()), numbers))
        for number, hit in enumerate(answered, 1)
    )


def _earlier(number: int, same: Sequence[str], numbers: Mapping[str, int]) -> tuple[int, ...]:
    """The sources before `number` among notes on the same topic."""
    return tuple(sorted(numbers[note] for note in same if numbers.get(note, number) < number))


def _written(asked: Case, writing: Writing) -> Iterator[str | Answer]:
    began = time.perf_counter()
    prompt = writing.compose(asked.question, asked.sources)
    if not prompt.sources:
        raise WriterError("not even the best note fits into the model's context", run="assistant ask --no-llm …")
    checker = Checker(prompt, LANGUAGE)
    ending = WHOLE
    for piece in _unless_declined(writing.writer.write(prompt), writing.declines):
        if piece is None:
            yield _declined(asked, writing)
            return
        if isinstance(piece, Written):
            ending = piece
        else:
            yield checker.feed(piece)
    yield checker.close()
    draft = checker.draft()
    if writing.learn and ending.tokens.prompt:
        writing.learn(prompt.tokens.prompt, ending.tokens.prompt)
    if not draft.citations:
        raise WriterError(
            f"{writing.writer.name} wrote an answer that cites nothing in your notes",
            safe="The answer is quoted from your notes instead",
            run="assistant ask --no-llm …",
        )
    whole = _answer(asked, writing.writer.name, draft, write_ms=(time.perf_counter() - began) * 1000)
    yield replace(
        whole,
        complete=ending.complete,
        tokens=_tokens(prompt, ending),
        warnings=(*writing.notices, *_left_out(prompt), *ending.warnings),
    )


def _unless_declined(
    pieces: Iterator[str | Written], declines: Callable[[str], bool | None]
) -> Iterator[str | Written | None]:
    """The pieces as they come, the first ones once it is clear that they are an answer; None for a refusal."""
    held = ""
    clear = False
    for piece in pieces:
        if clear or isinstance(piece, Written):
            if not clear:
                yield None if declines(held) else held
                clear = True
            yield piece
            continue
        held += piece
        refusal = declines(held)
        if refusal is not None:
            yield None if refusal else held
            clear = True
    if not clear:
        yield None if declines(held) else held


def _declined(asked: Case, writing: Writing) -> Answer:
    """The model read the notes and says that they do not answer."""
    found = replace(asked.found, status=NOT_IN_NOTES)
    refusal = refused(replace(asked, found=found), writing.writer.name)
    return replace(refusal, warnings=writing.notices)


def _tokens(prompt: Prompt, ending: Written) -> Tokens:
    """What the server counted; where it did not say, what we counted."""
    if ending.tokens.prompt or not prompt.tokens.prompt:
        return ending.tokens
    return replace(ending.tokens, prompt=prompt.tokens.prompt, estimated=True)


def _left_out(prompt: Prompt) -> tuple[str, ...]:
    if not prompt.left_out:
        return ()
    names = ", ".join(f"“{note.question}” ({note.place})" for note in prompt.left_out)
    number = len(prompt.left_out)
    were = "was" if number == 1 else "were"
    return (f"{counted(number, 'note')} did not fit into the model's context and {were} left out: {names}",)


def _notes(hits: Sequence[Hit]) -> tuple[Note, ...]:
    return tuple(hit.note for hit in hits[:CLOSEST])


def _answer(asked: Case, writer: str, draft: Draft, *, closest: tuple[Note, ...] = (), write_ms: float = 0.0) -> Answer:
    found = asked.found
    return Answer(
        question=found.question,
        read_as=found.read_as,
        status=found.status,
        confidence=found.confidence,
        text=draft.text,
        complete=True,
        writer=writer,
        warnings=(),
        unsupported=draft.unsupported,
        citations=draft.citations,
        hits=found.hits,
        closest=closest,
        tokens=Tokens(),
        retrieve_ms=asked.retrieve_ms,
        write_ms=write_ms,
        fault=None,
    )
