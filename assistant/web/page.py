"""Handlers -> the Gradio page: its layout, and the three events between the browser and us.

What we draw is sent as JSON through hidden text boxes and drawn by `page.js`: Gradio's own HTML component evaluates
templates, which our content policy forbids, and its Markdown and Chatbot would read markup into notes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from assistant.web.asking import LONGEST_QUESTION, Asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.web.actions import Actions
    from assistant.web.asking import Asking
    from assistant.web.endpoint import Endpoint

VISITOR = "visitor"  # the cookie that tells one browser session from another
QUOTE = "Quote my notes"
MOST_SOURCES = 20
TITLE = "Notes assistant"
STATES = ["all", "answered", "unanswered", "duplicate"]


@dataclass(frozen=True, slots=True)
class Handlers:
    """All that the page calls."""

    asking: Asking
    actions: Actions
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class Looks:
    """What the settings say about the page: the model that may write ("" for none), sources, answers at once, queue."""

    writer: str = ""
    sources: int = 5
    at_once: int = 2
    waiting: int = 64


def build(handlers: Handlers, looks: Looks) -> Any:
    """The page as Gradio Blocks, with its queue."""
    import gradio as gr

    with gr.Blocks(analytics_enabled=False, title=TITLE, fill_width=True, delete_cache=None) as blocks:
        with gr.Row(elem_id="shell"):
            _side(gr, looks)
            with gr.Column(elem_id="main", min_width=0):
                with gr.Column(elem_id="chat", min_width=0):
                    _chat(gr)
                with gr.Column(elem_id="notes", min_width=0):
                    _notes(gr)
        _wire(gr, handlers, looks)
    blocks.queue(max_size=looks.waiting, default_concurrency_limit=8, api_open=False)
    return blocks


def head() -> str:
    """What goes into the page's head: our style sheet, and our script, which may run there and nowhere else.

    Gradio would put its own container before every selector of a sheet that it is given.
    """
    return f"<style>\n{_text('page.css')}\n</style>\n<script>\n{_text('page.js')}\n</script>"


def theme() -> Any:
    """Fonts of the person's own system: none is loaded from anywhere."""
    import gradio as gr

    fonts = ["system-ui", "-apple-system", "Segoe UI", "sans-serif"]
    mono = ["ui-monospace", "SFMono-Regular", "Menlo", "monospace"]
    return gr.themes.Base(primary_hue="teal", neutral_hue="stone", font=fonts, font_mono=mono)


def _text(name: str) -> str:
    return files("assistant.web").joinpath(name).read_text(encoding="utf-8")


# --- layout --------------------------------------------------------------------------------------


def _side(gr: Any, looks: Looks) -> None:
    with gr.Column(elem_id="side", min_width=0):
        gr.Button("New conversation", elem_id="new", size="md")
        with gr.Column(elem_id="settings", min_width=0):
            writers = [QUOTE, *([looks.writer] if looks.writer else [])]
            gr.Radio(writers, value=writers[-1], label="Who writes the answer", elem_id="writer", interactive=True)
            gr.Slider(1, MOST_SOURCES, value=min(looks.sources, MOST_SOURCES), step=1, interactive=True,
                      label="Notes looked at for an answer", elem_id="sources")  # fmt: skip


def _chat(gr: Any) -> None:
    with gr.Row(elem_id="composer"):
        gr.Textbox(label="Your question", placeholder="Ask your notes …", lines=1, max_lines=6, elem_id="question",
                   max_length=LONGEST_QUESTION, interactive=True, scale=1)  # fmt: skip
        gr.Button("Send", elem_id="send", variant="primary", scale=0, min_width=80)
        gr.Button("Stop", elem_id="stop", variant="stop", scale=0, min_width=80)


def _notes(gr: Any) -> None:
    with gr.Row(elem_id="filters"):
        gr.Textbox(
            label="Filter notes",
            placeholder="Words in the question or the answer",
            elem_id="filter",
            scale=2,
            interactive=True,
        )
        gr.Radio(STATES, value="all", label="Show", elem_id="state", scale=1, interactive=True)


