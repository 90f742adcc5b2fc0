"""The page, served for a test: the real application on a free port of this machine, over notes in a folder."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.app import Assistant
from assistant.settings import load
from assistant.web import server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONG = 60.0  # seconds
NOTES = """Q. What is a mutex?
A mutex is a lock that one thread holds at a time. Other threads wait until it is free.

Use it like this:
1. Acquire the lock.
2. Change the shared data.
3. Release the lock.

Q. How does versioning work in S3?
Versioning keeps every version of an object in a bucket.
When you delete an object, a delete marker is put on top and the older versions stay.
Versioning cannot be disabled: once enabled, it can only be suspended.

Q. What is multi threading in python?

Q. How long does sourdough rise?
Let the dough rise for eight hours in a cool kitchen, then shape it and bake it hot.

Q. What is a lock called mutex?
A mutex is a lock for one thread. It protects shared data.
"""


class Held:
    """An embedder that stops in the middle of the first index until it is let go."""

    def __init__(self, inner):
        self._inner = inner
        self.reached, self.go = threading.Event(), threading.Event()

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def embed(self, texts, progress=None):
        if progress is not None and not self.go.is_set():
            progress(len(texts) // 2)
            self.reached.set()
            assert self.go.wait(LONG)
        return self._inner.embed(texts, progress)


@dataclass
class Page:
    """A page that is served: its address, the folder that it lives in, and the parts behind it.

    `heard` says of each request whether a browser called it one of our own page, and how it was answered.
    """

    url: str
    folder: Path
    assistant: Assistant
    heard: list[tuple[str, int]]

    @property
    def notes(self) -> Path:
        return self.folder / "notes" / "notes.txt"


def settings(folder: Path, models: Path, **more: Any) -> Any:
    """Settings whose every folder is in the test's own."""
    return load(
        {
            "notes": folder / "notes",
            "index": folder / "index",
            "models": models,
            "feedback": folder / "feedback",
            "conversations": folder / "conversations",
            **more,
        }
    )


def recorded(app: Any, heard: list[tuple[str, int]]) -> Any:
    """The application, writing down what it answers."""

    async def heeded(scope: Any, receive: Any, send: Any) -> None:
        site = dict(scope.get("headers", ())).get(b"sec-fetch-site", b"").decode()

        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                heard.append((site, message["status"]))
            await send(message)

        await app(scope, receive, sent)

    return heeded


@contextmanager
def page(folder: Path, models: Path, notes: str = NOTES, port: int = 0, **more: Any) -> Iterator[Page]:
    """Serve the page as `assistant web` does. `more` are settings; `served` among them fields of Served.

    `embedder` among them takes the place of the one that the settings name.
    """
    os.environ.update(server.QUIET)
    os.environ["GRADIO_TEMP_DIR"] = str(folder / "gradio")
    (folder / "notes").mkdir(parents=True, exist_ok=True)
    if not (folder / "notes" / "notes.txt").exists():
        (folder / "notes" / "notes.txt").write_text(notes, encoding="utf-8")
    fields = {"per_minute": 1_000, **more.pop("served", {})}
    embedder = more.pop("embedder", None)
    assistant = Assistant(settings(folder, models, **more))
    assistant._embedder = embedder
    looks = server.Looks(writer=assistant.settings.llm or "")
    served = server.checked(server.Served(port=port, looks=looks, **fields))
    with socket.create_server(("127.0.0.1", port)) as listener:
        started = threading.Event()
        heard: list[tuple[str, int]] = []
        app = recorded(server.application(assistant, served, listener.getsockname()[1]), heard)
        running = server._server(app, started.set)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        assert started.wait(30)
        try:
            yield Page(f"http://127.0.0.1:{listener.getsockname()[1]}", folder, assistant, heard)
        finally:
            running.should_exit = True
            thread.join(10)
