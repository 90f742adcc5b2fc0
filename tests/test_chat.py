"""`assistant chat`, as someone who types into it."""

import io
import stat
import sys

import pytest

from assistant import cli
from assistant.cli import options


@pytest.fixture
def talk(walk, monkeypatch, capsys, tmp_path):
    """Type lines, get what is printed and what is said beside it."""
    monkeypatch.setattr(options, "open_assistant", lambda _: walk.assistant)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "assistant.toml").write_text('notes = "corpus"\n')
    (tmp_path / "corpus").mkdir()

    def call(*lines):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        code = cli.run(["chat"])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_a_question_gets_its_answer_and_its_sources(talk):
    code, out, _ = talk("what is a mutex in python?")

    assert code == 0
    assert "mutual exclusion object" in out
    assert "notes.txt:231" in out


def test_a_follow_up_is_read_with_what_was_asked_before(talk):
    _, out, _ = talk("what is a shallow copy?", "and the deep one?")

    assert "Read as: and the deep one?" in out
    assert out.count("shallow copy and deep copy ?") == 2


def test_a_new_conversation_forgets(talk):
    _, out, err = talk("what is a shallow copy?", "/new", "and the deep one?")

    assert "A new conversation." in err
    assert "still on" not in out


def test_open_prints_the_cited_lines_with_two_lines_around(talk):
    _, out, _ = talk("once versioning is on, can it be disabled again in s3?", "/open 1")

    numbered = [line for line in out.split("\n") if line[2:7].strip().isdigit()]
    marked = [line for line in numbered if line.startswith(">")]
    assert marked
    assert 2 <= len(numbered) - len(marked) <= 4


def test_open_of_a_citation_that_is_not_there_says_so(talk):
    _, _, err = talk("what is the GIL?", "/open 99", "/open")

    assert "error[USAGE]: the last answer has no citation 99. Run: /sources\n" in err
    assert "error[USAGE]: the number of a citation is missing. Run: /sources\n" in err


def test_a_word_behind_quit_does_not_keep_anybody(talk):
    assert talk("/quit now", "what is the GIL?") == (0, "", "")


def test_commands_before_the_first_answer_say_so(talk):
    _, _, err = talk("/sources", "/open 1", "/nonsense", "   ")

    assert err.count("there is no answer yet") == 2
    assert "there is no command /nonsense" in err


def test_a_question_that_cannot_be_asked_ends_nothing(talk):
    code, out, err = talk("???", "x" * 2001, "what is the GIL?")

    assert code == 0
    assert err.count("error[QUESTION]") == 2
    assert "Global Interpreter Lock" in out


def test_a_saved_conversation_keeps_its_citations_and_never_replaces_a_file(talk, tmp_path):
    _, _, err = talk("what is the GIL?", "how do I bake bread?", "/save said.md", "/save said.md")

    text = (tmp_path / "said.md").read_text("utf-8")
    assert "## what is the GIL?" in text
    assert "> The Global Interpreter Lock" in text
    assert "- [1] " in text
    assert "Not in your notes." in text
    assert "exists already" in err


def test_what_was_typed_is_kept_for_the_person_alone(tmp_path, monkeypatch):
    from assistant.cli import chat

    pytest.importorskip("readline")
    monkeypatch.setattr("atexit.register", lambda *_: None)
    path = tmp_path / "private" / "history"
    chat._remember(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
