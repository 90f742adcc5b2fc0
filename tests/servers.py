"""Servers that speak OpenAI's protocol over real HTTP on 127.0.0.1: what they say, or how they fail, is written.

A test gives the server a script: a function from the request to the parts of a response, which are sent
as they are yielded. `Hang` waits until the client hangs up (or the server is stopped), without sleeping.
"""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STREAM = "text/event-stream"


@dataclass
class Request:
    """What a client sent."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        return json.dumps(self.body, ensure_ascii=False)


class Hang:
    """A part of a response: say nothing more until the client hangs up."""


class Cut:
    """A part of a response: break the connection off."""


@dataclass
class Server:
    """A running server; `requests` are all that it was sent, `gone` is set when a client hung up on a Hang."""

    script: Callable[[Request], Iterator[bytes | Hang | Cut]]
    requests: list[Request] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


@contextmanager
def serving(script: Callable[[Request], Iterator[bytes | Hang | Cut]]) -> Iterator[Server]:
    """A server with this script, for the length of a test."""
    server = Server(script)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]
        thread = threading.Thread(target=_accept, args=(listener, server), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def saying(
    *texts: str, finish: str | None = "stop", usage: tuple[int, int] | None = (40, 7)
) -> Callable[[Request], Iterator[bytes]]:
    """A script that streams one text a request (the last one again and again), word by word."""
    left = list(texts)

    def script(request: Request) -> Iterator[bytes]:
        text = left.pop(0) if len(left) > 1 else left[0]
        yield head()
        yield from (event(delta(piece)) for piece in pieces(text))
        yield from ending(finish, usage)

    return script


def answering(
    status: str, body: bytes = b"", kind: str = "application/json", **headers: str
) -> Callable[[Request], Iterator[bytes]]:
    """A script that answers every request with one status and body."""

    def script(request: Request) -> Iterator[bytes]:
        yield head(status, kind, **{"content-length": str(len(body)), **headers}) + body

    return script


def refused_port() -> int:
    """A port where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def recorded(text: str) -> bytes:
    """A whole response, to be cut anywhere."""
    return b"".join([head(), *(event(delta(piece)) for piece in pieces(text)), *ending("stop", (40, 7))])


def head(status: str = "200 OK", kind: str = STREAM, **headers: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"content-type: {kind}",
        "connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def event(data: dict[str, Any] | str) -> bytes:
    return f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode()


def delta(text: str | None = None, finish: str | None = None) -> dict[str, Any]:
    content = {} if text is None else {"role": "assistant", "content": text}
    return _chunk([{"index": 0, "delta": content, "finish_reason": finish}])


def ending(finish: str | None, usage: tuple[int, int] | None) -> list[bytes]:
    parts = [] if finish is None else [event(delta(None, finish))]
    if usage is not None:
        counted = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
        parts.append(event({**_chunk([]), "usage": counted}))
    return [*parts, event("[DONE]")] if finish is not None else parts


def pieces(text: str) -> list[str]:
    """A text in pieces like a model's: words with the blank before them."""
    cuts = [0, *(position for position, sign in enumerate(text) if sign == " " and position), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


def _chunk(choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": choices}


def _accept(listener: socket.socket, server: Server) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(connection, server), daemon=True).start()


def _answer(connection: socket.socket, server: Server) -> None:
    with connection:
        try:
            request = _read(connection)
            server.requests.append(request)
            for part in server.script(request):
                if isinstance(part, Cut):
                    return
                if isinstance(part, Hang):
                    _wait_for_end(connection)
                    server.gone.set()
                    return
                connection.sendall(part)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            server.gone.set()


def _wait_for_end(connection: socket.socket) -> None:
    connection.settimeout(30)
    while connection.recv(65_536):
        pass


def _read(connection: socket.socket) -> Request:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    raw, _, body = data.partition(b"\r\n\r\n")
    first, *lines = raw.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += _more(connection)
    return Request(first.split()[1], headers, json.loads(body or b"{}"))


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65_536)
    if not data:
        raise ConnectionError
    return data
