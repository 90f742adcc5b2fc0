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


def test_items_of_code_answer_a_question_that_wants_a_list():
    items = "\n  - `rake`\n  - `spade`\n"
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


LINE = "#----------------------------------------#\n"
EXERCISES = f"""Fifty exercises

1.\tTemplate

{LINE}Question
Hints
Solution

2.\tExercises

{LINE}Question 1
Level 1

Question:
Write a program that boils water,
in a pot.

Hints:
Use heat.

Solution:
boil(water)
{LINE}
{LINE}Question 2
Level 2

Question\u00a3\u00ba
Write a program that peels.
Suppose the input is:
1 potato

Hints:
Use a knife.

Solution:
peel(1)
{LINE}
{LINE}Question:


Define a pan.

Hints:
None.

Solution

pan = Pan()

{LINE}
2.10

Question:
Define a lid.

Hints:
None.

Solution
lid = Lid()
{LINE}
7.2

Define a class named Spoon and its subclass Ladle.

Hints:

Use class.

Solution:

class Spoon: ...


{LINE}

Please break an egg.

Hints:
Use a rim.

Solution:
egg.break_()


{LINE}"""


def test_exercises_between_drawn_rules_have_one_head_each_and_need_no_mark():
    file = read(EXERCISES, "exercises.txt")
    assert questions(file) == [
        "Write a program that boils water,",
        "Write a program that peels.",
        "Define a pan.",
        "Define a lid.",
        "Define a class named Spoon and its subclass Ladle.",
        "Please break an egg.",
    ]
    assert [answer.rpartition("\n")[2] for answer in answers(file)] == [
        "boil(water)",
        "peel(1)",
        "pan = Pan()",
        "lid = Lid()",
        "class Spoon: ...",
        "egg.break_()",
    ]
    assert file.entries[0].asked.startswith("Question 1\nLevel 1\n\nQuestion:\n")
    assert [piece.text for piece in file.loose[1:]] == ["2.10", "7.2"]
    check_lossless(file, EXERCISES)


def test_a_number_behind_a_rule_is_an_answer_right_below_its_question():
    text = "".join(f"Q: What is one and {number}?\n---\n{number + 1}\n\n" for number in range(1, 6))
    assert answers(read(text, "sums.txt")) == ["2", "3", "4", "5", "6"]


def test_a_counted_mark_with_its_question_below_takes_no_mark_further_down():
    text = "Question 1\nWhat is a pot?\nQuestion:\nWhat is a pan?\nFlat.\n\nQuestion 2\nAnswer: none\n"
    assert questions(read(text, "pots.txt")) == ["What is a pot?", "What is a pan?", ""]


def test_a_rule_above_the_best_of_something_says_no_good_bye():
    text = "## What is a pot?\nDeep.\n\n---\n\nAll the best pots are of steel.\n\n## What is a pan?\nFlat.\n"
    assert answers(read(text, "pots.md"))[0].endswith("All the best pots are of steel.")


def test_rules_within_answers_open_no_question():
    parts = [f"---\nQ{number}. What is pot {number}?\nA pot.\n---\nMore text on pots here.\n" for number in range(1, 7)]
    file = read("".join(parts), "pots.txt")
    assert len(file.entries) == 6


def test_a_full_width_colon_is_a_mark():
    assert questions(read("Q1\uff1aWhat is a pot?\nA\uff1aDeep.\n", "pots.txt")) == ["What is a pot?"]
    assert answers(read("Q1\uff1aWhat is a pot?\nA\uff1aDeep.\n", "pots.txt")) == ["Deep."]


CONTENTS = """Table of Contents\t
Preface\t2
Pots\t3
Question : What is a pot?\t3
Question :What is a lid?\t4
Question: Explain the handle\t12
Question: How do GLASS and STEEL differ?\t13
Pans\t14
Question: What is a pan?\t14


Pots
Question : What is a pot?
It is deep.
Pots
are round.
Question :What is a lid?
A cover.
Question: Explain the handle
\u2022\tIt stays cool.



Question: How do GLASS and STEEL differ?
Steel bends.



Pans
Question: What is a pan?
It is flat.
"""


def test_a_table_of_contents_with_pages_asks_nothing_and_names_the_chapters():
    file = read(CONTENTS, "pots.md")
    assert questions(file) == [
        "What is a pot?",
        "What is a lid?",
        "Explain the handle",
        "How do GLASS and STEEL differ?",
        "What is a pan?",
    ]
    assert answers(file)[0] == "It is deep.\nPots\nare round."
    assert [piece.text for piece in file.loose[1:]] == ["Pans"]
    assert all(entry.state == "answered" for entry in file.entries)
    check_lossless(file, CONTENTS)


