"""Options that several commands share -> settings -> the Assistant that they describe."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.settings import Settings

PLAIN: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False}
"""What every Typer app here is made with: help and errors are plain text, made by us."""


def _folder(text: str) -> Path:
    """A folder with a name: an empty one, as a variable that is not set leaves it, would be the working folder."""
    if not text.strip():
        raise typer.BadParameter("a folder needs a name")
    return Path(text)


NotesOption = Annotated[
    Path | None,
    typer.Option(
        "--notes", metavar="FOLDER", parser=_folder, help="The folder of notes. Default: what assistant.toml says."
    ),
]
IndexOption = Annotated[
    Path | None,
    typer.Option("--index", metavar="FOLDER", parser=_folder, help="Where the index of these notes is kept."),
]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show where in the program an error came from.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
LlmOption = Annotated[
    str | None,
    typer.Option("--llm", metavar="PROVIDER:MODEL", help="Let a language model write the answer from your notes."),
]
BaseUrlOption = Annotated[
    str | None, typer.Option("--base-url", metavar="URL", help="Where the language model is served.")
]
NoLlmOption = Annotated[bool, typer.Option("--no-llm", help="Quote the notes, whatever the settings say.")]


@dataclass(frozen=True, slots=True)
class Place:
    """Which notes: the folders as given before or after the command's name (after it wins)."""

    notes: Path | None = None
    index: Path | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """Which language model, if any."""

    llm: str | None = None
    base_url: str | None = None
    no_llm: bool = False

    def flags(self) -> dict[str, object]:
        if self.llm and self.no_llm:
            raise UsageError("--llm and --no-llm exclude each other", run="assistant ask --help")
        return {"llm": self.llm, "base_url": self.base_url, "no_llm": self.no_llm or None}


def settings(context: typer.Context, place: Place, model: Model | None = None, **flags: object) -> Settings:
    """The settings of this command: its own flags, the flags before its name, variables, the file."""
    from assistant.settings import load

    given, said = _given(context, place), (model or Model()).flags()
    chosen = load({"notes": given.notes, "index": given.index, **said, **flags})
    if said["base_url"] and not said["no_llm"] and chosen.llm is None:
        what = "--base-url says where a language model is served, and no model is named"
        raise UsageError(
            what,
            safe="Nothing was sent",
            run=f'assistant ask --llm openai:MODEL --base-url {shlex.quote(str(said["base_url"]))} "…"',
        )
    return chosen


def require_model(chosen: Settings) -> None:
    """Raise ModelSettingsError for a language model that could never be asked, before anybody waits for it."""
    if chosen.llm is not None:
        from assistant import llm

        llm.open_model(chosen.llm, chosen.base_url)


def named(context: typer.Context, place: Place) -> dict[str, str]:
    """The folders that the person named, by flag: before the command's name or after it."""
    given = _given(context, place)
    return {flag: str(path) for flag, path in (("--notes", given.notes), ("--index", given.index)) if path}


def _given(context: typer.Context, place: Place) -> Place:
    above = context.find_root().obj
    before = above if isinstance(above, Place) else Place()
    return Place(place.notes or before.notes, place.index or before.index)


def open_assistant(chosen: Settings) -> Assistant:
    """The Assistant of these settings; nothing is read yet."""
    from assistant.app import Assistant

    return Assistant(chosen)
