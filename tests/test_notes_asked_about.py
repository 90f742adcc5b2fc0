"""What belongs to a question, leads to it or points elsewhere: no answer; and what a mark calls one: an answer."""

from __future__ import annotations

from tests.lossless import check_lossless
from tests.test_notes import answers, read


def test_code_behind_a_mark_is_the_answer_whatever_the_question_asks_of():
    folded = "<details><summary>show</summary>\n<p>\n\n```\nbeep 3\n```\n\n</p>\n</details>"
    text = f"### What does the robot print?\n\n{folded}\n\n### What is its output?\n\n**Answer:**\n\n```\n42;\n```\n"
    text += "\n### What will this print?\n\n```\nbeep(3);\n```\n"
    file = read(text, "robot.md")
    assert [entry.state for entry in file.entries] == ["answered", "answered", "stub"]
    assert answers(file)[0] == "```\nbeep 3\n```"
    check_lossless(file, text)


def test_who_is_to_get_logs_is_not_shown_code():
    text = (
        "### Get the logs of a robot\n\n```\nbeepctl logs arm;\n```\n\n### What gets logged?\n\n```\nlog(arm);\n```\n"
    )
    assert [entry.state for entry in read(text, "robot.md").entries] == ["answered", "stub"]
