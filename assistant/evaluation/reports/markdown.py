"""Judged suites -> Markdown for a pull request: the verdict, what was lost first, what was won folded."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from assistant.evaluation.reports import rows
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.evaluation.judging import Judged

SPECIAL = re.compile(r"([\\`*_\[\]{}#|~!@])")


def markdown(judged: Sequence[Judged], *, strict: bool = False) -> str:
    """The report."""
    return "\n".join(line for each in judged for line in _suite(each, strict=strict)) + "\n"


def safe(text: str) -> str:
    """A text that stays text in Markdown: no markup, link, mention or HTML of its own, on one line."""
    return SPECIAL.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))


def _suite(judged: Judged, *, strict: bool) -> Iterator[str]:
    yield f"## Answer quality, {safe(rows.headline(judged, strict=strict))}"
    yield ""
    yield from _findings(judged)
    yield from _table(
        ["metric", "before", "now", "change", "90 % interval", "p", "dev", "held out"],
        [
            [
                f"**{row.name}**" if row.worse else row.name,
                row.before,
                row.now,
                row.change,
                row.interval,
                row.p,
                row.dev,
                row.heldout,
            ]
            for row in rows.metric_rows(judged)
        ],
    )
    yield from _flips(judged)
    yield from _folded("Slices", _table(["slice", "needs", *rows.SLICE_METRICS], rows.slice_rows(judged)))
    false_answers = _table(["kind", "false answers", "needs", "at most (95 %)"], rows.false_answer_rows(judged))
    yield from _folded("False answers", false_answers)
    for kind, count, names in rows.listed(judged):
        yield f"- {kind}, not compared: {count} ({safe(names)})"
    if judged.flaky:
        yield f"- flaky: {safe(', '.join(judged.shown(judged.flaky)[0]))}"
    yield ""


def _findings(judged: Judged) -> Iterator[str]:
    for weight, text in rows.finding_rows(judged):
        yield f"- {'❌' if weight == 'fail' else '⚠️'} {safe(text)}"
    yield ""


def _flips(judged: Judged) -> Iterator[str]:
    lost, hidden = rows.flip_rows(judged, lost=True)
    if lost or hidden:
        yield f"### Lost: {counted(len(lost), 'question')}" + (f" and {hidden} held out" if hidden else "")
        yield ""
        yield from _table(["question", "before", "now", "why"], _flip_cells(lost[: rows.MOST_FLIPS]))
    won, hidden = rows.flip_rows(judged, lost=False)
    if won or hidden:
        title = f"Won: {counted(len(won), 'question')}" + (f" and {hidden} held out" if hidden else "")
        yield from _folded(title, _table(["question", "before", "now", "why not before"], _flip_cells(won)))


def _flip_cells(flips: Sequence[rows.FlipRow]) -> list[list[str]]:
    return [
        [
            f"{'📌 ' if row.pinned else ''}{safe(row.id)}: {safe(row.ask)}",
            safe(row.before),
            safe(row.now),
            safe(row.why),
        ]
        for row in flips
    ]


def _folded(title: str, content: Iterator[str]) -> Iterator[str]:
    yield f"<details><summary>{title}</summary>"
    yield ""
    yield from content
    yield "</details>"
    yield ""


def _table(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{'|'.join('---' for _ in columns)}|"
    yield from (f"| {' | '.join(row)} |" for row in cells)
    yield ""
