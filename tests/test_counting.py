"""Questions about the notes themselves are counted; questions about their subjects are never caught."""

import re
from pathlib import Path

import pytest
from desk import Desk

from assistant import counting
from assistant.counting.answering import MOST_LISTED

CASES = Path(__file__).parent.parent / "eval" / "cases"
NAMED = "Q. What is a Kafka topic?\nA log of messages.\n"
OPEN = "Q. How does Kafka keep order?\n"
ASIDE = "Q. What is a queue?\nLike a kafka topic, but each message is read once.\n"
TWICE = "Q. What is a kafka topic ?\nMessages under one name.\n"


def cases(name):
    import yaml

    return yaml.safe_load((CASES / name).read_text(encoding="utf-8"))["cases"]


def asked(case):
    yield case["ask"]
    yield from (text for variant in case.get("variants", ()) for text in variant.values())
    yield from (turn["user"] for turn in case.get("history", ()) if "user" in turn)


COUNTING = [case["ask"] for case in cases("counting.yaml") if "counting" in case["tags"]]
LOOK_ALIKES = [case["ask"] for case in cases("counting.yaml") if "look_alike" in case["tags"]]
REAL = [
    question
    for path in sorted(CASES.glob("*.yaml"))
    if path.name != "counting.yaml"
    for case in cases(path.name)
    for question in asked(case)
]


@pytest.fixture
def index(tmp_path):
    desk = Desk(tmp_path)
    desk.write("a.txt", NAMED, OPEN, ASIDE, "Q. What is a cache?\nA copy that is near.\n")
    desk.write("b.txt", TWICE)
    return desk.refresh()[0]


@pytest.mark.parametrize("question", COUNTING)
def test_a_question_about_the_notes_is_understood(question):
    assert counting.understood(question) is not None


@pytest.mark.parametrize("question", LOOK_ALIKES)
def test_a_question_that_only_looks_like_one_is_not_caught(question):
    assert counting.understood(question) is None


def test_no_real_question_of_any_case_is_caught():
    assert len(REAL) > 1000
    assert [question for question in REAL if counting.understood(question)] == []


def test_no_question_line_of_the_notes_is_caught():
    lines = [
        line[2:].strip()
        for corpus in (CASES.parent / "corpora", CASES.parent.parent / "corpus")
        for path in corpus.rglob("*.txt")
        for line in path.read_text(encoding="utf-8").split("\n")
        if line.startswith("Q.")
    ]
    assert [line for line in lines if counting.understood(line)] == []


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda text: f"  {text.rstrip('?')} ?? ", "please {}".format])
def test_case_blanks_and_manners_make_no_difference(change):
    plain = counting.understood("How many notes on spark do I have?")
    changed = counting.understood(change("How many notes on spark do I have?"))
    assert (changed.kind, changed.topic.lower(), changed.how_many) == (plain.kind, "spark", True)


@pytest.mark.parametrize(
    ("question", "kind", "topic"),
    [
        ("which of my questions on python have no answer?", "unanswered", "python"),
        ("how many questions have an answer?", "answered", ""),
        ("which notes on joins did I write twice?", "duplicates", "joins"),
        ("list all my notes about higher order functions", "all", "higher order functions"),
    ],
)
def test_kind_and_topic_are_read_from_the_wording(question, kind, topic):
    wish = counting.understood(question)
    assert (wish.kind, wish.topic) == (kind, topic)


@pytest.mark.parametrize("question", ["", "?", "notes", "how many", "list", "how many notes on", "x" * 5000])
def test_a_fragment_is_no_question_about_the_notes(question):
    assert counting.understood(question) is None


def test_time_to_read_a_question_stays_small_for_hostile_wordings():
    for hostile in ("how many notes " * 12, "list everything on " + "a " * 80, "which " + "notes on x do i have " * 8):
        assert counting.understood(hostile) is None


# --- the answer


def listed(answer):
    return [citation.note for citation in answer.citations]


def test_notes_that_ask_about_the_topic_come_before_those_that_mention_it(index):
    answer = counting.answer("list everything on Kafka", index)
    assert answer.status == "answered"
    assert listed(answer) == [
        "What is a Kafka topic?",
        "How does Kafka keep order?",
        "What is a kafka topic ?",
        "What is a queue?",
    ]
    assert answer.text.startswith("You have 3 notes on Kafka (2 answered, 1 without an answer):")
    assert "1 more note mentions Kafka in the answer:" in answer.text


def test_every_listed_note_is_cited_by_its_question_line_word_for_word(index, tmp_path):
    answer = counting.answer("how many notes do I have?", index)
    assert len(answer.citations) == len(index.notes) == 5
    for citation in answer.citations:
        text = (tmp_path / "notes" / citation.place.path).read_text(encoding="utf-8")
        assert text[citation.place.start : citation.place.end] == citation.quote
        assert citation.quote.startswith("Q. ")


def test_marks_stand_in_the_order_of_the_citations_and_each_names_one(index):
    answer = counting.answer("list everything on Kafka", index)
    marks = [int(number) for number in re.findall(r"\[(\d+)\]", answer.text)]
    assert marks == [citation.number for citation in answer.citations] == list(range(1, len(marks) + 1))
    for line in answer.text.split("\n"):
        found = re.fullmatch(r"- (.*?)(?: \(no answer yet\))? \[(\d+)\]", line)
        assert found is None or answer.citations[int(found[2]) - 1].note == found[1]


def test_unanswered_questions_are_found_by_their_state(index):
    assert listed(counting.answer("which questions are not answered yet?", index)) == ["How does Kafka keep order?"]


def test_duplicates_stand_on_one_line(index):
    answer = counting.answer("which notes are duplicates?", index)
    assert "- What is a Kafka topic? [1] / What is a kafka topic ? [2]" in answer.text


def test_a_count_of_zero_is_an_answer(index):
    answer = counting.answer("which questions on cache have no answer?", index)
    assert (answer.status, answer.text, answer.citations) == (
        "answered",
        "You have no unanswered questions on cache.",
        (),
    )


def test_a_topic_that_no_note_has_is_not_in_the_notes(index):
    answer = counting.answer("how many notes on kubernetes do I have?", index)
    assert (answer.status, answer.citations, answer.hits) == ("not_in_notes", (), ())


def test_a_question_about_a_subject_gets_no_counted_answer(index):
    assert counting.answer("what is a kafka topic?", index) is None


def test_a_long_list_is_cut_and_says_so(tmp_path):
    desk = Desk(tmp_path)
    desk.write("many.txt", *(f"Q. question number {number}\nx\n" for number in range(MOST_LISTED + 3)))
    answer = counting.answer("how many notes do I have?", desk.refresh()[0])
    assert answer.text.startswith(f"You have {MOST_LISTED + 3} notes:")
    assert answer.text.endswith("3 more are not listed here.")
    assert len(answer.citations) == MOST_LISTED


def test_brackets_of_a_question_are_not_taken_for_a_mark(tmp_path):
    desk = Desk(tmp_path)
    desk.write("a.txt", "Q. what does [1] mean in kafka\nA note.\n")
    answer = counting.answer("list everything on kafka", desk.refresh()[0])
    assert "what does (1) mean in kafka [1]" in answer.text
