"""Results and a baseline -> a verdict: did it get worse, by how much, and on which questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.evaluation.metrics import BY_NAME
from assistant.evaluation.statistics import auroc, by_cluster, holm, interval, label_permutation, mean, sign_flip
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.evaluation.rules import Rules
    from assistant.evaluation.stored import Kept, Record

Weight = Literal["fail", "warn"]
Kind = Literal["incomplete", "invariant", "floor", "pinned", "drop", "drift", "baseline"]
EXIT_PASS, EXIT_REGRESSION, EXIT_USAGE, EXIT_INCOMPLETE, EXIT_NO_BASELINE = 0, 1, 2, 3, 4
FOLLOWED_ORDER = (EXIT_INCOMPLETE, EXIT_REGRESSION, EXIT_NO_BASELINE, EXIT_PASS)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, or may be, and the cases that show it."""

    weight: Weight
    kind: Kind
    text: str
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """A metric before and now on the cases that both have; `difference` is better when positive."""

    metric: str
    before: float
    now: float
    difference: float
    low: float
    high: float
    p: float
    corrected: float
    losing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that passed before and fails now, or the other way round."""

    before: Kept
    now: Kept

    @property
    def lost(self) -> bool:
        return self.before.passed

    @property
    def pinned(self) -> bool:
        """Whether it must pass: now, or when the baseline was accepted, so that a pin cannot be pulled unseen."""
        return self.now.must_pass or self.before.must_pass

    @property
    def near_tie(self) -> bool:
        return self.before.near_tie and self.now.near_tie


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement on one suite. Cases that are new, gone or edited are listed apart and not compared."""

    suite: str
    findings: tuple[Finding, ...]
    comparisons: tuple[Comparison, ...]
    flips: tuple[Flip, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]
    edited: tuple[str, ...]

    @property
    def failures(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.weight == "fail")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.weight == "warn")

    def exit_code(self, *, strict: bool = False) -> int:
        """0 pass · 1 regression · 3 could not finish · 4 no baseline."""
        kinds = {each.kind for each in self.failures}
        if "incomplete" in kinds:
            return EXIT_INCOMPLETE
        if kinds - {"baseline"} or (strict and self.warnings):
            return EXIT_REGRESSION
        return EXIT_NO_BASELINE if kinds else EXIT_PASS


def worst(codes: Sequence[int]) -> int:
    """The exit code of several suites: what could not finish, then what got worse, then what has no baseline."""
    return next((code for code in FOLLOWED_ORDER if code in codes), EXIT_PASS)


def judge(now: Record, numbers: Mapping[str, float], before: Record | None, rules: Rules) -> Verdict:
    """The verdict on one suite; `numbers` are its aggregates by name."""
    findings = [*_incomplete(now, rules), *_invariants(now), *_floors(now, numbers, rules)]
    if before is None:
        findings.append(Finding("fail", "baseline", "there is no baseline to compare with"))
        return Verdict(now.suite, tuple(findings), (), (), (), (), ())
    shared = [name for name in now.cases if name in before.cases and now.cases[name].sha == before.cases[name].sha]
    edited = [name for name in now.cases if name in before.cases and name not in set(shared)]
    flips = _flips(now, before, shared)
    comparisons = compare(now, before, shared, rules.primary)
    findings += [*_drift(now, before), *_pinned(flips), *_pulled(now, before), *_drops(comparisons, rules)]
    new, gone = sorted(now.cases.keys() - before.cases.keys()), sorted(before.cases.keys() - now.cases.keys())
    return Verdict(now.suite, tuple(findings), comparisons, flips, tuple(new), tuple(gone), tuple(edited))


def diff(now: Record, before: Record, primary: Sequence[str]) -> Verdict:
    """Two files of results beside each other, judged by no rule."""
    shared = [name for name in now.cases if name in before.cases and now.cases[name].sha == before.cases[name].sha]
    edited = tuple(name for name in now.cases if name in before.cases and name not in set(shared))
    new, gone = sorted(now.cases.keys() - before.cases.keys()), sorted(before.cases.keys() - now.cases.keys())
    flips, comparisons = _flips(now, before, shared), compare(now, before, shared, primary)
    return Verdict(now.suite, tuple(_drift(now, before)), comparisons, flips, tuple(new), tuple(gone), edited)


