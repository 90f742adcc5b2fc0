"""Notes as people type and paste them: labels, asides, marks without words, exports without a header."""

from __future__ import annotations

import json

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


def test_a_bare_number_goes_on_with_the_count_of_headings_and_of_marks():
    text = "### 1. Sloop vs cutter\na\n### 2. Ketch vs yawl\nb\n### 3 brig vs snow\nc\n### 5. Keel vs bilge?\nd\n"
    assert questions(read(text, "a.md"))[2:] == ["brig vs snow", "Keel vs bilge?"]
    marked = "## Q.1 what is a rope.\na\n## Q.2 what is a line.\nb\n**Question: 3 Explain it.**\n\n**Answer:**\nc\n"
    assert questions(read(marked, "a.md")) == ["what is a rope.", "what is a line.", "Explain it."]


def test_a_bare_number_that_another_heading_has_is_a_part_of_the_title_above():
    text = "### 1. Sloop vs cutter\na\n### 2. Ketch rig\nb\n### 3 masts vs 2\nc\n### 3. Keel vs bilge?\nd\n### 4. Rig\n"
    assert questions(read(text, "a.md")) == ["Sloop vs cutter", "Ketch rig", "Keel vs bilge?", "Rig"]


def test_a_heading_right_above_a_heading_that_says_answer_is_a_question():
    numbered = "".join(f"# {number}. What is deck {number}?\n*Answer:*\nPlanks.\n\n" for number in range(1, 6))
    bonus = '# \u2b50 Bonus: If the mate asks, "Where from"\n# Answer:\n"From the sea."\n'
    file = read(numbered + bonus, "a.md")
    assert questions(file)[-1] == '\u2b50 Bonus: If the mate asks, "Where from"'
    assert answers(file)[-1] == '"From the sea."'
    assert len(read(f"{numbered}# Bonus\n# Example\nx\n", "a.md").entries) == 5


PARTED = "".join(f"## Q{number}. What is port {number}?\n\n**Answer:**\nA place.\n\n---\n\n" for number in range(1, 5))


def test_rules_between_the_parts_of_the_last_answer_end_it_at_a_heading_of_the_questions_level():
    last = "## Q5. The quay?\n\n### Introduction:\nStone.\n\n---\n\n### Types:\nTwo.\n\n---\n### Use:\nMuch.\n\n---\n"
    file = read(f"{PARTED}{last}\n# Last things\n\nTerms.\n", "a.md")
    assert answers(file)[-1].endswith("### Use:\nMuch.")
    assert file.loose[-1].text == "---\n\n# Last things\n\nTerms."


def test_a_deeper_heading_behind_a_rule_that_the_answer_had_not_before_ends_it():
    assert answers(read(f"{PARTED}### Good-bye\n\nCome again.\n", "a.md"))[-1] == "A place."


@pytest.mark.parametrize(
    ("question", "answer", "state"),
    [
        ("Ropes float. Is this statement correct and why?", "```\nYes. Because hemp is light\n```", "answered"),
        ("Ropes float. Is this statement correct?", "```\nYes\n```", "answered"),
        ("What is wrong in this query?", "SELECT a FROM b;\nSELECT c FROM d; The table has no such name.", "answered"),
        ("What does this statement do?", "```\nSELECT a FROM b\n```", "stub"),
        ("What is the output of this function?", '```js\nlog("Yes. It is a rope in the sea.")\n```', "stub"),
        ("Improve the code below", "```\nknot.__len__()\n\nAnswer: len(knot)\n```", "answered"),
        ("Improve the code below", "```\nanswer: int = len(knot)\nans = 1\n```", "stub"),
        ("What is wrong with the following script?", "```\ndocker ps -a\n```", "stub"),
    ],
)  # fmt: skip
def test_a_fence_that_speaks_is_an_answer_and_one_of_code_is_asked_about(question: str, answer: str, state: str):
    assert read(f"## Why?\n\nx\n\n## {question}\n\n{answer}\n", "a.md").entries[1].state == state


@pytest.mark.parametrize("signs", [">", ">>", "2>&1", "a < b", "<li>", "a -> <b>"])
def test_signs_that_are_set_as_code_in_a_summary_are_words_of_the_question(signs: str):
    text = "".join(
        f"<details><summary>What does <code>{one}</code> say to <kbd>b</kbd>?</summary>\n\nx\n</details>\n\n"
        for one in ("|", signs, "y")
    )
    assert questions(read(text, "a.md"))[1] == f"What does {signs} say to b?"


def test_fences_that_are_never_closed_end_at_the_next_numbered_question_and_indented_topics_are_no_answers():
    file, _ = sample("unclosed_fences.md")
    assert questions(file)[:3] == ["What is a flag?", "What is a pennant?", "What is a signal?"]
    assert len(file.entries) == 5
    assert answers(file)[1] == "- A long one."
    assert answers(file)[3] == "- From above."


def test_code_that_ends_an_answer_with_an_indented_comment_stays_in_it():
    text = "1. **What is a log?**\n\n    knots = 3\n    ## speed\n\n2. **What is a lead?**\n   - A weight.\n"
    assert answers(read(text, "a.md"))[0].endswith("## speed")


