"""Nothing a terminal would obey comes out, JSON is always JSON, and each outcome reads as it should."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import WriterError
from assistant.render import json as rendered
from assistant.render.characters import one_line, visible
from assistant.render.printing import plain, styled
from assistant.render.terminal import (
    Line,
    answer_lines,
    files_lines,
    found_lines,
    note_lines,
    notes_lines,
    prompt_lines,
    summary_lines,
)
from assistant.types import (
    Answer,
    Citation,
    Entry,
    Found,
    Hit,
    IndexSummary,
    Loose,
    Note,
    NotesFile,
    Place,
    Prompt,
    Skipped,
    Tokens,
    Unsupported,
)

HOSTILE = "\x1b[2J\x1b]52;c;aGk=\x07 \x9b31m \u202ereversed\u202c [/oops] \r over \U000e0041 \x00"
ANYTHING = st.text(st.characters())  # surrogates too


def place(first: int, last: int, path: str = "corpus/notes.txt", start: int = 10, end: int = 20) -> Place:
    return Place(path, first, last, start, end)


def note(name: str, question: str, first: int, last: int, answer: str = "An answer.") -> Note:
    state = "answered" if answer else "unanswered"
    return Note(
        name, question, answer, state, place(first, last), place(first, first), place(first + 1, last), f"Q. {question}"
    )


VERSIONING = note("versoning-in-s3", "versoning in S3", 76, 99)
THREADS = note("multi-threading-in-python", "multi threading in python", 151, 151, "")
CITATION = Citation(1, "versoning-in-s3", "versoning in S3", place(82, 82), "When you delete")
ANSWERED = Answer(
    question="deleted objects",
    read_as=None,
    status="answered",
    confidence=0.91,
    text="When you delete an object it is kept. [1]",
    complete=True,
    writer="quote",
    warnings=(),
    unsupported=(),
    citations=(CITATION,),
    hits=(Hit(VERSIONING, 0.712345, ()),),
    closest=(),
    tokens=Tokens(),
    retrieve_ms=12.34,
    write_ms=0.5,
    fault=None,
)


def text_of(answer: Answer) -> str:
    return plain(answer_lines(answer))


# --- characters


def obeyed_or_hidden(character: str) -> bool:
    """What must not reach a terminal, by the Unicode tables rather than by our own list."""
    harmless = "\n\t\u00ad\u200c\u200d"  # the last three shape words and emoji
    visible_signs = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
    kind = unicodedata.category(character)
    egyptian_or_kaithi = 0x13430 <= ord(character) <= 0x1345F or ord(character) in (0x110BD, 0x110CD)
    return (
        kind in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in harmless + visible_signs and not egyptian_or_kaithi
    )


@given(ANYTHING)
def test_no_character_that_is_obeyed_or_hidden_stays(text: str):
    assert not any(obeyed_or_hidden(character) for character in visible(text))


def test_every_such_character_of_unicode_is_made_visible():
    stayed = [hex(code) for code in range(0x110000) if obeyed_or_hidden(chr(code)) and visible(chr(code)) == chr(code)]
    assert stayed == []


@given(ANYTHING)
def test_visible_changes_nothing_twice(text: str):
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize(
    "text", ["plain", "tab\tand\nnewline", "naïve Ω 日本語 العربية 👩‍👩‍👧 नमस्ते", "[bold]not[/bold]"]
)
def test_what_people_write_stays_as_it_is(text: str):
    assert visible(text) == text


def test_the_three_forms_of_escape():
    assert visible("\x1b\x9b\u202e\U000e0041") == r"\x1b\x9b\u202e\U000e0041"


def test_a_line_end_of_two_characters_is_one_line_end_and_a_lone_return_is_shown():
    assert visible("a\r\nb\rc") == "a\nb\\x0dc"


@given(ANYTHING)
def test_one_line_is_one_line(text: str):
    assert len(one_line(text).splitlines()) <= 1
    assert "\t" not in one_line(text)


# --- JSON

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANYTHING,
    lambda inner: st.lists(inner) | st.dictionaries(ANYTHING, inner),
    max_leaves=10,
)


@given(JSON)
def test_dumps_is_one_line_of_valid_utf8_json_without_control_characters(value: object):
    line = rendered.dumps(value)
    line.encode("utf-8")
    json.loads(line, parse_constant=pytest.fail)
    assert not any(obeyed_or_hidden(character) for character in line)
    assert "\n" not in line


@given(st.text())
def test_the_value_read_back_is_the_value(text: str):
    assert json.loads(rendered.dumps({"quote": text})) == {"quote": text}


@given(ANYTHING)
def test_every_field_of_an_answer_may_hold_anything(text: str):
    answer = replace(
        ANSWERED,
        question=text,
        text=text,
        warnings=(text,),
        citations=(replace(CITATION, quote=text, note=text, place=place(1, 1, path=text)),),
        closest=(replace(THREADS, question=text),),
    )
    read = json.loads(rendered.dumps(rendered.answer_object(answer, text)))
    assert read["status"] == "answered"
    assert not any(obeyed_or_hidden(character) for character in plain(answer_lines(answer)))


def test_the_object_of_an_answer_is_the_contract():
    answer = replace(
        ANSWERED,
        read_as="deleted objects?",
        warnings=("old",),
        unsupported=(Unsupported("It is free.", 3, 14),),
        closest=(THREADS,),
        tokens=Tokens(7, 8, estimated=True),
    )
    assert rendered.answer_object(answer, "q1") == {
        "id": "q1",
        "question": "deleted objects",
        "read_as": "deleted objects?",
        "status": "answered",
        "confidence": 0.91,
        "answer": "When you delete an object it is kept. [1]",
        "complete": True,
        "writer": "quote",
        "warnings": ["old"],
        "unsupported": [{"sentence": "It is free.", "start": 3, "end": 14}],
        "citations": [
            {
                "number": 1,
                "note_id": "versoning-in-s3",
                "note": "versoning in S3",
                "path": "corpus/notes.txt",
                "first_line": 82,
                "last_line": 82,
                "start": 10,
                "end": 20,
                "quote": "When you delete",
            }
        ],
        "hits": [
            {
                "rank": 1,
                "note_id": "versoning-in-s3",
                "note": "versoning in S3",
                "path": "corpus/notes.txt",
                "first_line": 76,
                "last_line": 99,
                "score": 0.7123,
            }
        ],
        "closest": [
            {
                "note_id": "multi-threading-in-python",
                "note": "multi threading in python",
                "path": "corpus/notes.txt",
                "first_line": 151,
            }
        ],
        "tokens": {"prompt": 7, "completion": 8, "estimated": True},
        "timings_ms": {"retrieve": 12.3, "write": 0.5},
    }


def test_numbers_that_are_none_become_numbers():
    read = rendered.answer_object(replace(ANSWERED, confidence=float("nan"), retrieve_ms=float("inf")))
    assert (read["confidence"], read["timings_ms"]["retrieve"]) == (0.0, 0.0)


def test_a_fault_is_among_the_warnings_once():
    fault = WriterError("the model is gone")
    assert rendered.answer_object(replace(ANSWERED, fault=fault))["warnings"] == [fault.line()]
    told = replace(ANSWERED, fault=fault, warnings=(fault.line(),))
    assert rendered.answer_object(told)["warnings"] == [fault.line()]


def test_a_foreign_fault_does_not_tell_its_words():
    said = rendered.answer_object(replace(ANSWERED, fault=ValueError("key sk-secret")))["warnings"]
    assert said == ["the language model failed"]


def test_the_objects_of_search_notes_and_a_note():
    found = Found("q", None, "answered", 0.9, ANSWERED.hits, {})
    hits = rendered.answer_object(ANSWERED)["hits"]
    assert rendered.found_object(found) == {"question": "q", "read_as": None, "hits": hits}
    listed = rendered.notes_object([VERSIONING, THREADS], {"versoning-in-s3": ("other",)})["notes"]
    assert listed[0] == {
        "id": "versoning-in-s3",
        "question": "versoning in S3",
        "answered": True,
        "path": "corpus/notes.txt",
        "first_line": 76,
        "last_line": 99,
        "same_as": ["other"],
    }
    assert (listed[1]["answered"], listed[1]["same_as"]) == (False, [])
    assert rendered.full_note_object(VERSIONING)["answer"] == "An answer."


# --- plain text


def test_an_answer_is_the_answer_then_one_line_a_citation():
    second = replace(CITATION, number=2, place=place(340, 350), note="What is versoning\n in S3 ?")
    assert text_of(replace(ANSWERED, citations=(CITATION, second), read_as="deleted objects in S3")) == (
        "When you delete an object it is kept. [1]\n"
        "\n"
        "[1] corpus/notes.txt:82  versoning in S3\n"
        "[2] corpus/notes.txt:340-350  What is versoning in S3 ?\n"
        "\n"
        "Read as: deleted objects in S3\n"
    )


def test_an_unanswered_note_is_named_with_its_place():
    citation = Citation(1, THREADS.id, THREADS.question, place(151, 151), THREADS.question)
    answer = replace(ANSWERED, status="noted_unanswered", text="anything", citations=(citation,))
    assert text_of(answer) == (
        "You wrote this question but never answered it:\n[1] corpus/notes.txt:151  multi threading in python\n"
    )


def test_what_is_not_in_the_notes_comes_with_the_closest():
    answer = replace(ANSWERED, status="not_in_notes", text="", citations=(), closest=(VERSIONING, THREADS))
    assert text_of(answer) == (
        "This is not in your notes.\n"
        "\n"
        "Closest:\n"
        "  corpus/notes.txt:76  versoning in S3\n"
        "  corpus/notes.txt:151  multi threading in python  (no answer yet)\n"
    )
    assert text_of(replace(answer, closest=())) == "This is not in your notes.\n"


def test_a_doubtful_answer_says_so_first():
    assert text_of(replace(ANSWERED, confidence=0.55)).startswith(
        "I am not sure that this answers your question (confidence 0.55).\n\nWhen you delete"
    )


def test_a_cut_answer_and_unsupported_sentences_are_told():
    answer = replace(ANSWERED, complete=False, unsupported=(Unsupported("It is free.", 0, 11),))
    assert "The answer was cut off.\n" in text_of(answer)
    assert "Not borne out by your notes:\n  It is free.\n" in text_of(answer)


def test_hits_are_numbered_with_place_and_score():
    found = Found("q", "read q", "answered", 0.9, ANSWERED.hits, {})
    assert plain(found_lines(found)) == "1. corpus/notes.txt:76-99  versoning in S3  (0.71)\n\nRead as: read q\n"
    assert "Nothing" in plain(found_lines(replace(found, hits=())))


def test_notes_are_listed_with_what_is_missing_and_what_is_the_same():
    lines = plain(notes_lines([VERSIONING, THREADS], {"versoning-in-s3": ("b",)})).splitlines()
    assert lines[0] == "versoning-in-s3  corpus/notes.txt:76-99  versoning in S3  (same as b)"
    assert lines[1] == "multi-threading-in-python  corpus/notes.txt:151  multi threading in python  (not answered)"
    assert lines[3] == "2 notes, 1 of them not answered."


def test_a_note_is_shown_in_full():
    assert plain(note_lines(VERSIONING, ("b",))) == (
        "versoning in S3\ncorpus/notes.txt:76-99  versoning-in-s3\n\nAn answer.\n\nThe same question: b\n"
    )
    assert "never answered" in plain(note_lines(THREADS))


def test_a_file_is_explained_with_what_belongs_to_no_question():
    entry = Entry("q", "a", "answered", place(2, 3), place(2, 2), place(3, 3), "Q. q")
    loose = Loose(place(1, 1, "a.md"), "a heading " * 20)
    file = NotesFile("a.md", "0", "utf-8", "q-lines", "lines begin with Q.", (entry,), (loose,), ("2 bytes replaced",))
    text = plain(files_lines([file], "c/"))
    assert text.startswith("c/a.md\n  read as q-lines (utf-8): lines begin with Q.\n  1 question\n")
    assert "warning: 2 bytes replaced" in text
    assert "belongs to no question: c/a.md:1  a heading" in text


def test_a_summary_counts_and_names_what_was_not_read():
    skipped = tuple(Skipped(f"{number}.pdf", "a picture") for number in range(25))
    summary = IndexSummary(1, 29, 25, 4, 1, 300, 12, 3.21, True, (), skipped)
    assert plain(summary_lines(summary)).startswith(
        "1 file, 29 notes: 25 answered, 4 unanswered, 1 duplicate.\n"
        "300 passages, 12 embedded, 3.2 seconds.\n"
        "Not read: 25 files\n"
        "  0.pdf: a picture\n"
    )
    assert plain(summary_lines(summary)).endswith("  and 5 more\n")
    assert "nothing changed" in plain(summary_lines(replace(summary, changed=False, skipped=())))


def test_a_prompt_is_shown_whole_and_says_that_nothing_was_sent():
    prompt = Prompt("q", (), "Be brief.", "Q?\n" + HOSTILE, Tokens(12, 0, estimated=True), (VERSIONING,))
    text = plain(prompt_lines(prompt))
    assert "Be brief.\n" in text
    assert "about 12 tokens; nothing was sent" in text
    assert "Left out: versoning in S3" in text
    assert "\x1b" not in text


def test_without_a_language_model_there_is_no_prompt_to_show():
    prompt = Prompt("q", (), "", "", Tokens(), ())
    assert plain(prompt_lines(prompt)).startswith("No language model is set")


# --- a terminal


ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@given(ANYTHING)
def test_a_hostile_note_gives_colour_codes_only(text: str):
    shown = styled(answer_lines(replace(ANSWERED, text=text + HOSTILE)), 60, colour=True)
    assert not any(obeyed_or_hidden(character) for character in ESCAPE.sub("", shown))


def test_without_colour_there_is_no_escape_sequence():
    assert "\x1b" not in styled(answer_lines(replace(ANSWERED, confidence=0.1)), 60, colour=False)
    assert "\x1b" in styled(answer_lines(replace(ANSWERED, confidence=0.1)), 60, colour=True)


@pytest.mark.parametrize("width", [20, 40, 80])
def test_lines_are_wrapped_to_the_width_and_lose_no_word(width: int):
    words = " ".join(["1. Enabling versioning keeps all versions of an object,"] * 10)
    shown = styled([Line(words, "answer", 3)], width, colour=False)
    assert max(len(line) for line in shown.splitlines()) <= width
    assert shown.split() == words.split()
    assert all(line.startswith("   ") for line in shown.splitlines()[1:])


def test_markup_of_a_note_is_text():
    assert "[bold]x[/oops] :smile:" in styled([Line("[bold]x[/oops] :smile:", "answer")], 80, colour=True)
