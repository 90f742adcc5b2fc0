"""`assistant doctor`: the installation and the notes -> findings with their places, and an exit code for a hook."""

from __future__ import annotations

import difflib
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import options, streams
from assistant.cli.agreeing import agreed
from assistant.cli.options import (
    BaseUrlOption,
    DebugOption,
    IndexOption,
    JsonOption,
    LlmOption,
    Model,
    NotesOption,
    Place,
)
from assistant.cli.progress import bar
from assistant.cli.repeating import with_folders
from assistant.errors import NotesAssistantError, NotesError, UsageError
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path as FilePath

    from assistant.doctor import Finding, Folder, Side
    from assistant.render.terminal import Line
    from assistant.settings import Settings
    from assistant.types import NotesFile

ATTENTION = 1
BROKEN = 5
NO_NOTES = "notes"  # without notes, every check of them would find nothing
_EXAMPLES = (
    "\b\nExamples:\n"
    "  assistant doctor\n"
    "  assistant doctor notes --only secret --only contradiction\n"
    "  assistant doctor notes --fix"
)

app = typer.Typer(add_completion=False, **options.PLAIN)


class Part(StrEnum):
    """What is looked at."""

    ALL = "all"
    NOTES = "notes"
    INSTALLATION = "installation"


@app.command(epilog=_EXAMPLES)
def doctor(
    context: typer.Context,
    part: Annotated[Part, typer.Argument(metavar="PART", help="What to look at.")] = Part.ALL,
    json: JsonOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Let hints count for the exit code as well.")] = False,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="CHECK", help="Look for this alone; may be repeated.")
    ] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Spell question lines right; the change is shown first, no text is lost.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before files are changed.")] = False,
    llm: LlmOption = None,
    base_url: BaseUrlOption = None,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Look for what is wrong with the installation and in the notes, each with path:line.

    Exit code: 0 nothing to look at (hints aside), 1 something needs your attention, 5 the notes or the index cannot be
    used. For a pre-commit hook: assistant doctor notes.
    """
    _known(only or ())
    _apart(part, fix=fix, json=json)
    chosen = options.settings(context, Place(notes, index), Model(llm, base_url))
    if fix:
        return _fix(chosen, yes=yes)
    folders = options.named(context, Place(notes, index))
    found = [
        replace(finding, run=with_folders(finding.run, folders))
        for finding in _findings(chosen, part)
        if not only or finding.check in (*only, NO_NOTES)
    ]
    if json:
        from assistant.render.json import dumps

        streams.write_json(dumps({"findings": [_object(finding) for finding in found]}))
    else:
        streams.show(_lines(found))
    return _exit_code(found, strict=strict)


def _known(only: Sequence[str]) -> None:
    """Refuse the name of a check that there is not: it would find nothing, and a hook would never stop anything."""
    from assistant.doctor import CHECKS

    for name in only:
        if name not in CHECKS:
            near = difflib.get_close_matches(name, CHECKS, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(CHECKS)}."
            raise UsageError(f"there is no check {name}. {hint}", run="assistant doctor --help")


def _apart(part: Part, *, fix: bool, json: bool) -> None:
    if fix and json:
        raise UsageError("--fix shows changes, which have no JSON form", run="assistant doctor --fix")
    if fix and part is Part.INSTALLATION:
        raise UsageError("--fix mends notes, not the installation", run="assistant doctor notes --fix")


def _findings(chosen: Settings, part: Part) -> Iterator[Finding]:
    from assistant import doctor as checks

    if part is not Part.NOTES:
        yield from checks.installation(
            checks.Installation(
                notes=chosen.notes,
                index=chosen.index,
                models=chosen.models,
                embedding_model=chosen.embedding_model,
                llm=chosen.llm,
                base_url=chosen.base_url,
                overrides=chosen.formats,
            )
        )
    if part is Part.INSTALLATION:
        return
    try:
        folder = _folder(chosen)
    except NotesAssistantError as error:
        yield checks.Finding(NO_NOTES, "broken", error.what, run=error.run)
        return
    yield from checks.notes(folder)


def _folder(chosen: Settings) -> Folder:
    from assistant import doctor as checks
    from assistant import embed, indexing

    assistant = options.open_assistant(chosen)
    with bar(stays=False) as progress:
        opened = assistant.refresh(progress)
    reads_all = embed.reader_of_copy(chosen.embedding_model, chosen.models)
    return checks.Folder(
        files=[file for _, _, file in _files(chosen)],
        skipped=indexing.describe(chosen.index).skipped,
        index=opened,
        display=chosen.display,
        reads_all=reads_all,
    )


def _files(chosen: Settings) -> Iterator[tuple[FilePath, bytes, NotesFile]]:
    """Every file that can be read, as it is now."""
    from assistant import notes as reader

    for path, place in reader.files(chosen.notes)[0]:
        try:
            data = reader.load(place)
            yield place, data, reader.read(path, data, chosen.formats)
        except (OSError, NotesError):
            continue


def _fix(chosen: Settings, *, yes: bool) -> int:
    """Show what would change, ask, and write it."""
    from assistant import doctor as checks

    assistant = options.open_assistant(chosen)
    with bar(stays=False) as progress:
        assistant.refresh(progress)
    meant = checks.misspelt(assistant.notes())
    made = [
        (place, fix)
        for place, data, file in _files(chosen)
        if (fix := checks.fixes(file.path, data, meant, chosen.formats, chosen.display))
    ]
    if not made:
        streams.show([_line("There is nothing to fix: no question line is misspelt.")])
        return 0
    streams.show([_line(line) for _, fix in made for line in fix.diff])
    streams.say("The ids of these notes change with their questions.")
    if not yes and not agreed(f"Change {counted(len(made), 'file')}?", "assistant doctor --fix --yes"):
        return ATTENTION
    for place, fix in made:
        checks.write(place, fix)
    return 0


def _exit_code(found: Sequence[Finding], *, strict: bool) -> int:
    from assistant.doctor import needs_attention

    if any(finding.weight == "broken" for finding in found):
        return BROKEN
    return ATTENTION if needs_attention(found, strict=strict) else 0


def _object(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check,
        "weight": finding.weight,
        "what": finding.what,
        "path": finding.path or None,
        "line": finding.line or None,
        "run": finding.run or None,
        "beside": [_side(side) for side in finding.beside],
    }


def _side(side: Side) -> dict[str, object]:
    return {
        "path": side.place.path,
        "first_line": side.place.first_line,
        "last_line": side.place.last_line,
        "question": side.question,
        "answer": side.answer,
        "differs": [{"line": line, "text": text} for line, text in side.differs],
    }


def _lines(found: Sequence[Finding]) -> list[Line]:
    """One line a finding, as editors read it (path:line: …), below it both sides of two notes; and a count of them."""
    from assistant.render.terminal import Line

    width = streams.width()
    lines = [line for finding in found for line in (_line(_told(finding)), *_both(finding, width))]
    counts = {weight: sum(finding.weight == weight for finding in found) for weight in ("broken", "attention", "hint")}
    said = f"{counts['broken']} broken, {counts['attention']} to look at, {counted(counts['hint'], 'hint')}."
    return [*lines, Line(""), Line(said, "faint")]


def _both(finding: Finding, width: int) -> list[Line]:
    """What each of two notes says and the other does not."""
    from assistant.render.beside import beside

    if not any(side.differs for side in finding.beside):
        return []
    left, right = ([f"{side.place}: {side.question}", *_differing(side)] for side in finding.beside)
    return beside(left, right, width)


def _differing(side: Side) -> list[str]:
    if not side.differs:
        return ["(says nothing that the other does not)" if side.answer else "(not answered)"]
    return [f"{line}  {text}" for line, text in side.differs]


def _told(finding: Finding) -> str:
    where = f"{finding.where}: " if finding.where else ""
    run = f". Run: {finding.run}" if finding.run else ""
    return f"{where}{finding.weight}[{finding.check}]: {finding.what}{run}"


def _line(text: str) -> Line:
    from assistant.render.terminal import Line, visible

    return Line(visible(text), hang=2)
