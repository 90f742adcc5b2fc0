"""What is asked and not found is kept for this person alone, grouped, and written down where it is read back."""

import os
import stat
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import gaps, notes
from assistant.errors import UsageError
from assistant.notes.folder import DOCUMENTS, suffix
from assistant.types import Answer, Citation, Note, Place, Tokens

SAMPLES = sorted(path for path in (Path(__file__).parent / "samples").iterdir() if path.name != "expected.json")
WORDS = st.lists(st.from_regex(r"[a-z]{2,9}", fullmatch=True), min_size=3, max_size=8)
NOWHERE = Place("notes.txt", 1, 1, 0, 4)


def answer(question, status="not_in_notes", note=None):
    cited = (Citation(1, note, note, NOWHERE, "Q. x"),) if note else ()
    return Answer(
        question, None, status, 0.9, "", True, "quote", (), (), cited, (), (), Tokens(), 0.0, 0.0, None
    )  # fmt: skip


def note(name, question, text=""):
    return Note(name, question, text, "answered" if text else "unanswered", NOWHERE, NOWHERE, NOWHERE, question)


# --- keeping


def test_what_was_not_found_is_kept_and_what_was_answered_is_not(tmp_path):
    for one in (answer("what is a ufo"), answer("what is a cat", "answered"), answer("x y", "noted_unanswered", "x-y")):
        gaps.record(tmp_path / "asked", one)
    assert [(one.question, one.status, one.note_id) for one in gaps.kept(tmp_path / "asked")] == [
        ("what is a ufo", "not_in_notes", ""),
        ("x y", "noted_unanswered", "x-y"),
    ]


def test_only_this_person_can_read_what_is_kept(tmp_path):
    before = os.umask(0)
    try:
        gaps.record(tmp_path / "asked", answer("what is a ufo"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "asked").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "asked" / gaps.FILE).stat().st_mode) == 0o600


def test_a_question_that_cannot_be_kept_is_no_error(tmp_path):
    (tmp_path / "asked").write_text("a file where the folder would be")
    gaps.record(tmp_path / "asked", answer("what is a ufo"))


def test_any_question_is_kept_on_one_line(tmp_path):
    for question in ("two\nlines", "\udc80 \x1b[2J", "x" * 2000):
        gaps.record(tmp_path, answer(question))
    assert len((tmp_path / gaps.FILE).read_bytes().splitlines()) == len(gaps.kept(tmp_path)) == 3


def test_broken_lines_are_passed_over(tmp_path):
    gaps.record(tmp_path, answer("what is a ufo"))
    with (tmp_path / gaps.FILE).open("a") as file:
        file.write('[]\n{"when": 1}\n{"question"\n\n{"when":"","question":"q","status":"answered","note_id":""}\n')
    assert [one.question for one in gaps.kept(tmp_path)] == ["what is a ufo"]


def test_what_was_read_as_something_else_is_kept_as_it_was_read(tmp_path):
    gaps.record(tmp_path, replace(answer("waht is a ufo"), read_as="what is a ufo"))
    assert gaps.kept(tmp_path)[0].question == "what is a ufo"


def test_all_can_be_forgotten(tmp_path):
    gaps.record(tmp_path, answer("what is a ufo"))
    gaps.forget(tmp_path)
    assert gaps.kept(tmp_path) == ()


# --- grouping


def asked(*questions, note_id=""):
    return tuple(
        gaps.Asked(f"2030-01-01T00:00:{number:02}+00:00", question, "not_in_notes", note_id)
        for number, question in enumerate(questions)
    )


def test_wordings_of_one_need_are_counted_together_the_most_asked_first():
    found = gaps.gaps(asked("how do joins work", "what is a ufo", "What is a UFO?", "a ufo, what is it"), ())
    assert [(gap.question, gap.count, len(gap.wordings)) for gap in found] == [
        ("what is a ufo", 3, 3),
        ("how do joins work", 1, 1),
    ]


def test_of_needs_asked_as_often_the_latest_comes_first():
    assert [gap.question for gap in gaps.gaps(asked("what is a ufo", "how do joins work"), ())] == [
        "how do joins work",
        "what is a ufo",
    ]


def test_a_need_that_a_note_meets_by_now_is_gone():
    assert gaps.gaps(asked("what is a ufo"), (note("what-is-a-ufo", "What is a UFO ?", "A light."),)) == ()


