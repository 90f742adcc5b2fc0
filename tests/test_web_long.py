"""A conversation of a hundred exchanges stays usable: small requests, the last turns, and the rest on request."""

from __future__ import annotations

from dataclasses import replace

import pytest
from browser import ask, in_a_browser, opened
from web_server import page

from assistant.conversations import Conversations, new_id
from assistant.web.asking import SHOWN
from assistant.web.gate import LARGEST_BODY

pytestmark = in_a_browser
TURNS = 100


@pytest.fixture
def served(tmp_path, models_folder):
    with page(tmp_path, models_folder) as served:
        yield served


def lengthened(served, turns):
    """The only conversation there is, its exchange said again until it has so many."""
    kept = Conversations(served.folder / "conversations")
    found = kept.open(kept.headings()[0].id)
    for number in range(len(found.exchanges), turns):
        kept.add(found.id, replace(found.exchanges[0], id=new_id(), asked=f"question {number + 1}"))
    return found.id


def sent(tab):
    """The sizes in bytes of what the browser sends, from now on."""
    sizes = []
    tab.on("request", lambda request: sizes.append(len(request.post_data_buffer or b"")))
    return sizes


def asked_sizes(tab, question):
    """What was sent for one question: each of its requests in bytes."""
    sizes = sent(tab)
    ask(tab, question)
    return [size for size in sizes if size]


def test_a_question_costs_as_many_bytes_after_a_hundred_turns_as_after_one(chromium, served):
    with opened(chromium, served.url) as tab:
        ask(tab, "what is a mutex")
        early = asked_sizes(tab, "how long does sourdough rise, again")
        lengthened(served, TURNS)
        tab.reload()
        tab.locator("#thread article").nth(SHOWN - 1).wait_for()
        late = asked_sizes(tab, "how long does sourdough rise, still")
        tab.get_by_role("button", name="Show the 81 turns before").click()
        tab.locator("#thread article").nth(TURNS).wait_for()
        later = asked_sizes(tab, "how long does sourdough rise, truly")

    assert early
    assert max(abs(sum(late) - sum(early)), abs(sum(later) - sum(early))) <= 100  # ids and counters differ in length
    assert max(*early, *late, *later) < LARGEST_BODY / 16


def test_the_last_twenty_turns_are_shown_and_all_of_them_on_request(chromium, served):
    with opened(chromium, served.url) as tab:
        ask(tab, "what is a mutex")
        lengthened(served, TURNS)
        tab.reload()
        turns = tab.locator("#thread article")
        turns.nth(SHOWN - 1).wait_for()
        assert turns.count() == SHOWN
        assert [turns.first.get_by_role("heading").inner_text(), turns.last.get_by_role("heading").inner_text()] == [
            f"question {TURNS - SHOWN + 1}",
            f"question {TURNS}",
        ]

        tab.get_by_role("button", name=f"Show the {TURNS - SHOWN} turns before").click()
        turns.nth(TURNS - 1).wait_for()
        assert turns.count() == TURNS
        assert turns.first.get_by_role("heading").inner_text() == "what is a mutex"
        turns.nth(50).locator("a.cite").first.click()
        assert turns.nth(50).locator(".source.marked mark").first.is_visible()


def test_at_a_hundred_turns_one_can_go_on_retry_and_export(chromium, served):
    with opened(chromium, served.url) as tab:
        ask(tab, "what is a mutex")
        identity = lengthened(served, TURNS)
        tab.reload()
        tab.locator("#thread article").nth(SHOWN - 1).wait_for()
        turn = ask(tab, "how long does sourdough rise")
        assert "eight hours" in turn.locator(".answer").inner_text()
        assert turn.locator(".source mark").first.is_visible()

        kept = Conversations(served.folder / "conversations")
        assert len(kept.open(identity).exchanges) == TURNS + 1
        turn.get_by_role("button", name="Retry").click()
        tab.locator("body.busy").wait_for()
        tab.locator("body:not(.busy)").wait_for()
        assert [each.asked for each in kept.open(identity).exchanges][-2:] == [
            f"question {TURNS}",
            "how long does sourdough rise",
        ]
        with tab.expect_download() as download:
            tab.locator("#conversations li.here").get_by_role("button", name="Export").click()
        text = download.value.path().read_text(encoding="utf-8")
        assert text.count("\n## ") == TURNS + 1


def test_no_handler_takes_more_than_a_name_of_a_conversation(served):
    """What the page sends are wishes: no component that holds a conversation's text is an input of any handler."""
    from assistant.web import page as layout
    from assistant.web.server import Served, wired

    blocks = layout.build(wired(served.assistant, Served()), layout.Looks())
    inputs = {blocks.blocks[name].elem_id for each in blocks.fns.values() for name in (box._id for box in each.inputs)}

    assert {name for name in inputs if name} == {"ask-wish", "act-wish"}
