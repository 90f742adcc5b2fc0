"""A judged suite -> the rows that every report shows: metrics, slices, findings, flips. No layout here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.evaluation.gate import lower_is_better
from assistant.evaluation.metrics import BY_NAME
from assistant.evaluation.summary import OUTCOMES
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.evaluation.gate import Flip
    from assistant.evaluation.judging import Judged
    from assistant.evaluation.stored import Kept
    from assistant.evaluation.summary import Summary

MOST_FLIPS = 20
UNSEEN = 0.0005  # a change that three digits do not show
LARGE = 10  # numbers of words, not shares
MEANINGS = {
    "clusters_right": "needs of which every wording passed",
    "auroc": "confidence tells what the notes answer",
    "aurc": "risk over all coverages",
    "e_aurc": "the same above a perfect order",
    "coverage_at_risk_5": "answered at 5 % risk",
    "false_answer_bound": "false answers, at most (95 %)",
}
SLICE_METRICS = ("passed", "hit@1", "nuggets_vital", "evidence_precision", "outcome", "false_answer", "over_abstention")
GLYPHS = {0: "PASS", 1: "REGRESSION", 2: "USAGE", 3: "NOT FINISHED", 4: "NO BASELINE"}


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One number before and now; empty texts where there is nothing to say."""

    name: str
    before: str
    now: str
    change: str
    interval: str
    p: str
    dev: str
    heldout: str
    meaning: str
    worse: bool


def metric_rows(judged: Judged) -> list[MetricRow]:
    """Every aggregate of the suite."""
    compared = {each.metric: each for each in judged.verdict.comparisons}
    before = judged.before.header.get("numbers", {}) if judged.before else {}
    dev, heldout = judged.dev.numbers, judged.heldout.numbers
    rows = []
    for name, value in judged.whole.numbers.items():
        mean, old, test = judged.whole.means.get(name), before.get(name), compared.get(name)
        change = value - old if old is not None else 0.0
        rows.append(
            MetricRow(
                name,
                number(old),
                number(value),
                f"{change:+.3f}" if round(abs(change), 4) > 0 else "",
                f"{mean.low:.3f}–{mean.high:.3f}" if mean else "",
                f"{test.corrected:.3f}" if test and test.corrected < 1 else "",
                number(dev.get(name)),
                number(heldout.get(name)),
                MEANINGS.get(name) or BY_NAME[name].meaning,
                _worse(name, change),
            )
        )
    return rows


def _worse(name: str, change: float) -> bool:
    neutral = name in BY_NAME and BY_NAME[name].better == "neither"
    return not neutral and (change > UNSEEN if lower_is_better(name) else change < -UNSEEN)


def number(value: float | None) -> str:
    """A number as reports show it."""
    if value is None:
        return "–"
    return f"{value:.1f}" if value >= LARGE else f"{value:.3f}"


def slice_rows(judged: Judged) -> list[list[str]]:
    """Tag, needs, and the means of the metrics in `SLICE_METRICS`."""
    return [
        [each.tag, f"{each.clusters}{' (few)' if each.small else ''}"]
        + [number(each.means[name].value) if name in each.means else "–" for name in SLICE_METRICS]
        for each in judged.whole.slices
    ]


def outcome_rows(judged: Judged) -> list[list[str]]:
    """What was expected against what was given, counted."""
    counts = judged.whole.outcomes
    given = (*OUTCOMES, "failed")
    return [[expected, *(str(counts.get((expected, name), 0)) for name in given)] for expected in OUTCOMES]


def false_answer_rows(judged: Judged) -> list[list[str]]:
    """Kind of question, false answers, needs, and what they are at most."""
    rates = {"all": judged.whole.false_answers, **judged.whole.false_answers_by_kind}
    return [
        [kind, f"{each.value:.3f}", str(each.clusters), f"{each.bound:.3f}"] for kind, each in rates.items() if each
    ]


def headline(judged: Judged, *, strict: bool = False) -> str:
    """`notes: PASS, 2 warnings`."""
    warnings = len(judged.verdict.warnings)
    more = f", {counted(warnings, 'warning')}" if warnings else ""
    return f"{judged.suite.name}: {GLYPHS[judged.verdict.exit_code(strict=strict)]}{more}"


def size(whole: Summary) -> str:
    """How much was asked."""
    return f"{counted(whole.cases, 'question')} on {counted(whole.clusters, 'need')}"


def finding_rows(judged: Judged) -> list[tuple[str, str]]:
    """(fail or warn, what is wrong and in which cases)."""
    return [(each.weight, each.text + _named(judged, each.cases)) for each in judged.verdict.findings]


def _named(judged: Judged, cases: Sequence[str]) -> str:
    if not cases:
        return ""
    shown, hidden = judged.shown(cases)
    parts = [*shown[:MOST_FLIPS]]
    rest = len(shown) - len(parts)
    parts += [f"{rest} more"] if rest else []
    parts += [f"{hidden} held out"] if hidden else []
    return f": {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class FlipRow:
    """A question that turned, with the first note before and now."""

    id: str
    ask: str
    pinned: bool
    before: str
    now: str
    why: str


def flip_rows(judged: Judged, *, lost: bool) -> tuple[list[FlipRow], int]:
    """The questions that were lost (or won), those that must pass first; and how many held-out ones were."""
    flips = [flip for flip in judged.verdict.flips if flip.lost == lost]
    shown, hidden = judged.shown([flip.now.id for flip in flips])
    return [_flip(flip) for flip in flips if flip.now.id in set(shown)], hidden


def _flip(flip: Flip) -> FlipRow:
    why = "; ".join(flip.now.faults if flip.lost else flip.before.faults)
    return FlipRow(flip.now.id, flip.now.ask, flip.pinned, _first(flip.before), _first(flip.now), why)


def _first(kept: Kept) -> str:
    return kept.first if kept.status == "answered" else f"{kept.status} ({kept.first})"


def listed(judged: Judged) -> list[tuple[str, int, str]]:
    """New, edited and missing cases: not compared, and not passed over."""
    kinds = (("new", judged.verdict.new), ("edited", judged.verdict.edited), ("gone", judged.verdict.gone))
    return [(kind, len(names), _named(judged, names)[2:]) for kind, names in kinds if names]
