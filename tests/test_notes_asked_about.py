"""What belongs to a question, leads to it or points elsewhere: no answer; and what a mark calls one: an answer."""

from __future__ import annotations

from tests.lossless import check_lossless
from tests.test_notes import answers, questions, read


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


FOLDED = """# Oven

<details>
<summary>What is a roux?</summary><br><b>

Flour in fat.
</b></details>

<details>
<summary>Explain the following

  * Proofing
  * Kneading
  * Scoring
  * Steaming</summary><br><b>

All of them make bread.
</b></details>

<details>
<summary>Explain the following programme:

```
{
    "heat": 240,
    "fan": "on",
    "steam": true
}
```
</summary><br><b>

It bakes a crust.
</b></details>
"""


def test_a_summary_may_hold_a_list_or_code_that_its_question_speaks_of():
    file = read(FOLDED, "oven.md")
    assert questions(file) == [
        "What is a roux?",
        "Explain the following * Proofing * Kneading * Scoring * Steaming",
        "Explain the following programme:",
    ]
    assert answers(file) == ["Flour in fat.", "All of them make bread.", "It bakes a crust."]
    assert '"steam": true' in file.entries[2].asked
    check_lossless(file, FOLDED)


POINTING = """### Question 1: What is a roux?

Company: Bakery, or not?

Analysis: [Question 1](https://example.org/1)

### Question 2: Weigh the loaves

> Given a row of loaves, find the heaviest.

Example 1:

```
loaves = [3, 1, 2]
```

![loaves](loaves.png)

Analysis: [Question 2](https://example.org/2)

### Question 3: How long does dough rest?

推荐: https://example.org/3

### Question 4: What did the old baker say?

> Rest is flour.

Source: [The old baker](https://example.org/4)

### Question 5: What is steam for?

It keeps the crust soft.

Analysis: [Question 5](https://example.org/5)

### Question 6: Which mills are near?

- Upper mill: https://example.org/upper
- Lower mill: https://example.org/lower

### Question 7: What does a peel look like?

![a peel](https://example.org/peel.png)

### Question 8: Turn the loaves

```
loaves.reverse()
```

Solution: [all of it](https://example.org/8)
"""


def test_a_label_and_a_link_point_to_an_answer_and_give_none():
    file = read(POINTING, "oven.md")
    states = [entry.state for entry in file.entries]
    assert states == ["stub", "stub", "stub", *["answered"] * 5]
    check_lossless(file, POINTING)


CONTENTS = """Questions of a bakery
Question 1: What is a roux?
Question 2: What is the difference between jus and glaze?
Question 5: Weigh the loaves
Question 6: How long does dough rest?
Problem 7: Cut the crust

## Questions of a bakery

### Question 1: What is a roux?

Flour in fat.

### Question 2: Tell jus from glaze

Glaze is thicker.

### Question 5: Weigh the loaves

By hand.

### Question 6: How long does dough rest?

An hour.

### Question 7: Cut the crust

With a blade.
"""


def test_marked_lines_above_headings_that_ask_the_same_are_a_table_of_contents():
    file = read(CONTENTS, "bakery.md")
    assert len(file.entries) == len(answers(file)) == 5
    assert answers(file)[0] == "Flour in fat."
    check_lossless(file, CONTENTS)


def test_marked_lines_above_headings_that_ask_something_else_are_questions():
    other = CONTENTS.replace("What is a roux?", "What is salt?", 1).replace("Weigh the", "Count the", 1)
    file = read(other, "bakery.md")
    assert questions(file)[:3] == ["What is salt?", "What is the difference between jus and glaze?", "Count the loaves"]


VISIT = """# What to ask a bakery

## How to use this list

- Check which questions matter to you
- Find out which ones their site answers
- Otherwise ask

Do not ask them all.

## Bread

- How long does dough rest?
- Who shapes the loaves? (and who may learn it)
- What is baked on Sundays?
- Is there rye?
- Which flour do you buy?
- Where does it come from?

## People

- How early do you begin?
- Who cleans the oven?
- What is paid at night?
- Are there breaks?
- Who is off on Monday?
- How many left last year?
"""


def test_advice_above_a_list_of_question_marks_asks_nothing():
    file = read(VISIT, "bakery.md")
    assert len(file.entries) == 12
    assert questions(file)[0] == "How long does dough rest?"
    check_lossless(file, VISIT)


def test_a_first_chapter_of_tasks_stays_in_a_list_of_question_marks():
    tasks = VISIT.replace("Do not ask them all.\n", "")
    assert questions(read(tasks, "bakery.md"))[0] == "Check which questions matter to you"


CHAPTERS = """# Bakery

## 1、Bread

## 1.1、What is a roux?

Flour in fat.

## 1.2、Kinds of flour

Rye and wheat.

## 2、Ovens

## 2.1、How hot is an oven?

240 degrees.

## 2.2、What is steam for?

A soft crust.
"""


def test_a_number_right_above_its_decimals_counts_a_chapter():
    file = read(CHAPTERS, "bakery.md")
    assert questions(file) == ["What is a roux?", "Kinds of flour", "How hot is an oven?", "What is steam for?"]
    check_lossless(file, CHAPTERS)
    assert questions(read(CHAPTERS.replace("、", ". "), "bakery.md")) == questions(file)


WITHOUT_DOTS = """# Bread

## 1 Roux

Flour in fat.

## 2 Ways to shape a loaf

There are two.

### 1 By hand

Fold it.

### 2 In a tin

Drop it.

## 4 Rest

An hour.

# Ovens

## 1 Heat

240 degrees.

## 3 `steam`
"""


def test_headings_that_count_without_a_dot_hold_the_deeper_ones():
    file = read(WITHOUT_DOTS, "bakery.md")
    assert questions(file) == ["Roux", "Ways to shape a loaf", "Rest", "Heat", "`steam`"]
    assert answers(file)[1].endswith("### 2 In a tin\n\nDrop it.")
    check_lossless(file, WITHOUT_DOTS)


def test_headings_that_begin_with_years_or_amounts_count_nothing():
    text = "".join(f"## {amount} loaves\n\n### {amount} eggs\n\nBoil them.\n\n" for amount in (12, 3, 7, 40))
    assert read(text, "bakery.md").format == "markdown-sections"