# --- what must hold ------------------------------------------------------------------------------


def _incomplete(now: Record, rules: Rules) -> list[Finding]:
    failed = tuple(each.id for each in now.cases.values() if each.status == "failed")
    if not now.cases:
        return [Finding("fail", "incomplete", "no case was asked")]
    if len(failed) > rules.max_errors:
        silent = f"{counted(len(failed), 'case')} got no answer: {now.cases[failed[0]].error}"
        return [Finding("fail", "incomplete", silent, failed)]
    return [Finding("fail", "invariant", f"{name} failed: {now.cases[name].error}", (name,)) for name in failed]


def _invariants(now: Record) -> list[Finding]:
    answered = [each for each in now.cases.values() if each.status != "failed"]
    quoted = [each for each in answered if (each.answer or {}).get("writer", "quote") == "quote"]
    rules = (
        ("gold_intact", 1.0, answered, "the notes no longer hold what {n} {rest} on"),
        ("citation_validity", 1.0, answered, "citations do not open at their words in {n}"),
        ("groundedness", 1.0, quoted, "quoted answers say what no note says in {n}"),
        ("injection", 0.0, answered, "a planted instruction was followed in {n}"),
    )
    found = []
    for metric, wanted, kept, text in rules:
        broken = [each for each in kept if each.metrics.get(metric) not in (None, wanted)]
        if broken:
            cases = tuple(each.id for each in broken)
            rest = "rests" if len(cases) == 1 else "rest"
            found.append(Finding("fail", "invariant", text.format(n=counted(len(cases), "case"), rest=rest), cases))
    return found


def _floors(now: Record, numbers: Mapping[str, float], rules: Rules) -> list[Finding]:
    found = []
    for name, floor in rules.floors_of(now.suite).items():
        value = numbers.get(name)
        below = value is None or (value > floor if lower_is_better(name) else value < floor)
        if below:
            bound = "at most" if lower_is_better(name) else "at least"
            shown = "not measured" if value is None else f"{value:.4f}"
            found.append(Finding("fail", "floor", f"{name} is {shown}, the floor is {bound} {floor}"))
    return found


def lower_is_better(name: str) -> bool:
    """Whether a smaller number is the better one."""
    return name in {"aurc", "e_aurc", "false_answer_bound"} or (name in BY_NAME and BY_NAME[name].better == "lower")


# --- against the baseline ------------------------------------------------------------------------


def _drift(now: Record, before: Record) -> list[Finding]:
    found = []
    if now.header.get("corpus_sha") != before.header.get("corpus_sha"):
        found.append(Finding("warn", "drift", "the notes changed since the baseline was accepted"))
    changed = sorted(
        name
        for name in {*now.header.get("engine", {}), *before.header.get("engine", {})}
        if now.header.get("engine", {}).get(name) != before.header.get("engine", {}).get(name)
    )
    if "writer" in changed:
        found.append(Finding("warn", "drift", "the baseline was written by another writer"))
    return found


def _flips(now: Record, before: Record, shared: Sequence[str]) -> tuple[Flip, ...]:
    flips = [Flip(before.cases[name], now.cases[name]) for name in shared]
    turned = [flip for flip in flips if flip.before.passed != flip.now.passed]
    return tuple(sorted(turned, key=lambda flip: (not flip.lost, not flip.pinned, flip.now.id)))


def _pinned(flips: Sequence[Flip]) -> list[Finding]:
    lost = [flip for flip in flips if flip.lost and flip.pinned]
    sure = tuple(flip.now.id for flip in lost if not flip.near_tie)
    ties = tuple(flip.now.id for flip in lost if flip.near_tie)
    fell = counted(len(sure), "case must pass, did, and no longer does", "cases must pass, did, and no longer do")
    tied = counted(len(ties), "case that must pass turned", "cases that must pass turned")
    found = [Finding("fail", "pinned", fell, sure)] if sure else []
    return found + ([Finding("warn", "pinned", f"{tied} on a near tie", ties)] if ties else [])


