"""Suites and a subject for each -> judged suites: asked, scored, summarised, compared with the baseline."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant import disk
from assistant.errors import CaseError
from assistant.evaluation.gate import Verdict, judge
from assistant.evaluation.metrics import Score
from assistant.evaluation.run import Progress, Result, Subject, run
from assistant.evaluation.stored import Record, again, cases_sha, corpus_sha, lines, read, record
from assistant.evaluation.summary import Summary, summarise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from assistant.evaluation.cases.reading import Suite
    from assistant.evaluation.cases.values import Case
    from assistant.evaluation.rules import Rules

HELD_OUT = "heldout"


@dataclass(frozen=True, slots=True)
class Options:
    """How to evaluate: which cases by id, how often each is asked, and kept answers to score instead of asking."""

    only: tuple[str, ...] = ()
    repeat: int = 1
    kept: Mapping[str, Record] | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One suite, measured: all of it, its two parts, the baseline and the verdict. `flaky` cases came out both ways."""

    suite: Suite
    results: tuple[Result, ...]
    record: Record
    before: Record | None
    whole: Summary
    dev: Summary
    heldout: Summary
    verdict: Verdict
    flaky: tuple[str, ...]

    def shown(self, cases: Sequence[str]) -> tuple[tuple[str, ...], int]:
        """The cases that may be named, and how many may not: the held-out ones are looked at in sum only."""
        open_ones = tuple(name for name in cases if self.split(name) != HELD_OUT)
        return open_ones, len(cases) - len(open_ones)

    def split(self, name: str) -> str:
        found = self.record.cases.get(name) or (self.before and self.before.cases.get(name))
        return found.split if found else ""


def evaluate(
    suites: Sequence[Suite],
    subject_of: Callable[[Suite], Subject],
    rules: Rules,
    baselines: Path,
    options: Options | None = None,
    progress: Progress | None = None,
) -> tuple[Judged, ...]:
    """Judge every suite; `baselines` is the folder of `SUITE.jsonl` files."""
    chosen = options or Options()
    return tuple(_judged(suite, subject_of(suite), rules, baselines, chosen, progress) for suite in suites)


def baseline_path(baselines: Path, suite: str) -> Path:
    """The file that a suite is compared with."""
    return baselines / f"{suite}.jsonl"


def _judged(
    suite: Suite, subject: Subject, rules: Rules, baselines: Path, options: Options, progress: Progress | None
) -> Judged:
    cases = _chosen(suite, options.only)
    before = read(baseline_path(baselines, suite.name))
    results, flaky = _results(suite, cases, subject, options, progress)
    whole = summarise(results)
    dev, heldout = (summarise([each for each in results if each.case.split == part]) for part in ("dev", HELD_OUT))
    now = record(_header(suite, cases, subject, whole), results)
    if options.only and before:  # the numbers of all cases are not those of a few
        before = Record(
            {**before.header, "numbers": {}}, {name: kept for name, kept in before.cases.items() if name in now.cases}
        )
    numbers = {} if options.only else whole.numbers
    verdict = judge(now, numbers, before, rules.model_copy(update={"floors": {}}) if options.only else rules)
    return Judged(suite, results, now, before, whole, dev, heldout, verdict, flaky)


def _chosen(suite: Suite, only: Sequence[str]) -> tuple[Case, ...]:
    if not only:
        return suite.cases
    return tuple(case for case in suite.cases if case.id in only or case.id.partition("#")[0] in only)


def _header(suite: Suite, cases: Sequence[Case], subject: Subject, whole: Summary) -> Mapping[str, object]:
    return {
        "suite": suite.name,
        "engine": dict(sorted(subject.engine.items())),
        "corpus_sha": corpus_sha(subject.corpus),
        "cases_sha": cases_sha(cases),
        "cases": whole.cases,
        "clusters": whole.clusters,
        "numbers": {name: round(value, 4) for name, value in sorted(whole.numbers.items())},
    }


# --- asking several times ------------------------------------------------------------------------


def _results(
    suite: Suite, cases: Sequence[Case], subject: Subject, options: Options, progress: Progress | None
) -> tuple[tuple[Result, ...], tuple[str, ...]]:
    if options.kept is not None:
        if suite.name not in options.kept:
            raise CaseError(f"no kept answers of the suite {suite.name}", run="assistant eval")
        return again(options.kept[suite.name], cases, subject.corpus), ()
    runs = [run(cases, subject, progress) for _ in range(options.repeat)]
    merged = [_majority([each[position] for each in runs]) for position in range(len(cases))]
    return tuple(result for result, _ in merged), tuple(result.case.id for result, flaky in merged if flaky)


def _majority(results: Sequence[Result]) -> tuple[Result, bool]:
    """The answer that most runs agree with, with the mean of every score; and whether they disagreed."""
    votes = Counter(each.value("passed") for each in results)
    winner = max(votes, key=lambda vote: (votes[vote], -(vote or 0)))  # a draw is not a pass
    chosen = next(each for each in results if each.value("passed") == winner)
    if len(results) == 1:
        return chosen, False
    scores = tuple(_mean(score, results, winner) for score in chosen.scores)
    return replace(chosen, scores=scores), len(votes) > 1


def _mean(score: Score, results: Sequence[Result], winner: float | None) -> Score:
    if score.metric == "passed":
        return Score(score.case, score.metric, winner)
    values = [value for each in results if (value := each.value(score.metric)) is not None]
    return Score(score.case, score.metric, sum(values) / len(values) if values else None)


def accept(judged: Sequence[Judged], baselines: Path, reason: str, by: Mapping[str, str]) -> tuple[Path, ...]:
    """Make what was measured the baselines, with who did it, when and why: of every suite, or of none.

    Raises `CaseError` when a run is incomplete, and DiskError.
    """
    for each in judged:
        if any(failure.kind == "incomplete" for failure in each.verdict.failures):
            what = f"{each.suite.name} could not be finished, so it is no baseline"
            raise CaseError(what, safe="Every baseline is as it was", run="assistant eval")
    baselines.mkdir(parents=True, exist_ok=True)
    files = {baseline_path(baselines, each.suite.name): _accepted(each.record, reason, by) for each in judged}
    disk.rewrite_all(files)
    return tuple(files)


def _accepted(record: Record, reason: str, by: Mapping[str, str]) -> bytes:
    header = {**record.header, "reason": reason, **by}
    return lines(Record(header, record.cases), answers=False).encode()
