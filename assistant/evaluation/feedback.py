"""Votes on answers -> drafts of cases -> cases, with a person between: a vote is not a right answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import CaseError, editing
from assistant.evaluation.cases.gold import bind
from assistant.evaluation.cases.reading import read_file
from assistant.evaluation.cases.values import expand
from assistant.evaluation.drafts import OPEN_QUESTION, free, put, unfinished
from assistant.evaluation.wording import likeness, slug, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from assistant.evaluation.cases.gold import Corpus
    from assistant.evaluation.cases.schema import CaseFile
    from assistant.evaluation.cases.values import Case

SAME_QUESTION = 0.7  # likeness of two questions that are drafted once
COVERED = 0.9  # likeness to a case that already asks it
ABSTAIN = frozenset({"should_abstain", "made_up"})
LONGEST_COMMENT = 300


@dataclass(frozen=True, slots=True)
class Vote:
    """One line of the feedback file."""

    id: str
    question: str
    history: tuple[Mapping[str, str], ...]
    route: str
    answer: str
    up: bool
    reason: str
    correct_note: str
    comment: str


@dataclass(frozen=True, slots=True)
class Triage:
    """What became of the votes: drafts written, groups that a case covers already, and votes for an answer."""

    drafts: tuple[Path, ...]
    covered: int
    liked: tuple[str, ...]
    broken: tuple[str, ...]


def votes(path: Path) -> tuple[list[Vote], list[str]]:
    """The votes of a file of JSON lines, and the lines that are none."""
    if not path.is_file():
        raise CaseError(f"there is no feedback file {path}", run="assistant web")
    found, broken = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                found.append(_vote(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                broken.append(f"{path}:{number}: not a vote ({error})")
    return found, broken


def triage(found: Sequence[Vote], cases: Sequence[Case], corpus: Corpus, inbox: Path) -> Triage:
    """Group the votes against an answer, drop what a case asks already, and write a draft for the rest."""
    known = {case.origin for case in cases} | _drafted(inbox)
    against = [vote for vote in found if not vote.up]
    groups = _groups(against)
    new = [group for group in groups if not _covered(group, cases, known)]
    drafts = tuple(_write(group, corpus, inbox) for group in new)
    liked = tuple(dict.fromkeys(vote.question for vote in found if vote.up))
    return Triage(drafts, len(groups) - len(new), liked, ())


def promote(path: Path, corpus: Corpus, target: Path) -> tuple[str, ...]:
    """Move the completed cases of a draft to the end of a case file, and take the draft away; gives their ids.

    Raises `CaseError` when the draft still asks something, or does not fit the notes.
    """
    if path.resolve().parent == target.resolve().parent:
        raise CaseError(f"{path} is a case file, and no draft", safe="It is as it was", run="assistant eval promote")
    file = read_file(path)
    written = [case.model_dump(mode="json", exclude_defaults=True, exclude={"status"}) for case in file.cases]
    for case in written:
        if unfinished(case):
            raise CaseError(f"{path} still says {OPEN_QUESTION}: complete it first", run=editing(path))
    _fits(file, path, corpus)
    names = tuple(str(case.get("id") or slug(case["ask"])) for case in written)
    free(names, target)
    for case in written:
        put(case, target)
    path.unlink()
    return names


def _fits(file: CaseFile, path: Path, corpus: Corpus) -> None:
    where = {number: str(path) for number in range(len(file.cases))}
    for case in expand(file, path.stem, where):
        problems = bind(case, corpus).problems
        if problems:
            raise CaseError(f"{path}: {case.id}: {'; '.join(problems)}", run=editing(path))


# --- votes -> groups -----------------------------------------------------------------------------


def _vote(data: Mapping[str, Any]) -> Vote:
    vote = str(data["vote"]).lower()
    return Vote(
        id=str(data["id"]),
        question=str(data["question"]).strip() or _refuse("no question"),
        history=tuple({str(turn["role"]): str(turn["content"])} for turn in data.get("history") or ()),
        route=str(data.get("route") or ""),
        answer=str(data.get("answer") or ""),
        up=vote in {"up", "1", "true", "+1", "good"},
        reason=str(data.get("reason") or ""),
        correct_note=str(data.get("correct_note") or ""),
        comment=str(data.get("comment") or ""),
    )


def _refuse(why: str) -> str:
    raise ValueError(why)


def _groups(found: Iterable[Vote]) -> list[list[Vote]]:
    groups: list[list[Vote]] = []
    for vote in found:
        home = next((group for group in groups if _alike(group[0], vote)), None)
        if home is None:
            groups.append([vote])
        else:
            home.append(vote)
    return groups


def _alike(one: Vote, other: Vote) -> bool:
    same_talk = [*one.history] == [*other.history]
    return same_talk and likeness(one.question, other.question) >= SAME_QUESTION


def _covered(group: Sequence[Vote], cases: Sequence[Case], known: set[str]) -> bool:
    if any(f"feedback:{vote.id}" in known for vote in group):
        return True
    talk = tuple(content for turn in group[0].history for content in turn.values())
    return any(
        tuple(turn.content for turn in case.history) == talk and likeness(case.ask, group[0].question) >= COVERED
        for case in cases
    )


def _drafted(inbox: Path) -> set[str]:
    """The votes that a draft waits for already, all of them by the comment that lists them."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(inbox.glob("*.yaml"))]
    return {word.strip(",") for text in texts for word in text.split() if word.startswith("feedback:")}


