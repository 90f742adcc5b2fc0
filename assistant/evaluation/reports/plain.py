"""A summary -> plain text: the score table for a terminal or a log."""

from __future__ import annotations

from assistant.evaluation.metrics import BY_NAME
from assistant.evaluation.summary import OUTCOMES, Summary
from assistant.plurals import counted

SLICE_METRICS = ("passed", "hit@1", "nuggets_vital", "evidence_precision", "outcome", "false_answer", "over_abstention")


def table(summary: Summary) -> str:
    """The whole table: metrics, outcomes, slices."""
    return "\n\n".join((_metrics(summary), _outcomes(summary), _slices(summary))) + "\n"


def _metrics(summary: Summary) -> str:
    size = f"{counted(summary.cases, 'case')} in {counted(summary.clusters, 'cluster')}"
    lines = [f"{size}, {summary.failed} without an answer"]
    lines += [
        f"{name:20} {each.value:8.3f}  [{each.low:.3f}, {each.high:.3f}]  n={each.clusters:<4} {BY_NAME[name].meaning}"
        for name, each in summary.means.items()
    ]
    lines.append(f"{'clusters_right':20} {summary.clusters_right:8.3f}  every wording of a need passed")
    if summary.auroc is not None:
        lines.append(f"{'auroc':20} {summary.auroc:8.3f}  confidence tells answerable from not")
    if summary.curve:
        lines.append(f"{'aurc / e_aurc':20} {summary.curve.area:8.3f} / {summary.curve.excess:.3f}  lower is better")
    for kind, rate in {"all": summary.false_answers, **summary.false_answers_by_kind}.items():
        if rate:
            lines.append(
                f"false answers, {kind:20} {rate.value:.3f} of {rate.clusters}, at most {rate.bound:.3f} (95 %)"
            )
    lines.append(f"{'median':20} {summary.median_ms:8.1f} ms, {counted(summary.tokens, 'token')} in all")
    return "\n".join(lines)


def _outcomes(summary: Summary) -> str:
    given = (*OUTCOMES, "failed")
    lines = [f"{'expected, given':18}" + "".join(f"{name:>18}" for name in given)]
    for expected in OUTCOMES:
        counts = "".join(f"{summary.outcomes.get((expected, name), 0):>18}" for name in given)
        lines.append(f"{expected:18}{counts}")
    return "\n".join(lines)


def _slices(summary: Summary) -> str:
    lines = [f"{'slice':24}{'n':>5}" + "".join(f"{name:>20}" for name in SLICE_METRICS)]
    for each in summary.slices:
        values = "".join(
            f"{each.means[name].value:>20.3f}" if name in each.means else f"{'-':>20}" for name in SLICE_METRICS
        )
        lines.append(f"{each.tag:24}{each.clusters:>5}{values}{'  few' if each.small else ''}")
    return "\n".join(lines)
