"""What comes through the gate, over real HTTP: headers, hosts, origins, routes, sizes, the token, and the endpoint."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from web_server import page

README = Path(__file__).parent.parent / "README.md"
pytestmark = pytest.mark.filterwarnings("ignore")
TOKEN = "a-token-that-is-long-enough"
HEADERS = ("content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy")


@pytest.fixture(scope="module")
def served(tmp_path_factory, models_folder):
    with page(tmp_path_factory.mktemp("gate"), models_folder) as served:
        yield served


@pytest.fixture(scope="module")
def guarded(tmp_path_factory, models_folder):
    with page(tmp_path_factory.mktemp("token"), models_folder, served={"token": TOKEN}) as served:
        yield served


def request(served, method="GET", path="/", body=None, **headers):
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=60)
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(body, dict):
        body, fields = json.dumps(body), {"content-type": "application/json", **fields}
    connection.request(method, path, body, fields)
    response = connection.getresponse()
    response.text = response.read().decode("utf-8", "replace")
    connection.close()
    return response


def call(served, *data, **headers):
    joined = request(served, "POST", "/gradio_api/call/ask", {"data": list(data)}, **headers)
    identity = json.loads(joined.text)["event_id"]
    heard = request(served, "GET", f"/gradio_api/call/ask/{identity}", **headers).text
    assert "event: complete" in heard
    return json.loads(heard.split("event: complete\ndata: ", 1)[1].split("\n")[0])[0]


@pytest.mark.parametrize("path", ["/", "/config", "/theme.css", "/gradio_api/info", "/nothing", "/gradio_api/upload"])
def test_every_response_carries_the_headers(served, path):
    response = request(served, path=path)

    assert all(response.getheader(name) for name in HEADERS)
    assert "'unsafe-eval'" not in response.getheader("content-security-policy")
    assert response.getheader("access-control-allow-origin") is None


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "[", "0.0.0.0"])
def test_other_names_are_refused(served, host):
    assert request(served, host=host).status == 400


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "file://", "127.0.0.1"])
def test_other_origins_are_refused(served, origin):
    body = {"data": ["what is a mutex", None]}
    assert request(served, "POST", "/gradio_api/call/ask", body, origin=origin).status == 403
    assert request(served, origin=origin).status == 403


def test_a_request_of_another_site_without_an_origin_is_refused(served):
    assert request(served, path="/config", sec_fetch_site="cross-site", sec_fetch_mode="no-cors").status == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/file/etc/passwd"),
        ("GET", "/gradio_api/proxy=http://127.0.0.1:1/"),
        ("GET", "/static/../../etc/passwd"),
        ("GET", "/assets/%2e%2e/%2e%2e/etc/passwd"),
        ("GET", "/assets/..%5c..%5cetc"),
        ("POST", "/gradio_api/component_server"),
        ("POST", "/gradio_api/stream/x"),
        ("GET", "/monitoring"),
        ("GET", "/gradio_api/runs"),
        ("GET", "/gradio_api/openapi.json"),
        ("POST", "/gradio_api/vibe-edit"),
        ("POST", "/gradio_api/run/ask"),
        ("POST", "/gradio_api/call/act"),
        ("GET", "/docs"),
    ],
)
def test_routes_that_the_page_does_not_need_are_not_there(served, method, path):
    response = request(served, method, path, {"data": []} if method == "POST" else None)

    assert response.status == 404
    assert "root:" not in response.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(served, method):
    assert request(served, method).status == 405


def test_bodies_over_64_kib_are_refused_announced_or_not(served):
    large = {"data": ["x" * 70_000, None]}
    assert request(served, "POST", "/gradio_api/call/ask", large).status == 413
    chunks = (b"x" * 8_192 for _ in range(20))
    fields = {"transfer-encoding": "chunked"}
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=30)
    connection.request("POST", "/gradio_api/call/ask", chunks, fields, encode_chunked=True)
    assert connection.getresponse().status == 413


def test_the_endpoint_gives_the_object_of_the_command_line(served):
    answer = call(served, "what is a mutex", None)

    assert answer["status"] == "answered"
    assert answer["citations"][0]["quote"]
    assert set(answer) >= {"id", "question", "read_as", "confidence", "hits", "closest", "tokens", "timings_ms"}


def test_gradios_own_client_gets_the_same_object(served):
    from gradio_client import Client

    client = Client(served.url, verbose=False, download_files=False)
    assert client.predict("what is a mutex", None, api_name="/ask")["status"] == "answered"


def readme(language):
    """The block of the README that shows how a script asks."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    (block,) = [block for block in blocks if "127.0.0.1:7860" in block]
    return block


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("token", ["", TOKEN])
def test_curl_asks_as_the_readme_shows(served, guarded, token):
    where = guarded if token else served
    lines = readme("sh").replace("http://127.0.0.1:7860", where.url)
    if token:
        lines = lines.replace("curl -s", f"curl -s -H 'authorization: Bearer {token}'")
    run = subprocess.run(["bash", "-ec", lines], capture_output=True, text=True, timeout=60, check=True)

    said = run.stdout.split("event: complete\ndata: ", 1)[1].split("\n")[0]
    assert json.loads(said)[0]["status"] == "answered"