# --- groups -> drafts ----------------------------------------------------------------------------


def _write(group: Sequence[Vote], corpus: Corpus, inbox: Path) -> Path:
    first = group[0]
    named = next((vote.correct_note for vote in group if vote.correct_note), "")
    refuse = any(vote.reason in ABSTAIN for vote in group) and not named
    case: dict[str, Any] = {
        "id": _free(slug(first.question), inbox),
        "history": [_turn(turn) for turn in first.history],
        "ask": first.question,
        "variants": [{"paraphrase": text} for text in _others(group)],
        "expect": "not_in_notes" if refuse else "answer",
        "origin": f"feedback:{first.id}",
        "status": "draft",
    }
    if not refuse:
        notes = corpus.named(named)
        note = corpus.note(notes[0]) if notes else None
        case["notes"] = {"any_of": [note.question if note else f"{OPEN_QUESTION}: which note answers this?"]}
        case["expect"] = "noted_unanswered" if note and not note.answered else "answer"
    path = inbox / f"{case['id']}.yaml"
    put(case, path, _comments(group))
    return path


def _comments(group: Sequence[Vote]) -> list[str]:
    said = [f"{vote.reason or 'no reason given'}: {vote.comment}" for vote in group if vote.reason or vote.comment]
    return [
        f"votes: {', '.join(f'feedback:{vote.id}' for vote in group)}",
        *said,
        f"it was {group[0].route or 'answered'}: {group[0].answer}"[:LONGEST_COMMENT],
        "complete it (notes, evidence, nuggets), then: assistant eval promote",
    ]


def _others(group: Sequence[Vote]) -> list[str]:
    """Other wordings of the first question, each once."""
    seen = {tuple(words(group[0].question))}
    kept = []
    for vote in group[1:]:
        wording = tuple(words(vote.question))
        if wording not in seen:
            seen.add(wording)
            kept.append(vote.question)
    return kept


def _turn(turn: Mapping[str, str]) -> dict[str, str]:
    ((role, content),) = turn.items()
    return {"assistant" if role == "assistant" else "user": content}


def _free(name: str, inbox: Path) -> str:
    number = 1
    while (inbox / f"{name if number == 1 else f'{name}-{number}'}.yaml").exists():
        number += 1
    return name if number == 1 else f"{name}-{number}"
