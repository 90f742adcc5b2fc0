"""The table of `assistant eval`'s commands: without one, the cases are run."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Callable

import typer

from assistant.cli import options
from assistant.cli.evaluation import fitting, looking, running, voting, writing
from assistant.errors import DiskError

EXAMPLES = (
    "\b\nExamples:\n"
    "  assistant eval\n"
    "  assistant eval --cases eval/cases/notes.yaml --strict\n"
    "  assistant eval explain lambda-billing\n"
    '  assistant eval accept --reason "lists are quoted whole"'
)
COMMANDS: dict[str, tuple[Callable[..., int], str]] = {
    "accept": (running.accept, 'accept --reason "lists are quoted whole"'),
    "diff": (looking.diff, "diff eval/baselines/notes.jsonl eval/results/notes.jsonl"),
    "explain": (looking.explain, "explain lambda-billing"),
    "gate": (running.evaluate, "gate --strict --report report.md"),
    "fit": (fitting.fit, "fit --false-answers 0.05 --out eval/confidence.json"),
    "lint": (writing.lint, "lint"),
    "new": (writing.new, 'new --ask "is versioning free?" --expect not_in_notes'),
    "promote": (voting.promote, "promote"),
    "schema": (writing.schema, "schema > eval/schema.json"),
    "self": (writing.self_, "self"),
    "triage": (voting.triage, "triage feedback/feedback.jsonl"),
}


def _refusals_told(command: Callable[..., int]) -> Callable[..., int]:
    """The command, with a file or folder that the system refuses named in an error that a person can act on."""

    @functools.wraps(command)
    def told(*arguments: object, **options: object) -> int:
        try:
            return command(*arguments, **options)
        except OSError as error:
            if not isinstance(error.filename, str):
                raise
            what = f"{error.filename} cannot be read or written ({error.strerror})"
            run = f"ls -ld {shlex.quote(error.filename)}"
            raise DiskError(what, safe="Your notes are untouched", run=run) from error

    return told


app = typer.Typer(add_completion=False, **options.PLAIN)
app.callback(invoke_without_command=True, epilog=EXAMPLES)(_refusals_told(running.evaluate))
for _name, (_function, _example) in COMMANDS.items():
    app.command(_name, epilog=f"\b\nExample:\n  assistant eval {_example}")(_refusals_told(_function))
