"""The page in a real browser: what a person does and sees, and what hostile notes and models cannot do."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from browser import WAIT, answered, ask, in_a_browser, opened, ready
from payloads import payloads
from servers import Hang, delta, event, head, saying, serving
from web_server import LONG, NOTES, Held, page

pytestmark = in_a_browser


@pytest.fixture(scope="module")
def served(tmp_path_factory, models_folder):
    with page(tmp_path_factory.mktemp("web"), models_folder) as served:
        yield served


@pytest.fixture
def tab(chromium, served):
    with opened(chromium, served.url) as tab:
        yield tab


def test_a_question_is_answered_from_the_notes_with_the_right_lines_marked(tab):
    turn = ask(tab, "can versioning be disabled in s3")

    assert "From your notes" in turn.inner_text()
    turn.locator("a.cite").first.click()
    source = tab.locator(".source.marked")
    assert source.locator("mark").first.is_visible()
    assert "notes.txt:" in source.inner_text()
    marked = "".join(source.locator("mark").all_inner_texts())
    assert "Versioning cannot be disabled" in marked
    rows = [row.inner_text().split(maxsplit=1) for row in source.locator(".cited-line").all()]
    lines = NOTES.split("\n")
    assert rows
    assert all(lines[int(number) - 1].strip() == words.strip() for number, words in rows)


def test_the_three_outcomes_look_different(tab):
    questions = ("What is a mutex?", "What is multi threading in python?", "who won the chess olympiad in 1972")
    kinds = [ask(tab, question).get_attribute("class").split()[-1] for question in questions]

    assert kinds == ["answered", "open", "absent"]
    assert tab.locator(".turn.open .badge").inner_text() == "You noted this but never answered it"
    assert tab.locator(".turn.absent .badge").inner_text() == "Not in your notes"
    nearest = tab.locator(".turn.absent button.nearest").first
    question = nearest.inner_text()
    nearest.click()
    answered(tab, question)


def test_an_example_can_be_asked_by_a_click(tab):
    example = tab.locator(".welcome button.example").first
    question = example.inner_text()
    example.click()
    assert "From your notes" in answered(tab, question).inner_text()


def test_a_typo_is_repaired_and_said(tab):
    assert "Read as" in ask(tab, "what is a mutexx").inner_text()


def test_a_source_opens_the_whole_note_with_its_lines(tab):
    turn = ask(tab, "how long does sourdough rise")
    turn.locator(".open-note").first.click()
    note = tab.get_by_role("dialog", name="A note")
    note.wait_for()
    assert "How long does sourdough rise?" in note.inner_text()
    assert "eight hours" in "".join(note.locator("mark").all_inner_texts())
    tab.keyboard.press("Escape")
    assert not note.is_visible()


def test_retry_edit_undo_and_copy(tab):
    first = ask(tab, "what is a mutex")
    second = ask(tab, "how long does sourdough rise")
    second.get_by_role("button", name="Retry").click()
    tab.locator("body.busy").wait_for()
    tab.locator("body:not(.busy)").wait_for()
    assert tab.locator("#thread article").count() == 2

    first = tab.locator("#thread article").first
    first.get_by_role("button", name="Edit").click()
    box = tab.get_by_label("Change your question")
    assert box.input_value() == "what is a mutex"
    box.fill("how does versioning work in s3")
    tab.keyboard.press("Enter")
    answered(tab, "how does versioning work in s3")
    assert tab.locator("#thread article").count() == 1

    tab.get_by_role("button", name="Undo").click()
    tab.locator(".welcome").wait_for()
    assert tab.get_by_label("Your question").input_value() == "how does versioning work in s3"


def test_a_copied_answer_is_plain_text(chromium, served):
    with opened(chromium, served.url, permissions=["clipboard-read", "clipboard-write"]) as tab:
        turn = ask(tab, "What is a mutex?")
        turn.get_by_role("button", name="Copy").click()
        tab.locator("#said", has_text="Copied").wait_for(state="attached")
        copied = tab.evaluate("navigator.clipboard.readText()")
    assert "A mutex is a lock" in copied
    assert "<" not in copied


def test_a_conversation_survives_reload_and_restart_with_its_sources(chromium, tmp_path, models_folder):
    with page(tmp_path, models_folder) as first, opened(chromium, first.url) as tab:
        ask(tab, "what is a mutex")
        ask(tab, "how long does sourdough rise")
        tab.reload()
        answered(tab, "how long does sourdough rise")
        assert tab.locator("#thread .source").count() >= 2
    with page(tmp_path, models_folder) as second, opened(chromium, second.url) as tab:
        tab.locator("#conversations button.name", has_text="what is a mutex").click()
        turn = answered(tab, "how long does sourdough rise")
        assert turn.locator("mark").first.is_visible()


def test_conversations_are_renamed_exported_and_deleted(tab):
    ask(tab, "how long does sourdough rise")
    here = tab.locator("#conversations li.here")
    tab.once("dialog", lambda dialog: dialog.accept("Bread <b>"))
    here.get_by_role("button", name="Rename").click()
    tab.locator("#conversations .name", has_text="Bread <b>").wait_for()
    with tab.expect_download() as download:
        here.get_by_role("button", name="Export").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert download.value.suggested_filename == "bread-b.md"
    assert "[1]" in text
    assert "notes.txt:" in text
    assert "> Let the dough rise for eight hours" in text
    tab.once("dialog", lambda dialog: dialog.accept())
    here.get_by_role("button", name="Delete").click()
    tab.locator(".welcome").wait_for()
    assert tab.locator("#conversations .name", has_text="Bread").count() == 0


def test_a_thumb_down_with_its_reason_becomes_a_line_of_feedback(tab, served):
    turn = ask(tab, "how does versioning work in s3")
    turn.get_by_role("button", name="Bad answer").click()
    turn.get_by_label("A citation is wrong").check()
    turn.get_by_label("Which note was right?").select_option(index=1)
    turn.get_by_label("Anything else?").fill("line 3")
    turn.get_by_role("button", name="Send", exact=True).click()
    tab.locator("#said", has_text="Kept").wait_for(state="attached")

    line = json.loads((served.folder / "feedback" / "feedback.jsonl").read_text().splitlines()[-1])
    assert (line["vote"], line["reason"], line["comment"]) == ("down", "wrong_citation", "line 3")
    assert line["correct_note"]
    assert line["question"] == "how does versioning work in s3"


def test_the_notes_tab_filters_by_words_and_by_state(tab):
    tab.get_by_role("tab", name="Notes").click()
    tab.locator(".notes li").nth(4).wait_for()
    tab.get_by_label("unanswered").check()
    tab.locator("#notes-counted", has_text="1 of 5").wait_for()
    assert "multi threading" in tab.locator(".notes").inner_text()
    tab.get_by_label("all", exact=True).check()
    tab.locator("#notes-counted", has_text="5 of 5").wait_for()
    tab.get_by_label("Filter notes").fill("dough cool")
    tab.locator("#notes-counted", has_text="1 of 5").wait_for()
    tab.locator(".notes button").click()
    assert "eight hours" in tab.get_by_role("dialog", name="A note").inner_text()


def test_a_note_edited_while_the_page_runs_is_the_one_that_answers(chromium, tmp_path, models_folder):
    with page(tmp_path, models_folder) as served, opened(chromium, served.url) as tab:
        assert "eight hours" in ask(tab, "how long does sourdough rise").inner_text()
        served.notes.write_text(NOTES.replace("eight hours", "twelve hours"), encoding="utf-8")
        assert "twelve hours" in ask(tab, "how long must sourdough rise").locator(".answer").inner_text()
        tab.locator("#thread article").first.locator("summary").first.click()
        tab.locator("#thread article").first.locator(".open-note").first.click()
        assert "reads differently now" in tab.get_by_role("dialog", name="A note").inner_text()


def test_the_first_start_shows_how_far_it_is_and_then_the_page_without_a_reload(
    chromium, tmp_path, models_folder, real_embedder
):
    held = Held(real_embedder)
    with page(tmp_path, models_folder, embedder=held) as served, opened(chromium, served.url, wait=False) as tab:
        assert held.reached.wait(LONG)
        tab.locator(".building .stage", has_text="Indexing passages").wait_for()
        done, total = (int(tab.locator(".building progress").get_attribute(name)) for name in ("value", "max"))
        assert 0 < done < total
        assert f"{done} of {total}" in tab.locator(".building .stage").inner_text()
        tab.get_by_label("Your question").fill("what is a mutex")
        tab.keyboard.press("Enter")
        tab.locator("#fault", has_text="still being read").wait_for()
        assert tab.get_by_label("Your question").input_value() == "what is a mutex"

        held.go.set()
        ready(tab)
        assert tab.locator(".building").count() == 0
        assert not tab.locator("#fault").is_visible()
        tab.keyboard.press("Enter")
        assert "From your notes" in answered(tab, "what is a mutex").inner_text()


def test_a_model_streams_and_can_be_stopped(chromium, tmp_path, models_folder):
    def script(_request):
        yield head()
        yield event(delta("A mutex is a lock "))
        yield event(delta("that one thread holds at a time [1]."))
        yield event(delta(" Other threads wait"))
        yield Hang()

    with (
        serving(script) as model,
        page(tmp_path, models_folder, llm="openai:scripted", base_url=model.base_url) as served,
        opened(chromium, served.url) as tab,
    ):
        tab.get_by_label("Your question").fill("what is a mutex")
        tab.keyboard.press("Enter")
        tab.locator("#running .answer", has_text="A mutex is a lock").wait_for(timeout=4 * WAIT)
        tab.get_by_role("button", name="Stop").click()
        assert model.gone.wait(2)
        turn = answered(tab, "what is a mutex")
        assert "Stopped" in turn.inner_text()
        assert "A mutex is a lock" in turn.inner_text()


def test_forty_hostile_texts_in_notes_names_questions_and_answers_stay_inert(chromium, tmp_path, models_folder):
    heard = []
    with canary(heard) as address:
        texts = payloads(address)
        assert len(texts) >= 40
        (tmp_path / "notes").mkdir()
        for number, text in enumerate(texts):
            asked = " ".join(text.split())
            (tmp_path / "notes" / f"{number:02}.txt").write_text(
                f"Q. topic{number} {asked}\nabout topic{number}: {text}\n"
            )
        (tmp_path / "notes" / "<img src=x onerror=alert(1)>.txt").write_text("Q. named file?\nYes, a named file.\n")
        answer = "about topic1: " + " ".join(texts) + " [1]"
        with (
            serving(saying(answer)) as model,
            page(tmp_path, models_folder, llm="openai:scripted", base_url=model.base_url, notes=NOTES) as served,
            opened(chromium, served.url) as tab,
        ):
            ask(tab, "what about topic1")
            tab.locator("#gear").click()
            tab.get_by_label("Quote my notes").check()
            for number in range(0, len(texts), 7):
                ask(tab, f"topic{number}")
            ask(tab, "named file?")
            for text in texts[:6]:
                ask(tab, " ".join(text.split()))
            tab.locator("#thread article").last.locator(".open-note").first.click(force=True)
            tab.get_by_role("tab", name="Notes").evaluate("button => button.click()")
            tab.locator(".notes li").nth(len(texts)).wait_for(state="attached")
            assert foreign(tab) == []
    assert heard == []


def test_the_page_is_usable_on_a_phone_without_sideways_scrolling(chromium, served):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with opened(chromium, served.url, **phone) as tab:
        turn = ask(tab, "how does versioning work in s3")
        assert sideways(tab) == 0
        assert not turn.locator(".source").first.is_visible()
        turn.locator("a.cite").first.tap()
        assert turn.locator(".source.marked").is_visible()
        assert sideways(tab) == 0
        tab.get_by_role("button", name="Conversations and settings").tap()
        assert tab.get_by_role("button", name="New conversation").is_visible()
        tab.keyboard.press("Escape")
        tab.get_by_role("tab", name="Notes").tap()
        assert sideways(tab) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(chromium, served, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with opened(chromium, served.url, color_scheme=scheme) as tab:
        found = serious(axe, tab, "welcome")
        ask(tab, "How does versioning work in S3?")
        ask(tab, "What is multi threading in python?")
        turn = ask(tab, "who won the chess olympiad in 1972")
        turn.get_by_role("button", name="Bad answer").click()
        turn.locator("form.why").wait_for()
        tab.locator("#gear").click()
        found += serious(axe, tab, "conversation")
        tab.locator("#thread .open-note").first.evaluate("button => button.click()")
        tab.get_by_role("dialog", name="A note").wait_for()
        found += serious(axe, tab, "note")
        tab.keyboard.press("Escape")
        tab.get_by_role("tab", name="Notes").click()
        found += serious(axe, tab, "notes")
    assert found == []


def test_the_keyboard_alone_reaches_a_source(tab):
    turn = ask(tab, "how does versioning work in s3")
    cite = turn.locator("a.cite").first
    cite.focus()
    tab.keyboard.press("Enter")
    assert "source" in tab.evaluate("document.activeElement.className")


def test_a_question_that_is_too_much_is_refused_in_words(chromium, tmp_path, models_folder):
    with page(tmp_path, models_folder, served={"per_minute": 2}) as served, opened(chromium, served.url) as tab:
        ask(tab, "what is a mutex")
        ask(tab, "how long does sourdough rise")
        tab.get_by_label("Your question").fill("how does versioning work")
        tab.keyboard.press("Enter")
        tab.locator("#fault", has_text="2 questions a minute").wait_for()
        assert tab.get_by_label("Your question").input_value() == "how does versioning work"


def foreign(tab):
    """Elements in what we drew that are not ours, or that would ask for something."""
    return tab.evaluate(
        """() => [...document.querySelectorAll("#thread, #running, #conversations, #notes-found, #note-text")]
            .flatMap((root) => [...root.querySelectorAll(
                "img,script,iframe,object,embed,video,audio,link,style,base,meta,svg,math,table,template,marquee,"
                + "[style],[src],[onerror],[onload],[onclick],[srcdoc],[background],a:not([href^='#']),x-ours"
            )]).map((element) => element.outerHTML.slice(0, 100))"""
    )


def sideways(tab):
    return tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def serious(axe, tab, where):
    violations = axe.run(tab).response["violations"]
    return [
        (where, found["id"], node["html"][:160])
        for found in violations
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]


class canary:  # noqa: N801 - reads as a noun
    """A server that writes down whatever it is asked for."""

    def __init__(self, heard):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                heard.append(self.path)
                self.send_response(204)
                self.end_headers()

            do_POST = do_GET  # noqa: N815 - the library's name

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
