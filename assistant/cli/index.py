"""`assistant index`: the notes -> their index, and a summary of what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import asking, options, streams
from assistant.cli.options import DebugOption, IndexOption, NotesOption, Place
from assistant.cli.progress import bar
from assistant.render.terminal import summary_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assistant.app import Assistant
    from assistant.settings import Settings

app = typer.Typer(add_completion=False, **options.PLAIN)


@app.command(
    epilog="\b\nExamples:\n  assistant index\n  assistant --notes ~/notes index --rebuild\n  assistant index --watch"
)
def index(
    context: typer.Context,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build it from nothing, even if nothing changed.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on whenever a file changes, until Ctrl-C.")] = False,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Build the index, or bring it up to date.

    Only what changed is embedded anew; `ask` and `search` do the same by themselves, so `--watch` is for those who
    want no question to wait.
    """
    chosen = options.settings(context, Place(notes, index))
    assistant = options.open_assistant(chosen)
    _update(assistant, chosen, rebuild=rebuild)
    if watch:
        from assistant.cli.watching import watch as watch_folder

        streams.say(f"Watching {chosen.notes}; Ctrl-C ends it.")
        watch_folder(_contents(chosen), lambda: _update(assistant, chosen, rebuild=False))
    return 0


def _update(assistant: Assistant, chosen: Settings, *, rebuild: bool) -> None:
    with bar(stays=True) as progress:
        summary = assistant.index(rebuild=rebuild, progress=progress)
    streams.show(summary_lines(summary, chosen.display))
    asking.warn(summary.warnings)


def _contents(chosen: Settings) -> Callable[[], Mapping[str, str]]:
    """A function that gives the hash of every notes file."""
    from assistant import indexing

    last: dict[str, str] = {}

    def contents() -> Mapping[str, str]:
        now = indexing.hashes(chosen.notes, last)
        last.clear()
        last.update(now)
        return now

    return contents
