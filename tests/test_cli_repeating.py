"""A command that mends something names the folders that the person named."""

import pytest

from assistant import cli
from assistant.cli.repeating import given, with_folders


@pytest.mark.parametrize(
    ("arguments", "folders"),
    [
        ([], {}),
        (["--notes", "a", "ask", "--index=b c"], {"--notes": "a", "--index": "b c"}),
        (["--notes", "a", "ask", "--notes", "b"], {"--notes": "b"}),
        (["index", "--notes"], {}),
        (["eval", "explain", "x", "--eval", "my eval"], {"--eval": "my eval"}),
    ],
)
def test_the_last_folder_of_each_kind_is_the_one_that_was_given(arguments, folders):
    assert given(arguments) == folders


@pytest.mark.parametrize(
    ("command", "repeated"),
    [
        ("assistant index --rebuild", "assistant --notes 'my notes' index --rebuild"),
        ("assistant notes list", "assistant --notes 'my notes' notes list"),
        ("assistant --notes DIR index", "assistant --notes DIR index"),
        ("assistant ask --help", "assistant ask --help"),
        ("assistant eval", "assistant eval"),
        ("pip install x", "pip install x"),
        ("", ""),
    ],
)
def test_only_commands_about_notes_that_name_no_folder_get_one(command, repeated):
    assert with_folders(command, {"--notes": "my notes"}) == repeated
    assert with_folders(command, {}) == command


def test_an_error_line_can_be_pasted_and_means_the_same_notes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my notes").mkdir()
    monkeypatch.setattr("assistant.cli._run", _fails)
    assert cli.run(["ask", "x", "--notes", "my notes"]) == 5
    assert capsys.readouterr().err.endswith("Run: assistant --notes 'my notes' index --rebuild\n")


def _fails(_arguments):
    from assistant.errors import IndexDamagedError

    raise IndexDamagedError("a file is gone", run="assistant index --rebuild")


@pytest.mark.parametrize(
    ("command", "repeated"),
    [
        ("assistant eval explain roux --heldout", "assistant eval explain roux --heldout --eval 'my eval'"),
        ("assistant eval --eval other", "assistant eval --eval other"),
        ("assistant eval new --help", "assistant eval new --help"),
        ("assistant notes list", "assistant notes list"),
    ],
)
def test_commands_about_answer_quality_name_the_folder_of_cases_that_was_given(command, repeated):
    assert with_folders(command, {"--eval": "my eval"}) == repeated
