"""`assistant gaps`: what was asked and not found -> groups with counts, and a place in the notes for each."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import options, streams
from assistant.cli.agreeing import agreed
from assistant.cli.options import DebugOption, IndexOption, JsonOption, NotesOption, Place
from assistant.cli.progress import bar
from assistant.errors import NotesError, UsageError
from assistant.plurals import counted

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.gaps import Addition, Gap
    from assistant.render.terminal import Line
    from assistant.settings import Settings

_EXAMPLES = "\b\nExamples:\n  assistant gaps\n  assistant gaps add 1 notes.txt\n  assistant gaps clear"

app = typer.Typer(add_completion=False, **options.PLAIN)

YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before the file is changed.")]


@app.callback(invoke_without_command=True, epilog=_EXAMPLES)
def gaps(
    context: typer.Context,
    json: JsonOption = False,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int | None:
    """List what was asked and not found, the most asked first.

    Such questions are kept on this machine only, in a file that only you can read; `gaps = false` in
    assistant.toml keeps none, and ASSISTANT_GAPS=false before a command (a batch, say) none of its own.
    """
    if context.invoked_subcommand is not None:
        return None
    chosen = options.settings(context, Place(notes, index))
    found = _gaps(chosen, _opened(chosen))
    if json:
        from assistant.render.json import dumps

        streams.write_json(dumps({"gaps": [_object(number, gap) for number, gap in enumerate(found, 1)]}))
    else:
        streams.show(_lines(chosen, found))
    return 0


@app.command(epilog=_EXAMPLES)
def add(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="Which one, as `assistant gaps` numbers them.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The notes file to put it in; a new one is made.")],
    yes: YesOption = False,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Write a question at the end of a notes file, in the file's own format, for you to answer."""
    from assistant import gaps as log

    chosen = options.settings(context, Place(notes, index))
    gap = _numbered(number, _gaps(chosen, _opened(chosen)))
    path, inside = _placed(file, chosen, number)
    try:
        addition = log.added(gap.question, inside, _bytes(path), chosen.formats)
    except UsageError as error:
        error.run = _add(number, file.with_suffix(".md").name)
        raise
    streams.show(_change(addition, f"{chosen.display}{inside}"))
    if not yes and not agreed("Write it?", f"{_add(number, file)} --yes"):
        return 0
    log.write(path, addition)
    streams.say(f"Written to {chosen.display}{addition.entry.question_place}.")
    return 0


@app.command(epilog=_EXAMPLES)
def clear(
    context: typer.Context,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Forget all that was asked and not found."""
    from assistant import gaps as log

    log.forget(options.settings(context, Place(notes, index)).asked)
    streams.say("Nothing is kept of what was asked any more.")
    return 0


def _opened(chosen: Settings) -> Assistant:
    assistant = options.open_assistant(chosen)
    with bar(stays=False) as progress:
        assistant.refresh(progress)
    return assistant


def _gaps(chosen: Settings, assistant: Assistant) -> tuple[Gap, ...]:
    from assistant import gaps as log

    return log.gaps(log.kept(chosen.asked), assistant.notes())


def _numbered(number: int, found: tuple[Gap, ...]) -> Gap:
    if number > len(found):
        listed = counted(len(found), "gap is", "gaps are")
        raise UsageError(f"there is no gap {number}: {listed} listed", run="assistant gaps")
    gap = found[number - 1]
    if gap.note is not None:
        what = f"“{gap.question}” stands in the notes already ({gap.note.question_place}), without an answer"
        raise UsageError(what, safe="Nothing was changed", run=f"assistant notes show {gap.note.id}")
    return gap


def _add(number: int, file: Path | str) -> str:
    return f"assistant gaps add {number} {shlex.quote(str(file))}"


def _placed(file: Path, chosen: Settings, number: int) -> tuple[Path, str]:
    """The file and its path inside the notes folder, as given from there or from the working folder."""
    for path in (Path.cwd() / file, chosen.notes / file):
        try:
            inside = path.resolve().relative_to(chosen.notes.resolve())
        except (ValueError, OSError):
            continue
        if path.is_dir():
            raise UsageError(f"{file} is a folder", safe="Nothing was changed", run=_add(number, file / "more.md"))
        if path.parent.is_dir():
            return path, inside.as_posix()
    inner = not file.is_absolute() and ".." not in file.parts
    lacking = f"there is no folder {file.parent} in the notes folder {chosen.notes}"
    what = lacking if inner else f"{file} is not in the notes folder {chosen.notes}"
    raise UsageError(what, safe="Nothing was changed", run=_add(number, file.name or "more.md"))


def _bytes(path: Path) -> bytes:
    from assistant.notes import load

    if not path.exists():
        return b""
    try:
        return load(path)
    except OSError as error:
        raise NotesError(f"{path} cannot be read ({error.strerror})", run="assistant gaps add N FILE") from error


def _object(number: int, gap: Gap) -> dict[str, object]:
    return {
        "number": number,
        "question": gap.question,
        "count": gap.count,
        "last_asked": gap.last,
        "wordings": list(gap.wordings),
        "status": "not_in_notes" if gap.note is None else "noted_unanswered",
        "note_id": None if gap.note is None else gap.note.id,
        "path": None if gap.note is None else gap.note.place.path,
        "first_line": None if gap.note is None else gap.note.place.first_line,
    }


def _lines(chosen: Settings, found: tuple[Gap, ...]) -> list[Line]:
    from assistant.render.terminal import Line, visible

    if not found:
        kept = "Nothing was asked that your notes do not answer."
        return [Line(kept if chosen.gaps else "Questions are not kept (gaps = false in assistant.toml).")]
    lines = []
    for number, gap in enumerate(found, 1):
        times = "once" if gap.count == 1 else f"{gap.count} times"
        where = "not in your notes" if gap.note is None else f"not answered at {gap.note.question_place}"
        lines.append(Line(visible(f"{number}. {gap.question}  ({times}; {where})"), "source", 4))
        lines += [Line(visible(f"   also: {wording}"), "faint", 9) for wording in gap.wordings[1:]]
    return lines


def _change(addition: Addition, path: str) -> list[Line]:
    from assistant.render.terminal import Line, visible

    added = [Line(visible(f"+{line}"), "answer") for line in addition.text.splitlines()]
    return [Line(visible(f"{path}, line {addition.entry.question_place.first_line}:"), "heading"), *added]
