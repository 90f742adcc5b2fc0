"""Sample files as messy as people's own: exact counts, titles, states, and no line lost or given to a neighbour."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import notes
from assistant.notes.formats import FORMATS
from tests.lossless import check_lossless
from tests.test_notes import answers, questions, read

if TYPE_CHECKING:
    from assistant.types import NotesFile

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))


def sample(name: str) -> tuple[NotesFile, str]:
    data = (SAMPLES / name).read_bytes()
    return notes.read(name, data), data.decode()


def test_every_sample_is_examined():
    names = {path.name for path in SAMPLES.iterdir()} - {"expected.json"}
    assert names == set(EXPECTED)
    assert len(names) >= 25


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_gives_its_questions_states_and_lines(name: str):
    file, text = sample(name)
    assert file.format == EXPECTED[name]["format"]
    found = [[str(entry.place).split(":")[-1], entry.state, entry.question] for entry in file.entries]
    assert found == EXPECTED[name]["entries"]
    check_lossless(file, text)


@pytest.mark.parametrize("name", EXPECTED)
def test_windows_line_ends_change_nothing_but_offsets(name: str):
    text = sample(name)[1].replace("\r\n", "\n").replace("\n", "\r\n")
    file = notes.read(name, b"\xef\xbb\xbf" + text.encode())
    found = [[str(entry.place).split(":")[-1], entry.state, entry.question] for entry in file.entries]
    assert found == EXPECTED[name]["entries"]
    check_lossless(file, text)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_read_by_any_reader_loses_no_line(name: str):
    data = (SAMPLES / name).read_bytes()
    for forced in FORMATS:
        check_lossless(notes.read(name, data, {name: forced}), data.decode())


def test_back_to_top_links_and_wrappers_are_no_answer():
    file, _ = sample("toc_table_numbered_headings.md")
    assert not any("Back to Top" in entry.answer for entry in file.entries)
    file, _ = sample("details_blocks.md")
    assert answers(file)[0].endswith('"DevOps is a combination."')
    file, _ = sample("details_answers.md")
    assert answers(file) == ["A language.", "", "A value type."]


def test_an_answer_mark_in_bold_is_cut_off_with_its_closing_stars():
    assert answers(sample("flash_cards.md")[0])[-1] == "A store."


def test_json_answers_are_the_characters_of_the_file():
    assert answers(sample("cards.jsonl")[0])[0] == 'A \\"function\\"\\nof data'


def test_a_setting_reads_the_same_file_another_way():
    text = "## 1. Approach\n\n**What is it?**\nx\n\n**Why?**\ny\n"
    assert len(read(text, "a.md", overrides={"a.md": "markdown-headings"}).entries) == 1
    assert questions(read(text, "a.md", overrides={"a.md": "markdown-bold"})) == ["What is it?", "Why?"]


def test_a_doubt_between_two_readings_is_said_with_the_line_that_settles_it():
    text = "## What is a list?\n\n" + "**What is it?**\nx\n\n" * 2 + "## Why?\n\n**How?**\nx\n"
    file = read(text, "a.md")
    assert file.format == "markdown-headings"
    assert '[formats] "a.md" = "markdown-headings"' in file.warnings[0]


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize(
    "shape", ["{h} {n}. {q}", "{h} Q{n}. {q}", "{h} {q}", "{n}. {h} {q}", "{h} **{n}) {q}**", "{h} Q. ***{q}***"]
)
@pytest.mark.parametrize("count", [20, 440])
def test_whole_files_of_question_headings_at_any_level(level: int, shape: str, count: int):
    asked = ["What is part {}?", "Explain part {}", "Part {} in short", "How does part {} differ from others?"]
    wanted = [asked[number % 4].format(number) for number in range(1, count + 1)]
    parts = []
    for number, question in enumerate(wanted, start=1):
        if level > 1 and number % 10 == 1:
            parts.append(f"{'#' * (level - 1)} Topic {number}\n\n")
        parts.append(shape.format(h="#" * level, n=number, q=question) + "\n\n")
        parts.append("" if number % 4 == 0 else f"Text {number}.\n\n```sh\n# comment?\n```\n\n")
    file = read("".join(parts), "x.md")
    assert questions(file) == wanted
    assert sum(entry.state == "answered" for entry in file.entries) == count - count // 4
    check_lossless(file, "".join(parts))


@pytest.mark.parametrize("count", [20, 200])
@pytest.mark.parametrize(
    "shape",
    [
        "**Q{n}. {q}**",
        "**{n}. {q}**",
        "{n}. **{q}**",
        "**{q}**",
        "- **{q}**",
        "**Q{n}. {q}",
        "Q{n}) {q}",
        "<b>{n}. {q}</b>",
    ],
)
def test_whole_files_of_bold_and_marked_questions(count: int, shape: str):
    wanted = [f"What is part {number}?" for number in range(1, count + 1)]
    parts = ["# All parts\n\nAn introduction.\n\n"]
    for number, question in enumerate(wanted, start=1):
        parts.append(f"## Topic {number}\n\n" if number % 7 == 0 else "")
        parts.append(shape.format(n=number, q=question) + "\n")
        parts.append(
            "" if number % 5 == 0 else f"Text {number}.\n\n1. **First:** one\n2. **Second** two\n\n- **Note:** x\n\n"
        )
    file = read("".join(parts), "x.md")
    assert questions(file) == wanted
    assert sum(entry.state == "answered" for entry in file.entries) == count - count // 5
    assert not any("## Topic" in entry.answer for entry in file.entries)


def test_headings_that_answer_stay_with_their_question():
    file = read("### Q: What is X?\n### A: It is Y.\n### Q: What is Z?\n### A:\nText.\n", "a.md")
    assert questions(file) == ["What is X?", "What is Z?"]
    assert answers(file) == ["It is Y.", "Text."]


def test_the_numbering_goes_on_over_headings_of_another_level():
    file = read(
        "## 1. What is a?\nx\n### 2. What is b?\ny\n## 3. What is c?\n### 1. First\n### 2. Then\n## 4. D\nz\n", "a.md"
    )
    assert questions(file) == ["What is a?", "What is b?", "What is c?", "D"]
    assert answers(file)[2] == "### 1. First\n### 2. Then"


def test_a_list_of_questions_in_one_section_hides_no_other_section():
    prose = "".join(f"## Part {number}\n\n" + "Some text.\n" * 8 + "\n" for number in range(8))
    file = read(f"{prose}## Open points\n\n- What is next?\n- Who does it?\n- When is it due?\n", "a.md")
    assert file.format == "markdown-sections"
    assert len(file.entries) == 9


def test_a_single_hash_in_plain_text_may_be_code():
    text = "Q. print\nprint(1)\n\n# prints 1\n\nQ. next\nx\n"
    assert answers(read(text))[0] == "print(1)\n\n# prints 1"
    assert answers(read("# A\nQ. a\nx\n\n# B\nQ. b\ny\n"))[0] == "x"
    assert answers(read("Q. a\nx\n\n=== B ===\nQ. b\ny\n"))[0] == "x"


@pytest.mark.parametrize(
    "title", ["Index", "Check if a string is a palindrome", "Code splitting", "Output", "Support", "Get and post"]
)
def test_a_numbered_heading_is_a_question_whatever_its_words(title: str):
    file = read(f"### 1. What is it?\nx\n### 2. {title}\ny\n### 3. What then?\nz\n### 4. Why?\n", "a.md")
    assert questions(file) == ["What is it?", title, "What then?", "Why?"]


@pytest.mark.parametrize(
    "title",
    ["Answer", "Show answer", "Solution 2", "Answer: C", "Click to see the answer", "Solution using a heap", "Example"],
)
def test_a_label_at_the_questions_own_level_stays_in_the_answer(title: str):
    file = read(f"### What is it?\n### {title}\ny\n### What then?\nz\n### Why?\n", "a.md")
    assert questions(file) == ["What is it?", "What then?", "Why?"]
    assert answers(file)[0].endswith("y")


def test_bold_numbers_inside_an_answer_count_its_parts():
    inner = "1. **First** x\n2. **Second** y\n\n"
    text = f"1. **What is A?**\n\n{inner}2. **What is B?**\nb\n3. **Features**\nc\n4. **Why?**\nd\n"
    assert questions(read(text, "a.md")) == ["What is A?", "What is B?", "Features", "Why?"]


def test_an_answer_that_ends_in_a_fence_that_was_never_closed_has_no_blank_edge():
    text = "### 1. What is a?\n\n```go\nx\n\n### 2. What is b?\n\n```go\ny\n\n```<a href='#top'>"
    assert [answer[-1] for answer in answers(read(text, "a.md"))] == ["x", "y"]


def test_what_stands_behind_the_last_question_of_a_chapter_is_no_part_of_its_answer():
    for name in ("last_chapter_bold.md", "last_chapter_headings.md", "last_chapter_cards.md", "refrain.md"):
        file, _ = sample(name)
        assert not any(words in answers(file)[-1] for words in ("Summary", "Quick", "Explore", "doubt"))
        assert file.loose[-1].text.startswith("#")
    assert "### By hand" in answers(sample("last_chapter_bold.md")[0])[1]


def test_a_drawn_box_around_a_topic_is_no_answer():
    file, _ = sample("boxed_topics.md")
    assert answers(file) == ["", "", "", "", "It is nearly true.", ""]


def test_a_bare_answer_label_is_cut_off_and_a_title_with_hashes_ends_before_them():
    file, _ = sample("toc_marked_links.md")
    assert answers(file)[1] == "```\nCounter(X)\n```"
    assert not any("#" in question for question in questions(file))


def test_an_answer_mark_behind_a_close_hash_is_cut_off():
    text = "".join(f"#Question {number}: What is rope {number}?\n#Ans:- Hemp\n\n" for number in range(1, 5))
    assert answers(read(text, "ropes.txt")) == ["Hemp"] * 4


def test_a_topic_that_is_drawn_or_set_in_other_letters_is_no_part_of_the_answer_above():
    file, _ = sample("drawn_topics.txt")
    assert [loose.text[0] for loose in file.loose] == ["=", "=", "=", "\U0001d411", "\U0001d411"]
    assert answers(file)[5] == "4 letters, one sail"


def test_each_line_of_a_block_that_asks_is_a_question_and_its_topic_is_none():
    file, _ = sample("lone_blocks.md")
    assert not any(answers(file))
    assert file.loose[-1].text.startswith("----\n1. Harbour fees")


def test_a_paragraph_with_a_question_in_it_is_no_block_of_questions():
    text = "What is a boat?\n\nIt floats.\nWhy does it?\nIt is light.\n\nWhat is a sail?\nAnd a mast?\n\nBoth are up.\n"
    file = read(text, "a.md")
    assert questions(file) == ["What is a boat?", "What is a sail?"]
    assert answers(file) == ["It floats.\nWhy does it?\nIt is light.", "And a mast?\n\nBoth are up."]


@pytest.mark.parametrize(("name", "start"), [("chat_end.txt", "***\n\nLet me"), ("parted_epilogue.md", "---\n\nThese")])
def test_what_a_rule_parts_from_the_last_answer_is_no_part_of_it(name: str, start: str):
    assert sample(name)[0].loose[-1].text.startswith(start)


def test_a_rule_within_an_answer_ends_no_answer():
    text = "".join(f"## What is knot {number}?\n\nA loop.\n\n---\n\nOr two.\n\n" for number in range(4))
    assert answers(read(text, "a.md")) == ["A loop.\n\n---\n\nOr two."] * 4


def test_an_answer_label_behind_a_pictogram_is_cut_off():
    assert answers(sample("ticked_headings.md")[0])[2:] == ["White, grey, black.", "Blow it.", ""]


def test_code_between_a_question_and_its_answer_mark_belongs_to_the_question():
    file, text = sample("code_before_answer.txt")
    assert answers(file) == ["1", "It fails.", "a", "a := 1", "They end."]
    place = file.entries[1].question_place
    assert "sail();" in text[place.start : place.end]


def test_markdown_between_a_question_and_its_answer_mark_is_kept_in_the_answer():
    assert answers(sample("middle_dots.md")[0])[0].startswith("**Asked as:**")


def test_a_badge_is_no_answer_and_a_picture_is_one():
    assert answers(sample("badges.md")[0])[1:] == [
        "On the bridge.",
        "The time.",
        "",
        "![the log](https://example.org/log.png)",
    ]


def test_line_breaks_part_question_and_answer_and_end_neither():
    assert answers(sample("one_line_breaks.md")[0]) == ["It floats.", "A cloth.", "Water.", ""]
    assert answers(sample("running_breaks.md")[0]) == ["It floats.", "A cloth.<br />\nIt is sewn.", "", "1,852 metres."]
    assert questions(read("Q1. What is a boat?<br />\nAns: It floats.<br>\nQ2. Why?<br/>\n")) == [
        "What is a boat?",
        "Why?",
    ]


def test_a_fence_of_prompts_in_an_answer_opens_no_question():
    fence = "```text\n1. What is it?\n2. Why is it?\n3. How is it?\n4. Who is it?\n```\n"
    text = f"# What to ask?\n\n1. What is a hook?\n{fence}\n" + "".join(
        f"{n}. What is {n}?\nIt.\n" for n in range(2, 9)
    )
    assert len(read(text, "a.md").entries) == 8


def test_headings_of_years_are_no_questions():
    assert read("## 2021\nx\n## 2022\ny\n## 2023\nz\n", "a.md").format == "markdown-sections"


def test_a_list_of_questions_below_a_bare_row_is_no_answer_and_one_below_an_answered_question_is():
    file, _ = sample("three_lists.md")
    assert answers(file)[4] == "https://example.org/all-about-boats"
    assert answers(file)[-1].endswith("6. Who pays?")


def test_a_fence_that_begins_with_a_sentence_is_no_fence():
    file, _ = sample("sentence_fences.md")
    assert not any("`" in question for question in questions(file))
    assert file.loose[-1].text.startswith("```python")


def test_the_last_question_of_a_block_has_no_answer_in_the_tip_below():
    file, _ = sample("blocks_and_tips.md")
    assert answers(file)[5:] == [""] * 12
    assert any("Point at them." in loose.text for loose in file.loose)


def test_a_row_without_a_number_answers_the_one_above_in_a_table_that_counts():
    file, _ = sample("counted_table.md")
    assert answers(file) == ["It floats, says the mate.", "answer", "", "", "answer", "", ""]


def test_folded_answers_with_bold_questions_in_them_are_no_chapters():
    fold = "<details>\n<summary>Answer</summary>\n\n**Why?** Because.\n\n</details>\n\n"
    text = "".join(f"{number}. What is knot {number}?\n\n{fold}" for number in range(1, 5))
    assert questions(read(text, "a.md")) == [f"What is knot {number}?" for number in range(1, 5)]


def test_commas_that_nobody_quoted_lose_no_part_of_an_answer():
    assert answers(sample("commas.csv")[0]) == [
        "Water, salt, and time",
        "Yes, it does",
        "Below 25 degrees, in winter",
        "",
        "By heat",
    ]
    found = answers(sample("headless.csv")[0])
    assert found[:5] == ["The rise and fall of the sea", "Moon, sun, and wind", "Spring tide", "Yes", "Four, as a rule"]


def test_a_letter_that_names_the_right_choice_stays_in_a_record_without_a_header():
    for right in ("B", "2"):
        rows = [f"What is part {number}?,one,two,three,{right}" for number in range(9)]
        assert set(answers(read("\n".join(rows), "a.csv"))) == {f"one,two,three,{right}"}


def test_values_of_which_one_is_quoted_are_put_together_with_their_quotes():
    rows = [f"What is part {number}?,x,1" for number in range(9)]
    assert answers(read("\n".join([*rows, 'What is all?,"a, b",c,2']), "a.csv"))[-1] == '"a, b",c'


def test_sentences_with_commas_are_no_records():
    text = "What is tea, and why? It is a leaf, dried.\nHow is it made?\nWith water, hot.\nWho drinks it, and when?\n"
    assert read(text, "a.txt").format != "csv"


def test_bold_items_between_other_text_are_asked_only_when_they_ask():
    text = "- **What is a?**\n- **What is b?**\n\nText.\n- **Mesh**\n- **What is c?**\n  z\n- **What is d?**\n"
    assert questions(read(text, "a.md")) == ["What is a?", "What is b?", "What is c?", "What is d?"]


def test_numbers_within_the_answer_of_a_marked_question_ask_nothing():
    inner = "Q1. What are the steps?\n1. Do it\n2. What is left?\n\nQ2. Why?\nAsk:\n3. What is it?\n\nQ3. When?\nx\n"
    assert questions(read(inner)) == ["What are the steps?", "Why?", "When?"]


@pytest.mark.parametrize("title", ["Other Answers", "Other resources", "Other links"])
def test_a_last_heading_that_points_elsewhere_is_no_question(title: str):
    file = read(f"### What is it?\nx\n### What then?\ny\n### Why?\nz\n\n### {title}\n\n- https://a.b/c\n", "a.md")
    assert questions(file) == ["What is it?", "What then?", "Why?"]
    assert answers(file)[-1] == "z"


def test_bold_that_never_closes_is_not_ended_by_bold_within_it():
    text = (
        "**Q1. I am asked for the **key**. Does it expire?\nA1. Yes.\n\n**Q2. Why is it __so__?** <br/>\nA2. Because.\n"
    )
    assert questions(read(text, "a.md")) == ["I am asked for the key. Does it expire?", "Why is it __so__?"]
    assert answers(read(text, "a.md")) == ["Yes.", "Because."]


def test_numbered_questions_behind_marked_ones_leave_the_last_answer_and_no_doubt():
    file, text = sample("numbers_after_marks.md")
    assert answers(file)[2].endswith("2. What is dry?\nThe rest.")
    assert answers(file)[4].startswith("Nobody looked.")
    assert "(11 entries)" in file.warnings[0]
    plain = text.replace("1. What is wet?", "What is wet?").replace("2. What is dry?", "What is dry?")
    assert read(plain, "a.md").warnings == ()


@pytest.mark.parametrize(("said", "count", "found"), [("Text.", 6, 11), ("Ask these:", 6, 5), ("Text.", 5, 5)])
def test_few_or_announced_numbered_questions_stay_in_the_answer(said: str, count: int, found: int):
    marked = "".join(f"Q. What is part {number}?\nText.\n\n" for number in range(4))
    row = "".join(f"{number}. Why is step {number} done?\nBecause.\n\n" for number in range(1, count + 1))
    assert len(read(f"{marked}Q. What is next?\n{said}\n\n{row}").entries) == found
