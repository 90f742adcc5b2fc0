"""Cases that are told and solved among marked questions, and what stands between the chapters of such a file."""

from __future__ import annotations

import pytest

from tests.lossless import check_lossless
from tests.test_notes import answers, questions, read

MARKED = "Q{0}. What is part {0}?\n\nA plank.\n\n#\n"
CASE = "Scenario {0}: A crew of {0} sails to an island.\n\nHow do they steer?\n\n{1}\n\nBy the stars.\n\n"
VOYAGE = (
    MARKED.format(1)
    + MARKED.format(2)
    + "\nHard Sailing Questions\n\nThis section of questions deals with longer voyages.\n\n#\n\n"
    + MARKED.format(1)
    + "***Told Questions***\n\n"
    + CASE.format(1, "Solution:")
    + CASE.format(2, "Solution")
    + CASE.format(5, "**Answer:**")
    + "Other Sailing Questions\n\nThis section consists of several questions.\n\nQ1. And part 1?\n\nA rope.\n"
)


@pytest.mark.parametrize("path", ["voyage.md", "voyage.txt"])
def test_a_case_with_its_solution_is_an_entry_among_marked_questions(path: str):
    file = read(VOYAGE, path)
    assert questions(file)[3:6] == [
        f"Scenario {number}: A crew of {number} sails to an island. How do they steer?" for number in (1, 2, 5)
    ]
    assert answers(file)[2:] == ["A plank.", *["By the stars."] * 3, "A rope."]
    check_lossless(file, VOYAGE)


def test_hashes_alone_and_the_names_of_sections_are_no_part_of_an_answer():
    assert answers(read(VOYAGE, "voyage.md"))[:2] == ["A plank."] * 2


def test_a_row_of_cases_alone_is_read_as_well():
    text = "".join(CASE.format(number, "Answer:") for number in range(1, 5))
    assert answers(read(text, "a.md")) == ["By the stars."] * 4


@pytest.mark.parametrize(
    "cases",
    [
        CASE.format(1, "Solution:") + CASE.format(2, "Solution:"),
        CASE.format(1, "Solution:") + CASE.format(2, "They go.") + CASE.format(3, "Solution:"),
        CASE.format(3, "Solution:") + CASE.format(2, "Solution:") + CASE.format(1, "Solution:"),
    ],
)
def test_few_cases_or_one_without_a_solution_stay_in_the_answer(cases: str):
    text = f"Q1. What is a voyage?\n\nSee:\n\n{cases}Q1. And a trip?\n\nShort.\n"
    assert len(read(text, "a.md").entries) == 2


def test_cases_over_which_the_marks_count_on_are_a_part_of_one_answer():
    cases = "".join(CASE.format(number, "Solution:") for number in range(1, 5))
    text = f"Q1. What is a voyage?\n\nSee:\n\n{cases}Q2. And a trip?\n\nShort.\n"
    assert len(read(text, "a.md").entries) == 2
