"""`assistant search`: a question -> the notes that come nearest, best first."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from assistant.cli import asking, options, questions, streams
from assistant.cli.options import DebugOption, IndexOption, JsonOption, NotesOption, Place
from assistant.cli.progress import bar

app = typer.Typer(add_completion=False, **options.PLAIN)


@app.command(epilog="\b\nExample:\n  assistant search --limit 3 spark join larger than memory")
def search(
    context: typer.Context,
    question: Annotated[
        list[str] | None,
        typer.Argument(metavar="QUESTION", help="What to look for; without one, or with -, it is read from input."),
    ] = None,
    json: JsonOption = False,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many notes at most.")] = 10,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Find the notes nearest to a question."""
    text = questions.asked(question or [], "search")
    chosen = options.settings(context, Place(notes, index))
    assistant = options.open_assistant(chosen)
    assistant.expect_question()
    with bar(stays=False) as progress:
        assistant.refresh(progress)
    found = assistant.search(text)
    found = replace(found, hits=found.hits[:limit])
    if json:
        from assistant.render.json import dumps, found_object

        streams.write_json(dumps(found_object(found)))
    else:
        from assistant.render.terminal import found_lines

        streams.show(found_lines(found))
    asking.warn(assistant.warnings)
    return 0