def test_a_need_that_is_written_down_names_its_note():
    found = gaps.gaps(asked("what is the ufo about", note_id="ufo"), (note("ufo", "ufos"),))
    assert found[0].note.id == "ufo"


# --- writing down


def addition(name, data, question="how do ufos fly"):
    return gaps.added(question, name, data, {})


def _without(data, piece):
    start = data.rindex(piece)
    return data[:start] + data[start + len(piece) :]


def only_one_more(name, data, question):
    made = addition(name, data, question)
    before, after = notes.read(name, data), notes.read(name, made.after)
    assert _without(made.after, made.text.encode(before.encoding)) == data
    assert after.entries[:-1] == before.entries
    assert [piece.text for piece in after.loose] == [piece.text for piece in before.loose]
    assert (after.entries[-1], after.entries[-1].answer) == (made.entry, "")
    assert after.entries[-1].state == "unanswered"
    assert not before.entries or after.format == before.format
    return made


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_format_takes_one_question_more_and_nothing_else_changes(path):
    """Or the file is refused; how few are is told below."""
    with suppress(UsageError):
        only_one_more(path.name, path.read_bytes(), "How do ufos fly?")


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(SAMPLES), WORDS, st.sampled_from(("", "?", " ?", ", or not?")), st.sampled_from(("\n", "\r\n")))
def test_any_question_is_read_back_or_the_file_is_refused(path, words, ending, line_end):
    data = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", line_end.encode())
    question = " ".join(words) + ending
    try:
        made = only_one_more(path.name, data, question)
    except UsageError:
        return
    assert "\n" not in made.text.replace(line_end, "")


SHARE = 0.9


def test_nearly_every_question_finds_its_place():
    questions = ("What is a ufo?", "how do ufos fly", "ufo speed", "Why is `x = *args` slow, and what is __init__?")
    tried = [(path, question) for path in SAMPLES for question in questions]
    taken = 0
    for path, question in tried:
        try:
            addition(path.name, path.read_bytes(), question)
        except UsageError:
            continue
        taken += 1
    assert taken >= SHARE * len(tried)


@pytest.mark.parametrize(
    ("name", "text", "appended"),
    [
        ("notes.txt", "Q. What is a cat?\nAn animal.\n\nQ. And a dog?\nToo.\n", "\nQ. how do ufos fly\n"),
        ("notes.txt", "Q. What is a cat?\nAn animal.", "\n\nQ. how do ufos fly\n"),
        ("new.txt", "", "Q. how do ufos fly\n"),
        ("new.md", "", "## how do ufos fly\n"),
        ("c.csv", "question,answer\nWhat is a cat?,An animal.\n", "how do ufos fly,\n"),
        ("c.jsonl", '{"q": "What is a cat?", "a": "An animal."}\n', '{"q": "how do ufos fly", "a": ""}\n'),
    ],
)
def test_the_question_looks_like_the_others(name, text, appended):
    assert addition(name, text.encode()).text == appended


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_of_the_file_is_kept(encoding):
    text = "Q. What is a café?\nA place.\n\nQ. And a thé?\nA drink.\n"
    made = only_one_more("a.txt", text.encode(encoding), "how do ufos fly")
    assert made.after.decode(encoding).endswith("Q. how do ufos fly\n")


def test_a_question_that_the_encoding_cannot_hold_is_refused():
    with pytest.raises(UsageError, match="lacks a character"):
        addition("a.txt", "Q. What is a café?\nA place.\n".encode("cp1252"), "什么 is that")


@pytest.mark.parametrize("kind", sorted(DOCUMENTS))
def test_documents_are_refused(kind):
    assert suffix(f"a{kind}") == kind
    with pytest.raises(UsageError, match="document"):
        addition(f"a{kind}", b"%PDF-1.4")


def test_the_file_keeps_its_mode_and_is_replaced_whole(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Q. What is a cat?\nAn animal.\n")
    path.chmod(0o640)
    gaps.write(path, addition("a.txt", path.read_bytes()))
    assert path.read_text().endswith("\nQ. how do ufos fly\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


def test_a_file_that_changed_meanwhile_is_not_touched(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Q. What is a cat?\nAn animal.\n")
    made = addition("a.txt", path.read_bytes())
    path.write_text("Q. What is a dog?\n")
    with pytest.raises(UsageError, match="changed"):
        gaps.write(path, made)
    assert path.read_text() == "Q. What is a dog?\n"
