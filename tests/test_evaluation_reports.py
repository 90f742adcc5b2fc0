"""Reports: one result in every form, in which nobody's text becomes markup."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from assistant.evaluation.explaining import explain
from assistant.evaluation.gate import diff
from assistant.evaluation.judging import accept, evaluate
from assistant.evaluation.reports.difference import difference
from assistant.evaluation.reports.junit import junit
from assistant.evaluation.reports.markdown import markdown
from assistant.evaluation.reports.page import page
from assistant.evaluation.reports.terminal import terminal
from assistant.evaluation.rules import Rules
from tests.fake_evaluation import CASES, answer, hits, subject, suite

EVIL = "<script>alert(1)</script> | **x** [a](http://b) \x1b[31m"


@pytest.fixture
def judged(tmp_path):
    text = CASES.replace("how does tempering work?", "how does tempering <img src=x> | work?")
    before = evaluate([suite(tmp_path, text)], lambda _: subject(), Rules(), tmp_path)
    accept(before, tmp_path, "first", {})

    def evil(given, world):
        if "roux" in given.question or "blanched" in given.question:
            return replace(given, text=EVIL, hits=hits(world, "what-is-blanching"), citations=())
        if "world" in given.question:
            return answer(given.question, text=EVIL, hits=given.hits)
        return given

    return evaluate([suite(tmp_path, text)], lambda _: subject(change=evil), Rules(), tmp_path)


def shown(text):
    return text.replace("\x1b", "\\x1b")


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.links = [], set(), []

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        self.links += [value for name, value in attributes if name in {"src", "href"}]
        if tag not in {"meta", "polyline", "path"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in {"polyline", "path"}:
            assert self.open.pop() == tag


def test_the_page_is_whole_loads_nothing_and_runs_nothing(judged):
    text = page(judged, shown)
    reader = Tags()
    reader.feed(text)

    assert reader.open == []
    assert not reader.seen & {"script", "img", "link", "iframe", "a"}
    assert reader.links == []
    assert "&lt;script&gt;alert(1)" in text
    assert "\x1b" not in text
    assert "polyline" in text


def test_the_page_shows_the_old_answer_beside_the_new_with_evidence_and_facts(judged):
    card = re.search(r'<details id="roux-thickens" open>.*?</details>', page(judged, shown), re.DOTALL)[0]

    assert 'class="lost"' in card
    assert "before: answered" in card
    assert '<mark>It </mark><mark><b class="said">thickens a sauce</b></mark>' in card
    assert "another note came first" in card


def test_held_out_questions_stand_in_no_report(judged):
    for text in (page(judged, shown), markdown(judged), junit(judged), terminal(judged, shown)):
        assert "blanched" not in text
        assert "blanching (" not in text


def test_markdown_names_what_was_lost_first_and_stays_a_table(judged):
    text = markdown(judged)
    rows = [line for line in text.split("\n") if "📌 roux-thickens:" in line]

    assert rows
    assert text.index("Lost") < text.index("Slices")
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in rows)
    assert "<script>" not in text
    assert "REGRESSION" in text.split("\n")[0]


def test_junit_fails_what_turned_and_skips_what_failed_before(tmp_path, judged):
    root = ET.fromstring(junit(judged))
    failed = {case.get("name") for case in root.iter("testcase") if case.find("failure") is not None}

    assert "roux-thickens" in failed
    assert "eggs" not in failed
    accept(judged, tmp_path, "second", {})
    again = evaluate([judged[0].suite], lambda _: subject(), Rules(), tmp_path)
    assert not list(ET.fromstring(junit(again)).iter("failure"))
    for each in root.iter("testsuite"):
        assert int(each.get("tests")) == len(each.findall("testcase"))
        assert int(each.get("failures")) == len(each.findall("testcase/failure"))


def test_the_terminal_gets_no_escape_codes_without_colour_and_names_the_notes(judged):
    text = terminal(judged, shown)

    assert "\x1b" not in text
    assert "what-is-a-roux -> what-is-blanching" in text
    assert text.rstrip().endswith("kitchen: REGRESSION")
    assert "\x1b[" in terminal(judged, shown, colour=True)


def test_a_difference_says_what_moved_and_who_turned(judged):
    text = difference(diff(judged[0].record, judged[0].before, ("hit@1", "auroc")))

    assert "hit@1" in text
    assert "roux-thickens (must pass)" in text
    assert "held out" in text


def test_an_explanation_holds_question_evidence_answer_and_scores(judged):
    result = next(each for each in judged[0].results if each.case.id == "roux-thickens")
    text = explain(result, judged[0].before.cases["roux-thickens"])

    for part in ("how long until a roux", "It thickens a sauce in 5 minutes.", "hit@1", "(before 1.0000)", "wrong:"):
        assert part in text
