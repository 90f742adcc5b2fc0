"""`eval lint`, `eval new`, `eval self`, `eval schema`: looking after the cases themselves."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import streams
from assistant.cli.evaluation.bench import Bench, corpus, judged_suites, layout, looked_up, suite_of, texts
from assistant.cli.evaluation.flags import CasesOption, FolderOption, StrictOption
from assistant.cli.evaluation.reports import terminal_report
from assistant.cli.options import DebugOption, IndexOption, Model, NotesOption, Place
from assistant.cli.progress import bar
from assistant.errors import UsageError
from assistant.plurals import counted
from assistant.render.characters import visible

if TYPE_CHECKING:
    from assistant.evaluation import Corpus

KINDS = {"a": "answer", "u": "noted_unanswered", "n": "not_in_notes"}


def lint(
    context: typer.Context,
    cases: CasesOption = None,
    strict: StrictOption = False,
    folder: FolderOption = None,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Find cases that are stale, leak, repeat each other, or are too few. Exit 1 when something has to be mended."""
    from assistant.evaluation import read_suites
    from assistant.evaluation.lint import failed
    from assistant.evaluation.lint import lint as look

    place, code = layout(folder), texts()
    found = []
    with bar(stays=False) as progress:
        bench = Bench(context, Place(notes, index), Model(no_llm=True), progress)
        for suite in read_suites(cases or [place.cases]):
            found += look(suite, corpus(bench.assistant(suite)), code)
    streams.write("".join(f"{visible(str(each))}\n" for each in found))
    errors = sum(each.level == "error" for each in found)
    streams.say(f"{counted(errors, 'error')}, {counted(len(found), 'finding')} in all")
    return 1 if failed(found, strict=strict) else 0


def new(
    context: typer.Context,
    ask: Annotated[str | None, typer.Option("--ask", help="The question. Without it you are asked.")] = None,
    expect: Annotated[str, typer.Option("--expect", help="answer, noted_unanswered or not_in_notes.")] = "answer",
    note: Annotated[
        list[str] | None, typer.Option("--note", help="A note that answers: its question line or id.")
    ] = None,
    quote: Annotated[list[str] | None, typer.Option("--quote", help="The words of the note that answer.")] = None,
    fact: Annotated[list[str] | None, typer.Option("--fact", help="What a good answer says.")] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="A slice that the question belongs to.")] = None,
    must_pass: Annotated[bool, typer.Option("--must-pass", help="Let the gate fail when it ever turns.")] = False,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="The case file that it is added to.")] = None,
    folder: FolderOption = None,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Write a case from a question, from flags or by asking you, and add it to a case file."""
    from assistant.evaluation.drafts import case_yaml, check, draft, free, put

    place = layout(folder)
    target = to or place.cases / "notes.yaml"
    suite = suite_of(target)
    with bar(stays=False) as progress:
        held = Bench(context, Place(notes, index), Model(no_llm=True), progress).corpus(suite)
    given = (ask, expect, note or [], quote or [], fact or []) if ask else _interview(held)
    with looked_up(suite):
        case = draft(given[0] or "", given[1], given[2], given[3], held)
        check(case, held)
    case.update({"nuggets": [{"say": each} for each in given[4]]} if given[4] else {})
    case.update({"tags": tag} if tag else {})
    case.update({"must_pass": True} if must_pass else {})
    free([str(case["id"])], target)
    put(case, target)
    streams.write(visible(case_yaml(case)))
    streams.say(f"added to {target}")
    return 0


def _interview(held: Corpus) -> tuple[str, str, list[str], list[str], list[str]]:
    """The same from a person: a question, its outcome, a note, its words, the facts."""
    if not sys.stdin.isatty():
        raise UsageError("there is nobody to ask", run='assistant eval new --ask "…" --expect not_in_notes')
    ask = typer.prompt("question")
    kind = typer.prompt("is it [a]nswered in your notes, noted [u]nanswered, or [n]ot there", default="a")[:1].lower()
    expect = KINDS.get(kind, "answer")
    if expect == "not_in_notes":
        return ask, expect, [], [], []
    name = typer.prompt("which note (its question line or id)")
    if not held.named(name) and (near := held.nearest(name)) and typer.confirm(f"do you mean “{near}”?", default=True):
        name = near
    if expect == "noted_unanswered":
        return ask, expect, [name], [], []
    quote = typer.prompt("the words of the note that answer (empty: none)", default="", show_default=False)
    facts = typer.prompt(
        "what a good answer says; several with ; between (empty: none)", default="", show_default=False
    )
    return ask, expect, [name], [quote] if quote else [], [each.strip() for each in facts.split(";") if each.strip()]


def self_(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The case file that is written.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over the file.")] = False,
    folder: FolderOption = None,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Write a starter set for these notes, whoever's they are, run it, and show the first score."""
    from assistant.evaluation.drafts import HEADER, case_yaml
    from assistant.evaluation.starter import starter

    place = layout(folder)
    path = out or place.cases / "self.yaml"
    if path.exists() and not force:
        where = f" --out {shlex.quote(str(out))}" if out else ""
        raise UsageError(f"{path} is there already", run=f"assistant eval self --force{where}")
    with bar(stays=False) as progress:
        bench = Bench(context, Place(notes, index), Model(no_llm=True), progress)
        assistant = bench.assistant()
        written = starter(corpus(assistant), assistant.same)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + "\n".join(map(case_yaml, written)), encoding="utf-8", newline="\n")
        judged = judged_suites(bench, place, [path])
    streams.write(terminal_report(judged, strict=False))
    streams.say(f"{counted(len(written), 'case')} written to {path}, easy to pass: the questions are the notes' own")
    return 0


def schema(debug: DebugOption = False) -> int:
    """Print the JSON Schema of case files, for editors."""
    from assistant.evaluation.cases.schema import json_schema

    streams.write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")
    return 0
