"""The doctor finds what is wrong, says where, and mends only what cannot lose text."""

import io
import json
import re
import socket
from pathlib import Path

import pytest
from conftest import digest_of
from desk import EMPTY, SPACES, TABS, Desk
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import cli, doctor, embed, indexing
from assistant import notes as reader
from assistant.cite.statements import statement
from assistant.cli import options
from assistant.doctor import installed as installing
from assistant.doctor import secrets
from assistant.doctor.topics import LANGUAGE, contradict
from assistant.errors import UsageError, WeightsError
from assistant.types import Skipped

KEY = "AKIA" + "Q7Z4" * 4  # put together, so that no scanner takes this file for a leak


def folder(desk, reads_all=None, skipped=()):
    index, _ = desk.refresh(display="notes/")
    files = [reader.read(path, reader.load(place)) for path, place in reader.files(desk.notes)[0]]
    return doctor.Folder(files, skipped, index, "notes/", reads_all)


def found(desk, check, **more):
    return [finding for finding in doctor.notes(folder(desk, **more)) if finding.check == check]


@pytest.fixture
def bare(tmp_path):
    return Desk(tmp_path)


# --- the notes


def test_notes_that_are_in_order_have_no_findings(bare):
    bare.write("a.txt", SPACES, TABS)
    assert list(doctor.notes(folder(bare))) == []


def test_unanswered_and_stub_questions_are_named_with_their_lines(bare):
    bare.write("a.txt", SPACES, EMPTY, "Q. What is a stub?\nTODO\n")
    assert [finding.where for finding in found(bare, "unanswered")] == ["notes/a.txt:6"]
    (stub,) = found(bare, "stub")
    assert (stub.where, "TODO" in stub.what, stub.weight) == ("notes/a.txt:8", True, "hint")


def test_duplicates_are_told_once_with_both_places(bare):
    bare.write("a.txt", SPACES)
    bare.write("b.txt", "Q. what are spaces\nGaps.\n")
    (pair,) = found(bare, "duplicate")
    assert pair.where == "notes/a.txt:1"
    assert "“What are spaces?” and “what are spaces” (notes/b.txt:1-2)" in pair.what


def test_both_sides_of_a_duplicate_hold_the_lines_that_the_other_has_not(bare):
    bare.write("a.txt", "Q. What are tabs?\nWide gaps.\n\nEight columns.\nOld.\n")
    bare.write("b.txt", "Q. what are tabs\nNew.\nwide  gaps.\nFour columns.\n")
    (pair,) = found(bare, "duplicate")
    one, other = pair.beside
    assert (one.question, str(one.place), one.differs) == (
        "What are tabs?",
        "notes/a.txt:1-5",
        ((4, "Eight columns."), (5, "Old.")),
    )
    assert (other.question, str(other.place), other.differs) == (
        "what are tabs",
        "notes/b.txt:1-4",
        ((2, "New."), (4, "Four columns.")),
    )
    assert other.answer == "New.\nwide  gaps.\nFour columns."


def test_a_duplicate_without_an_answer_has_nothing_beside_the_other(bare):
    bare.write("a.txt", "Q. What are tabs?\nWide gaps.\n", "Q. what are tabs\n")
    (pair,) = found(bare, "duplicate")
    assert [side.differs for side in pair.beside] == [((2, "Wide gaps."),), ()]


def test_near_duplicates_are_told_apart_from_duplicates(bare):
    bare.write(
        "a.txt",
        "Q. how do wide tabs look on paper today\nx y\n",
        "Q. how do wide tabs look on paper in Rome today\nz\n",
    )
    assert len(found(bare, "near-duplicate")) + len(found(bare, "duplicate")) == 1


@pytest.mark.parametrize(
    ("one", "other", "denied"),
    [
        ("Versioning can be disabled once it is enabled.", "Versioning cannot be disabled once it is enabled.", True),
        ("A Lambda function runs for at most 15 minutes.", "A Lambda function runs for at most 5 minutes.", True),
        ("A Lambda function runs for at most 15 minutes.", "A Lambda function runs for at most 15 minutes.", False),
        ("Spaces are narrow.", "Tabs cannot be printed on every machine.", False),
        ("The first call takes 3 seconds.", "A bucket holds 5 objects and more.", False),
    ],
)
def test_sentences_contradict_when_they_say_the_contrary_of_the_same(one, other, denied):
    assert contradict(statement(one, LANGUAGE), statement(other, LANGUAGE)) == denied