# --- events --------------------------------------------------------------------------------------


def _wire(gr: Any, handlers: Handlers, looks: Looks) -> None:
    boxes = {name: _hidden(gr, name) for name in ("ask-wish", "ask-state", "act-wish", "act-state")}
    private = {"api_visibility": "private", "show_progress": "hidden"}

    def answer(wish: str, request: Any) -> Iterator[str]:
        yield from _states(handlers.asking, wish, visitor_of(request), looks)

    def act(wish: str) -> str:
        return _acted(handlers.actions, wish)

    answer.__annotations__ = {"request": gr.Request}  # Gradio looks here for who wants to know the visitor

    # Gradio drops a click while the one before it is under way; the page knows when it may send, so none is dropped.
    heard = {**private, "trigger_mode": "multiple"}
    _trigger(gr, "ask-go").click(answer, boxes["ask-wish"], boxes["ask-state"], concurrency_id="answers",
                                 concurrency_limit=looks.at_once, **heard)  # fmt: skip
    _trigger(gr, "act-go").click(act, boxes["act-wish"], boxes["act-state"], concurrency_limit=8, **heard)
    _endpoint(gr, handlers, looks)


def _endpoint(gr: Any, handlers: Handlers, looks: Looks) -> None:
    def ask(question: str, history: list[dict[str, str]] | None = None, request: Any = None) -> dict[str, Any]:
        """Answer a question from the notes: the same object as `assistant ask --json`."""
        return handlers.endpoint.ask(question, history, f"script {peer_of(request)}")

    ask.__annotations__ = {"question": str, "history": list[dict[str, str]] | None, "request": gr.Request,
                           "return": dict[str, Any]}  # fmt: skip
    gr.api(ask, api_name="ask", concurrency_id="answers", concurrency_limit=looks.at_once)


def visitor_of(request: Any) -> str:
    """Whose questions these are: the browser session, or else the address that they come from."""
    cookies = getattr(request, "cookies", None) or {}
    return str(cookies.get(VISITOR) or peer_of(request))


def peer_of(request: Any) -> str:
    """The address that a request comes from."""
    client = getattr(request, "client", None)
    return str(getattr(client, "host", "") or "unknown")


def _hidden(gr: Any, name: str) -> Any:
    return gr.Textbox(visible="hidden", elem_id=name, label=name, show_label=False, container=False)


def _trigger(gr: Any, name: str) -> Any:
    return gr.Button(name, visible="hidden", elem_id=name)


def _states(asking: Asking, wish: str, visitor: str, looks: Looks) -> Iterator[str]:
    """Each state as JSON, numbered so that no two are alike: Gradio tells the browser of changes only."""
    asked = _asked(wish, looks)
    for number, state in enumerate(asking.ask(asked, visitor)):
        yield json.dumps({**state, "key": asked.key, "step": number})


def _acted(actions: Actions, wish: str) -> str:
    said = _object(wish)
    state = actions.act({key: str(value) for key, value in said.items()})
    return json.dumps({**state, "number": said.get("number_of_wish"), "do": said.get("do")})


def _asked(wish: str, looks: Looks) -> Asked:
    said = _object(wish)
    sources = said.get("sources")
    return Asked(
        text=str(said.get("text") or ""),
        key=str(said.get("key") or ""),
        conversation=str(said.get("conversation") or ""),
        instead=str(said.get("instead") or ""),
        quote=not looks.writer or said.get("writer") not in (None, looks.writer),
        sources=min(max(sources, 1), MOST_SOURCES) if isinstance(sources, int) else looks.sources,
    )


def _object(wish: str) -> dict[str, Any]:
    try:
        said = json.loads(wish)
    except (ValueError, RecursionError, TypeError):
        return {}
    return said if isinstance(said, dict) else {}