def test_code_that_a_sentence_explains_is_an_answer():
    said = "SELECT name FROM pots WHERE size(pot) > 2; The size cannot be used to find pots. Count them instead."
    text = f"Question: What is wrong in this query?\n{said}\nSELECT name FROM pots HAVING size(pot) > 2;\n"
    assert [entry.state for entry in read(text, "pots.txt").entries] == ["answered"]
    bare = "Question: What is wrong in this query?\nSELECT name FROM pots;\nSELECT size FROM pots;\n"
    assert [entry.state for entry in read(bare, "pots.txt").entries] == ["stub"]


PICTURED = """### 1. Explain the parts of a kettle

![A kettle](https://pictures.example/kettle.png)

**Answer:**

* **lid** keeps the steam in.

### 2. How does a pot differ?

![](https://pictures.example/pot(1).png)
**Answer:**

```yaml
pot: deep
---
lid: none
```

It has no spout.

---

It has two handles.

### 3. What is a pan?

![A pan](https://pictures.example/pan.png)

It is flat, as the picture shows.

---

Well, that's all for now. I hope you could answer all 3 questions.

If some were too hard, write to me.


## Support me, if you want)

<a href="https://coffee.example"><img src="https://coffee.example/button.png"></a>
"""


def test_a_picture_above_the_answer_mark_is_asked_about_and_a_good_bye_answers_nothing():
    file = read(PICTURED, "pots.md")
    assert answers(file) == [
        "* **lid** keeps the steam in.",
        "```yaml\npot: deep\n---\nlid: none\n```\n\nIt has no spout.\n\n---\n\nIt has two handles.",
        "![A pan](https://pictures.example/pan.png)\n\nIt is flat, as the picture shows.",
    ]
    assert file.entries[0].asked.endswith("kettle.png)")
    assert file.loose[-1].text.startswith("---\n\nWell, that's all")
    check_lossless(file, PICTURED)


FOLDED = "".join(
    f"#### {number}. What is in pot {number}\n\n```js\npot({number});\n```\n\n- 1: tea\n- 2: soup\n\n"
    f"<details><summary><b>Answer</b></summary>\n<p>\n\n##### Answer: 2\n\nIt smells of pot {number}.\n{end}\n---\n\n"
    for number, end in enumerate(
        ("\n</p>\n</details>\n", "</p>\n</details>\n", "</p>\n\n</details>\n", "\n</p>\n\n</details>\n"), 1
    )
)


def test_folded_answers_end_with_their_words_however_the_tags_are_closed():
    file = read(FOLDED, "pots.md")
    assert [answer.rpartition("\n")[2] for answer in answers(file)] == [
        f"It smells of pot {number}." for number in range(1, 5)
    ]
    check_lossless(file, FOLDED)


ROW_OF_QUESTIONS = """1. What is a rope?
A thick string.

2. What is a cleat?
3. Explain the difference between a running and a standing line on a
boat.
4. What is the difference between a sloop, a cutter, and a yawl for a
Beginner.
5. How do you coil a rope?
6. Explain the use of the deck.
7. 7. Explain the use of the keel.
8. What is the difference between a fixed keel and a lifting keel of a
9. What is a jib?
10. What is the difference between the draught and the depth of water
it is measured from the keel and it is the reason why a boat with a deep keel sails deep water alone
11. What is a boom?
It holds the foot of a sail.
12. What is a bulkhead?
"""


def test_the_rest_of_a_numbered_question_among_others_without_an_answer_is_no_answer():
    file = read(ROW_OF_QUESTIONS, "boat.md")
    assert len(file.entries) == 12
    assert questions(file)[2:4] == [
        "Explain the difference between a running and a standing line on a boat.",
        "What is the difference between a sloop, a cutter, and a yawl for a Beginner.",
    ]
    assert questions(file)[6] == "Explain the use of the keel."
    assert [answer for answer in answers(file) if answer] == [
        "A thick string.",
        "it is measured from the keel and it is the reason why a boat with a deep keel sails deep water alone",
        "It holds the foot of a sail.",
    ]
    check_lossless(file, ROW_OF_QUESTIONS)


def test_a_line_in_small_letters_below_each_numbered_question_answers_it():
    text = "".join(
        f"{number}. Explain the difference between a rope of kind {number} and a line of that kind\nnone at all.\n"
        for number in range(1, 6)
    )
    assert answers(read(text, "boat.md")) == ["none at all."] * 5
