"""`eval explain` and `eval diff`: one case in full, two runs beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import streams
from assistant.cli.evaluation.bench import Bench, Layout, judged_suites, layout
from assistant.cli.evaluation.flags import CasesOption, FolderOption
from assistant.cli.options import (
    BaseUrlOption,
    DebugOption,
    IndexOption,
    LlmOption,
    Model,
    NoLlmOption,
    NotesOption,
    Place,
)
from assistant.cli.progress import bar
from assistant.errors import CaseError, UsageError
from assistant.render.characters import visible

if TYPE_CHECKING:
    from assistant.evaluation.stored import Record


def explain(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="ID", help="The id of a case; all its wordings are shown.")],
    cases: CasesOption = None,
    heldout: Annotated[
        bool, typer.Option("--heldout", help="Look at a held-out case; the look is written down.")
    ] = False,
    folder: FolderOption = None,
    notes: NotesOption = None,
    index: IndexOption = None,
    llm: LlmOption = None,
    base_url: BaseUrlOption = None,
    no_llm: NoLlmOption = False,
    debug: DebugOption = False,
) -> int:
    """Ask one case and show everything about it: what was expected, found, said and scored, now and before."""
    from assistant.evaluation.explaining import explain as explained

    place = layout(folder)
    with bar(stays=False) as progress:
        bench = Bench(context, Place(notes, index), Model(llm, base_url, no_llm), progress, place.cache)
        judged = judged_suites(bench, place, cases, only=[case])
    for each in judged:
        for result in each.results:
            if result.case.split == "heldout":
                _look(result.case.id, place, allowed=heldout)
            before = each.before.cases.get(result.case.id) if each.before else None
            streams.write(visible(explained(result, before)) + "\n\n")
    return 0


def diff(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="A file of results or a baseline.")],
    now: Annotated[Path, typer.Argument(metavar="NOW", help="Another.")],
    folder: FolderOption = None,
    debug: DebugOption = False,
) -> int:
    """Compare two files of results: metrics with their tests, and the questions that turned. Judges nothing."""
    from assistant.evaluation.gate import diff as compared
    from assistant.evaluation.reports.difference import difference
    from assistant.evaluation.rules import read_rules

    old, new = _record(before), _record(now)
    verdict = compared(new, old, read_rules(layout(folder).gate).primary)
    streams.write(visible(difference(verdict)))
    return 0


def _record(path: Path) -> Record:
    from assistant.evaluation.stored import read

    if not path.is_file():
        raise UsageError(f"there is no file of results {path}", run="assistant eval")
    try:
        found = read(path)
    except CaseError as error:
        error.run = "assistant eval"
        raise
    if found is None:
        raise UsageError(f"{path} is no file of results that this version reads", run="assistant eval")
    return found


def _look(case: str, place: Layout, *, allowed: bool) -> None:
    """A held-out case is looked at knowingly, and it is written down: what was seen cannot test any more."""
    import datetime as dt

    if not allowed:
        raise UsageError(f"{case} is held out; looking at it spends it", run=f"assistant eval explain {case} --heldout")
    today = dt.datetime.now(dt.UTC).date().isoformat()
    start = "" if place.looks.is_file() else "# Looks at held-out cases\n\n"
    place.looks.parent.mkdir(parents=True, exist_ok=True)
    with place.looks.open("a", encoding="utf-8", newline="\n") as log:
        log.write(f"{start}- {today} {case}\n")
