"""Notes as people type and paste them: labels, asides, marks without words, exports without a header."""

from __future__ import annotations

import pytest

from tests.test_notes import answers, questions, read


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
