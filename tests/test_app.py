"""The assembly: what may be asked, on which index an answer stands, and what is opened when."""

from __future__ import annotations

import threading

import pytest
from assembled import settings_in
from small_index import always

from assistant import answering, embed
from assistant.app import LONGEST_QUESTION, Assistant, checked
from assistant.errors import ModelSettingsError, NotesError, QuestionError, SettingsError
from assistant.types import Answer, Prompt, Tokens, Turn


@pytest.fixture
def assistant(desk):
    """The desk's notes behind an embedder that counts words, sure that every question is answered."""
    made = Assistant(settings_of(desk))
    made._embedder = desk.embedder
    made._confidence = always("answered")
    return made


def settings_of(desk, **more):
    return settings_in(desk.notes.parent, notes=desk.notes, index=desk.index, **more)


# --- questions


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "???", "…", "'", "\u200b"])
def test_a_question_without_a_word_is_refused(assistant, question):
    for ask in (assistant.ask, assistant.search, assistant.prompt):
        with pytest.raises(QuestionError, match="no question"):
            ask(question)


def test_a_question_of_2000_characters_is_the_longest(assistant):
    longest = "spaces " * 285 + "sky??"
    assert len(longest) == LONGEST_QUESTION == 2000
    assert assistant.ask(f"  {longest}\n").question == longest
    with pytest.raises(QuestionError, match="2001 characters"):
        assistant.ask(longest + "?")
    assert checked(longest) == longest


def test_a_refused_question_builds_nothing(assistant, desk):
    with pytest.raises(QuestionError):
        assistant.ask("")
    assert not desk.index.exists()


# --- the index


def test_a_question_that_is_expected_opens_the_model_ahead(assistant, desk, monkeypatch):
    opened = []
    monkeypatch.setattr(desk.embedder, "open_ahead", lambda: opened.append(desk.index.exists()))
    assistant.expect_question()
    assert opened == [False]


def test_the_first_question_builds_the_index_and_the_next_reads_nothing(assistant, desk, monkeypatch):
    assert not desk.index.exists()
    assert "They stand between words." in assistant.ask("What are spaces?").text
    (desk.notes / "a.txt").unlink()
    monkeypatch.setattr("assistant.indexing.refresh", lambda *_, **__: pytest.fail("the index was looked at again"))
    assert "They stand between words." in assistant.ask("What are spaces?").text


def test_a_stream_that_began_before_a_refresh_finishes_on_its_index(assistant, desk):
    stream = assistant.stream("What are spaces?")
    first = next(stream)
    desk.write("a.txt", "Q. What are spaces?\nNothing at all, really.\n")
    after = assistant.refresh()
    *rest, answer = stream
    assert isinstance(answer, Answer)
    assert "".join([first, *rest]) == answer.text
    assert "They stand between words." in answer.text
    assert all(
        citation.quote in "They stand between words.\n\nSome are wider than others." for citation in answer.citations
    )
    assert "Nothing at all, really." in assistant.ask("What are spaces?").text
    assert assistant.notes() == after.notes


def test_an_open_index_does_not_change_when_the_notes_do(assistant, desk):
    before = assistant.refresh()
    names, rows = [note.id for note in before.notes], before.vectors.vectors().copy()
    desk.write("c.txt", "Q. What is new?\nThis.\n")
    assistant.refresh()
    assert [note.id for note in before.notes] == names
    assert (before.vectors.vectors() == rows).all()
    assert len(assistant.notes()) == len(names) + 1


