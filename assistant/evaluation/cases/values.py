"""A case file -> cases: one frozen value for each wording of each need."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from assistant.evaluation.cases.schema import CaseFile, GradedNote, WrittenCase, WrittenTurn
from assistant.evaluation.wording import slug
from assistant.types import ANSWERED, NOT_IN_NOTES, NOTED_UNANSWERED, Status, Turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assistant.evaluation.cases.schema import WrittenNotes

OUTCOMES: Mapping[str, Status] = {
    "answer": ANSWERED,
    "noted_unanswered": NOTED_UNANSWERED,
    "not_in_notes": NOT_IN_NOTES,
}
OF_THE_WORDING = frozenset({"clean", "paraphrase", "title_echo", "typo", "keyword"})
HELD_OUT_OF = 5  # one cluster in five


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that answer, and the note that holds them, as the case names it."""

    note: str
    quote: str


@dataclass(frozen=True, slots=True)
class Nugget:
    """A fact that a good answer says, and what counts as saying it."""

    say: str
    vital: bool
    any_of: tuple[str, ...]
    all_of: tuple[str, ...]
    regex: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """One need for information in one wording, with what a right answer holds.

    `notes` are the notes as the case names them with their grades; `every` says that each is needed.
    `sha` covers all that decides a score, so that an edited case is not compared with its former self.
    """

    id: str
    cluster: str
    ask: str
    history: tuple[Turn, ...]
    expect: Status
    notes: tuple[tuple[str, int], ...]
    every: bool
    evidence: tuple[Evidence, ...]
    nuggets: tuple[Nugget, ...]
    forbid: tuple[str, ...]
    max_words: int | None
    must_pass: bool
    split: Literal["dev", "heldout"]
    tags: tuple[str, ...]
    origin: str
    suite: str
    where: str
    sha: str

    @property
    def answerable(self) -> bool:
        return self.expect == ANSWERED


def expand(file: CaseFile, suite: str, where: Mapping[int, str]) -> Iterator[Case]:
    """Every wording of every case; `where` gives each case's `path:line`."""
    for position, written in enumerate(file.cases):
        name = written.id or slug(written.ask)
        yield _case(file, written, _Wording(name, written.ask, ()), suite, where[position])
        numbers: Counter[str] = Counter()
        for variant in written.variants:
            ((kind, text),) = variant.items()
            numbers[kind] += 1
            wording = _Wording(f"{name}#{kind}{numbers[kind]}", text, (kind,))
            yield _case(file, written, wording, suite, where[position])


def split_of(cluster: str) -> Literal["dev", "heldout"]:
    """Where a cluster belongs: by its name alone, so that all wordings of a need stay together."""
    return "heldout" if int(hashlib.sha256(cluster.encode()).hexdigest(), 16) % HELD_OUT_OF == 0 else "dev"


@dataclass(frozen=True, slots=True)
class _Wording:
    id: str
    ask: str
    kind: tuple[str, ...]


def _case(file: CaseFile, written: WrittenCase, wording: _Wording, suite: str, where: str) -> Case:
    name = wording.id.partition("#")[0]
    cluster = written.cluster or name
    split = written.split or file.defaults.split
    notes, every = _notes(written)
    content = written.model_dump(
        mode="json",
        include={"history", "expect", "notes", "evidence", "nuggets", "forbid", "max_words"},
    )
    return Case(
        id=wording.id,
        cluster=cluster,
        ask=wording.ask,
        history=tuple(_turn(turn) for turn in written.history),
        expect=OUTCOMES[written.expect],
        notes=notes,
        every=every,
        evidence=tuple(Evidence(item.note, item.quote) for item in written.evidence),
        nuggets=tuple(Nugget(item.say, item.vital, item.any_of, item.all_of, item.regex) for item in written.nuggets),
        forbid=written.forbid,
        max_words=written.max_words,
        must_pass=written.must_pass,
        split=split_of(cluster) if split == "auto" else split,
        tags=_tags((*file.defaults.tags, *written.tags), wording.kind),
        origin=written.origin,
        suite=suite,
        where=where,
        sha=_sha({**content, "ask": wording.ask}),
    )


def _tags(tags: tuple[str, ...], kind: tuple[str, ...]) -> tuple[str, ...]:
    """A variant has its own kind of wording and keeps what the tags say about the need."""
    kept = [tag for tag in tags if tag not in OF_THE_WORDING] if kind else tags
    return tuple(dict.fromkeys((*kind, *kept)))


def _notes(written: WrittenCase) -> tuple[tuple[tuple[str, int], ...], bool]:
    return (graded(written.notes), bool(written.notes.all_of)) if written.notes else ((), False)


def graded(notes: WrittenNotes) -> tuple[tuple[str, int], ...]:
    """The notes as they are named, with their grades."""
    listed = notes.all_of or notes.any_of
    return tuple((item.note, item.grade) if isinstance(item, GradedNote) else (item, 2) for item in listed)


def _turn(written: WrittenTurn) -> Turn:
    return Turn("user", written.user) if written.user is not None else Turn("assistant", written.assistant or "")


def _sha(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
