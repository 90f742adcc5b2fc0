"""An Assistant and an address -> a page that is served until it is interrupted."""

from __future__ import annotations

import ipaddress
import os
import secrets
import socket
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from assistant.errors import UsageError
from assistant.web.doorkeeper import SHORTEST_TOKEN, Doorkeeper
from assistant.web.page import Looks

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.app import Assistant

QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_SSR_MODE": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "LANGSMITH_TRACING": "false",
}
"""What must stand in the environment before Gradio is imported: it calls home otherwise."""
HERE = ("localhost", "127.0.0.1", "::1")
LAST_WORDS = 3  # seconds that open answers have when the page is closed


@dataclass(frozen=True, slots=True)
class Served:
    """Where and how the page is served; an empty token is none, port 0 any that is free."""

    host: str = "127.0.0.1"
    port: int = 7860
    token: str = ""
    per_minute: int = 60
    looks: Looks = field(default_factory=Looks)


def checked(served: Served) -> Served:
    """The same with a token wherever one is needed: any address but this machine's own. Raises UsageError."""
    if served.token and len(served.token) < SHORTEST_TOKEN:
        raise UsageError(
            f"a token needs {SHORTEST_TOKEN} characters", safe="Nothing is served.", run="assistant web --help"
        )
    if served.token or is_here(served.host):
        return served
    return Served(served.host, served.port, secrets.token_urlsafe(24), served.per_minute, served.looks)


def is_here(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(served: Served) -> socket.socket:
    """The open port. Raises UsageError when it cannot be had."""
    family = socket.AF_INET6 if ":" in served.host else socket.AF_INET
    try:
        return socket.create_server((served.host, served.port), family=family, backlog=256)
    except (OSError, OverflowError) as error:
        why = (getattr(error, "strerror", None) or str(error)).partition(" (while attempting")[0]
        what = f"{served.host}:{served.port} cannot be listened on ({why})"
        raise UsageError(what, safe="Nothing is served.", run="assistant web --port 0") from error


def serve(assistant: Assistant, served: Served, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve the page until the process is interrupted; `ready` is called when it can be opened."""
    with TemporaryDirectory(prefix="assistant-web-") as folder:
        os.environ.update(QUIET, GRADIO_TEMP_DIR=folder)
        Path(folder).chmod(0o700)
        server = _server(application(assistant, served, listener.getsockname()[1]), ready)
        server.run(sockets=[listener])


def application(assistant: Assistant, served: Served, port: int) -> Any:
    """The page as an ASGI application, behind its gate; the notes begin to open."""
    import fastapi
    import gradio as gr

    from assistant.web import page
    from assistant.web.gate import Gate

    handlers = wired(assistant, served)
    below = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    mounted = gr.mount_gradio_app(
        below, page.build(handlers, served.looks), path="/", server_name=served.host, server_port=port,
        footer_links=[], run_history=False, show_error=False, max_file_size=1, ssr_mode=False,
        enable_monitoring=False, pwa=False, mcp_server=False, allowed_paths=[],
        theme=page.theme(), head=page.head(),
    )  # fmt: skip
    return Gate(mounted, hosts(served.host), Doorkeeper(served.token, port))


def wired(assistant: Assistant, served: Served) -> Any:
    """What the page calls, over one assistant."""
    from assistant.conversations import Conversations
    from assistant.feedback import Feedback
    from assistant.web.actions import Actions
    from assistant.web.asking import Asking
    from assistant.web.endpoint import Endpoint
    from assistant.web.library import Library
    from assistant.web.limits import Limit
    from assistant.web.page import Handlers

    library = Library(assistant)
    library.open()
    conversations = Conversations(assistant.settings.conversations)
    asking = Asking(library, conversations, Limit(served.per_minute))
    actions = Actions(library, conversations, Feedback(assistant.settings.feedback), asking)
    return Handlers(asking, actions, Endpoint(library, Limit(10 * served.per_minute)))


def hosts(host: str) -> frozenset[str]:
    """The names that a request may call this page: with a token, an unspecified address answers to any."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound; such an address has a token
        return frozenset({"*"})
    return frozenset({host.lower(), *(HERE if is_here(host) else ())})


def _server(app: Any, ready: Callable[[], None]) -> Any:
    import uvicorn

    class Server(uvicorn.Server):  # type: ignore[misc]
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready()

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=LAST_WORDS,
        ws="none",
        limit_concurrency=1_000,
    )
    return Server(config)
