"""`assistant web`: the notes as a page in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import options, streams
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

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.web.server import Served


app = typer.Typer(add_completion=False, **options.PLAIN)


@app.command(
    epilog="\b\nExamples:\n"
    "  assistant web\n"
    "  assistant web --port 8080 --llm openai:gpt-4o-mini\n"
    "  ASSISTANT_WEB_TOKEN=… assistant web --host 0.0.0.0"
)
def web(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option("--host", metavar="ADDRESS", help="Where to listen. Default: this machine only.")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", metavar="N", min=0, max=65535, help="0 takes any that is free.")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            metavar="WORD",
            help="What visitors must know; better in ASSISTANT_WEB_TOKEN. Made up where one is needed.",
        ),
    ] = None,
    llm: LlmOption = None,
    base_url: BaseUrlOption = None,
    no_llm: NoLlmOption = False,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Open your notes as a page in the browser."""
    from assistant.web import server

    chosen = options.settings(
        context, Place(notes, index), Model(llm, base_url, no_llm), host=host, port=port, token=token
    )
    served = server.checked(_served(chosen))
    options.require_model(chosen)
    assistant = options.open_assistant(chosen)
    with server.listen(served) as listener:
        address = _address(served.host, listener.getsockname()[1])
        _announce(served, address)
        server.serve(assistant, served, listener, lambda: streams.say(f"Ready: {address}"))
    return 0


def _served(chosen: Settings) -> Served:
    from assistant.web.page import Looks
    from assistant.web.server import Served

    looks = Looks(writer=chosen.llm or "", sources=chosen.sources, at_once=chosen.answers_at_once, waiting=chosen.queue)
    return Served(chosen.host, chosen.port, chosen.token, chosen.questions_per_minute, looks)


def _announce(served: Served, address: str) -> None:
    """Say where the page will be, and the token, before anything large is loaded."""
    streams.write(f"{address}\n")
    if served.token:
        streams.write(f"token: {served.token}\n")
    streams.say("Opening …")


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"
