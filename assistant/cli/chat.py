"""`assistant chat`: a conversation in the terminal, each answer with its sources."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from assistant.cli import asking, options, questions, streams
from assistant.cli.options import (
    BaseUrlOption,
    DebugOption,
    IndexOption,
    LlmOption,
    Model,
    NoLlmOption,
    NotesOption,
    Place,
)
from assistant.cli.progress import bar
from assistant.errors import DiskError, NotesAssistantError, UsageError
from assistant.types import Turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.app import Assistant
    from assistant.types import Answer

app = typer.Typer(add_completion=False, **options.PLAIN)

REMEMBERED = 1_000  # lines of input that the arrow keys bring back
HELP = """\
/sources        the sources of the last answer
/open N         the lines that citation N of the last answer stands on
/new            start over: nothing said before counts any more
/save FILE      the conversation as Markdown, with its citations
/quit           leave (also Ctrl-D)
"""


@app.command(
    epilog="\b\nExample:\n  assistant chat\n  > what is a shallow copy?\n  > and the deep one?\n  > /open 1\n  > /quit"
)
def chat(
    context: typer.Context,
    llm: LlmOption = None,
    base_url: BaseUrlOption = None,
    no_llm: NoLlmOption = False,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Talk with your notes: a follow-up is read with what you asked before."""
    chosen = options.settings(context, Place(notes, index), Model(llm, base_url, no_llm))
    options.require_model(chosen)
    assistant = options.open_assistant(chosen)
    assistant.expect_question()
    with bar(stays=False) as progress:
        assistant.refresh(progress)
    asking.warn(assistant.warnings)
    if sys.stdin.isatty():
        _remember(chosen.conversations / "terminal-history")
        streams.say("Ask your notes. /help shows what else you can type; Ctrl-D leaves.")
    _talk(Conversation(assistant))
    return 0


@dataclass
class Conversation:
    """What was said so far: the person's questions and the answers that they got."""

    assistant: Assistant
    exchanges: list[tuple[str, Answer]] = field(default_factory=list)

    @property
    def history(self) -> list[Turn]:
        return [Turn("user", question) for question, _ in self.exchanges]

    @property
    def last(self) -> Answer:
        """Raises UsageError before the first answer."""
        if not self.exchanges:
            raise UsageError("there is no answer yet: ask something first", run="/help")
        return self.exchanges[-1][1]

    def ask(self, text: str) -> None:
        question = questions.checked(text)
        self.assistant.refresh()
        answer = asking.written(self.assistant, question, self.history)
        if answer.fault is not None and isinstance(answer.fault, NotesAssistantError):
            streams.say(answer.fault.line())
        asking.warn(answer.warnings)
        self.exchanges.append((question, answer))


def _talk(conversation: Conversation) -> None:
    while True:
        try:
            line = _line()
        except EOFError:
            return
        except KeyboardInterrupt:
            streams.say("")
            continue
        if line.split()[:1] in (["/quit"], ["/exit"]):
            return
        try:
            _take(conversation, line.strip())
        except NotesAssistantError as error:
            streams.say(error.line())
        except KeyboardInterrupt:
            streams.say("\n[interrupted]")


def _line() -> str:
    if sys.stdin.isatty():
        return input("> ")
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


def _take(conversation: Conversation, line: str) -> None:
    if not line:
        return
    if not line.startswith("/"):
        conversation.ask(line)
        return
    name, _, rest = line.partition(" ")
    if name not in COMMANDS:
        raise UsageError(f"there is no command {name}", run="/help")
    COMMANDS[name](conversation, rest.strip())


def _help(_conversation: Conversation, _rest: str) -> None:
    streams.write(HELP)


def _sources(conversation: Conversation, _rest: str) -> None:
    from assistant.render.terminal import after_lines

    streams.show(after_lines(conversation.last)[1:])


def _open(conversation: Conversation, rest: str) -> None:
    from assistant.render.terminal import cited_lines

    wanted = {str(each.number): each for each in conversation.last.citations}.get(rest.strip("[]"))
    if wanted is None:
        what = f"the last answer has no citation {rest}" if rest else "the number of a citation is missing"
        raise UsageError(what, run="/sources")
    notes = {note.id: note for note in conversation.assistant.notes()}
    if wanted.note_id not in notes:
        raise UsageError(f"the note “{wanted.note}” is no longer there", run="/sources")
    streams.show(cited_lines(notes[wanted.note_id], wanted.place))


def _new(conversation: Conversation, _rest: str) -> None:
    conversation.exchanges.clear()
    streams.say("A new conversation.")


def _save(conversation: Conversation, rest: str) -> None:
    from assistant.render.markdown import conversation_text

    if not rest:
        raise UsageError("where to save is missing", run="/save FILE")
    path = Path(rest).expanduser()
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(conversation_text(conversation.exchanges))
    except FileExistsError as error:
        raise UsageError(f"{path} exists already; it was not touched", run="/save ANOTHER-FILE") from error
    except OSError as error:
        raise DiskError(f"{path} cannot be written ({error.strerror})", run="/save ANOTHER-FILE") from error
    streams.say(f"Saved to {path}.")


COMMANDS: dict[str, Callable[[Conversation, str], None]] = {
    "/help": _help,
    "/sources": _sources,
    "/open": _open,
    "/new": _new,
    "/save": _save,
}


def _remember(path: Path) -> None:
    """Line editing, and what was typed before at the arrow keys; kept for the person alone."""
    try:
        import atexit
        import readline
    except ImportError:
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        readline.read_history_file(path)
    except OSError:
        return
    readline.set_history_length(REMEMBERED)
    atexit.register(readline.write_history_file, path)
