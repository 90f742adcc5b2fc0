"""Shapes of whole files in which text once went to a neighbour: now to the question above it."""

from __future__ import annotations

from tests.lossless import check_lossless
from tests.test_notes import answers, questions, read

KITCHEN = """# Kitchen
* [What is a roux?](#what-is-a-roux)
* [Kinds of flour](#kinds-of-flour)
* [Settings of the oven](#settings-of-the-oven)

## What is a roux?

Flour in fat.

[to the top](#kitchen)

## Kinds of flour

* **Wheat** - by its ash

[to the top](#kitchen)

## Settings of the oven

### Heat

* `low` - 120 degrees

### Fan

* `on` - for biscuits

[to the top](#kitchen)

## How long does bread rest?

An hour.
"""


def test_a_title_right_above_the_parts_of_its_text_is_a_note_among_titles_that_do_not_ask_either():
    file = read(KITCHEN, "kitchen.md")
    assert questions(file) == [
        "What is a roux?",
        "Kinds of flour",
        "Settings of the oven",
        "How long does bread rest?",
    ]
    assert answers(file)[1:3] == [
        "* **Wheat** - by its ash",
        "### Heat\n\n* `low` - 120 degrees\n\n### Fan\n\n* `on` - for biscuits",
    ]
    check_lossless(file, KITCHEN)


def test_a_title_right_above_deeper_questions_stays_a_topic():
    text = "## What is a roux?\nFlour in fat.\n## Sauces\n### What is jus?\nJuice.\n### What is glaze?\nSyrup.\n"
    file = read(text + "## How long does bread rest?\nAn hour.\n", "kitchen.md")
    assert questions(file) == ["What is a roux?", "What is jus?", "What is glaze?", "How long does bread rest?"]
    assert answers(file)[0] == "Flour in fat."


TOP = '<div align="right">\n    <b><a href="#">↥ back to top</a></b>\n</div>\n\n'


def test_a_deeper_heading_that_leads_to_questions_behind_a_link_to_the_top_is_a_topic():
    text = f"# Tea\n\n## Q. What is green tea?\n\nUnfermented.\n\n{TOP}### HERBS\n\n## Q. What is mint?\n\nA herb.\n"
    file = read(text, "tea.md")
    assert answers(file) == ["Unfermented.", "A herb."]
    check_lossless(file, text)


def test_a_deeper_heading_without_text_right_in_an_answer_stays_there():
    text = "## Q. What is two and two?\n\n### Four\n\n## Q. What is mint?\n\nA herb.\n\n## Q. Dill?\n\nA herb.\n"
    assert answers(read(text, "tea.md"))[0] == "### Four"