@pytest.mark.parametrize("token", ["", TOKEN])
def test_gradios_client_asks_as_the_readme_shows(served, guarded, token):
    lines = readme("python").replace("http://127.0.0.1:7860", (guarded if token else served).url)
    if token:
        lines = lines.replace("False)", f'False, headers={{"authorization": "Bearer {token}"}})')
    said = {}
    exec(lines, said)

    assert said["answer"]["status"] == "answered"
    assert said["answer"]["citations"][0]["quote"]


def test_gradios_client_needs_what_the_readme_says(served):
    from gradio_client import Client

    assert "download_files=False" in readme("python")
    with pytest.raises(Exception, match=r"40[34]|Not Found|Forbidden|not here|nothing here"):
        Client(served.url, verbose=False).predict("what is a mutex", None, api_name="/ask")


@pytest.mark.parametrize("question", ["", "   ", "?", "x" * 2_001, 7])
def test_a_question_that_cannot_be_asked_is_answered_with_an_error(served, question):
    assert call(served, question, None)["error"]["code"] == "QUESTION"


def test_a_history_that_is_none_is_answered_with_an_error(served):
    assert call(served, "what is a mutex", [{"role": "system", "content": "x"}])["error"]["code"] == "QUESTION"


def test_only_ask_is_listed(served):
    listed = json.loads(request(served, path="/gradio_api/info").text)

    assert list(listed["named_endpoints"]) == ["/ask"]
    assert listed["unnamed_endpoints"] == {}
    assert str(Path.home()) not in request(served, path="/config").text


def test_twenty_who_ask_at_once_each_get_their_own_answer(served):
    questions = [("what is a mutex", "mutex"), ("how long does sourdough rise", "dough"), ("s3 versioning", "version")]
    asked = [questions[number % 3] for number in range(21)]
    with ThreadPoolExecutor(21) as pool:
        answers = list(pool.map(lambda pair: call(served, pair[0], None), asked))

    for (question, word), answer in zip(asked, answers, strict=True):
        assert answer["question"] == question
        assert word in answer["answer"].lower()


def test_without_the_token_nothing_is_served(guarded):
    for path in ("/", "/config", "/theme.css", "/gradio_api/info"):
        assert request(guarded, path=path).status == 401
        assert request(guarded, path=path, authorization="Bearer wrong").status in (401, 429)
    assert request(guarded, "POST", "/gradio_api/call/ask", {"data": ["mutex", None]}).status == 401


def test_the_token_comes_in_as_a_bearer_or_as_a_cookie(guarded):
    assert request(guarded, authorization=f"Bearer {TOKEN}").status == 200
    form = {"content_type": "application/x-www-form-urlencoded"}
    assert request(guarded, "POST", "/login", "token=wrong", **form).status == 401
    entered = request(guarded, "POST", "/login", f"token={TOKEN}", **form)
    cookie = entered.getheader("set-cookie")

    assert entered.status == 303
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie
    assert request(guarded, cookie=cookie.split(";")[0]).status == 200
    assert call(guarded, "what is a mutex", None, authorization=f"Bearer {TOKEN}")["status"] == "answered"


def test_the_door_is_a_page_for_people(guarded):
    response = request(guarded, accept="text/html")

    assert response.status == 401
    assert "<form" in response.text


def test_wrong_tokens_are_counted(guarded):
    form = {"content_type": "application/x-www-form-urlencoded"}
    statuses = [request(guarded, "POST", "/login", "token=wrong", **form).status for _ in range(15)]
    assert statuses[-1] == 429


def run_web(folder, *flags, **environment):
    command = [sys.executable, "-m", "assistant", "--notes", str(folder), "web", "--port", "0", *flags]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "XDG_DATA_HOME": str(folder.parent / "data"), **environment,
             "PYTHONPATH": str(Path(__file__).parent.parent)},
    )  # fmt: skip


def test_another_address_gets_a_token_that_is_printed_before_gradio_loads(tmp_path):
    (tmp_path / "notes").mkdir()
    with run_web(tmp_path / "notes", "--host", "0.0.0.0") as process:
        address, token = process.stdout.readline(), process.stdout.readline()
        process.kill()

    assert address.startswith("http://")
    assert len(token.removeprefix("token: ").strip()) >= 32


def test_a_short_token_is_refused(tmp_path):
    (tmp_path / "notes").mkdir()
    with run_web(tmp_path / "notes", "--token", "short") as process:
        _, said = process.communicate(timeout=60)

    assert process.returncode == 2
    assert said.startswith("error[")
