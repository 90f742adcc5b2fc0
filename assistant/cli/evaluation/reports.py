"""Judged suites -> the terminal's report, and the files of `eval/results`."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING

from assistant.render.characters import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.cli.evaluation.bench import Layout
    from assistant.evaluation.judging import Judged


def terminal_report(judged: Sequence[Judged], *, strict: bool) -> str:
    """The report as it is printed."""
    from assistant.evaluation.reports.terminal import terminal

    return terminal(judged, visible, width=_width(), colour=_colour(), strict=strict)


def _width() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def write_reports(judged: Sequence[Judged], place: Layout, report: Path | None, *, strict: bool) -> None:
    """One result, every report; the results themselves hold no times, which stand in a file of their own."""
    from assistant.evaluation.reports.junit import junit
    from assistant.evaluation.reports.markdown import markdown
    from assistant.evaluation.reports.page import page
    from assistant.evaluation.stored import lines

    place.results.mkdir(parents=True, exist_ok=True)
    for each in judged:
        _put(place.results / f"{each.suite.name}.jsonl", lines(each.record))
        times = {result.case.id: round(result.milliseconds, 1) for result in each.results}
        _put(place.results / f"{each.suite.name}.times.json", json.dumps(times, indent=0) + "\n")
    for path in (place.results / "report.md", *([report] if report else [])):
        path.parent.mkdir(parents=True, exist_ok=True)
        _put(path, markdown(judged, strict=strict))
    _put(place.results / "junit.xml", junit(judged))
    _put(place.results / "report.html", page(judged, visible, strict=strict))


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "") not in ("dumb", "")


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
