"""Answers, hits and notes -> the JSON objects that scripts rely on, and those objects -> one line of UTF-8."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from assistant.errors import NotesAssistantError
from assistant.render.characters import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.types import Answer, Citation, Found, Hit, Note

Object = dict[str, Any]

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def dumps(value: object) -> str:
    r"""One line of valid JSON that holds no control character and can always be written as UTF-8.

    Characters that a terminal would obey are written as `\u` escapes, so the value read back is the same;
    a lone surrogate becomes U+FFFD and a number that is not finite becomes null.
    """
    return UNSEEN.sub(_escaped, json.dumps(_clean(value), ensure_ascii=False, allow_nan=False))


def answer_object(answer: Answer, identity: object = None) -> Object:
    """The object of `ask --json`; `identity` is the id of the line of a batch."""
    return {
        "id": identity,
        "question": answer.question,
        "read_as": answer.read_as,
        "status": answer.status,
        "confidence": _rounded(answer.confidence, 4),
        "answer": answer.text,
        "complete": answer.complete,
        "writer": answer.writer,
        "warnings": [*answer.warnings, *_faults(answer)],
        "unsupported": [
            {"sentence": each.sentence, "start": each.start, "end": each.end} for each in answer.unsupported
        ],
        "citations": [_citation_object(citation) for citation in answer.citations],
        "hits": _ranked(answer.hits),
        "closest": [_closest_object(note) for note in answer.closest],
        "tokens": {
            "prompt": answer.tokens.prompt,
            "completion": answer.tokens.completion,
            "estimated": answer.tokens.estimated,
        },
        "timings_ms": {"retrieve": _rounded(answer.retrieve_ms, 1), "write": _rounded(answer.write_ms, 1)},
    }


def error_object(code: str, message: str, identity: object = None) -> Object:
    """What stands for a question of a batch that could not be answered."""
    return {"id": identity, "error": {"code": code, "message": message}}


def found_object(found: Found) -> Object:
    """The object of `search --json`."""
    return {"question": found.question, "read_as": found.read_as, "hits": _ranked(found.hits)}


def hit_object(rank: int, hit: Hit) -> Object:
    """A note found: its place is the whole entry."""
    return {"rank": rank, **_named(hit.note), "score": _rounded(hit.score, 4)}


def notes_object(notes: Iterable[Note], same: Mapping[str, tuple[str, ...]]) -> Object:
    """The object of `notes list --json`."""
    return {"notes": [note_object(note, same.get(note.id, ())) for note in notes]}


def note_object(note: Note, same_as: Sequence[str] = ()) -> Object:
    """One note of `notes list --json`."""
    return {
        "id": note.id,
        "question": note.question,
        "answered": note.answered,
        "path": note.place.path,
        "first_line": note.place.first_line,
        "last_line": note.place.last_line,
        "same_as": list(same_as),
    }


def full_note_object(note: Note, same_as: Sequence[str] = ()) -> Object:
    """The object of `notes show ID --json`: the note with its answer and the answer's offsets in the file."""
    place = note.answer_place
    return {
        **note_object(note, same_as),
        "answer": note.answer,
        "start": place.start,
        "end": place.end,
    }


def _citation_object(citation: Citation) -> Object:
    place = citation.place
    return {
        "number": citation.number,
        "note_id": citation.note_id,
        "note": citation.note,
        "path": place.path,
        "first_line": place.first_line,
        "last_line": place.last_line,
        "start": place.start,
        "end": place.end,
        "quote": citation.quote,
    }


def _ranked(hits: Sequence[Hit]) -> list[Object]:
    return [hit_object(rank, hit) for rank, hit in enumerate(hits, start=1)]


def _closest_object(note: Note) -> Object:
    named = _named(note)
    del named["last_line"]
    return named


def _named(note: Note) -> Object:
    return {
        "note_id": note.id,
        "note": note.question,
        "path": note.place.path,
        "first_line": note.place.first_line,
        "last_line": note.place.last_line,
    }


def _faults(answer: Answer) -> list[str]:
    """The fault in words, unless the warnings say it already."""
    if answer.fault is None:
        return []
    said = answer.fault.line() if isinstance(answer.fault, NotesAssistantError) else "the language model failed"
    return [] if said in answer.warnings else [said]


def _rounded(number: float, digits: int) -> float:
    return round(float(number), digits) if math.isfinite(number) else 0.0


def _clean(value: object) -> object:
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {_clean(name): _clean(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return value


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]
