"""`assistant ask`: a question -> its answer with sources, or an honest word about why there is none."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import asking, options, questions, streams
from assistant.cli.options import (
    BaseUrlOption,
    DebugOption,
    IndexOption,
    JsonOption,
    LlmOption,
    Model,
    NoLlmOption,
    NotesOption,
    Place,
)
from assistant.cli.progress import bar
from assistant.errors import NotesAssistantError, UsageError, WriterError
from assistant.types import ANSWERED, NOT_IN_NOTES, NOTED_UNANSWERED

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.types import Answer, Status

EXIT_CODES: dict[Status, int] = {ANSWERED: 0, NOTED_UNANSWERED: 3, NOT_IN_NOTES: 4}

app = typer.Typer(add_completion=False, **options.PLAIN)


@app.command(
    epilog="\b\nExamples:\n"
    "  assistant ask can I turn versioning off again\n"
    "  echo 'what is a mutex?' | assistant ask --json\n"
    "  assistant ask --batch questions.jsonl > answers.jsonl"
)
def ask(
    context: typer.Context,
    question: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="QUESTION", help="The question; without one, or with -, it is read from standard input."
        ),
    ] = None,
    json: JsonOption = False,
    batch: Annotated[
        str | None,
        typer.Option(
            "--batch",
            metavar="FILE",
            help='Answer every line {"id", "question"} of a file (- for standard input), one JSON object a line.',
        ),
    ] = None,
    show_prompt: Annotated[
        bool, typer.Option("--show-prompt", help="Print what a language model would be sent, and send nothing.")
    ] = False,
    llm: LlmOption = None,
    base_url: BaseUrlOption = None,
    no_llm: NoLlmOption = False,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Answer a question from your notes.

    Exit code: 0 answered, 3 you wrote the question down but never answered it, 4 not in your notes,
    5 the notes or their index cannot be used, 6 the language model failed and your notes are quoted.
    """
    place, model = Place(notes, index), Model(llm, base_url, no_llm)
    if batch is not None:
        if show_prompt:
            raise UsageError("--show-prompt sends nothing, and --batch answers: only one of them can be", run=_HELP)
        return _batch(context, batch, question, (place, model))
    text = questions.asked(question or [])
    chosen = options.settings(context, place, model)
    assistant = options.open_assistant(chosen)
    if show_prompt:
        return _show_prompt(assistant, text)
    assistant.expect_question()
    with bar(stays=False) as progress:
        assistant.refresh(progress)
    if chosen.llm is not None and not json and sys.stdout.isatty():
        answer = asking.written(assistant, text)
        asking.warn(answer.warnings)
    else:
        answer = asking.answer(assistant, text)
        _show(answer, json=json)
    return exit_code(answer)


def _batch(context: typer.Context, source: str, question: list[str] | None, given: tuple[Place, Model]) -> int:
    from assistant.cli import batch

    if question:
        raise UsageError("--batch reads its questions from a file; none can be given beside it", run=_HELP)
    with batch.lines(source) as lines:
        chosen = options.settings(context, *given)
        options.require_model(chosen)
        assistant = options.open_assistant(chosen)
        assistant.expect_question()
        with bar(stays=False) as progress:
            assistant.refresh(progress)
        batch.run(assistant, lines)
    return 0


def _show(answer: Answer, *, json: bool) -> None:
    if json:
        from assistant.render.json import answer_object, dumps

        streams.write_json(dumps(answer_object(answer)))
        return
    from assistant.render.terminal import answer_lines

    streams.show(answer_lines(answer))
    asking.warn(answer.warnings)


def exit_code(answer: Answer) -> int:
    """What the answer means for a script; a fault of the language model is told on the way."""
    if answer.fault is None:
        return EXIT_CODES[answer.status]
    fault = answer.fault if isinstance(answer.fault, NotesAssistantError) else _unnamed(answer.fault)
    streams.say(fault.line())
    return fault.exit_code


def _unnamed(fault: Exception) -> WriterError:
    what = f"the language model failed ({type(fault).__name__})"
    return WriterError(what, safe="The answer is quoted from your notes instead.", run="assistant ask --no-llm …")


def _show_prompt(assistant: Assistant, text: str) -> int:
    from assistant.render.terminal import prompt_lines

    streams.show(prompt_lines(assistant.prompt(text)))
    return 0


_HELP = "assistant ask --help"
