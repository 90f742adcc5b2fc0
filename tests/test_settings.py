"""File < variables < flags; every key that cannot be used is named; each notes folder has its own index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from assistant import settings
from assistant.errors import SettingsError
from assistant.settings import Settings, load

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _nobody_elses_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for name in ("ASSISTANT_NOTES", "ASSISTANT_INDEX", "ASSISTANT_LLM_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    (folder / "corpus").mkdir(parents=True)
    write(folder, 'notes = "corpus"\nindex = "index"\n')
    monkeypatch.chdir(folder)
    return folder


def write(folder: Path, text: str) -> None:
    (folder / "assistant.toml").write_text(text, encoding="utf-8")


def refused(*parts: str, **flags: object) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load(flags)
    line = caught.value.line()
    assert caught.value.exit_code == 2
    assert line.startswith("error[SETTINGS]: ")
    assert "Run: " in line
    assert "\n" not in line
    for part in parts:
        assert part in line
    return caught.value


# --- layers


def test_the_file_is_found_here_or_in_a_parent(project: Path, monkeypatch: pytest.MonkeyPatch):
    below = project / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert load().notes == project / "corpus"
    assert load().index == project / "index"


def test_the_nearest_file_wins_alone(project: Path, monkeypatch: pytest.MonkeyPatch):
    inner = project / "inner"
    inner.mkdir()
    write(inner, 'notes = "mine"\n')
    monkeypatch.chdir(inner)
    assert load().notes == inner / "mine"
    assert load().index == inner / "index"


def test_a_variable_beats_the_file_and_a_flag_beats_both(project: Path, monkeypatch: pytest.MonkeyPatch):
    write(project, 'notes = "corpus"\n[llm]\nmodel = "openai:file"\n[retrieval]\nsources = 3\n')
    assert (load().llm, load().sources) == ("openai:file", 3)
    monkeypatch.setenv("ASSISTANT_LLM_MODEL", "openai:variable")
    monkeypatch.setenv("ASSISTANT_RETRIEVAL_SOURCES", "4")
    assert (load().llm, load().sources) == ("openai:variable", 4)
    assert load({"llm": "openai:flag", "sources": None}).llm == "openai:flag"


@pytest.mark.usefixtures("project")
def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASSISTANT_LLM_MODEL", "")
    assert load().llm is None


def test_no_llm_takes_away_the_model_of_the_file(project: Path):
    write(project, 'notes = "corpus"\n[llm]\nmodel = "openai:x"\n')
    assert load({"no_llm": True}).llm is None


def test_paths_are_relative_to_where_they_are_written(project: Path, monkeypatch: pytest.MonkeyPatch):
    below = project / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    write(project, 'notes = "corpus"\nindex = "index"\nconfidence = "fit.json"\n')
    assert load().confidence == project / "fit.json"
    assert load({"index": "index"}).index == below / "index"
    monkeypatch.setenv("ASSISTANT_INDEX", "elsewhere/../there")
    assert load().index == below / "there"


def test_a_tilde_is_the_home_folder(project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    write(project, 'notes = "~/notes"\n')
    assert load().notes == tmp_path / "home" / "notes"


def test_formats_are_a_table_of_the_persons_own_names(project: Path, monkeypatch: pytest.MonkeyPatch):
    write(project, 'notes = "corpus"\n[formats]\n"*.log" = "plain"\n')
    assert load().formats == {"*.log": "plain"}
    monkeypatch.setenv("ASSISTANT_FORMATS", '{"a/*.md" = "q-lines"}')
    assert load().formats == {"a/*.md": "q-lines"}


# --- what cannot be used is named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('nots = "x"', ("nots", "Did you mean notes?")),
        ('llm = "openai:x"', ("llm", "llm.model")),
        ("[llm]\nmodle = 'x'", ("llm.modle", "Did you mean llm.model?")),
        ("[llmm]\nmodel = 'x'", ("llmm.model", "Did you mean llm.model?")),
        ("[strange]", ("strange", "There are: notes")),
        ("[strange.deep.er]\nx = 1", ("strange.deep",)),
        ("display = 'x'", ("display", "no such key")),
        ("notes = 5", ("notes", "5 is no path")),
        ("notes = ''", ("notes", "is no path")),
        ('notes = "a\\u0000b"', ("notes", "is no path")),
        ("[retrieval]\nsources = 0", ("retrieval.sources", "greater than or equal to 1")),
        ("[retrieval]\nsources = 'many'", ("retrieval.sources", "integer")),
        ("[llm]\ncontext_window = []", ("llm.context_window", "integer")),
        ("formats = 'x'", ("formats", "dict")),
        ("[formats]\nx = 1", ("formats", "string")),
        ("notes = ", ("not valid TOML", "at end of document")),
        ("a" + ".a" * 5000 + " = 1", ("assistant.toml",)),
        ("x = " + "[" * 5000, ("not valid TOML",)),
    ],
)
def test_a_setting_of_the_file_that_cannot_be_used_is_named(project: Path, text: str, named: tuple[str, ...]):
    write(project, text)
    refused(*named, str(project / "assistant.toml"), notes="corpus")


@pytest.mark.usefixtures("project")
def test_an_unknown_variable_is_named_with_the_nearest(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASSISTANT_LLM_MODLE", "x")
    refused("ASSISTANT_LLM_MODLE", "Did you mean ASSISTANT_LLM_MODEL?", "Run: unset ASSISTANT_LLM_MODLE")


@pytest.mark.usefixtures("project")
def test_a_variable_with_an_unusable_value_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASSISTANT_WEB_PORT", "http")
    refused("ASSISTANT_WEB_PORT: ", "integer")


@pytest.mark.usefixtures("project")
def test_a_flag_with_an_unusable_value_is_named():
    refused("--context-window", context_window=3)
    refused("--colour", "no such flag", colour="red")


def test_a_file_that_is_no_text_or_too_large_is_refused(project: Path):
    (project / "assistant.toml").write_bytes(b"\xff\xfe\x00")
    refused("cannot be read")
    (project / "assistant.toml").write_bytes(b"# " + b"x" * 2_000_000)
    refused("larger than")


def test_a_byte_order_mark_is_no_part_of_the_first_key(project: Path):
    (project / "assistant.toml").write_bytes(b'\xef\xbb\xbfnotes = "corpus"\n')
    assert load().notes == project / "corpus"


def test_without_project_and_notes_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    refused("where your notes are", "--notes")


def test_a_file_that_names_no_notes_says_what_to_write(project: Path):
    write(project, "[retrieval]\nsources = 2\n")
    refused("assistant.toml does not say", 'notes = "FOLDER"')


def test_a_working_folder_that_is_gone_is_an_error_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    refused("working folder")


# --- which index belongs to which notes


def test_outside_a_project_each_folder_has_an_index_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    one, other = load({"notes": "a/My notes"}).index, load({"notes": "b/My notes"}).index
    assert one != other
    assert one.is_relative_to(tmp_path / "data")
    assert one.parent.name.startswith("my-notes-")


def test_two_ways_to_the_same_folder_share_an_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "notes")
    hashes = {load({"notes": each}).index.parent.name.rpartition("-")[2] for each in ("notes", "./x/../notes", "link")}
    assert len(hashes) == 1


def test_foreign_notes_inside_a_project_leave_its_index_alone(project: Path, tmp_path: Path):
    foreign = load({"notes": tmp_path / "foreign"})
    assert foreign.index.is_relative_to(tmp_path / "data")
    assert foreign.feedback.is_relative_to(tmp_path / "data")
    assert load({"notes": project / "corpus"}).index == project / "index"
    assert load({"notes": tmp_path / "foreign", "index": tmp_path / "i"}).index == tmp_path / "i"


@pytest.mark.usefixtures("project")
def test_an_index_named_for_other_notes_in_a_lower_layer_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("ASSISTANT_NOTES", str(tmp_path / "one"))
    monkeypatch.setenv("ASSISTANT_INDEX", str(tmp_path / "index of one"))
    assert load().index == tmp_path / "index of one"
    assert load({"notes": tmp_path / "two"}).index.is_relative_to(tmp_path / "data")


def test_notes_beside_the_file_keep_their_index_out_of_the_notes(project: Path, tmp_path: Path):
    write(project, 'notes = "."\n')
    assert load().index.is_relative_to(tmp_path / "data")


@pytest.mark.parametrize(("notes", "index"), [(".", "index"), ("corpus", "."), ("corpus", "corpus")])
def test_an_index_and_notes_inside_each_other_are_refused(project: Path, notes: str, index: str):
    write(project, f'notes = "{notes}"\nindex = "{index}"\n')
    refused("inside each other")


def test_models_are_kept_in_the_cache(project: Path, tmp_path: Path):
    assert load().models == tmp_path / "cache" / "notes-assistant" / "models"
    write(project, 'notes = "corpus"\nmodels = "m"\n')
    assert load().models == project / "m"


# --- how places are shown


def test_paths_are_shown_from_the_working_folder(project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    assert load().display == "corpus/"
    monkeypatch.chdir(project / "corpus")
    assert load().display == ""
    monkeypatch.chdir(tmp_path)
    assert load({"notes": project / "corpus"}).display == "project/corpus/"
    monkeypatch.chdir(tmp_path / "project" / "corpus")
    assert load({"notes": tmp_path / "else"}).display == f"{tmp_path.as_posix()}/else/"


# --- the value itself


@pytest.mark.usefixtures("project")
def test_settings_are_frozen_and_closed():
    loaded = load()
    with pytest.raises(ValidationError):
        loaded.sources = 7
    with pytest.raises(ValidationError):
        Settings(**{**loaded.model_dump(), "unheard": 1})


def test_every_key_has_one_variable():
    variables = {key.upper().replace(".", "_") for key in settings.KEYS}
    assert len(variables) == len(settings.KEYS)
