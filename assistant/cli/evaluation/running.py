"""`assistant eval` and `eval accept`: cases -> a verdict with an exit code, reports, a baseline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import streams
from assistant.cli.evaluation.bench import Bench, Layout, judged_suites, layout
from assistant.cli.evaluation.flags import CasesOption, FolderOption, OnlyOption, RepeatOption, StrictOption
from assistant.cli.evaluation.reports import terminal_report, write_reports
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
from assistant.errors import UsageError
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.evaluation import Suite
    from assistant.evaluation.judging import Judged


def evaluate(
    context: typer.Context,
    cases: CasesOption = None,
    only: OnlyOption = None,
    strict: StrictOption = False,
    repeat: RepeatOption = 1,
    rescore: Annotated[
        bool, typer.Option("--rescore", help="Score the answers of the last run again; ask nothing.")
    ] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Ask the language model anew.")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write the Markdown here too.")
    ] = None,
    folder: FolderOption = None,
    notes: NotesOption = None,
    index: IndexOption = None,
    llm: LlmOption = None,
    base_url: BaseUrlOption = None,
    no_llm: NoLlmOption = False,
    debug: DebugOption = False,
) -> int:
    """Ask every case, compare with the baseline, and say which questions turned.

    Exit codes: 0 pass, 1 regression, 2 usage, 3 could not finish, 4 no baseline. Reports are written to eval/results.
    """
    if context.invoked_subcommand is not None:
        _nothing_before(context)
        return 0
    from assistant.evaluation.gate import worst

    if only and report:
        raise UsageError("--report tells of all cases, and --only asks a few", run="assistant eval --report FILE")
    place = layout(folder)
    with bar(stays=False) as progress:
        bench = Bench(
            context, Place(notes, index), Model(llm, base_url, no_llm), progress, None if no_cache else place.cache
        )
        judged = judged_suites(bench, place, cases, only=only, repeat=repeat, rescore=rescore)
    if not only:
        write_reports(judged, place, report, strict=strict)
    streams.write(terminal_report(judged, strict=strict))
    _warn(judged, bench, place)
    if not only:
        streams.say(f"reports: {place.results / 'report.html'}")
    return worst([each.verdict.exit_code(strict=strict) for each in judged])


def accept(
    context: typer.Context,
    reason: Annotated[str, typer.Option("--reason", help="Why what was measured is the new baseline.")],
    cases: CasesOption = None,
    repeat: RepeatOption = 1,
    folder: FolderOption = None,
    notes: NotesOption = None,
    index: IndexOption = None,
    llm: LlmOption = None,
    base_url: BaseUrlOption = None,
    no_llm: NoLlmOption = False,
    debug: DebugOption = False,
) -> int:
    """Run the cases and make what comes out the baseline, with the reason and who gave it."""
    from assistant.evaluation import judging

    if not reason.strip():
        raise UsageError("a baseline needs a reason", run='assistant eval accept --reason "…"')
    place = layout(folder)
    with bar(stays=False) as progress:
        bench = Bench(context, Place(notes, index), Model(llm, base_url, no_llm), progress, place.cache)
        judged = judged_suites(bench, place, cases, repeat=repeat)
    streams.write(terminal_report(judged, strict=False))
    paths = judging.accept(judged, place.baselines, reason.strip(), _signed())
    for each, path in zip(judged, paths, strict=True):
        streams.say(f"the baseline of {each.suite.name} is now {path}")
    return 0


def _nothing_before(context: typer.Context) -> None:
    """Refuse options that stand before the name of a command: its own stand behind it, and these nobody would read."""
    given = [
        parameter.opts[0]
        for parameter in context.command.params
        if (source := context.get_parameter_source(parameter.name or "")) and source.name == "COMMANDLINE"
    ]
    early = [name for name in given if name != "--debug"]
    if early:
        named = context.invoked_subcommand
        what = f"{', '.join(early)} before {named} would change nothing; options stand behind the name of the command"
        raise UsageError(what, run=f"assistant eval {named} --help")


def _warn(judged: Sequence[Judged], bench: Bench, place: Layout) -> None:
    """What the person should know besides: notes that changed since the fit, votes that nobody looked at."""
    from assistant.evaluation.fit import stale

    fitted_on = _fitted_on(bench, judged[0].suite)
    corpora = {each.suite.name: each.results[0].gold.corpus for each in judged if each.results}
    for name in stale(fitted_on, corpora):
        streams.say(f"warning: the confidence was fitted on other notes than {name} now has. Run: assistant eval fit")
    drafts = len(list(place.inbox.glob("*.yaml")))
    if drafts:
        waiting = counted(drafts, "draft waits", "drafts wait")
        streams.say(f"{waiting} in {place.inbox} for a person to complete. Then: assistant eval promote")


def _fitted_on(bench: Bench, suite: Suite) -> dict[str, object]:
    from assistant import retrieval

    return dict(retrieval.load(bench.settings(suite).confidence).fitted_on)


def _signed() -> dict[str, str]:
    """Who accepts a baseline, when, and on which commit: for the person who reads its history."""
    import datetime as dt
    import subprocess

    def git(*words: str) -> str:
        command = ["git", *words]
        try:
            found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)  # noqa: S603
        except (OSError, subprocess.SubprocessError):
            return ""
        return found.stdout.strip() if found.returncode == 0 else ""

    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return {"created": now, "git": git("rev-parse", "--short", "HEAD"), "by": git("config", "user.name")}
