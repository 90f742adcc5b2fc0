"""A real browser for the tests of the page: a fresh session that may ask nobody else, and what a person does in it."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager

import pytest

REQUIRED = os.environ.get("NOTES_BROWSER") == "required"  # the gate installs Chromium and must not skip
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WAIT = 30_000  # milliseconds
REBOUND = "rebound.example"  # a name that an attacker's name server sends to this machine
ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1")

in_a_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and not REQUIRED, reason="Chromium is not installed"),
    pytest.mark.filterwarnings("ignore"),
]


@contextmanager
def launched():
    """Chromium, for the length of a module or a command."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


class opened:  # noqa: N801 - reads as a verb
    """A fresh browser session on the page; leaving it fails on any request elsewhere and any script error."""

    def __init__(self, chromium, url, *, wait=True, **options):
        self.context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        self.url, self.wait, self.elsewhere, self.errors = url, wait, [], []

    def __enter__(self):
        tab = self.context.new_page()
        tab.set_default_timeout(WAIT)
        tab.on("request", self._asked)
        tab.on("pageerror", lambda error: self.errors.append(str(error)))
        tab.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        tab.goto(self.url)
        if self.wait:
            ready(tab)
        return tab

    def _asked(self, request):
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.elsewhere.append(request.url)

    def __exit__(self, kind, *_):
        elsewhere, errors = list(self.elsewhere), list(self.errors)  # what is cut off by closing is no fault
        self.context.close()
        if kind is None:
            assert not elsewhere, elsewhere
            assert not errors, errors


def ready(tab):
    tab.locator("body.ready").wait_for(timeout=4 * WAIT)  # the first index is being built


def ask(tab, question):
    tab.get_by_label("Your question").fill(question)
    tab.keyboard.press("Enter")
    return answered(tab, question)


def answered(tab, question):
    turn = tab.locator("#thread article.turn", has=tab.get_by_role("heading", name=question, exact=True)).last
    turn.wait_for()
    tab.locator("body:not(.busy)").wait_for()
    return turn
