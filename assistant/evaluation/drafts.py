"""A case as data -> YAML as a person writes it, put at the end of a case file without touching what stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.errors import CaseError
from assistant.evaluation.cases.gold import bind
from assistant.evaluation.cases.reading import SUFFIXES, read_suite, written_case
from assistant.evaluation.cases.schema import CaseFile
from assistant.evaluation.cases.values import expand, graded
from assistant.evaluation.wording import find, slug, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from assistant.evaluation.cases.gold import Corpus

HEADER = "version: 1\ncases:\n"
WIDTH = 110
OPEN_QUESTION = "TODO"
YAML = (".yaml", ".yml")


def case_yaml(case: Mapping[str, Any]) -> str:
    """One case as an item of `cases`, in the order of the schema; what is empty or the default is left out."""
    import yaml

    written = written_case(case)
    kept = written.model_dump(mode="json", exclude_defaults=True)
    ordered = {name: kept[name] for name in type(written).model_fields if name in kept}
    ordered.setdefault("expect", written.expect)
    text = yaml.safe_dump([_tidy(ordered)], sort_keys=False, allow_unicode=True, width=WIDTH)
    return "".join(f"  {line}\n" for line in str(text).rstrip("\n").split("\n"))


def put(case: Mapping[str, Any], path: Path, comments: Iterable[str] = ()) -> None:
    """Add a case at the end of a file, which is made when it is not there.

    Raises `CaseError`, leaving the file as it was, when the file could not be read afterwards.
    """
    if path.suffix not in YAML and not path.is_dir():
        here = path.with_suffix(YAML[0])
        raise CaseError(f"{path}: cases are added to YAML files, such as {here}", run="assistant eval new --help")
    before = path.read_text(encoding="utf-8") if path.is_file() else None
    notes = "".join(f"  # {' '.join(comment.split())}\n" for comment in comments)
    start = HEADER if before is None else before.rstrip("\n") + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(start + notes + case_yaml(case), encoding="utf-8", newline="\n")
    try:
        read_suite(path)
    except CaseError:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8", newline="\n")
        raise


def draft(ask: str, expect: str, notes: Sequence[str], quotes: Sequence[str], corpus: Corpus) -> dict[str, Any]:
    """A case from a question and what answers it, checked against the notes.

    A quote is looked for in the notes named. Raises `CaseError` with what was probably meant.
    """
    if not words(ask):
        raise CaseError("the question has no words", run="assistant eval new --help")
    for name in notes:
        if not corpus.named(name):
            near = corpus.nearest(name)
            meant = f"; did you mean “{near}”?" if near else ""
            raise CaseError(f"no note is called “{name}”{meant}", run="assistant notes list")
    case: dict[str, Any] = {"id": slug(ask), "ask": ask, "expect": expect}
    case.update({"notes": {"any_of": list(notes)}} if notes else {})
    case.update({"evidence": [_evidence(quote, notes, corpus) for quote in quotes]} if quotes else {})
    written_case(case)
    return case


def check(case: Mapping[str, Any], corpus: Corpus) -> None:
    """Raise `CaseError` when the notes do not hold what a case rests on, or hold it in another state."""
    file = CaseFile(cases=(written_case(case),))
    problems = [problem for each in expand(file, "", {0: ""}) for problem in bind(each, corpus).problems]
    if problems:
        notes = file.cases[0].notes
        named = [name for name, _ in graded(notes)] if notes else []
        raise CaseError("; ".join(dict.fromkeys(problems)), run=_shown(named, corpus))


def free(names: Sequence[str], path: Path) -> None:
    """Raise `CaseError` when a case file beside `path` has a case of one of these names: no two may have one name."""
    for other in sorted(path.parent.glob("*")):
        if other.suffix in SUFFIXES and other.is_file() and other.name != path.name:
            try:
                known = {case.id: case.where for case in read_suite(other).cases}
            except CaseError:  # its own mistakes are told by whoever reads it
                continue
            for name in names:
                if name in known:
                    raise CaseError(f"the id {name} is used already at {known[name]}", run="assistant eval lint")


def _shown(names: Iterable[str], corpus: Corpus) -> str:
    found = next((note for name in names for note in corpus.named(name)), None)
    return f"assistant notes show {found}" if found else "assistant notes list"


def _evidence(quote: str, notes: Sequence[str], corpus: Corpus) -> dict[str, str]:
    for name in notes:
        for note in map(corpus.note, corpus.named(name)):
            if note and find(quote, note.answer):
                return {"note": name, "quote": quote}
    raise CaseError(f"none of the notes named says “{quote}”", run=_shown(notes, corpus))


def unfinished(case: Mapping[str, Any]) -> bool:
    """Whether a draft still holds a question to the person."""
    return OPEN_QUESTION in case_yaml(case)


def _tidy(case: dict[str, Any]) -> dict[str, Any]:
    """What a person would not write: the empty half of `notes`, defaults of nuggets."""
    if "notes" in case:
        case["notes"] = {name: value for name, value in case["notes"].items() if value}
    return case