def test_a_tail_of_numbered_questions_with_labelled_answers_is_no_answer_of_the_last_marked_one():
    file, _ = sample("labelled_tail.md")
    assert len(file.entries) == 12
    assert questions(file)[4:7] == ["What is tar?", "Define pitch fully (see the book)", "How is <b> unlike <img>?"]
    assert [entry.state for entry in file.entries[4:]].count("unanswered") == 3
    assert file.warnings == ()
    assert str(file.entries[4].place) == "labelled_tail.md:17-19"


def test_a_tail_of_numbered_questions_that_nothing_answers_stays_with_the_last_answer():
    text = sample("labelled_tail.md")[1].replace("Answer --", "Well,").replace("Q 5)", "Q 5) What is asked?\nMuch:")
    assert len(read(text, "a.md").entries) == 5


@pytest.mark.parametrize("line", ["7. What is a hold?", "What is a hold?"])
def test_a_mark_alone_takes_the_next_line_without_its_number(line: str):
    assert questions(read(f"Q7)\n\n{line}\nA room.\nQ9) Why?\nBecause.\n")) == ["What is a hold?", "Why?"]


OBJECTS = [
    {"id": "a", "question": "What is tar?", "answer": 'Thick \u201coil\u201d.\nIt "seals".'},
    {"id": "b", "question": "And pitch?", "answer": None},
    {"id": "c", "question": "Which?", "options": ["x", {"y": 1}], "answer": ["x", "y"]},
]


@pytest.mark.parametrize("indent", [None, 0, 2, 4])
@pytest.mark.parametrize("around", ["{}", '{{"title": "Ropes", "topics": [{{"cards": {}}}]}}'])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_json_document_gives_each_object_at_its_place(indent: int | None, around: str, ends: str):
    text = around.format(json.dumps(OBJECTS, indent=indent, ensure_ascii=False)).replace("\n", ends) + ends
    file = read(text, "a.json")
    assert questions(file) == ["What is tar?", "And pitch?", "Which?"]
    assert [entry.state for entry in file.entries] == ["answered", "unanswered", "answered"]
    assert answers(file)[0] == 'Thick \u201coil\u201d.\\nIt \\"seals\\".'
    for entry, one in zip(file.entries, OBJECTS, strict=True):
        assert json.loads(text[entry.place.start : entry.place.end]) == one
        assert entry.asked.endswith(json.dumps(one["question"]))
    check_lossless(file, text)


def test_a_json_document_that_breaks_off_gives_what_is_whole():
    text = json.dumps(OBJECTS, indent=2)[:-30]
    file = read(text, "a.json")
    assert questions(file) == ["What is tar?", "And pitch?"]
    check_lossless(file, text)


@pytest.mark.parametrize("text", ['{"title": "x",\n "query": {"term": "y"}}', "[1, 2", "[[[[", "[a](b) c?"])
def test_settings_and_other_text_in_brackets_hold_no_question(text: str):
    assert read(text, "a.json").entries == ()


def test_cards_between_semicolons_need_no_header():
    file, _ = sample("semicolon_cards.txt")
    assert len(file.entries) == 10
    assert [entry.state for entry in file.entries].count("unanswered") == 1
    assert answers(file)[2] == "- no stretch\n\n\t- length: $l = 2$"
    assert str(file.entries[2].place) == "semicolon_cards.txt:5-8"


def test_the_tags_of_cards_are_no_answer_and_an_answers_own_semicolon_is_part_of_it():
    cards = ["keel; the lowest beam; hull", "rib; a curved beam; hull wood", "sail; cloth", *["mast; a pole; rig"] * 8]
    found = answers(read("\n\n".join([*cards, "deck; a floor; of planks; hull"]), "a.txt"))
    assert found[:4] == ["the lowest beam", "a curved beam", "cloth", "a pole"]
    assert found[-1] == "a floor; of planks; hull"


def test_sentences_and_code_with_semicolons_are_no_cards():
    assert read("x = 1;\n\ny = 2;\n\nz = 3;\n\nv = 4;\n\nw = 5;\n", "a.txt").entries == ()
    assert read("It is; it was.\nSo be it; or not.\nOne; two.\nThree; four.\nFive; six.\n", "a.txt").entries == ()


def test_sentences_above_a_line_that_begins_with_answer_are_no_part_of_a_topic():
    said = "A bucket of tokens lets short bursts through.\nA queue lets none.\nAnswer: 429, and when to retry.\n"
    file = read(f"Q. limiter\n{said}\nQ. cache\nA shelf near the door.\n")
    assert questions(file) == ["limiter", "cache"]
    assert answers(file)[0].startswith("A bucket of tokens")
    assert "429, and when to retry." in answers(file)[0]


@pytest.mark.parametrize(
    "question",
    [
        "What does this lamp do when the night is\nlonger than the oil lasts.",
        "Say what it prints:\na call of the bell.",
        "Why is it wet?\nThe deck is dry.",
    ],
)
def test_a_question_of_several_lines_above_its_answer_mark_is_one_question(question: str):
    file = read(f"Q. {question}\nA: So it is.\n\nQ. And then\nA: No more.\n")
    assert questions(file)[0] == question.replace("\n", " ")
    assert answers(file) == ["So it is.", "No more."]
