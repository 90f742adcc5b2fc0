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


GARDEN = """# Garden

* What is mulch?
* What do the following tools do and how would you use them?
 * ```rake```
 * ```spade```
 * ```hoe```
* What does a ```trowel``` lift?
* What is the difference between these two commands?
 * ```dig here```
 * ```dig there deep```
* Describe how a scythe works.
* Explain what a dibber is for.
"""


def test_items_one_column_in_are_what_the_question_at_the_margin_speaks_of():
    file = read(GARDEN, "garden.md")
    assert [(entry.place.first_line, entry.place.last_line) for entry in file.entries] == [
        (3, 3),
        (4, 7),
        (8, 8),
        (9, 11),
        (12, 12),
        (13, 13),
    ]
    assert not any(entry.state == "answered" for entry in file.entries)
    check_lossless(file, GARDEN)


def test_short_items_answer_a_question_that_wants_a_list():
    items = "\n  - rake\n  - spade\n"
    text = f"- What is mulch?\n- Name these two tools{items}- What do the following tools do?{items}- Explain soil\n"
    states = [entry.state for entry in read(text, "garden.md").entries]
    assert states == ["unanswered", "answered", "stub", "unanswered"]


WRAPPED = """### Beds

-   What is the difference between a raised bed and a Sunken
    Bed - with a sketch?

-   How do you move a plant from the pot to the bed? (In
    Spring)

-   What is a cold frame?
    A box with a lid.

-   Explain drainage
    Water runs off.

-   What is the use of pots (of clay) in
    winter?
"""


def test_a_question_that_is_wrapped_at_an_open_bracket_or_before_its_question_mark_is_one_question():
    file = read(WRAPPED, "beds.md")
    assert questions(file) == [
        "What is the difference between a raised bed and a Sunken Bed - with a sketch?",
        "How do you move a plant from the pot to the bed? (In Spring)",
        "What is a cold frame?",
        "Explain drainage",
        "What is the use of pots (of clay) in winter?",
    ]
    assert answers(file) == ["", "", "A box with a lid.", "Water runs off.", ""]


LED_IN = "".join(
    f"{number}. **What is tool {number}?**\n   - **Answer**: Tool {number}.\n     - **Part**: a handle\n\n{between}"
    for number, between in enumerate(
        ("", "", "", "", "\nThese more questions cover pots, beds, and the rest.\n", "", "", ""), 1
    )
)


def test_a_sentence_at_the_margin_that_leads_in_the_next_questions_is_no_part_of_an_indented_answer():
    file = read(LED_IN, "tools.md")
    assert len(file.entries) == 8
    assert [piece.text for piece in file.loose] == ["These more questions cover pots, beds, and the rest."]
    check_lossless(file, LED_IN)


def test_a_paragraph_at_the_margin_stays_in_the_answer_where_others_stand_there_too():
    text = "".join(f"{number}. What is tool {number}?\n\n   A tool.\n\nIt has a handle.\n" for number in range(1, 9))
    assert not read(text, "tools.md").loose
