"""What a thumb leaves behind: one private JSON line for each answer, which the evaluation can read."""

import json
import os
import stat

import pytest

from assistant.evaluation.feedback import votes
from assistant.feedback import FILE, REASONS, Feedback
from assistant.types import Turn

ANSWER = {
    "question": "what is GIL?", "status": "answered", "answer": "A lock. [1]", "read_as": None, "confidence": 0.9,
    "writer": "quote", "citations": [], "hits": [],
}  # fmt: skip
HISTORY = (Turn("user", "python"), Turn("assistant", "which part?"))


def lines(folder):
    return [json.loads(line) for line in (folder / FILE).read_text().splitlines()]


def test_the_evaluation_reads_every_reason_as_it_was_given(tmp_path):
    feedback = Feedback(tmp_path)
    for reason in REASONS:
        feedback.vote(reason, ANSWER, HISTORY, {"vote": "down", "reason": reason, "correct_note": "gil"})

    found, broken = votes(tmp_path / FILE)

    assert not broken
    assert [vote.reason for vote in found] == list(REASONS)
    assert {(vote.up, vote.correct_note, vote.question, vote.route) for vote in found} == {
        (False, "gil", "what is GIL?", "answered")
    }
    assert found[0].history == ({"user": "python"}, {"assistant": "which part?"})


def test_the_last_vote_on_an_answer_counts(tmp_path):
    feedback = Feedback(tmp_path)
    feedback.vote("1", ANSWER, (), {"vote": "down"})
    feedback.vote("2", ANSWER, (), {"vote": "up"})
    feedback.vote("1", ANSWER, (), {"vote": "down", "reason": "made_up"})

    assert [(line["id"], line["reason"]) for line in lines(tmp_path)] == [("2", ""), ("1", "made_up")]


def test_a_vote_can_be_taken_back(tmp_path):
    feedback = Feedback(tmp_path)
    feedback.vote("1", ANSWER, (), {"vote": "up"})
    feedback.vote("1", ANSWER, (), {"vote": ""})

    assert lines(tmp_path) == []


def test_lines_that_somebody_else_wrote_stay(tmp_path):
    (tmp_path / FILE).write_text("not json\n")
    Feedback(tmp_path).vote("1", ANSWER, (), {"vote": "up"})

    assert (tmp_path / FILE).read_text().startswith("not json\n")


@pytest.mark.skipif(os.name == "nt", reason="modes are those of Unix")
def test_the_file_is_private(tmp_path):
    Feedback(tmp_path / "made").vote("1", ANSWER, (), {"vote": "up"})

    assert stat.S_IMODE((tmp_path / "made" / FILE).stat().st_mode) == 0o600


def test_a_reason_that_the_page_does_not_offer_is_not_kept(tmp_path):
    Feedback(tmp_path).vote("1", ANSWER, (), {"vote": "down", "reason": "<script>", "comment": "x" * 5_000})

    assert lines(tmp_path)[0]["reason"] == ""
    assert len(lines(tmp_path)[0]["comment"]) == 1_000
