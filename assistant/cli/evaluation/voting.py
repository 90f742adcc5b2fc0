"""`eval triage` and `eval promote`: votes on answers -> drafts -> cases, with a person between."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import streams
from assistant.cli.evaluation.bench import Bench, layout, suite_of
from assistant.cli.evaluation.flags import CasesOption, FolderOption
from assistant.cli.options import DebugOption, IndexOption, Model, NotesOption, Place
from assistant.cli.progress import bar
from assistant.errors import UsageError
from assistant.plurals import counted

VOTES = "feedback.jsonl"


def triage(
    context: typer.Context,
    feedback: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The page's feedback. Default: the settings' feedback folder.")
    ] = None,
    cases: CasesOption = None,
    folder: FolderOption = None,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Group the votes against answers, drop what a case asks already, and write drafts for the rest."""
    from assistant.evaluation import feedback as votes
    from assistant.evaluation import read_suites
    from assistant.evaluation.cases.reading import SUFFIXES

    place = layout(folder)
    with bar(stays=False) as progress:
        bench = Bench(context, Place(notes, index), Model(no_llm=True), progress)
        found, broken = votes.votes(feedback or bench.settings().feedback / VOTES)
        paths = cases or [path for path in sorted(place.cases.glob("*")) if path.suffix in SUFFIXES]
        known = [case for suite in (read_suites(paths) if paths else ()) for case in suite.cases]
        done = votes.triage(found, known, bench.corpus(None), place.inbox)
    streams.write("".join(f"{path}\n" for path in done.drafts))
    for line in broken:
        streams.say(f"warning: {line}")
    for question in done.liked:
        streams.say(f"liked, perhaps a case that must pass: {question}")
    streams.say(
        f"{counted(len(done.drafts), 'draft')}, {done.covered} asked by a case already. Then: assistant eval promote"
    )
    return 0


def promote(
    context: typer.Context,
    drafts: Annotated[
        list[Path] | None, typer.Argument(metavar="DRAFT", help="Drafts that are complete. Default: the whole inbox.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="The case file that they are added to.")
    ] = None,
    folder: FolderOption = None,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Move completed drafts to the end of a case file."""
    from assistant.evaluation import feedback as votes

    place = layout(folder)
    paths = drafts or sorted(place.inbox.glob("*.yaml"))
    if not paths:
        raise UsageError(f"there are no drafts in {place.inbox}", run="assistant eval triage")
    target = to or place.cases / "notes.yaml"
    suite = suite_of(target)
    with bar(stays=False) as progress:
        held = Bench(context, Place(notes, index), Model(no_llm=True), progress).corpus(suite)
    for path in paths:
        for name in votes.promote(path, held, target):
            streams.write(f"{name}\n")
    streams.say(f"added to {target}. Run: assistant eval lint")
    return 0
