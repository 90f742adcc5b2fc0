"""Judged suites -> text for a terminal: tables, findings, and the questions that turned."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from assistant.evaluation.reports import rows
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console
    from rich.table import Table

    from assistant.evaluation.judging import Judged

NARROWEST = 100
WITH_MEANINGS = 140


def terminal(
    judged: Sequence[Judged],
    show: Callable[[str], str],
    *,
    width: int = NARROWEST,
    colour: bool = False,
    strict: bool = False,
) -> str:
    """The report; `show` makes a text safe to print."""
    from rich.console import Console

    written = io.StringIO()
    console = Console(
        file=written,
        width=max(width, NARROWEST),
        force_terminal=colour,
        color_system="standard" if colour else None,
        markup=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
    for each in judged:
        _suite(each, console, show, strict=strict)
    return "\n".join(line.rstrip() for line in written.getvalue().split("\n"))


def _suite(judged: Judged, console: Console, show: Callable[[str], str], *, strict: bool) -> None:
    whole = judged.whole
    console.print(f"{judged.suite.name}: {rows.size(whole)}", style="bold")
    console.print(_metrics(judged, console.width))
    console.print(_table("false answers", ["kind", "rate", "needs", "at most (95 %)"], rows.false_answer_rows(judged)))
    given = ["expected", "answered", "noted_unanswered", "not_in_notes", "failed"]
    console.print(_table("outcomes", given, rows.outcome_rows(judged)))
    names = [name.replace("_", " ") for name in rows.SLICE_METRICS]
    console.print(_table("slices", ["slice", "needs", *names], rows.slice_rows(judged)))
    console.print(f"median {whole.median_ms:.0f} ms a question; {counted(whole.tokens, 'token')} in all", style="dim")
    for title, lost in (("lost", True), ("won", False)):
        _flips(judged, console, show, title=title, lost=lost)
    for kind, count, names_of in rows.listed(judged):
        console.print(f"{kind}, not compared: {count} ({show(names_of)})", style="dim")
    if judged.flaky:
        console.print(f"flaky: {', '.join(judged.shown(judged.flaky)[0])}", style="yellow")
    for weight, text in rows.finding_rows(judged):
        console.print(f"{weight}: {show(text)}", style="red" if weight == "fail" else "yellow", soft_wrap=True)
    console.print(rows.headline(judged, strict=strict), style="bold")
    console.print()


def _metrics(judged: Judged, width: int) -> Table:
    wide = width >= WITH_MEANINGS
    columns = ["metric", "before", "now", "change", "90 %", "p", "dev", "held out", *(["meaning"] if wide else [])]
    table = _table("", columns, [])
    for row in rows.metric_rows(judged):
        cells = (row.name, row.before, row.now, row.change, row.interval, row.p, row.dev, row.heldout, row.meaning)
        table.add_row(*cells[: len(columns)], style="red" if row.worse else None)
    return table


def _table(title: str, columns: Sequence[str], cells: Sequence[Sequence[str]]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False, title_style="bold")
    for position, column in enumerate(columns):
        words = position == 0 or column == "meaning"
        table.add_column(column, justify="left" if words else "right", no_wrap=position == 0, overflow="fold")
    for row in cells:
        table.add_row(*row)
    return table


def _flips(judged: Judged, console: Console, show: Callable[[str], str], *, title: str, lost: bool) -> None:
    shown, hidden = rows.flip_rows(judged, lost=lost)
    if not shown and not hidden:
        return
    more = f" and {hidden} held out" if hidden else ""
    console.print(f"{title}: {counted(len(shown), 'question')}{more}", style="bold")
    for row in shown[: rows.MOST_FLIPS]:
        pin = "must pass, " if row.pinned else ""
        console.print(f"  {row.id} ({pin}{show(row.ask)})", style="red" if lost else "green", soft_wrap=True)
        console.print(f"    {row.before} -> {row.now}; {show(row.why)}", soft_wrap=True)
    if len(shown) > rows.MOST_FLIPS:
        console.print(f"  … and {len(shown) - rows.MOST_FLIPS} more in the HTML report", style="dim")
