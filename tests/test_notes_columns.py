"""The names of columns, and tables of Markdown that look like columns between bars."""

from __future__ import annotations

import json

import pytest

from tests.lossless import check_lossless
from tests.test_notes import answers, questions, read

KNOTS = (
    ("What is a bowline?", "A loop that holds."),
    ("What is a hitch?", "A knot on a pole."),
    ("And a bend?", "Two ropes."),
)


@pytest.mark.parametrize(
    "header",
    [
        "Question,IdealAnswer,Level", "question,ideal_answer,level", "Question,Model answer,Level",
        "QuestionText,AnswerText,Level", "interview_question,Answer (short),Level", "Question,Expected Response,Level",
    ],
)  # fmt: skip
def test_a_name_with_the_word_question_or_answer_in_it_names_that_column(header: str):
    file = read("\n".join([header, *(f"{asked},{said},1" for asked, said in KNOTS)]), "a.csv")
    assert list(zip(questions(file), answers(file), strict=True)) == list(KNOTS)


@pytest.mark.parametrize(
    "header",
    [
        "question_id,Question,answer_count,Answer", "Question No,Prompt,Answer type,Solution",
        "Question #,Question,Answer B,Answer", "QuestionID,QuestionBody,WrongAnswer,CorrectAnswer",
    ],
)  # fmt: skip
def test_an_id_a_count_or_a_choice_is_no_question_and_no_answer(header: str):
    file = read("\n".join([header, *(f"7,{asked},3,{said}" for asked, said in KNOTS)]), "a.csv")
    assert list(zip(questions(file), answers(file), strict=True)) == list(KNOTS)


def test_a_column_of_one_among_several_choices_answers_nothing():
    rows = [f"{asked},a rope,a pole,2" for asked, _ in KNOTS]
    assert set(answers(read("\n".join(["Question,Answer A,Answer B,Right", *rows]), "a.csv"))) == {""}


def test_a_sentence_with_a_comma_is_no_header():
    text = "My questions, for sailors\n\n" + "".join(f"Q. {asked}\n{said}\n\n" for asked, said in KNOTS)
    file = read(text, "a.txt")
    assert (file.format, questions(file)) == ("q-lines", [asked for asked, _ in KNOTS])


@pytest.mark.parametrize("title", ["", "# Knots\n\n", "*** Questions on knots**\n\n"])
@pytest.mark.parametrize("edge", ["| ", ""])
def test_a_table_is_no_file_of_values_between_bars(title: str, edge: str):
    rows = [f"{edge}{number} | {asked} | {said} | -" for number, (asked, said) in enumerate(KNOTS, 1)]
    text = "\n".join([f"{title}{edge}# | Question | Answer | Example", f"{edge}--- | --- | --- | ---", *rows])
    file = read(text, "a.md")
    assert file.format == "markdown-table"
    assert list(zip(questions(file), answers(file), strict=True)) == list(KNOTS)
    check_lossless(file, text)


def test_a_table_may_name_its_columns_with_more_words():
    rows = [f"| {asked} | rope | {said} |" for asked, said in KNOTS]
    text = "\n".join(["# Knots", "", "| Asked question | Field | Sample answer |", "|---|---|---|", *rows])
    assert answers(read(text, "a.md")) == [said for _, said in KNOTS]


@pytest.mark.parametrize("names", [("question", "correctAnswer"), ("questionText", "ideal_answer"), ("Q", "A")])
@pytest.mark.parametrize("ends", ["\n", ",\n"])
def test_keys_of_json_are_named_as_columns_are(names: tuple[str, str], ends: str):
    objects = ends.join(json.dumps({"question_id": 7, **dict(zip(names, pair, strict=True))}) for pair in KNOTS)
    file = read(f"[{objects}]" if "," in ends else objects, "a.json")
    assert list(zip(questions(file), answers(file), strict=True)) == list(KNOTS)
