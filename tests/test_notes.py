"""The user's own format, encodings, line ends, places and names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import notes
from assistant.errors import SettingsError
from tests.lossless import check_lossless, decoded

if TYPE_CHECKING:
    from assistant.types import NotesFile

SEED = Path(__file__).parent.parent / "corpus" / "notes.txt"
SMALL = """Q. what is subnet ?
Resource Isolation:

    code here
1. one

Q. multi threading in python

Q.versoning in S3
\tx = 1
Last line.
"""


def read(text: str, path: str = "notes.txt", **options) -> NotesFile:
    return notes.read(path, text.encode(), **options)


def questions(file: NotesFile) -> list[str]:
    return [entry.question for entry in file.entries]


def answers(file: NotesFile) -> list[str]:
    return [entry.answer for entry in file.entries]


def test_the_seed_file_holds_29_questions_of_which_four_have_no_answer():
    text = SEED.read_text(encoding="utf-8")
    file = read(text, "corpus/notes.txt")
    named = notes.name([file])
    assert len(named) == 29
    assert [note.question for note in named if not note.answered] == [
        "multi threading in python",
        "different decorators in django ?",
        "what is persist and cache in spark ?",
        "How join will be performed if size of the data is more than memory, eg 15 gb join to be performed on 10 gb ram?",  # noqa: E501
    ]
    assert file.loose == ()
    assert file.warnings == ()
    assert file.format == "q-lines"
    check_lossless(file, text)


def test_a_seed_note_stands_at_its_lines():
    file = read(SEED.read_text(encoding="utf-8"), "corpus/notes.txt")
    note = next(note for note in notes.name([file]) if note.id == "versoning-in-s3")
    assert str(note.place) == "corpus/notes.txt:76-99"
    assert note.answer.startswith("Enabling Versioning:\nVersioning is enabled")
    assert "\n\n" in next(note for note in notes.name([file]) if note.id == "rest-api-versioning").answer


def test_an_answer_reaches_to_the_next_question_and_keeps_what_is_inside():
    file = read(SMALL)
    assert questions(file) == ["what is subnet ?", "multi threading in python", "versoning in S3"]
    assert answers(file) == ["Resource Isolation:\n\n    code here\n1. one", "", "\tx = 1\nLast line."]
    assert [entry.state for entry in file.entries] == ["answered", "unanswered", "answered"]
    assert [str(entry.place) for entry in file.entries] == ["notes.txt:1-5", "notes.txt:7", "notes.txt:9-11"]
    check_lossless(file, SMALL)


def test_a_first_answer_line_starts_at_its_first_character_unless_it_is_code():
    assert answers(read("Q. a\n  two\nQ. b\n    x = 1")) == ["two", "    x = 1"]


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("Q. what", "what"),
        ("Q.what", "what"),
        ("Q: what", "what"),
        ("Q1) what", "what"),
        ("Q1. what", "what"),
        ("Q 12: what", "what"),
        ("q. what", "what"),
        ("Q-3. what", "what"),
        ("Q3 - what", "what"),
        ("Q. - what", "- what"),
        ("Question 3: what", "what"),
        ("Question: what", "what"),
        ("Ques. what", "what"),
        ("Que 4. what", "what"),
        ("Q1 What is it?", "What is it?"),
        ("QUESTION 5. what", "what"),
        ("  Q. what ", "what"),
        ("(Q1) what", "what"),
        ("[Q1] what", "what"),
        ("Q.1) what", "what"),
        ("Q.No.1: what", "what"),
    ],
)
def test_question_marks_of_many_hands_are_known(line: str, question: str):
    assert questions(read(f"{line}\nanswer\n")) == [question]


@pytest.mark.parametrize(
    "line", ["Question everything", "Q.E.D.", "Quick. sort", "Q&A", "Q1 2024 was good", "Qualify: it", "Queue: a list"]
)
def test_words_that_only_look_like_a_mark_open_nothing(line: str):
    assert questions(read(f"Q. first\n{line}\n")) == ["first"]


@pytest.mark.parametrize(
    "mark", ["A:", "A.", "Ans.", "Ans:", "Answer:", "Ans -", "A1)", "ANSWER:", "**Answer:**", "**A:**", "Sol:", "a:"]
)
def test_an_answer_mark_is_not_part_of_the_answer(mark: str):
    assert answers(read(f"Q1) first\n\n{mark} the text\nmore\nQ2) next\n{mark}\nbelow\n")) == [
        "the text\nmore",
        "below",
    ]


def test_choices_that_begin_with_a_are_no_answer_mark():
    assert answers(read("Q. which?\nA. a tree\nB. a heap\n")) == ["A. a tree\nB. a heap"]


def test_a_question_that_runs_on_to_the_answer_mark_is_one_question():
    file = read("Q: what is the\n   difference of both?\nA: none\nQ: next\nA: some\n")
    assert questions(file) == ["what is the difference of both?", "next"]
    assert answers(file) == ["none", "some"]
    assert str(file.entries[0].question_place) == "notes.txt:1-2"


def test_a_mark_alone_marks_the_next_line():
    file = read("Q.\n\nwhat is it?\nit\nQ2.\n\nA: nothing\n")
    assert questions(file) == ["what is it?", ""]
    assert answers(file) == ["it", "nothing"]


def test_a_mark_inside_a_code_fence_is_no_question():
    file = read("Q. one\n```\nQ. not this\n```\nQ. two\n~~~text\nQ. nor this\n~~~\n")
    assert questions(file) == ["one", "two"]


def test_a_fence_that_is_never_closed_swallows_no_question():
    assert questions(read("Q. one\n```python\nx\nQ. two\ny\n")) == ["one", "two"]


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_encodings_and_line_ends_change_no_question_and_no_line(encoding: str, ends: str):
    text = (SMALL + "Q. caf\u00e9 \u2014 \u00fc ?\nyes\n").replace("\n", ends)
    file = notes.read("n.txt", text.encode(encoding))
    assert questions(file) == questions(read(text))
    assert [str(entry.place) for entry in file.entries] == ["n.txt:1-5", "n.txt:7", "n.txt:9-11", "n.txt:12-13"]
    assert file.warnings == ()
    check_lossless(file, text)


def test_windows_1252_is_read_with_a_warning_that_names_the_line():
    file = notes.read("n.txt", "Q. one\nplain\nQ. caf\u00e9 \u2013 ?\nyes".encode("cp1252"))
    assert questions(file) == ["one", "caf\u00e9 \u2013 ?"]
    assert file.encoding == "cp1252"
    assert "n.txt:3" in file.warnings[0]


def test_damaged_utf_8_is_replaced_with_a_warning_that_names_the_line():
    file = notes.read("n.txt", b"Q. caf\xc3\xa9\nfine\nbro\xffken\nQ. two\n")
    assert questions(file) == ["caf\u00e9", "two"]
    assert answers(file)[0] == "fine\nbro\ufffdken"
    assert "n.txt:3" in file.warnings[0]


def test_lone_surrogates_never_come_out():
    file = notes.read("n.txt", b"\xff\xfe" + "Q. a\n".encode("utf-16-le") + b"\x00\xd8" + "\nQ. b".encode("utf-16-le"))
    assert questions(file) == ["a", "b"]
    answers(file)[0].encode()


def test_old_macintosh_line_ends_are_warned_of():
    assert "CR line ends" in read("Q. one\rtwo\r").warnings[0]


def test_only_line_feeds_end_a_line():
    text = "Q. one\x0btwo\nthree\x0c\x85four\u2028five\nQ. six\n"
    file = read(text)
    assert [str(entry.place) for entry in file.entries] == ["notes.txt:1-2", "notes.txt:3"]
    check_lossless(file, text)


def test_text_before_the_first_question_is_loose():
    file = read("My notes\nof 2024\n\nQ. one\n")
    assert [(str(loose.place), loose.text) for loose in file.loose] == [("notes.txt:1-2", "My notes\nof 2024")]


@pytest.mark.parametrize("text", ["", "\n\n", " \t\r\n", "\ufeff"])
def test_an_empty_file_has_no_entries(text: str):
    file = read(text)
    assert file.entries == file.loose == ()


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("TODO", "stub"),
        ("todo: write this", "stub"),
        ("**TBD**", "stub"),
        ("FIXME", "stub"),
        ("...", "stub"),
        ("-", "stub"),
        ("?", "stub"),
        ("Coming soon!", "stub"),
        ("see link", "stub"),
        ("See above.", "stub"),
        ("Refer the docs", "stub"),
        ("https://example.org/a?b=c", "stub"),
        ("[Answer](https://example.org)", "stub"),
        ("see https://example.org/x", "stub"),
        ("N/A", "stub"),
        ("to be added", "stub"),
        ("Yes.", "answered"),
        ("See the GIL: one thread runs at a time.", "answered"),
        ("Using Explode function", "answered"),
        ("![diagram](a.png)", "answered"),
        ("42", "answered"),
        ("none of them", "answered"),
        ("Links are followed.", "answered"),
        ("Read committed", "answered"),
    ],
)
def test_a_promise_or_a_pointer_is_a_stub(answer: str, state: str):
    assert read(f"Q. x\n{answer}\n").entries[0].state == state


def test_ids_are_slugs_and_repeats_are_numbered_in_reading_order():
    files = [read("Q. x\nQ. X ?\nQ. x-2\n", "b.txt"), read("Q. x!\nQ. ???\n", "a.txt")]
    named = [(str(note.place), note.id) for note in notes.name(files)]
    assert named == [("a.txt:1", "x"), ("a.txt:2", "note"), ("b.txt:1", "x-3"), ("b.txt:2", "x-4"), ("b.txt:3", "x-2")]


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("versoning in S3", "versoning-in-s3"),
        ("What is versoning in S3 ?", "what-is-versoning-in-s3"),
        ("\u00dcber caf\u00e9?", "\u00fcber-caf\u00e9"),
        ("U\u0308ber", "\u00fcber"),
        ("C++ & C#", "c-c"),
        ("a" * 100, "a" * 80),
    ],
)
def test_slugs(question: str, slug: str):
    assert notes.name([read(f"Q. {question}\n")])[0].id == slug


@given(st.lists(st.sampled_from(["x", "x-2", "x 2", "x-3", "y", "X?", "x-2-2", "???", "y-2"]), max_size=20))
def test_ids_are_unique_and_a_question_keeps_its_own_slug_first(asked: list[str]):
    ids = [note.id for note in notes.name([read("".join(f"Q. {question}\n" for question in asked))])]
    assert len(ids) == len(asked) == len(set(ids))


@given(
    st.lists(
        st.tuples(st.sampled_from(["x", "x-2", "x 2", "x-3", "y", "X?", "???", "y-2", "in 1999"]), st.booleans()),
        max_size=15,
    )
)
def test_a_note_is_named_as_its_entry_would_be_whatever_it_was_called_before(asked: list[tuple[str, bool]]):
    entries = read("".join(f"Q. {question}\n" for question, _ in asked)).entries
    before = iter(notes.named(entry for entry, (_, kept) in zip(entries, asked, strict=True) if kept))
    mixed = [next(before) if kept else entry for entry, (_, kept) in zip(entries, asked, strict=True)]
    assert notes.named(mixed) == notes.named(entries)


def test_a_quoted_question_that_ends_with_blank_lines_ends_before_them():
    text = 'question,answer\n"What is\na field?\n\n\n",A value.\n'
    (entry,) = read(text, "a.csv").entries
    assert (entry.question, str(entry.question_place).split(":")[-1]) == ("What is a field?", "2-3")
    check_any(text.encode())


def test_a_setting_settles_the_format_and_an_unknown_one_is_refused():
    assert read("Q. one\n", overrides={"*.txt": "plain"}).entries == ()
    assert read("Q. one\n", "a/b.md", overrides={"a/*": "plain", "a/b.md": "q-lines"}).format == "q-lines"
    with pytest.raises(SettingsError, match="nonsense"):
        read("Q. one\n", overrides={"notes.txt": "nonsense"})


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_and_no_line_is_lost(data: bytes):
    check_any(data)


PIECES = st.sampled_from(
    ["Q. a", "Q1) b?", "A: c", "Ans.", "\n", "\n\n", "\r\n", "```", "~~~", "    ", "\t", "text", "?", "\ufeff", "\x85",
     "## ", "### 1. ", "**", "| ", "---", "<details>", "<summary>", "</details>", "- ", "1. ", "<!--", "-->", ",", '"',
     "[x](#x)", "What is x?", "{", '{"question": "x", "answer": "y"}', "question,answer", "#separator:tab", "TODO"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60).map("".join))
def test_no_mixture_of_marks_makes_it_fail_or_lose_a_line(text: str):
    check_any(text.encode())


def check_any(data: bytes) -> None:
    file = notes.read("n.md", data)
    text = decoded(file, data)
    check_lossless(file, text)
    json.dumps([entry.question for entry in file.entries]).encode()
