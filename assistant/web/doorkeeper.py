"""A token -> who may come in: with it as a bearer, or with the cookie that a browser gets for it."""

from __future__ import annotations

import hashlib
import hmac
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from assistant.web.limits import Limit
from assistant.web.responses import answer, cookies_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Send = Callable[[dict[str, Any]], Awaitable[None]]

LOGIN = "/login"
TRIES = 10  # wrong tokens a minute from one address
SHORTEST_TOKEN = 16  # characters


class Doorkeeper:
    """Asks for the token; without one everybody may come in. Tokens are compared in constant time."""

    def __init__(self, token: str = "", port: int = 0) -> None:
        self._token = token
        self._cookie = f"assistant-{port}"
        self._tries = Limit(TRIES)

    async def answers(self, scope: dict[str, Any], headers: dict[str, str], body: bytes, send: Send) -> bool:
        """Whether the request was dealt with here: somebody came to the door, or may not come in."""
        if not self._token:
            return False
        if scope["path"] == LOGIN and scope["method"] == "POST":
            await self._login(scope, body, send)
            return True
        cookie = cookies_of(headers).get(self._cookie, "")
        bearer = headers.get("authorization", "").removeprefix("Bearer ").strip()
        if _equal(cookie, self._pass()) or _equal(bearer, self._token):
            return False
        wants_page = scope["method"] == "GET" and "text/html" in headers.get("accept", "")
        if wants_page and scope["path"] in ("/", LOGIN):
            await answer(send, 401, door(), "text/html")
        elif bearer and not self._tries.allows(_peer(scope)):
            await answer(send, 429, "Too many wrong tokens. Wait a minute.")
        else:
            await answer(send, 401, "The token is missing or wrong.", www_authenticate="Bearer")
        return True

    async def _login(self, scope: dict[str, Any], body: bytes, send: Send) -> None:
        if not self._tries.allows(_peer(scope)):
            await answer(send, 429, "Too many tries. Wait a minute.")
            return
        given = parse_qs(body.decode("utf-8", "replace")).get("token", [""])[0].strip()
        if not _equal(given, self._token):
            await answer(send, 401, door("This is not the token."), "text/html")
            return
        cookie = f"{self._cookie}={self._pass()}; Path=/; HttpOnly; SameSite=Strict"
        await answer(send, 303, "", location="/", set_cookie=cookie)

    def _pass(self) -> str:
        """What the cookie holds: good for this token, and not the token itself."""
        return hmac.new(self._token.encode(), b"browser", hashlib.sha256).hexdigest()


def door(remark: str = "") -> str:
    """The page that asks for the token."""
    return files("assistant.web").joinpath("door.html").read_text(encoding="utf-8").replace("REMARK", remark)


def _equal(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _peer(scope: dict[str, Any]) -> str:
    client = scope.get("client")
    return str(client[0]) if client else "unknown"
