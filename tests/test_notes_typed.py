"""Notes as people type and paste them: labels, asides, marks without words, exports without a header."""

from __future__ import annotations

import pytest

from tests.lossless import check_lossless
from tests.test_notes import answers, questions, read
from tests.test_notes_formats import sample


@pytest.mark.parametrize(
    "label",
    [
        "Answer---", "Answer ----", "Ans -", "Ans->", "ANSWER--\n", "Intv Ans -- ", "#### IntvAns --\n", "Ans :--\n",
        "Detailed Ans ---", "Sample answer: ", "**Model answer:** ", "Expected Answer:\n",
    ],
)  # fmt: skip
def test_a_label_before_dashes_or_behind_a_word_is_no_part_of_the_answer(label: str):
    file = read(f"Q1) What is tar?\n\n{label}It seals.\n\nQ2) And pitch?\n{label}Too.\n")
    assert answers(file) == ["It seals.", "Too."]


@pytest.mark.parametrize(
    "words",
    ["Ans -1 in all ports.", "Answer-driven work.", "Model A: a sloop.", "Sample answer 1: no.\nSample answer 2: yes."],
)
def test_words_that_only_look_like_a_label_stay_in_the_answer(words: str):
    assert answers(read(f"Q1) What is tar?\n{words}\nQ2) And pitch?\nA: Too.\n"))[0] == words


def test_what_a_chat_bot_says_between_its_lists_is_no_part_of_an_answer():
    file, _ = sample("asides.md")
    assert answers(file) == ["- A float.", "- A light.", "- A thick rope.", "- These ropes cover it.", "- A thin rope."]
    assert [piece.text.split()[0] for piece in file.loose] == ["These", "Certainly,"]


def test_an_aside_right_below_a_line_of_the_answer_stays_with_it():
    text = "Q. What did he say?\nHe said:\nSure! Here are the keys.\nQ. And then?\nSure, here's more.\n\nOf course.\n"
    assert answers(read(text))[0].endswith("Here are the keys.")
    assert answers(read(text))[1].endswith("Of course.")


@pytest.mark.parametrize(("mark", "kept"), [("### Q3)", 2), ("### Question 3", 2), ("### Q3) Why?", 3)])
def test_a_mark_without_words_and_without_an_answer_is_no_entry(mark: str, kept: int):
    text = f"### Q1) What is a cleat?\n\nA fitting.\n\n### Q2) And a bitt?\n\nA post.\n\n---\n\n{mark}\n"
    file = read(text, "a.md")
    assert len(file.entries) == kept
    check_lossless(file, text)


def test_a_mark_without_words_above_code_is_an_entry():
    shape = "### Question {0}\n\n```c\nfloat({0});\n```\n\n### Answer\n\nYes.\n\n"
    text = "".join(shape.format(number) for number in (1, 2, 3))
    assert questions(read(text, "a.md")) == ["Question 1", "Question 2", "Question 3"]
