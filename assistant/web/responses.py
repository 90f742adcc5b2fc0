"""A status and a text -> a whole HTTP response; the headers of a request -> its cookies."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Send = Callable[[dict[str, Any]], Awaitable[None]]


async def answer(send: Send, status: int, text: str, kind: str = "text/plain", **headers: str) -> None:
    """A whole response."""
    body = text.encode()
    fields = {"content-type": f"{kind}; charset=utf-8", "content-length": str(len(body)), **headers}
    raw = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def cookies_of(headers: dict[str, str]) -> dict[str, str]:
    """The cookies of a request; none when they cannot be read."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}
