"""What was found -> an answer: written by whoever writes, checked against the notes, or an honest refusal."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import passages
from assistant.cite import Checker, Language
from assistant.lexical import content_words, stem
from assistant.types import ANSWERED, NOTED_UNANSWERED, Answer, Citation, Draft, Prompt, Source, Tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.types import Found, Hit, Note, Writer

CLOSEST = 3  # notes shown to a person whose question is not in the notes
LANGUAGE = Language(passages.sentences, content_words, stem)
NOTHING_SPENT = Tokens()
NO_DRAFT = Draft("", (), ())


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds."""

    retrieve: float
    write: float


def quoted(
    found: Found, same: Mapping[str, tuple[str, ...]], writer: Writer, retrieve_ms: float
) -> Iterator[str | Answer]:
    """The pieces of an answer in the notes' own words, then the answer; nothing is written for a refusal."""
    began = time.perf_counter()
    if found.status != ANSWERED:
        yield refused(found, writer.name, retrieve_ms)
        return
    prompt = Prompt(found.read_as or found.question, sources(found.hits, same), "", "", NOTHING_SPENT, ())
    checker = Checker(prompt, LANGUAGE)
    for piece in writer.write(prompt):
        yield checker.feed(piece)
    yield checker.close()
    took = Took(retrieve_ms, _since(began))
    yield answered(found, writer.name, checker.draft(), took)


def sources(hits: Sequence[Hit], same: Mapping[str, tuple[str, ...]]) -> tuple[Source, ...]:
    """The answered hits as a writer sees them, numbered from 1 in the order of the hits."""
    answered_hits = [hit for hit in hits if hit.note.answered]
    numbers = {hit.note.id: number for number, hit in enumerate(answered_hits, 1)}
    return tuple(
        Source(number, hit, passages.blocks(hit.note), _earlier(number, same.get(hit.note.id, ()), numbers))
        for number, hit in enumerate(answered_hits, 1)
    )


def _earlier(number: int, same: Sequence[str], numbers: Mapping[str, int]) -> tuple[int, ...]:
    """The sources before `number` among notes on the same topic."""
    return tuple(sorted(numbers[note] for note in same if numbers.get(note, number) < number))


def answered(found: Found, writer: str, draft: Draft, took: Took) -> Answer:
    """A checked draft as the answer."""
    return _answer(found, writer, draft, (), took)


def refused(found: Found, writer: str, retrieve_ms: float) -> Answer:
    """The honest outcome of a question that the notes do not answer: no text, and where to look."""
    if found.status == NOTED_UNANSWERED:
        note = found.hits[0].note
        citation = Citation(1, note.id, note.question, note.question_place, note.asked)
        return _answer(found, writer, Draft("", (citation,), ()), _others(found), Took(retrieve_ms, 0.0))
    closest = tuple(hit.note for hit in found.hits[:CLOSEST])
    return _answer(found, writer, NO_DRAFT, closest, Took(retrieve_ms, 0.0))


def _others(found: Found) -> tuple[Note, ...]:
    return tuple(hit.note for hit in found.hits[1 : 1 + CLOSEST])


def _answer(found: Found, writer: str, draft: Draft, closest: tuple[Note, ...], took: Took) -> Answer:
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
        tokens=NOTHING_SPENT,
        retrieve_ms=took.retrieve,
        write_ms=took.write,
        fault=None,
    )


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
