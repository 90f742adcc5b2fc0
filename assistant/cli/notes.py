"""`assistant notes`: what was read from the notes, as a list or one by one."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import asking, options, streams
from assistant.cli.options import DebugOption, IndexOption, JsonOption, NotesOption, Place
from assistant.cli.progress import bar
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.settings import Settings
    from assistant.types import Note

_EXAMPLES = (
    "\b\nExamples:\n  assistant notes list\n  assistant notes list --explain\n  assistant notes show versoning-in-s3"
)

app = typer.Typer(add_completion=False, help="What was read from your notes.", epilog=_EXAMPLES, **options.PLAIN)


@app.command("list", epilog=_EXAMPLES)
def list_notes(
    context: typer.Context,
    json: JsonOption = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say how each file was read, and what was left over.")
    ] = False,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """List every note with its id, its place, and whether it is answered."""
    if explain and json:
        raise UsageError("--explain has no JSON form", run="assistant notes list --explain")
    chosen = options.settings(context, Place(notes, index))
    if explain:
        return _explain(chosen)
    assistant = _opened(chosen)
    if json:
        from assistant.render.json import dumps, notes_object

        streams.write_json(dumps(notes_object(assistant.notes(), assistant.same)))
        return 0
    from assistant.render.terminal import notes_lines

    streams.show(notes_lines(assistant.notes(), assistant.same))
    return 0


@app.command("show", epilog=_EXAMPLES)
def show_note(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="The id of a note, as `assistant notes list` prints it.")],
    json: JsonOption = False,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Print one note in full."""
    assistant = _opened(options.settings(context, Place(notes, index)))
    note = _named(name, assistant.notes())
    same = assistant.same.get(note.id, ())
    if json:
        from assistant.render.json import dumps, full_note_object

        streams.write_json(dumps(full_note_object(note, same)))
        return 0
    from assistant.render.terminal import note_lines

    streams.show(note_lines(note, same))
    return 0


def _opened(chosen: Settings) -> Assistant:
    assistant = options.open_assistant(chosen)
    with bar(stays=False) as progress:
        assistant.refresh(progress)
    asking.warn(assistant.warnings)
    return assistant


def _explain(chosen: Settings) -> int:
    from assistant.render.terminal import files_lines

    streams.show(files_lines(options.open_assistant(chosen).files(), chosen.display))
    return 0


def _named(name: str, notes: tuple[Note, ...]) -> Note:
    by_id = {note.id: note for note in notes}
    if name in by_id:
        return by_id[name]
    near = [each for each in by_id if name in each][:3] or difflib.get_close_matches(name, by_id, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    run = f"assistant notes show {near[0]}" if near else "assistant notes list"
    raise UsageError(f"there is no note {name}.{hint}", run=run)