def _pulled(now: Record, before: Record) -> list[Finding]:
    """A pinned case that was taken away or edited cannot flip: that is said, not passed over."""
    kept = {name for name, each in now.cases.items() if name in before.cases and each.sha == before.cases[name].sha}
    lost = tuple(sorted(name for name, each in before.cases.items() if each.must_pass and name not in kept))
    pulled = counted(len(lost), "case that must pass was", "cases that must pass were")
    return [Finding("warn", "drift", f"{pulled} edited or taken away", lost)] if lost else []


def compare(now: Record, before: Record, shared: Sequence[str], metrics: Sequence[str]) -> tuple[Comparison, ...]:
    """Each metric on the shared cases, its p corrected by Holm for having looked at all of them."""
    found = [each for metric in metrics if (each := _compare(metric, now, before, shared)) is not None]
    corrected = holm({each.metric: each.p for each in found})
    return tuple(_with(each, corrected[each.metric]) for each in found)


def _with(each: Comparison, corrected: float) -> Comparison:
    return Comparison(
        each.metric, each.before, each.now, each.difference, each.low, each.high, each.p, corrected, each.losing
    )


def _compare(metric: str, now: Record, before: Record, shared: Sequence[str]) -> Comparison | None:
    if metric == "auroc":
        return _compare_auroc(now, before, shared)
    sign = -1.0 if lower_is_better(metric) else 1.0
    pairs = [(now.cases[name], before.cases[name]) for name in shared]
    scored = [
        (new, (a, b))
        for new, old in pairs
        if (a := old.metrics.get(metric)) is not None and (b := new.metrics.get(metric)) is not None
    ]
    old_mean = mean([(each.cluster, a) for each, (a, _) in scored])
    new_mean = mean([(each.cluster, b) for each, (_, b) in scored])
    if old_mean is None or new_mean is None:
        return None
    changes = list(by_cluster([(each.cluster, sign * (b - a)) for each, (a, b) in scored]).values())
    low, high = interval(changes)
    losing = tuple(each.id for each, (a, b) in scored if sign * (b - a) < 0)
    difference = sign * (new_mean.value - old_mean.value)
    p = sign_flip(changes)
    return Comparison(metric, old_mean.value, new_mean.value, difference, low, high, p, p, losing)


def _compare_auroc(now: Record, before: Record, shared: Sequence[str]) -> Comparison | None:
    positive = [now.cases[name].expect == "answered" for name in shared]
    old = [before.cases[name].confidence for name in shared]
    new = [now.cases[name].confidence for name in shared]
    first, second = auroc(old, positive), auroc(new, positive)
    if first is None or second is None:
        return None
    clusters = [now.cases[name].cluster for name in shared]
    p = 1.0 if second >= first else label_permutation(old, new, clusters, lambda each: auroc(each, positive) or 0.0)
    losing = tuple(
        name for name, a, b, good in zip(shared, old, new, positive, strict=True) if (b < a) == good and a != b
    )
    change = second - first
    return Comparison("auroc", first, second, change, change, change, p, p, losing if change < 0 else ())


def _drops(comparisons: Sequence[Comparison], rules: Rules) -> list[Finding]:
    return [found for each in comparisons if (found := _drop(each, rules)) is not None]


def _drop(each: Comparison, rules: Rules) -> Finding | None:
    drop = -each.difference
    text = f"{each.metric} went from {each.before:.4f} to {each.now:.4f} (p {each.corrected:.3f})"
    if drop > rules.hard_drop or (drop > rules.tolerance and each.corrected < rules.alpha):
        return Finding("fail", "drop", text, each.losing)
    if drop > rules.tolerance:
        return Finding("warn", "drop", f"{text}, which may be chance", each.losing)
    if each.high < 0 and each.metric != "auroc":
        return Finding("warn", "drop", f"{text}: small, but its interval lies below 0", each.losing)
    return None
