"""Rows of items in whole files: counted bold titles, lists without answers, questions that break off."""

from __future__ import annotations

from tests.lossless import check_lossless
from tests.test_notes import answers, questions, read

TITLES = ("What is a roux?", "Kinds of flour:", "Proofing", "Scoring vs slashing:", "Steam:", "Stones", "Peels", "Rest")


def _counted(heading: str) -> str:
    items = [f"{number}. **{title}**\n- In the oven {number}.\n\n" for number, title in enumerate(TITLES, 1)]
    return "".join(
        [heading, "### Dough\n\n", *items[:4], "---\n\n### Oven\n\n", *items[4:], "### Books\n\n- A shelf.\n"]
    )


def test_bold_titles_counted_through_a_file_of_questions_are_asked_though_most_do_not_ask():
    text = _counted("## Interview questions for bakers\n\n")
    file = read(text, "bread.md")
    assert questions(file) == list(TITLES)
    assert answers(file) == [f"- In the oven {number}." for number in range(1, 9)]
    check_lossless(file, text)


def test_counted_bold_titles_of_a_file_that_speaks_of_no_questions_are_no_entries():
    assert questions(read(_counted("## A week with a baker\n\n"), "bread.md"))[:1] != ["What is a roux?"]
