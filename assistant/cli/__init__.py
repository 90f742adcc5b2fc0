"""Arguments -> one call on Assistant -> text or JSON, an exit code, and at most one line of error."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from assistant.cli import streams
from assistant.cli.interrupts import Interrupts
from assistant.cli.leaving import leave
from assistant.cli.repeating import given, with_folders
from assistant.errors import NotesAssistantError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERNAL = 70
INTERRUPTED = 130
CLOSED_PIPE = 141
# NumPy's library would start a thread on every core, 0.1 s of CPU time that no question here ever earns back.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "1")
# Its checks have no use for plugins, for which it would look through every package that is installed.
NO_PLUGINS = ("PYDANTIC_DISABLE_PLUGINS", "__all__")
# The garbage collector looks through all that is new at every 700th value, which costs 50 ms of loading the program.
VALUES_BETWEEN_COLLECTIONS = 200_000
# Seconds. A thread that reads and checks a large file comes back for a moment with every piece of it, and would wait
# five times as long each time for the one that computes.
LONGEST_TURN = 0.001


def main() -> NoReturn:
    """Run the command that the process was started with, and leave with its exit code."""
    os.environ.setdefault(*ONE_THREAD)
    os.environ.setdefault(*NO_PLUGINS)
    gc.set_threshold(VALUES_BETWEEN_COLLECTIONS)
    sys.setswitchinterval(LONGEST_TURN)
    leave(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and say what went wrong, if something did, in one line on standard error."""
    streams.prepare()
    with Interrupts() as interrupts:
        try:
            return _run(list(arguments))
        except BrokenPipeError:
            streams.abandon_output()
            return CLOSED_PIPE
        except KeyboardInterrupt:
            return _interrupted()
        except Exception as error:  # noqa: BLE001 - the last place that can turn an error into one line
            return _interrupted() if interrupts.seen else _told(error, arguments)


def _run(arguments: list[str]) -> int:
    from typer import Exit
    from typer.exceptions import TyperException
    from typer.main import get_command

    from assistant.cli.commands import app

    command = get_command(app)
    if "_ASSISTANT_COMPLETE" in os.environ:
        command.main(arguments, prog_name="assistant")
    try:
        with command.make_context("assistant", arguments) as context:
            code = command.invoke(context)
    except Exit as leaving:
        return leaving.exit_code
    except TyperException as wrong:
        raise UsageError(_plain(wrong.format_message()), run=_help_for(wrong, arguments)) from wrong
    return code if isinstance(code, int) else 0


def _plain(message: str) -> str:
    """What the parser says, without the words that its checks put before a sentence."""
    return message.replace("Value error, ", "").replace("Assertion failed, ", "")


def _help_for(wrong: Exception, arguments: Sequence[str]) -> str:
    from assistant.cli.commands import TABLE

    context = getattr(wrong, "ctx", None)
    if context is not None:
        return f"{context.command_path} --help"

    named = next((word for word in arguments if word in TABLE), None)
    return f"assistant {named} --help" if named else "assistant --help"


def _interrupted() -> int:
    streams.say("")
    return INTERRUPTED


def _told(error: Exception, arguments: Sequence[str]) -> int:
    _trace(arguments)
    if isinstance(error, NotesAssistantError):
        error.run = with_folders(error.run, given(arguments))
        streams.say(error.line())
        return error.exit_code
    streams.say(_bug(error, arguments).line())
    return INTERNAL


def _bug(error: Exception, arguments: Sequence[str]) -> NotesAssistantError:
    """Names the place only: the words of a foreign exception may hold notes or keys."""
    named = f"{type(error).__name__} in {_place(error)}"
    safe = "This is a fault of the program; your notes are untouched."
    return NotesAssistantError(named, safe=safe, run=_again(arguments))


def _place(error: Exception) -> str:
    trace, place = error.__traceback__, "an unknown place"
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if str(module).startswith("assistant"):
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _again(arguments: Sequence[str]) -> str:
    import shlex

    longest = 200
    command = shlex.join(["assistant", "--debug", *arguments])
    return command if len(command) <= longest else "the same command with --debug after assistant"


def _trace(arguments: Sequence[str]) -> None:
    if "--debug" in arguments:
        import traceback

        streams.say(traceback.format_exc().rstrip())
