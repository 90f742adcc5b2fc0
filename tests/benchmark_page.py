"""How quick the page is, in a real browser against a process of its own: numbers, no verdict.

`python -m tests.benchmark_page --questions 30 --visitors 20`. The questions are those of this project's evaluation
that its notes answer; the index is built, and the model in memory, before anything is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles

from assistant.conversations import Conversations
from tests.browser import launched, ready

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 3  # questions that each visitor asks, one after the other
PATIENCE = 120  # seconds

# Enter, and then every change of the page, until the turn is there and nothing is running any more.
TIMED = """(question) => new Promise((resolve) => {
    const box = document.querySelector("#question textarea");
    box.value = question;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    const before = document.querySelector("#thread article:last-of-type")?.dataset.turn;
    const began = performance.now();
    const seen = new MutationObserver(() => {
        const last = document.querySelector("#thread article:last-of-type");
        if (!last || last.dataset.turn === before || document.body.classList.contains("busy")) return;
        seen.disconnect();
        resolve([performance.now() - began, last.className]);
    });
    seen.observe(document.body, { subtree: true, childList: true, attributes: true });
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
})"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--visitors", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, launched() as chromium:
        desk = Path(folder)
        (desk / "notes").mkdir()
        (desk / "notes" / "notes.txt").write_bytes((ROOT / "corpus" / "notes.txt").read_bytes())
        command(desk, "index").wait(PATIENCE)
        tab = warm(chromium)
        with served(desk) as (url, started, said_ready):
            say(f"process: ready after {said_ready - started:.2f} s")
            tab.goto(url)
            ready(tab)
            say(f"page:    usable {time.monotonic() - said_ready:.2f} s after the process said so")
            single(tab, questions(asked.questions))
            crowd(url, desk, questions(asked.visitors * ROUNDS), asked.visitors)


def questions(number: int) -> list[str]:
    """Questions that the notes answer, again from the first where there are too few."""
    import yaml

    cases = yaml.safe_load((ROOT / "eval" / "cases" / "notes.yaml").read_text("utf-8"))["cases"]
    known = [case["ask"] for case in cases if case["expect"] == "answer"]
    return [known[place % len(known)] for place in range(number)]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def warm(chromium):
    """A tab of a browser that has drawn a page before."""
    tab = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    tab.goto("data:text/html,<p>warm</p>")
    return tab


def command(desk: Path, *words: str, **options) -> subprocess.Popen:
    """`assistant` over the desk's notes, its data kept there too."""
    own = {name: str(desk / "data") for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME")}
    words = (sys.executable, "-m", "assistant", words[0], "--notes", str(desk / "notes"), *words[1:])
    limits = {"ASSISTANT_WEB_QUESTIONS_PER_MINUTE": "10000", "ASSISTANT_CONVERSATIONS": str(desk / "conversations")}
    environment = {**os.environ, **own, **limits, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(words, cwd=desk, env=environment, text=True, **options)


@contextmanager
def served(desk: Path):
    """The page by a process of its own: its address, when it was started, and when it said that it is ready."""
    began = time.monotonic()
    with command(desk, "web", "--port", "0", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            url = process.stdout.readline().strip()
            while "Ready" not in (line := process.stderr.readline()):
                if not line:
                    raise SystemExit("the page did not start")
            said_ready = time.monotonic()
            threading.Thread(target=process.stderr.read, daemon=True).start()
            yield url, began, said_ready
        finally:
            process.terminate()


def single(tab, asked: list[str]) -> None:
    """One person, one question after the other, each in a conversation of its own."""
    tab.evaluate(TIMED, "is everything in memory")
    took, quoted = [], 0
    for question in asked:
        tab.get_by_role("button", name="New conversation").click()
        tab.locator(".welcome").wait_for()
        milliseconds, kind = tab.evaluate(TIMED, question)
        took.append(milliseconds)
        quoted += "answered" in kind
    slowest = quantiles(took, n=20)[-1]
    say(f"answer:  {median(took):.0f} ms from Enter to the complete quoted answer (median of {len(took)};"
        f" 95% under {slowest:.0f} ms; {quoted} answered)")  # fmt: skip


def crowd(url: str, desk: Path, asked: list[str], visitors: int) -> None:
    """Many who ask at once, and again, each in a conversation of their own, over the page's own queue."""
    kept = Conversations(desk / "conversations")
    before = {heading.id for heading in kept.headings()}
    mine = [asked[number::visitors] for number in range(visitors)]
    with ThreadPoolExecutor(visitors) as pool:
        began = time.monotonic()
        said = [answer for each in pool.map(Visitor(url).asks, mine) for answer in each]
        whole = time.monotonic() - began
    failed = [problem for problem, _ in said if problem]
    found = sorted(_questions(kept, heading.id) for heading in kept.headings() if heading.id not in before)
    wrong = len(found) - sum(one == other for one, other in zip(found, sorted(mine), strict=False))
    took = [seconds for _, seconds in said]
    say(f"crowd:   {visitors} visitors, {len(said)} questions in {whole:.1f} s ({median(took):.2f} s at the median,"
          f" {max(took):.2f} s at most): {len(failed)} errors, {wrong} conversations with another's answer"
          f" ({len(found)} kept)")  # fmt: skip
    for problem in failed[:3]:
        say(f"         {problem}")


def _questions(kept: Conversations, identity: str) -> list[str]:
    """What a conversation holds, where each answer is one to its question."""
    exchanges = kept.open(identity).exchanges
    return [each.asked if each.answer["question"] == each.asked else "another's answer" for each in exchanges]


class Visitor:
    """Speaks with the page's queue as its own script does."""

    def __init__(self, url: str) -> None:
        self.host = url.removeprefix("http://")
        config = json.loads(self._said("GET", "/config"))
        names = {each["id"]: each["props"].get("elem_id") for each in config["components"]}
        self.handler = next(
            each["id"] for each in config["dependencies"] if [names[box] for box in each["inputs"]] == ["ask-wish"]
        )

    def asks(self, asked: list[str]) -> list[tuple[str, float]]:
        """For each question what went wrong ("" for nothing) and the seconds until its answer was there."""
        conversation, results = "", []
        for question in asked:
            began = time.monotonic()
            state = self._ask(question, conversation)
            conversation = state.get("conversation", "")
            results.append((state.get("error") or ("" if conversation else "no answer"), time.monotonic() - began))
        return results

    def _ask(self, question: str, conversation: str) -> dict:
        session = f"s{threading.get_ident()}{time.monotonic_ns()}"
        wish = json.dumps({"text": question, "key": session, "conversation": conversation})
        body = {"data": [wish], "fn_index": self.handler, "session_hash": session}
        self._said("POST", "/gradio_api/queue/join", body)
        events = self._said("GET", f"/gradio_api/queue/data?session_hash={session}").split("\n\n")
        last = next(json.loads(each.removeprefix("data: ")) for each in events if '"process_completed"' in each)
        if not last["success"]:
            return {"error": json.dumps(last["output"])}
        return json.loads(last["output"]["data"][0])

    def _said(self, method: str, path: str, body: object = None) -> str:
        connection = HTTPConnection(self.host, timeout=PATIENCE)
        fields = {"content-type": "application/json"} if body else {}
        connection.request(method, path, json.dumps(body) if body else None, fields)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return text if response.status == 200 else json.dumps({"status": response.status, "text": text})


if __name__ == "__main__":
    main()
