"""Pages that are not ours, in a real browser: whatever they try, they read nothing from us and change nothing."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from browser import REBOUND, WAIT, ask, in_a_browser, opened, ready
from conftest import digest_of
from web_server import page

pytestmark = in_a_browser

# What a hostile page tries; each attempt ends with what it could read, or with why it could not.
ATTEMPTS = """async (target) => {
    const said = {};
    const wish = JSON.stringify({ data: [JSON.stringify({ do: "delete", id: "IDENTITY" })], fn_index: FUNCTION,
                                  session_hash: "foreign", event_data: null, trigger_id: null });
    const asked = JSON.stringify({ data: ["what is a mutex", null] });
    const attempt = async (name, path, options) => {
        try {
            const response = await fetch(target + path, { credentials: "include", ...options });
            said[name] = { type: response.type, status: response.status, text: await response.text() };
        } catch (error) { said[name] = { type: "refused", status: 0, text: "" }; }
    };
    for (const mode of ["cors", "no-cors"]) {
        for (const path of ["/", "/config", "/gradio_api/info", "/gradio_api/queue/data?session_hash=foreign"]) {
            await attempt(`${mode} GET ${path}`, path, { mode });
        }
        for (const [path, body] of [["/gradio_api/call/ask", asked], ["/gradio_api/run/ask", asked],
                                    ["/gradio_api/queue/join", wish], ["/login", "token=x"]]) {
            await attempt(`${mode} POST ${path}`, path, { mode, method: "POST", body });
            await attempt(`${mode} POST as JSON ${path}`, path,
                          { mode, method: "POST", body, headers: { "content-type": "application/json" } });
        }
    }
    await attempt("plain", "/", {});
    said.sent = { type: String(navigator.sendBeacon(target + "/gradio_api/queue/join", wish)), status: 0, text: "" };
    for (const [tag, name] of [["script", "src"], ["img", "src"], ["link", "href"]]) {
        said[tag] = await new Promise((resolve) => {
            const element = document.createElement(tag);
            if (tag === "link") element.rel = "stylesheet";
            element.onload = () => resolve({ type: "loaded", status: 0, text: "loaded" });
            element.onerror = () => resolve({ type: "refused", status: 0, text: "" });
            element[name] = target + "/config";
            document.head.append(element);
        });
    }
    return said;
}"""

FRAMED = """(target) => new Promise((resolve) => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    frame.onload = resolve;
    frame.src = target;
})"""

FORM = """([target, kind, field]) => {
    const form = document.body.appendChild(document.createElement("form"));
    form.method = "post";
    form.enctype = kind;
    form.action = target;
    const input = form.appendChild(document.createElement("textarea"));
    input.name = field;
    form.submit();
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory, models_folder):
    with page(tmp_path_factory.mktemp("foreign"), models_folder) as served:
        yield served


@contextmanager
def another_page():
    """An empty page on another port of this machine, which is the same site for a browser: it sends our cookies."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>another page</title><body>another page</body>")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def visited(chromium, served):
    """A browser that has a conversation with us, and a second tab in it on a page of somebody else."""
    with another_page() as port, opened(chromium, served.url) as tab:
        ask(tab, "what is a mutex")
        other = tab.context.new_page()
        other.set_default_timeout(WAIT)
        yield tab, other, port


def act_number(served):
    """The number under which the page's own handler for wishes is called."""
    from http.client import HTTPConnection

    connection = HTTPConnection(served.url.removeprefix("http://"), timeout=30)
    connection.request("GET", "/config")
    config = json.loads(connection.getresponse().read())
    connection.close()
    named = {each["id"]: each["props"].get("elem_id") for each in config["components"]}
    return next(each["id"] for each in config["dependencies"] if [named[i] for i in each["inputs"]] == ["act-wish"])


def attempts(served, identity):
    return ATTEMPTS.replace("IDENTITY", identity).replace("FUNCTION", str(act_number(served)))


def identity_of(tab):
    return tab.locator("#conversations li.here button.name").get_attribute("data-id")


def foreign(served):
    """What our server answered to the pages of others, whether their browser let them know it or not."""
    return [status for site, status in served.heard if site in ("same-site", "cross-site")]


def kept(served):
    return digest_of(served.folder / "conversations"), (served.folder / "feedback").exists()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_page_of_another_port_reads_nothing_and_changes_nothing(visited, served, name):
    tab, other, port = visited
    before = kept(served)
    other.goto(f"http://{name}:{port}/")

    served.heard.clear()

    said = other.evaluate(attempts(served, identity_of(tab)), served.url)

    assert len(said) > 20
    assert len(foreign(served)) > 20
    assert set(foreign(served)) == {403}
    assert {each for each, heard in said.items() if heard["text"] or heard["status"]} == set()
    assert kept(served) == before
    assert asks(tab, served)


def test_another_page_cannot_frame_ours(visited, served):
    _, other, port = visited
    other.goto(f"http://127.0.0.1:{port}/")

    other.evaluate(FRAMED, f"{served.url}/")

    assert other.frames[-1].url.startswith("chrome-error:")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/call/ask"])
def test_a_form_of_another_page_is_refused(visited, served, path, kind):
    tab, other, port = visited
    before = kept(served)
    wish = {"do": "delete", "id": identity_of(tab)}
    body = {"data": [json.dumps(wish)], "fn_index": act_number(served), "session_hash": "foreign", "x": "y"}
    field = json.dumps(body).removesuffix('y"}')  # the form adds "=" and the value: what arrives is nearly JSON
    other.goto(f"http://127.0.0.1:{port}/")
    with other.expect_navigation() as arrived:
        other.evaluate(FORM, [f"{served.url}{path}", kind, field])

    assert arrived.value.status == 403
    assert kept(served) == before


def test_a_page_without_an_origin_of_its_own_is_refused_too(visited, served):
    tab, other, port = visited
    before = kept(served)
    other.goto(f"http://127.0.0.1:{port}/")
    other.evaluate(
        """() => { const frame = document.createElement("iframe");
                   frame.sandbox = "allow-scripts"; frame.srcdoc = "<p>sandboxed</p>"; document.body.append(frame); }"""
    )
    frame = other.frame_locator("iframe").locator("p")
    frame.wait_for()
    served.heard.clear()
    said = frame.evaluate(f"(_, target) => ({attempts(served, identity_of(tab))})(target)", served.url)

    assert set(foreign(served)) == {403}
    assert {each for each, heard in said.items() if heard["text"] or heard["status"]} == set()
    assert kept(served) == before


def test_a_name_that_was_bound_to_this_machine_afterwards_gets_nothing(visited, served):
    tab, other, _ = visited
    before = kept(served)
    address = served.url.replace("127.0.0.1", REBOUND)
    arrived = other.goto(address)
    said = other.evaluate(attempts(served, identity_of(tab)), address)  # of its own origin: nothing stops its reading

    assert arrived.status == 400
    assert "mutex" not in arrived.text()
    assert {heard["status"] for heard in said.values()} == {0, 400}
    assert not any("mutex" in heard["text"] or "components" in heard["text"] for heard in said.values())
    assert kept(served) == before


def asks(tab, served):
    """Whether our own page still works beside it."""
    tab.goto(served.url)
    ready(tab)
    return "From your notes" in ask(tab, "how long does sourdough rise").inner_text()
