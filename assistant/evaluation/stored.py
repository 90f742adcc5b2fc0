"""Results <-> JSON lines: a header, then one case a line in order of ids, the same bytes for the same results.

Times stand in a file of their own, so that two runs can be compared byte by byte.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import CaseError
from assistant.evaluation.cases.gold import bind
from assistant.evaluation.run import Result, rescore
from assistant.types import ANSWERED, Answer, Citation, Hit, Place, Tokens, UnitScore, Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from assistant.evaluation.cases.gold import Corpus
    from assistant.evaluation.cases.values import Case

SCHEMA = 1
DIGITS = 4  # of scores: enough to see a change, few enough to read a diff
EXACT = 6  # of what is scored again
RANKS = 10
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one case: enough to compare, to show, and to score again."""

    id: str
    cluster: str
    ask: str
    sha: str
    split: str
    must_pass: bool
    expect: str
    status: str
    confidence: float
    ranks: tuple[str, ...]
    metrics: Mapping[str, float | None]
    text: str
    citations: tuple[tuple[str, int, int], ...]
    faults: tuple[str, ...]
    near_tie: bool
    error: str | None
    answer: Mapping[str, Any] | None

    @property
    def passed(self) -> bool:
        return self.metrics.get("passed") == 1

    @property
    def wrong(self) -> bool:
        """Whether answering was a mistake, as `outcomes.wrong` has it."""
        said = self.metrics.get("nuggets_vital")
        return self.expect != ANSWERED or self.metrics.get("hit@1") == 0 or (said is not None and said < HALF)

    @property
    def first(self) -> str:
        """The note that came first, or a dash."""
        return self.ranks[0] if self.ranks else "-"


@dataclass(frozen=True, slots=True)
class Record:
    """A file of results: what was measured on what, and every case."""

    header: Mapping[str, Any]
    cases: Mapping[str, Kept]

    @property
    def suite(self) -> str:
        return str(self.header.get("suite", ""))


def keep(result: Result) -> Kept:
    """What is kept of a result."""
    case, answer = result.case, result.answer
    return Kept(
        id=case.id,
        cluster=case.cluster,
        ask=case.ask,
        sha=case.sha,
        split=case.split,
        must_pass=case.must_pass,
        expect=case.expect,
        status=answer.status if answer else "failed",
        confidence=round(answer.confidence, DIGITS) if answer else 0.0,
        ranks=tuple(hit.note.id for hit in answer.hits[:RANKS]) if answer else (),
        metrics={score.metric: _rounded(score.value) for score in result.scores},
        text=answer.text if answer else "",
        citations=tuple((c.note_id, c.place.start, c.place.end) for c in answer.citations) if answer else (),
        faults=result.faults,
        near_tie=result.near_tie,
        error=result.error,
        answer=_answer(answer) if answer else None,
    )


def record(header: Mapping[str, Any], results: Iterable[Result]) -> Record:
    """The results of one suite, in order of their ids."""
    kept = sorted((keep(result) for result in results), key=lambda each: each.id)
    return Record({"schema": SCHEMA, **header}, {each.id: each for each in kept})


def lines(kept: Record, *, answers: bool = True) -> str:
    """A record as JSON lines; without `answers` only what a comparison needs, as a baseline keeps it."""
    rows: list[Mapping[str, Any]] = [kept.header]
    for each in kept.cases.values():
        row = {name: getattr(each, name) for name in Kept.__slots__ if name != "answer"}
        rows.append({**row, "answer": each.answer} if answers else {**row, "metrics": _applying(each.metrics)})
    return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)


def read(path: Path) -> Record | None:
    """The record in a file; None when there is none, or it is of another schema.

    Raises `CaseError` when the file is there and is not what was written.
    """
    if not path.is_file():
        return None
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
        header = rows[0]
        if header["schema"] != SCHEMA:
            return None
        kept = [_kept(row) for row in rows[1:]]
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise CaseError(
            f"{path} is not a file of results ({error})", run='assistant eval accept --reason "…"'
        ) from error
    return Record(header, {each.id: each for each in kept})