def test_questions_from_many_threads_get_whole_answers_while_the_notes_change(assistant, desk):
    old, new = "They stand between words.", "Nothing at all, really."
    texts, stop = [], threading.Event()

    def keep_asking():
        while not stop.is_set():
            texts.append(assistant.ask("What are spaces?").text)

    assistant.refresh()
    threads = [threading.Thread(target=keep_asking) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for entry in (new, old) * 3:
            desk.write("a.txt", f"Q. What are spaces?\n{entry}\n")
            assistant.refresh()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert texts
    assert all((old in text) != (new in text) for text in texts)


def test_indexing_tells_what_was_done_and_again_does_nothing(assistant):
    done = []
    summary = assistant.index(progress=lambda *step: done.append(step))
    assert (summary.files, summary.notes, summary.answered, summary.unanswered) == (2, 3, 2, 1)
    assert summary.changed
    assert done
    again = assistant.index()
    assert (again.changed, again.embedded) == (False, 0)


def test_no_notes_are_an_error_and_no_index(tmp_path, assistant, desk):
    for path in desk.notes.iterdir():
        path.unlink()
    with pytest.raises(NotesError):
        assistant.ask("What are spaces?")


def test_files_are_read_as_they_are_now(assistant, desk):
    assistant.refresh()
    desk.write("c.txt", "Q. What is new?\nThis.\n")
    assert [file.path for file in assistant.files()] == ["a.txt", "b.txt", "c.txt"]


# --- the parts


def test_a_question_has_the_same_hits_whether_searched_or_asked(assistant):
    found, answer = assistant.search("wide spaces"), assistant.ask("wide spaces")
    assert found.hits == answer.hits
    assert found.question == answer.question == "wide spaces"


def test_streaming_and_asking_say_the_same(assistant):
    *pieces, last = assistant.stream("What are tabs?")
    answer = assistant.ask("What are tabs?")
    assert "".join(pieces) == last.text == answer.text
    assert last.citations == answer.citations


def test_the_outcome_is_that_of_the_confidence(assistant):
    assistant._confidence = always("not_in_notes")
    answer = assistant.ask("What are spaces?")
    assert (answer.status, answer.text, answer.citations) == ("not_in_notes", "", ())
    assert "What is left open?" in [note.question for note in answer.closest]
    assistant._confidence = always("noted_unanswered")
    answer = assistant.ask("What is left open?")
    assert (answer.status, answer.citations[0].quote) == ("noted_unanswered", "Q. What is left open?")
    assert answer.hits[0].note.question == "What is left open?"


def test_a_confidence_file_of_the_settings_is_read(desk, tmp_path):
    (tmp_path / "mine.json").write_text("[]")
    made = Assistant(settings_of(desk, confidence=tmp_path / "mine.json"))
    made._embedder = desk.embedder
    with pytest.raises(SettingsError, match=r"mine\.json"):
        made.ask("What are spaces?")


def test_the_prompt_of_the_quoter_is_everything_that_was_found(assistant):
    prompt = assistant.prompt("What are tabs?")
    found = [hit.note for hit in assistant.search("What are tabs?").hits]
    assert [source.note for source in prompt.sources] == [note for note in found if note.answered]


def test_a_model_that_cannot_be_opened_is_said_before_anything_is_sent(desk):
    made = Assistant(settings_of(desk, llm="nobody:nothing"))
    made._embedder, made._confidence = desk.embedder, always("answered")
    with pytest.raises(ModelSettingsError):
        made.ask("What are spaces?")


def test_a_model_writes_where_one_is_set(assistant):
    class Model:
        name = "scripted:1"

        def write(self, prompt):
            yield "They stand between words [1]."

    def compose(question, sources):
        return Prompt(question, tuple(sources), "", "", Tokens(), ())

    assistant._writing = lambda *_: answering.Writing(Model(), compose, lambda _: False)
    answer = assistant.ask("What are spaces?")
    assert (answer.writer, answer.fault) == ("scripted:1", None)
    assert answer.citations[0].quote == "They stand between words"


def test_a_follow_up_is_read_with_its_topic_and_shown_as_it_was_asked(assistant):
    history = (Turn("user", "What are tabs?"), Turn("assistant", "Wide spaces."))
    answer = assistant.ask("and why?", history)
    assert answer.question == "and why?"
    assert answer.read_as is not None
    assert "tabs" in answer.read_as
    assert assistant.ask("What are spaces?", ()).read_as is None


def test_opening_reads_nothing(desk, monkeypatch):
    monkeypatch.setattr(embed, "open_embedder", lambda *_: pytest.fail("the model was opened"))
    Assistant(settings_of(desk))
    assert not desk.index.exists()