def test_contradictions_between_notes_on_one_topic_are_told_with_both_lines(bare):
    bare.write("a.txt", "Q. What are tabs?\nIntro.\n\nTabs are always eight columns wide.\n")
    bare.write("b.txt", "Q. what are tabs\nTabs are never eight columns wide.\n")
    (pair,) = found(bare, "contradiction")
    assert (pair.where, pair.weight, "notes/b.txt:2" in pair.what) == ("notes/a.txt:4", "attention", True)


def test_misspelt_question_lines_have_a_suggestion(bare):
    bare.write("a.txt", "Q. versoning of buckets\nVersioning keeps what was overwritten; versioning costs.\n")
    (finding,) = found(bare, "misspelt")
    assert (finding.where, finding.weight) == ("notes/a.txt:1", "attention")
    assert "“versioning of buckets”" in finding.what


def test_text_outside_entries_is_told_with_its_lines(bare):
    bare.write("a.txt", "My notes\non things\n\n" + SPACES)
    (finding,) = found(bare, "outside")
    assert (finding.where, finding.what) == ("notes/a.txt:1", "2 lines belong to no question: My notes on things")


def test_what_the_model_does_not_read_to_its_end_is_told(bare):
    bare.write("a.txt", SPACES, "Q. long\n" + "word " * 100 + "\n")
    (finding,) = found(bare, "cut", reads_all=lambda text: "word word" not in text)
    assert finding.where == "notes/a.txt:7"


def test_warnings_of_the_reader_stand_at_their_line(bare):
    bare.write("b.txt", SPACES)
    (bare.notes / "a.txt").write_bytes("Q. What is a café?\nA \xff place.\n".encode("cp1252"))
    (finding,) = found(bare, "reading")
    assert (finding.where, finding.what.startswith("not UTF-8")) == ("notes/a.txt:1", True)


def test_skipped_files_are_told_and_why(bare):
    bare.write("a.txt", SPACES)
    skipped = (Skipped("a.png", "not a notes format (.png)"), Skipped("b.txt", "cannot be read (no)"))
    assert [(one.where, one.weight) for one in found(bare, "skipped", skipped=skipped)] == [
        ("notes/a.png", "hint"),
        ("notes/b.txt", "attention"),
    ]


# --- secrets


@pytest.mark.parametrize(
    "line",
    [
        f"aws_access_key_id = {KEY}",
        "-----BEGIN RSA PRIVATE " + "KEY-----",
        "gh" + "p_" + "a1B2" * 9,
        "sk" + "-proj-" + "Zz9y" * 8,
        "password: " + "hunter2hunter2",
        "postgres" + "://admin:s3cr3t99@db.intern/x",
    ],
)
def test_what_looks_like_a_secret_is_told_masked_and_with_its_line(bare, line):
    bare.write("a.txt", "Q. What is the key?\nFirst line.\n" + line + "\n", SPACES)
    (finding,) = found(bare, "secret")
    assert (finding.where, finding.weight) == ("notes/a.txt:3", "attention")
    for value in re.findall(r"[\w-]{8,}", line.split(":")[-1].split("=")[-1]):
        assert value == "PRIVATE" or value not in finding.what


@pytest.mark.parametrize(
    "line",
    [
        "the password: it is asked for",
        "token = get_token(request)",
        "password = os.environ['PASSWORD1']",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "api_key = <your key 1234>",
        "secret: a value that only two know",
    ],
)
def test_words_about_secrets_are_none(bare, line):
    bare.write("a.txt", "Q. What is the key?\n" + line + "\n")
    assert found(bare, "secret") == []


@settings(deadline=None)
@given(st.text(max_size=300))
def test_looking_for_secrets_never_fails(text):
    file = reader.read("a.txt", ("Q. x\n" + text).encode("utf-8", "replace"))
    assert all(line >= 1 for _, line in secrets.found_in(file))


