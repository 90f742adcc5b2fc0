"""`assistant gaps` from the shell: listed with counts, written into a notes file, forgotten."""

import io
import json

import pytest
from desk import EMPTY, SPACES, Desk

from assistant import cli, gaps
from assistant.cli import options
from assistant.gaps.log import Asked


class Opened:
    """As much of an Assistant as the command needs."""

    def __init__(self, notes):
        self._notes = notes

    def refresh(self, progress=None):
        pass

    def notes(self):
        return self._notes


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    desk = Desk(tmp_path)
    desk.write("a.txt", SPACES, EMPTY)
    index, _ = desk.refresh()
    (tmp_path / "assistant.toml").write_text('notes = "notes"\nasked = "asked"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(options, "open_assistant", lambda settings: Opened(index.notes))
    monkeypatch.setattr("sys.stdin", io.StringIO())

    def call(*arguments):
        code = cli.run(["gaps", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def keep(folder, *questions):
    for question in questions:
        line = json.dumps(
            {"when": "2030-01-01T00:00:00+00:00", "question": question, "status": "not_in_notes", "note_id": ""}
        )
        gaps.log._append(folder / "asked" / gaps.FILE, f"{line}\n".encode())


@pytest.fixture
def kept(tmp_path):
    (tmp_path / "asked").mkdir()
    keep(tmp_path, "what is a ufo", "what is a ufo", "What is left open?")


def test_gaps_are_listed_the_most_asked_first(run, kept):
    code, out, err = run()
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "1. what is a ufo  (2 times; not in your notes)",
        "2. What is left open?  (once; not answered at a.txt:6)",
    ]


def test_json_holds_the_groups(run, kept):
    code, out, _ = run("--json")
    first, second = json.loads(out)["gaps"]
    assert (code, first["number"], first["count"], first["status"]) == (0, 1, 2, "not_in_notes")
    assert (second["status"], second["note_id"], second["first_line"]) == ("noted_unanswered", "what-is-left-open", 6)


def test_without_gaps_there_is_a_word_about_it(run):
    assert run() == (0, "Nothing was asked that your notes do not answer.\n", "")


@pytest.mark.parametrize("file", ["a.txt", "notes/a.txt"])
def test_add_writes_the_question_where_it_is_read_back(run, kept, tmp_path, file):
    code, out, err = run("add", "1", file, "--yes")
    assert (code, "+Q. what is a ufo" in out, err) == (0, True, "Written to notes/a.txt:8.\n")
    assert (tmp_path / "notes" / "a.txt").read_text().endswith("\n\nQ. what is a ufo\n")


def test_add_makes_a_new_file(run, kept, tmp_path):
    assert run("add", "1", "new.md", "--yes")[0] == 0
    assert (tmp_path / "notes" / "new.md").read_text() == "## what is a ufo\n"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("add", "1", "a.txt"), "Run: assistant gaps add 1 a.txt --yes\n"),
        (("add", "1", "."), ". is a folder"),
        (("add", "1", "none/a.txt", "--yes"), "there is no folder none in the notes folder"),
        (("add", "1", "my notes.pdf", "--yes"), "Run: assistant gaps add 1 'my notes.md'\n"),
        (("add", "9", "a.txt", "--yes"), "no gap 9: 2 gaps are listed"),
        (("add", "2", "a.txt", "--yes"), "stands in the notes already"),
        (("add", "1", "../assistant.toml", "--yes"), "not in the notes folder"),
        (("add", "1", "/etc/hostname", "--yes"), "not in the notes folder"),
    ],
)
def test_what_cannot_be_added_is_refused_and_nothing_changes(run, kept, tmp_path, arguments, word):
    before = (tmp_path / "notes" / "a.txt").read_bytes()
    code, _, err = run(*arguments)
    assert (code, word in err, err.count("\n")) == (2, True, 1)
    assert (tmp_path / "notes" / "a.txt").read_bytes() == before


def test_clear_forgets_everything(run, kept, tmp_path):
    cleared = run("clear")
    assert gaps.kept(tmp_path / "asked") == ()
    assert cleared == (0, "", "Nothing is kept of what was asked any more.\n")


def test_what_was_kept_names_what_it_is(tmp_path, kept):
    assert gaps.kept(tmp_path / "asked")[0] == Asked("2030-01-01T00:00:00+00:00", "what is a ufo", "not_in_notes", "")
