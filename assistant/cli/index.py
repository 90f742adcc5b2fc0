"""`assistant index`: the notes -> their index, and a summary of what was read."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli import asking, options, streams
from assistant.cli.options import DebugOption, IndexOption, NotesOption, Place
from assistant.cli.progress import bar
from assistant.render.terminal import summary_lines

app = typer.Typer(add_completion=False, **options.PLAIN)


@app.command(epilog="\b\nExamples:\n  assistant index\n  assistant --notes ~/notes index --rebuild")
def index(
    context: typer.Context,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build it from nothing, even if nothing changed.")] = False,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Build the index, or bring it up to date.

    Only what changed is embedded anew; `ask` and `search` do the same by themselves.
    """
    chosen = options.settings(context, Place(notes, index))
    assistant = options.open_assistant(chosen)
    with bar(stays=True) as progress:
        summary = assistant.index(rebuild=rebuild, progress=progress)
    streams.show(summary_lines(summary, chosen.display))
    asking.warn(summary.warnings)
    return 0