# --- mending

MEANT = {"versoning": "versioning", "tabel": "table"}
MESSY = "Q. Versoning of a TABEL ?\r\nThe versoning stays.\r\n\r\nQ. What is versoning?\r\n"


def test_a_fix_changes_words_of_question_lines_alone():
    fix = doctor.fixes("a.txt", MESSY.encode(), MEANT, {})
    assert fix.after.decode() == MESSY.replace("Versoning of a TABEL", "Versioning of a TABLE").replace(
        "What is versoning", "What is versioning"
    )


def test_the_diff_shows_every_changed_line_and_no_other():
    fix = doctor.fixes("a.txt", MESSY.encode(), MEANT, {})
    assert [line for line in fix.diff if line[0] in "+-" and line[:3] not in ("+++", "---")] == [
        "-Q. Versoning of a TABEL ?",
        "+Q. Versioning of a TABLE ?",
        "-Q. What is versoning?",
        "+Q. What is versioning?",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_fix_keeps_the_encoding(encoding):
    text = MESSY + "Q. café\r\n"
    assert doctor.fixes("a.txt", text.encode(encoding), MEANT, {}).after.decode(encoding) == text.replace(
        "Versoning of a TABEL", "Versioning of a TABLE"
    ).replace("What is versoning", "What is versioning")


def test_a_file_with_broken_bytes_is_left_alone():
    assert doctor.fixes("a.txt", MESSY.encode() + "é".encode() + b"\xff\n", MEANT, {}) is None


def test_a_fix_that_would_read_as_something_else_is_none():
    assert doctor.fixes("a.txt", b"Q. versoning\nx\n", {"versoning": "Q. a\nQ. b"}, {}) is None


WORDS = st.lists(st.sampled_from(["versoning", "Versoning", "tabel", "of", "a", "Q.", "\n", "A:", "#", "**", "x?"]))


@settings(deadline=None)
@given(st.lists(WORDS.map(" ".join), max_size=6))
def test_no_fix_loses_text(lines):
    data = "\n".join(f"Q. {line}" for line in lines).encode()
    fix = doctor.fixes("a.txt", data, MEANT, {})
    if fix is None:
        return
    pairs = zip(re.findall(rb"\w+|\W", data), re.findall(rb"\w+|\W", fix.after), strict=True)
    assert {old.lower().decode(): new.lower().decode() for old, new in pairs if old != new}.items() <= MEANT.items()
    before, after = reader.read("a.txt", data), reader.read("a.txt", fix.after)
    assert [entry.answer for entry in before.entries] == [entry.answer for entry in after.entries]


def test_a_file_that_changed_meanwhile_is_not_written(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(MESSY.encode())
    fix = doctor.fixes("a.txt", MESSY.encode(), MEANT, {})
    path.write_bytes(b"Q. another\n")
    with pytest.raises(UsageError, match="changed meanwhile"):
        doctor.write(path, fix)
    assert path.read_bytes() == b"Q. another\n"


# --- the installation


@pytest.fixture
def installed(desk, monkeypatch):
    """An installation whose model is the one of the desk."""
    monkeypatch.setattr(embed, "open_embedder", lambda model, models: desk.embedder)
    monkeypatch.setattr(embed, "checked_weights", lambda model: desk.notes)
    monkeypatch.setattr(embed, "likeness_of_copy", lambda model, models: 1.0)
    desk.refresh()
    return desk


def examined(desk, llm=None, base_url=None):
    what = doctor.Installation(desk.notes, desk.index, desk.index.parent / "models", "m", llm, base_url, {})
    return {finding.check: finding for finding in doctor.installation(what)}


def test_an_installation_in_order_has_nothing_to_look_at(installed):
    seen = examined(installed)
    assert {check for check, finding in seen.items() if finding.weight in ("attention", "broken")} == set()
    assert set(seen) >= {"versions", "weights", "model-copy", "index", "lock", "disk", "llm", "hosts"}


def test_a_flipped_bit_of_the_index_is_found(installed):
    vectors = installed.current() / "vectors-1.faiss"
    data = bytearray(vectors.read_bytes())
    data[-1] ^= 1
    vectors.write_bytes(data)
    assert examined(installed)["index"].weight == "broken"


def test_an_index_behind_the_notes_is_a_hint(installed):
    installed.write("c.txt", SPACES)
    assert examined(installed)["index"].weight == "hint"


def test_other_weights_are_found(installed, monkeypatch):
    def refuse(model):
        raise WeightsError("other weights", run="pip install")

    monkeypatch.setattr(embed, "checked_weights", refuse)
    finding = examined(installed)["weights"]
    assert (finding.weight, finding.run) == ("broken", "pip install")


@pytest.mark.parametrize(("cosine", "weight"), [(None, "hint"), (0.99, "broken"), (1.0, "fine")])
def test_the_copy_of_the_model_is_compared(installed, monkeypatch, cosine, weight):
    monkeypatch.setattr(embed, "likeness_of_copy", lambda model, models: cosine)
    assert examined(installed)["model-copy"].weight == weight


def test_a_held_lock_is_told(installed, monkeypatch):
    from assistant import disk

    def held(path):
        raise disk.LockHeldError(7)

    monkeypatch.setattr(installing.disk, "locked", held)
    assert "process 7" in examined(installed)["lock"].what


def test_a_full_disk_is_told(installed, monkeypatch):
    monkeypatch.setattr(installing.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 1})())
    assert examined(installed)["disk"].weight == "attention"


