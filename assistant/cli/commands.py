"""The table of commands: a name -> the module whose `app` it is, imported when the command is wanted.

A new command is one module here with a Typer `app`, and one row.
"""

from __future__ import annotations

import difflib
import importlib
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from assistant import __version__
from assistant.cli import streams
from assistant.cli.options import PLAIN, DebugOption, IndexOption, NotesOption, Place
from assistant.errors import UsageError

TABLE: dict[str, str] = {
    "ask": "assistant.cli.ask",
    "chat": "assistant.cli.chat",
    "search": "assistant.cli.search",
    "web": "assistant.cli.web",
    "notes": "assistant.cli.notes",
    "index": "assistant.cli.index",
    "doctor": "assistant.cli.doctor",
    "gaps": "assistant.cli.gaps",
    "eval": "assistant.cli.evaluation",
}


class Commands(TyperGroup):
    """The commands of the table; only the one that is run is imported."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(TABLE)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name in TABLE:
            return get_command(importlib.import_module(TABLE[cmd_name]).app)
        if cmd_name.startswith("-"):
            return None
        near = difflib.get_close_matches(cmd_name, TABLE, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(TABLE)}."
        raise UsageError(f"there is no command {cmd_name}. {hint}", run="assistant --help")


app = typer.Typer(
    cls=Commands,
    name="assistant",
    epilog=(
        "\b\nExamples:\n"
        "  assistant ask can I turn versioning off again\n"
        "  assistant --notes ~/notes ask what is a mutex"
    ),
    **PLAIN,
)


def _version(wanted: bool) -> None:
    if wanted:
        streams.write(f"notes-assistant {__version__}\n")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def top(
    context: typer.Context,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Answers from your own notes, with citations that open at the exact lines."""
    context.obj = Place(notes, index)
    if context.invoked_subcommand is None:
        streams.write(f"{context.get_help()}\n")
