"""A client's response -> the same response with limits: time, size, kind and place.

The client's own limits do not suffice: its read timeout starts anew with every byte, a stream may hold
one endless line or nothing but comments, and a redirect would take the key along.
"""

from __future__ import annotations

import functools
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.stopping import Stop

OPENED = ("connect_tcp.complete", "start_tls.complete")  # what a connection's trace says when it has a socket
LONGEST_LINE = 1_048_576  # bytes without a line end
LARGEST_BODY = 16_777_216  # bytes of a whole stream
REDIRECTS = range(300, 400)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, and characters of the answer. `patience` is how long retries may take in all."""

    connect: float = 3.0
    first: float = 20.0
    between: float = 10.0
    total: float = 120.0
    patience: float = 10.0
    retries: int = 2
    answer: int = 32_768


class Broken(Exception):  # noqa: N818 - it is caught where it is told in words
    """A response that cannot be used; the message says why, in words for a person."""


@dataclass
class Watch:
    """Keeps the time of one answer. Tokens are what counts: comments and pings are not progress."""

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    stop: Stop | None = None
    began: float = field(init=False)
    heard: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.began = self.clock()

    def token(self) -> None:
        self.heard = self.clock()

    def check(self) -> None:
        """Raise Broken when one of the limits has passed, or nobody wants the answer any more."""
        if self.stop is not None and self.stop.is_set():
            raise Broken("it was told to stop")
        now = self.clock()
        if now - self.began > self.limits.total:
            raise Broken(f"it was not done after {self.limits.total:g} seconds")
        if self.heard is None and now - self.began > self.limits.first:
            raise Broken(f"it sent nothing for {self.limits.first:g} seconds")
        if self.heard is not None and now - self.heard > self.limits.between:
            raise Broken(f"it fell silent for {self.limits.between:g} seconds")


def client(library: Any, watch: Watch, *, direct: bool) -> Any:
    """A synchronous httpx client with the limits; `direct` for a server on this machine, past any proxy."""
    return library.Client(
        timeout=timeout(library, watch.limits),
        event_hooks=hooks(library, watch),
        headers={"accept-encoding": "identity"},
        follow_redirects=False,
        trust_env=not direct,
        verify=trusted(library),
    )


def hooks(library: Any, watch: Watch) -> dict[str, list[Callable[[Any], None]]]:
    """What a client calls before a request is sent, and when its response begins."""
    cuts = [] if watch.stop is None else [cutting(watch.stop)]
    return {"request": cuts, "response": [guarding(library, watch)]}


def cutting(stop: Stop) -> Callable[[Any], None]:
    """A request hook after which a stop ends the connection, though another thread is waiting for it to speak."""

    def opened(happened: str, told: dict[str, Any]) -> None:
        if happened.endswith(OPENED):
            stop.then(functools.partial(_cut, told["return_value"]))

    def hook(request: Any) -> None:
        request.extensions["trace"] = opened

    return hook


def _cut(stream: Any) -> None:
    """Shut the socket down: closing it would not wake the thread that reads from it."""
    with suppress(OSError):
        stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


@functools.cache
def trusted(library: Any) -> Any:
    """The certificates that a client trusts; reading them takes longer than everything else before a request."""
    return library.create_ssl_context()


def timeout(library: Any, limits: Limits) -> Any:
    """The client's own limits, for each step on the wire; the watch keeps the rest."""
    return library.Timeout(connect=limits.connect, read=limits.first, write=limits.between, pool=limits.connect)


def guarding(library: Any, watch: Watch) -> Callable[[Any], None]:
    """A response hook that refuses what is no answer, and watches the rest as it comes."""

    class Watched(library.SyncByteStream):  # type: ignore[misc]
        def __init__(self, stream: Any) -> None:
            self._stream = stream

        def __iter__(self) -> Iterator[bytes]:
            return _watched(self._stream, watch)

        def close(self) -> None:
            self._stream.close()

    def hook(response: Any) -> None:
        _refuse(response)
        response.request.extensions.get("timeout", {})["read"] = watch.limits.between
        response.stream = Watched(response.stream)

    return hook


def _refuse(response: Any) -> None:
    if response.status_code in REDIRECTS:
        raise Broken("it redirects to another address, where the key and the notes are not sent")
    if response.headers.get("content-encoding", "identity").lower() not in ("identity", ""):
        raise Broken("it sent a compressed answer, which was not asked for")
    if response.is_success and response.headers.get("content-type", "").lower().startswith("text/html"):
        raise Broken("it sent a web page instead of an answer; the base URL may lack its /v1")


def _watched(stream: Any, watch: Watch) -> Iterator[bytes]:
    line = total = 0
    for data in stream:
        watch.check()
        total += len(data)
        end = max(data.rfind(b"\n"), data.rfind(b"\r"))
        line = line + len(data) if end < 0 else len(data) - end - 1
        if line > LONGEST_LINE or total > LARGEST_BODY:
            raise Broken("it sent more than any answer needs")
        yield data
