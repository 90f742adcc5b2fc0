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


BAKERS = """# Questions for the baker

Those in **bold** matter most.

## Bread

- **Which flour do you buy?**
- **Who kneads? How long?**
- How long does it rest?
- What is in the leaven?

## Shop

Ask these at the counter.

- **When do you open?**
- How early do you rise?
- Where do the crumbs go?
"""


def test_a_list_without_answers_is_one_list_though_some_of_its_questions_are_bold():
    file = read(BAKERS, "bakers.md")
    assert [(entry.question, entry.state) for entry in file.entries] == [
        ("Which flour do you buy?", "unanswered"),
        ("Who kneads? How long?", "unanswered"),
        ("How long does it rest?", "unanswered"),
        ("What is in the leaven?", "unanswered"),
        ("When do you open?", "unanswered"),
        ("How early do you rise?", "unanswered"),
        ("Where do the crumbs go?", "unanswered"),
    ]
    check_lossless(file, BAKERS)


def test_questions_in_plain_items_below_bold_ones_that_have_answers_stay_in_their_text():
    text = "".join(
        f"- **What is in pot {number}?**\n- Is it tea?\n  It is.\n- Is it soup?\n  No.\n\n" for number in range(1, 5)
    )
    assert questions(read(text, "pots.md")) == [f"What is in pot {number}?" for number in range(1, 5)]


MIXED_LEVELS = """# Sails

#### What is a jib?
The sail at the bow.

### What is a mast?

It holds the sails.

### What is a boom?
It holds the foot of a sail.

"""
DEEPER = ("reef", "sheet", "batten", "luff", "leech", "clew", "tack", "head")


def test_a_heading_with_a_text_behind_a_question_of_its_level_leads_to_none_of_the_deeper_ones():
    text = MIXED_LEVELS + "".join(f"\n#### What is a {name}?\nA part of it.\n" for name in DEEPER)
    file = read(text, "sails.md")
    assert questions(file) == [f"What is a {name}?" for name in ("jib", "mast", "boom", *DEEPER)]
    check_lossless(file, text)


def test_a_line_without_hashes_that_has_the_one_number_between_two_headings_is_a_question():
    heads = {number: f"## {number}. What is in pot {number}?\n\nTea.\n\n" for number in range(1, 8)}
    heads[4] = "4. What is in pot four? Name two.\n\n\nTea and milk:\n\n1. Where is the milk?\n\n"
    text = "# Pots\n\n" + "".join(heads.values())
    file = read(text, "pots.md")
    assert len(file.entries) == 7
    assert questions(file)[3] == "What is in pot four? Name two."
    assert answers(file)[2:4] == ["Tea.", "Tea and milk:\n\n1. Where is the milk?"]
    check_lossless(file, text)


ERRANDS = """# Pots and pans

* What is a pot?
Answer: A deep pan.

* What is the best pan for eggs and who sells it? Say how a fried egg is turned in
  Lyon.
Answer: An iron one.

* What is a wok?
* How do you season a pan?
Answer: With oil.

# Errands

* Polish the copper lid.
Answer: With salt.
* Scour all pans with sand?
* Find the lid of the blue pot.
* Which of them rusts?
* Where is the ladle?
"""


def test_an_item_right_above_the_mark_of_an_answer_is_a_question_though_it_does_not_ask():
    file = read(ERRANDS, "pots.md")
    assert questions(file)[4:6] == ["Polish the copper lid.", "Scour all pans with sand?"]
    assert answers(file)[3:5] == ["With oil.", "With salt."]
    check_lossless(file, ERRANDS)


def test_an_indented_rest_between_a_long_question_and_the_mark_of_its_answer_belongs_to_the_question():
    file = read(ERRANDS, "pots.md")
    assert questions(file)[1].endswith("turned in Lyon.")
    assert answers(file)[1] == "An iron one."


def test_what_stands_above_the_mark_of_an_empty_answer_is_asked_about():
    pots = "* What is in the pot?\n * `tea`\n * `soup`\n Answer:\n* What is in the pan?\nAnswer: An egg.\n"
    text = "# Pots\n\n" + pots + "* What is in the wok?\n* Who eats it?\n"
    file = read(text, "pots.md")
    assert [(entry.question, entry.state) for entry in file.entries][:2] == [
        ("What is in the pot?", "unanswered"),
        ("What is in the pan?", "answered"),
    ]
    check_lossless(file, text)


def test_nested_questions_below_a_question_without_an_answer_are_entries_though_some_end_in_brackets():
    text = "# Kitchen\n\n" + "".join(f"- What is in pot {number}?\n\n" for number in range(1, 6))
    text += "- Do you bake?\n  - Which flour do you use? (Wheat, rye)\n  - Do you buy it ground, or mill it\n"
    text += "  - Who kneads?\n\n- Do you fry?\n  - Add butter to the pan\n  - Find a lid\n\n- Do you wash up?\n"
    file = read(text, "kitchen.md")
    assert questions(file)[5:9] == [
        "Do you bake?",
        "Which flour do you use? (Wheat, rye)",
        "Do you buy it ground, or mill it",
        "Who kneads?",
    ]
    assert answers(file)[5:] == ["", "", "", "", "- Add butter to the pan\n  - Find a lid", ""]
    check_lossless(file, text)


def _boats(rests: dict[int, str], text: str = "It is said so.\n\n") -> str:
    asked = "Explain how a sloop of the old kind differs in its sails from"
    heads = (f"## {number}. {asked if number in rests else 'What is a boat?'}\n" for number in range(1, 13))
    parts = (f"{head}{rests.get(number, '')}\n{text}" for number, head in enumerate(heads, 1))
    return "".join(["# Boats\n\n", *parts])


def test_headings_that_break_off_take_in_the_line_below_where_the_others_have_a_blank_line():
    text = _boats({2: "a cutter.\n", 5: "Yawls.\n", 9: "20 other boats.\n"})
    file = read(text, "boats.md")
    endings = [question.partition("its sails ")[2] for question in questions(file)]
    assert [ending for ending in endings if ending] == ["from a cutter.", "from Yawls.", "from 20 other boats."]
    assert set(answers(file)) == {"It is said so."}
    check_lossless(file, text)


def test_a_line_below_a_long_heading_with_nothing_behind_it_is_the_answer():
    file = read(_boats({2: "a cutter.\n", 5: "a yawl.\n", 9: "a ketch.\n"}, ""), "boats.md")
    assert [answers(file)[place] for place in (1, 4, 8)] == ["a cutter.", "a yawl.", "a ketch."]