def test_a_model_that_listens_is_told_and_gets_nothing(installed):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        seen = examined(installed, "openai:m", address)
        connection, _ = server.accept()
        connection.settimeout(5)
        assert connection.recv(1) == b""
        connection.close()
    assert (seen["llm"].weight, "127.0.0.1" in seen["hosts"].what) == ("fine", True)


def test_a_model_that_does_not_listen_is_told(installed):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
    assert examined(installed, "openai:m", address)["llm"].weight == "attention"


def test_a_model_that_cannot_be_called_is_told_with_what_mends_it(installed):
    finding = examined(installed, "nonsense")["llm"]
    assert (finding.weight, bool(finding.run)) == ("broken", True)


def test_a_check_that_fails_is_a_finding(installed, monkeypatch):
    monkeypatch.setattr(installing.shutil, "disk_usage", lambda folder: 1 / 0)
    assert "ZeroDivisionError" in examined(installed)["disk"].what


def test_looking_changes_no_note_and_no_generation(installed):
    before = digest_of(installed.notes), digest_of(installed.current())
    examined(installed)
    assert (digest_of(installed.notes), digest_of(installed.current())) == before


# --- the command


@pytest.fixture
def run(desk, tmp_path, monkeypatch, capsys):
    (tmp_path / "assistant.toml").write_text('notes = "notes"\nindex = "index"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr(embed, "reader_of_copy", lambda model, models: None)

    class Opened:
        def __init__(self, settings):
            pass

        def refresh(self, progress=None):
            self.opened = indexing.refresh(desk.notes, desk.index, desk.embedder, display="notes/", mend=True)[0]
            return self.opened

        def notes(self):
            return self.opened.notes

    monkeypatch.setattr(options, "open_assistant", Opened)

    def call(*arguments):
        code = cli.run(["doctor", "notes", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_hints_alone_leave_exit_code_0_unless_strict(run):
    code, out, _ = run()
    assert (code, "notes/a.txt:6: hint[unanswered]" in out) == (0, True)
    assert run("--strict")[0] == 1


def test_what_needs_attention_is_exit_code_1(run, desk):
    desk.write("c.txt", f"Q. key\n{KEY}\n")
    code, out, _ = run()
    assert (code, "notes/c.txt:2: attention[secret]" in out, KEY in out) == (1, True, False)


def test_only_looks_for_what_is_named(run, desk):
    desk.write("c.txt", f"Q. key\n{KEY}\n")
    code, out, _ = run("--only", "unanswered", "--json")
    assert (code, {finding["check"] for finding in json.loads(out)["findings"]}) == (0, {"unanswered"})


def test_a_check_that_there_is_not_is_refused_and_does_not_pass_everything(run):
    code, out, err = run("--only", "secrets")
    assert (code, out, "there is no check secrets. Did you mean secret?" in err) == (2, "", True)


def test_no_notes_are_told_whatever_is_looked_for(run, desk):
    for path in desk.notes.iterdir():
        path.unlink()
    code, out, _ = run("--only", "secret")
    assert (code, "broken[notes]" in out) == (5, True)


def test_every_check_has_its_name_in_the_list_of_names():
    package = Path(doctor.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in package.glob("*.py")]
    named = {name for text in texts for name in re.findall(r'(?:Finding|_at|_pair)\(\s*"([a-z-]+)"', text)}
    assert named | {"notes"} == {*doctor.CHECKS}


@pytest.mark.parametrize(
    ("arguments", "part"), [(("notes", "--fix", "--json"), "no JSON"), (("installation", "--fix"), "not the")]
)
@pytest.mark.usefixtures("run")
def test_what_a_fix_cannot_do_is_refused(capsys, arguments, part):
    assert cli.run(["doctor", *arguments]) == 2
    assert part in capsys.readouterr().err


TWICE = (
    "Q. What are hooks?\nBent metal.\nFor coats.\n\nQ. what are hooks\nBent metal.\nFor fish, and for heavy coats.\n"
)


def test_a_duplicate_is_followed_by_its_sides_one_below_the_other_in_a_pipe(run, desk):
    desk.write("c.txt", TWICE)
    _, out, _ = run("--only", "duplicate")
    assert out.split("\n")[1:5] == [
        "    notes/c.txt:1-3: What are hooks?",
        "        3 For coats.",
        "    notes/c.txt:5-7: what are hooks",
        "        7 For fish, and for heavy coats.",
    ]


def test_a_duplicate_is_followed_by_two_columns_on_a_wide_terminal(run, desk, monkeypatch):
    desk.write("c.txt", TWICE)
    monkeypatch.setattr("assistant.cli.streams.width", lambda: 80)
    _, out, _ = run("--only", "duplicate")
    rows = [[cell.strip() for cell in line.split("│")] for line in out.split("\n")[1:3]]
    assert rows == [
        ["notes/c.txt:1-3: What are hooks?", "notes/c.txt:5-7: what are hooks"],
        ["3 For coats.", "7 For fish, and for heavy coats."],
    ]
    assert len({line.index("│") for line in out.split("\n")[1:3]}) == 1


def test_json_holds_both_places_texts_and_what_differs(run, desk):
    desk.write("c.txt", TWICE)
    (finding,) = json.loads(run("--only", "duplicate", "--json")[1])["findings"]
    assert finding["beside"][1] == {
        "path": "notes/c.txt",
        "first_line": 5,
        "last_line": 7,
        "question": "what are hooks",
        "answer": "Bent metal.\nFor fish, and for heavy coats.",
        "differs": [{"line": 7, "text": "For fish, and for heavy coats."}],
    }
    assert [side["first_line"] for side in finding["beside"]] == [1, 5]


def test_notes_that_cannot_be_used_are_exit_code_5(run, desk):
    for path in desk.notes.iterdir():
        path.unlink()
    code, out, _ = run()
    assert (code, "broken[notes]" in out) == (5, True)


def test_fix_shows_the_diff_and_changes_nothing_without_a_yes(run, desk):
    path = desk.write("c.txt", "Q. versoning of buckets\nVersioning keeps; versioning costs.\n")
    before = path.read_bytes()
    code, out, err = run("--fix")
    assert (code, "+Q. versioning of buckets" in out, "--yes" in err) == (2, True, True)
    assert path.read_bytes() == before


def test_fix_with_yes_writes_what_it_showed(run, desk):
    path = desk.write("c.txt", "Q. versoning of buckets\nVersioning keeps; versioning costs.\n")
    assert run("--fix", "--yes")[0] == 0
    assert path.read_text() == "Q. versioning of buckets\nVersioning keeps; versioning costs.\n"
    assert run("--only", "misspelt")[0] == 0


def test_fix_of_notes_in_order_says_so(run):
    assert run("--fix") == (0, "There is nothing to fix: no question line is misspelt.\n", "")