def again(kept: Record, cases: Sequence[Case], corpus: Corpus) -> tuple[Result, ...]:
    """Kept answers scored anew, without asking anybody; a case without an answer kept counts as failed."""
    return tuple(_again(case, kept.cases.get(case.id), corpus) for case in cases)


def corpus_sha(corpus: Corpus) -> str:
    """A hash of what the notes say."""
    return _sha([[note.id, note.question, note.answer] for note in corpus.notes])


def cases_sha(cases: Iterable[Case]) -> str:
    """A hash of what the cases expect."""
    return _sha(sorted([case.id, case.sha] for case in cases))


def answer_of(row: Mapping[str, Any], question: str, corpus: Corpus) -> Answer:
    """The answer that `_answer` wrote; hits on notes that are gone are left out."""
    notes = {note.id: note for note in corpus.notes}
    units = [(notes[note], score, found) for note, score, found in row["hits"] if note in notes]
    return Answer(
        question=question,
        read_as=row["read_as"],
        status=row["status"],
        confidence=row["confidence"],
        text=row["text"],
        complete=row["complete"],
        writer=row["writer"],
        warnings=tuple(row["warnings"]),
        unsupported=tuple(Unsupported(*each) for each in row["unsupported"]),
        citations=tuple(Citation(c[0], c[1], c[2], Place(*c[3]), c[4]) for c in row["citations"]),
        hits=tuple(Hit(note, score, tuple(UnitScore(*unit) for unit in found)) for note, score, found in units),
        closest=tuple(notes[each] for each in row["closest"] if each in notes),
        tokens=Tokens(*row["tokens"]),
        retrieve_ms=0.0,
        write_ms=0.0,
        fault=None,
    )


def answer_row(answer: Answer) -> Mapping[str, Any]:
    """An answer as JSON data, without its times."""
    return _answer(answer)


def _answer(answer: Answer) -> Mapping[str, Any]:
    return {
        "read_as": answer.read_as,
        "status": answer.status,
        "confidence": round(answer.confidence, EXACT),
        "text": answer.text,
        "complete": answer.complete,
        "writer": answer.writer,
        "warnings": list(answer.warnings),
        "unsupported": [[each.sentence, each.start, each.end] for each in answer.unsupported],
        "citations": [[c.number, c.note_id, c.note, _place(c.place), c.quote] for c in answer.citations],
        "hits": [[hit.note.id, round(hit.score, EXACT), _units(hit)] for hit in answer.hits],
        "closest": [note.id for note in answer.closest],
        "tokens": [answer.tokens.prompt, answer.tokens.completion, answer.tokens.estimated],
    }


def _applying(metrics: Mapping[str, float | None]) -> Mapping[str, float]:
    """What applies: in a baseline a metric that does not is left out, to keep its lines short."""
    return {name: value for name, value in metrics.items() if value is not None}


def _place(place: Place) -> list[str | int]:
    return [place.path, place.first_line, place.last_line, place.start, place.end]


def _units(hit: Hit) -> list[list[float]]:
    return [[unit.block, round(unit.score, EXACT)] for unit in hit.units]


def _kept(row: Mapping[str, Any]) -> Kept:
    several = {name: tuple(row[name]) for name in ("ranks", "faults")}
    citations = tuple((note, start, end) for note, start, end in row["citations"])
    return Kept(**{"answer": None, **row, **several, "citations": citations})


def _again(case: Case, kept: Kept | None, corpus: Corpus) -> Result:
    if kept is None or kept.answer is None:
        return rescore(bind(case, corpus), None, (kept and kept.error) or "no answer was kept", 0.0)
    return rescore(bind(case, corpus), answer_of(kept.answer, case.ask, corpus), None, 0.0)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def _sha(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:16]
