"""`python -m tests.screenshots`: the main states of the page, over the notes of this project, as docs/*.png."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent))

DOCS = Path(__file__).resolve().parent.parent / "docs"
CORPUS = Path(__file__).resolve().parent.parent / "corpus" / "notes.txt"
QUESTIONS = ("can I turn versioning off again in S3", "multi threading in python", "how do I bake sourdough bread")
LARGEST = 300 * 1024  # bytes


def main() -> None:
    """Serve a copy of the notes, ask three questions, and take the pictures."""
    from browser import ask, launched, ready
    from web_server import page

    with TemporaryDirectory() as folder, launched() as chromium:
        os.chdir(folder)  # so that the notes are shown by a short path
        with page(Path(folder), Path(folder) / "models", notes=CORPUS.read_text(encoding="utf-8")) as served:
            for name, options in LOOKS.items():
                shutil.rmtree(served.folder / "conversations", ignore_errors=True)
                tab = chromium.new_context(reduced_motion="reduce", **options).new_page()
                tab.goto(served.url)
                ready(tab)
                take(tab, f"{name}-start")
                for question in QUESTIONS:
                    ask(tab, question)
                tab.locator("#thread article").first.locator("a.cite").first.click()
                tab.locator(".source.marked").wait_for()
                tab.locator("#thread article").first.evaluate("turn => turn.scrollIntoView({block: 'start'})")
                take(tab, f"{name}-answer")
                tab.locator("#thread article").nth(1).evaluate("turn => turn.scrollIntoView({block: 'start'})")
                take(tab, f"{name}-outcomes")
                if name == "desktop":
                    tab.locator("#thread .open-note").first.evaluate("button => button.click()")
                    tab.get_by_role("dialog", name="A note").wait_for()
                    take(tab, f"{name}-note")
                    tab.keyboard.press("Escape")
                    tab.get_by_role("tab", name="Notes").click()
                    take(tab, f"{name}-notes")


LOOKS = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}


def take(tab, name) -> None:
    """One picture, small enough for a repository."""
    tab.evaluate("document.activeElement.blur()")
    tab.wait_for_timeout(400)
    path = DOCS / f"{name}.png"
    tab.screenshot(path=path)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} has {path.stat().st_size} bytes, more than {LARGEST}")


if __name__ == "__main__":
    main()
