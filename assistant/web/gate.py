"""Any HTTP request -> only those that this page needs reach Gradio; every response carries our headers.

One place in front of everything: the host and origin that a request names, the way it asks for, the token, and the
size of what it sends are looked at here, in that order, before Gradio reads a byte.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.web.doorkeeper import LOGIN
from assistant.web.responses import answer, cookies_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from assistant.web.doorkeeper import Doorkeeper

    Scope = dict[str, Any]
    Message = dict[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 64 * 1024  # bytes
SLOWEST_BODY = 10.0  # seconds until all of a body must be there
VISITOR = "visitor"
_DIRECTIVES = (
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline'",  # Gradio writes its settings into the page as a script
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "media-src 'none'",
    "worker-src 'none'",
    "frame-src 'none'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
POLICY = "; ".join(_DIRECTIVES)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
OURS = frozenset(name for name, _ in HEADERS) | {b"access-control-allow-origin", b"server"}
READ = re.compile(
    r"/|/config/?|/theme\.css|/favicon\.ico|/robots\.txt|/manifest\.json|/(?:assets|static)/[\w./~-]+"
    r"|/gradio_api/(?:info|startup-events|app_id|theme\.css|queue/data|heartbeat/\w+|call/ask/\w+)/?"
)
WRITTEN = re.compile(r"/gradio_api/(?:queue/join|cancel|reset|call/ask|call/v2/ask)/?")
ALLOWED = {"GET": READ, "HEAD": READ, "POST": WRITTEN}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a request is told that does not come through."""

    status: int
    why: str


class TooLargeError(Exception):
    """A body with more bytes than we take."""


class Gate:
    """An ASGI application in front of another. `hosts` are the names that it answers to; "*" is any."""

    def __init__(self, app: App, hosts: frozenset[str], doorkeeper: Doorkeeper) -> None:
        self._app = app
        self._hosts = hosts
        self._doorkeeper = doorkeeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, _with_headers(scope, send))
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await answer(send, refusal.status, refusal.why)
            return
        try:
            body = await asyncio.wait_for(_body(receive, headers), SLOWEST_BODY)
        except TooLargeError:
            await answer(send, 413, f"At most {LARGEST_BODY} bytes can be sent.")
            return
        except asyncio.TimeoutError:  # noqa: UP041 - its name before Python 3.11 is the one that asyncio documents
            await answer(send, 408, "The request took too long.")
            return
        if await self._doorkeeper.answers(scope, headers, body, send):
            return
        if not _allowed(scope):
            await answer(send, 404, "There is nothing here.")
            return
        await self._app(scope, _again(body, receive), send)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> Refusal | None:
        if not self._knows(headers.get("host", "")):
            return Refusal(400, "This is not the name of this page.")
        if not _same_origin(headers):
            return Refusal(403, "Requests from other pages are refused.")
        if scope["path"] != LOGIN and scope["method"] not in ALLOWED:
            return Refusal(405, "This method is not used here.")
        return None

    def _knows(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return bool(name) and ("*" in self._hosts or name in self._hosts)


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _same_origin(headers: dict[str, str]) -> bool:
    """Browsers name the page that a request comes from; what names none is no browser's page."""
    origin = headers.get("origin")
    if origin is not None:
        return origin.partition("://")[2] == headers.get("host", "") and origin.startswith(("http://", "https://"))
    crossed = headers.get("sec-fetch-site") in ("cross-site", "same-site")
    return not crossed or headers.get("sec-fetch-mode") == "navigate"


def _allowed(scope: Scope) -> bool:
    path = scope["path"]
    return ".." not in path and ALLOWED[scope["method"]].fullmatch(path) is not None


async def _body(receive: Receive, headers: dict[str, str]) -> bytes:
    """All of the body. Raises TooLargeError as soon as it is known to be too large."""
    announced = headers.get("content-length", "0")
    if not announced.isdigit() or int(announced) > LARGEST_BODY:
        raise TooLargeError
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise TooLargeError
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, then whatever comes."""
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def read() -> Message:
        return left.pop() if left else await receive()

    return read


def _with_headers(scope: Scope, send: Send) -> Send:
    """Put our headers on the response, and a visitor's cookie on the page itself."""
    known = VISITOR in cookies_of(_headers(scope))
    cookie = f"{VISITOR}={secrets.token_urlsafe(16)}; Path=/; HttpOnly; SameSite=Strict".encode()

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            theirs = [(name, value) for name, value in message["headers"] if name.lower() not in OURS]
            page = scope["path"] == "/" and not known
            extra = [(b"set-cookie", cookie)] if page else []
            extra += [] if scope["path"].startswith(("/assets/", "/static/")) else [(b"cache-control", b"no-store")]
            theirs = [pair for pair in theirs if pair[0].lower() != b"cache-control" or not extra]
            message = {**message, "headers": [*theirs, *HEADERS, *extra]}
        await send(message)

    return sent
