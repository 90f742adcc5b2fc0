"""The command line as a stranger meets it: what is printed where, exit codes, one line of error, odd surroundings."""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import fake_assistant
import pytest

import assistant
from assistant import cli
from assistant.cli import options
from assistant.cli.batch import LONGEST_LINE

PACKAGE = Path(assistant.__file__).parent.parent
FAKE = Path(fake_assistant.__file__)
HEAVY = {
    "torch", "transformers", "sentence_transformers", "langchain", "langchain_core", "gradio", "faiss", "onnxruntime",
    "numpy", "yaml", "tiktoken",
}  # fmt: skip


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A project with notes, and an Assistant whose answers are known."""
    made: list[fake_assistant.FakeAssistant] = []

    def opened(settings):
        made.append(fake_assistant.FakeAssistant(settings))
        return made[-1]

    monkeypatch.setattr(options, "open_assistant", opened)
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)
    (tmp_path / "assistant.toml").write_text('notes = "corpus"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", _input(b""))
    return made


def _input(data: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    def call(*arguments: str) -> tuple[int, str, str]:
        code = cli.run(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def fails(outcome: tuple[int, str, str], code: int, name: str, *parts: str) -> None:
    """The contract of errors: an exit code, nothing on stdout, one line with what to run."""
    assert outcome[0] == code
    assert outcome[1] == ""
    assert re.fullmatch(rf"error\[{name}\]: .+[.?] Run: .+\n", outcome[2]), outcome[2]
    for part in parts:
        assert part in outcome[2]


def process(*arguments: str, program: tuple[str, ...] = (str(FAKE),), **more) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE), **more.pop("env", {})}
    return subprocess.run(
        [sys.executable, *program, *arguments], check=False, capture_output=True, env=environment, timeout=60, **more
    )


# --- ask


def test_an_answer_goes_to_stdout_and_nothing_to_stderr(run):
    code, out, err = run("ask", "what", "about", "deleted", "objects")
    assert (code, err) == (0, "")
    assert out == "Deleted objects stay. [1]\n\n[1] corpus/notes.txt:76-99  versoning in S3\n"


@pytest.mark.parametrize(("question", "code"), [("answered", 0), ("unanswered", 3), ("missing", 4), ("fault", 6)])
@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_the_exit_code_is_the_outcome(run, question: str, code: int, flags: tuple[str, ...]):
    assert run("ask", *flags, question)[0] == code


@pytest.mark.parametrize(("own", "used"), [(None, "1"), ("4", "4")])
def test_no_thread_is_started_that_no_question_needs_unless_a_person_asks_for_it(monkeypatch, own, used):
    monkeypatch.setattr(sys, "argv", ["assistant", "--version"])
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", own or "")
    if own is None:
        monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    monkeypatch.setattr(cli, "leave", sys.exit)
    monkeypatch.setattr(cli.gc, "set_threshold", lambda _: None)  # both would stay so for all tests that follow
    monkeypatch.setattr(cli.sys, "setswitchinterval", lambda _: None)
    with pytest.raises(SystemExit):
        cli.main()
    assert os.environ["OPENBLAS_NUM_THREADS"] == used


def test_json_is_one_object(run):
    code, out, err = run("ask", "--json", "deleted objects")
    assert (code, err, out.count("\n")) == (0, "", 1)
    read = json.loads(out)
    assert (read["id"], read["question"], read["status"]) == (None, "deleted objects", "answered")
    assert read["citations"][0]["path"] == "corpus/notes.txt"


def test_when_the_model_fails_the_quoted_answer_is_printed_and_one_error_line(run):
    code, out, err = run("ask", "fault")
    assert (code, out.splitlines()[0]) == (6, "Deleted objects stay. [1]")
    assert err == "error[LLM_FAILED]: the model is gone. Run: assistant ask --no-llm …\n"


def test_the_words_of_a_foreign_exception_are_not_told(run):
    code, _, err = run("ask", "foreign")
    assert (code, err.count("\n"), "sk-secret" in err) == (6, 1, False)
    assert err.startswith("error[LLM_FAILED]: ")


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_the_question_may_come_on_standard_input(run, fake, monkeypatch, arguments):
    monkeypatch.setattr("sys.stdin", _input("\ufeff what is\nnaïve ?\n".encode()))
    assert run("ask", *arguments)[0] == 0
    assert fake[0].calls == [("what is\nnaïve ?", ())]


@pytest.mark.parametrize("question", ["", "   ", "\t\n", "?", "… !?", "-", "\u200b"])
def test_a_question_without_words_is_refused_before_anything_is_opened(run, fake, question: str):
    fails(run("ask", question), 2, "QUESTION")
    assert fake == []


def test_a_question_may_have_2000_characters_and_no_more(run, fake, monkeypatch):
    assert run("ask", "é" * 2000)[0] == 0
    fails(run("ask", "é" * 2001), 2, "QUESTION", "2,000")
    monkeypatch.setattr("sys.stdin", _input("🙂a".encode() * 1001))
    fails(run("ask"), 2, "QUESTION", "2,000")
    assert len(fake) == 1


def test_the_limit_needs_no_reading_to_the_end(run, monkeypatch):
    endless = _input(b"x" * 1_000_000)
    monkeypatch.setattr("sys.stdin", endless)
    fails(run("ask"), 2, "QUESTION")
    assert endless.buffer.tell() < 20_000


def test_no_question_is_cut(run, monkeypatch):
    monkeypatch.setattr("sys.stdin", _input(b"begin" + b" " * 9000 + b"end"))
    fails(run("ask"), 2, "QUESTION")


def test_a_lone_surrogate_in_a_question_does_no_harm(run, fake):
    assert run("ask", "--json", "what \udcff is")[0] == 0
    assert "\udcff" not in fake[0].calls[0][0]


def test_hostile_text_comes_out_visible_on_both_streams(run):
    _, out, err = run("ask", "hostile")
    for text in (out, err):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert r"\x1b[2J" in text


def test_the_flags_of_a_language_model_reach_the_settings(run, fake):
    assert run("ask", "--llm", "openai:x", "--base-url", "http://localhost:1", "q")[0] == 0
    assert (fake[0].settings.llm, fake[0].settings.base_url) == ("openai:x", "http://localhost:1")
    assert run("ask", "--no-llm", "q")[0] == 0
    assert fake[1].settings.llm is None
    fails(run("ask", "--llm", "openai:x", "--no-llm", "q"), 2, "USAGE")


def test_show_prompt_prints_it_and_asks_nobody(run, fake):
    code, out, _ = run("ask", "--show-prompt", "my question")
    assert code == 0
    assert "system text" in out
    assert "nothing was sent" in out
    assert fake[0].calls == []


# --- ask --batch


def batch(run, monkeypatch, *lines: str | bytes) -> list[dict]:
    data = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    monkeypatch.setattr("sys.stdin", _input(data))
    code, out, err = run("ask", "--batch", "-")
    assert (code, err) == (0, "")
    return [json.loads(line) for line in out.splitlines()]


def test_a_batch_is_answered_in_order_with_ids(run, monkeypatch, fake):
    objects = batch(
        run,
        monkeypatch,
        '\ufeff{"id": "a", "question": "first"}',
        "",
        '{"id": 7, "question": "missing", "history": [{"role": "user", "content": "before"}]}',
        '{"question": "third", "more": 1}\r',
    )
    assert [(each["id"], each["status"]) for each in objects] == [
        ("a", "answered"),
        (7, "not_in_notes"),
        (None, "answered"),
    ]
    assert [turn.content for turn in fake[0].calls[1][1]] == ["before"]


@pytest.mark.parametrize(
    ("line", "code", "part"),
    [
        ("nonsense", "BATCH_LINE", "line 1 is not JSON"),
        (b"\xff\xfe", "BATCH_LINE", "not JSON"),
        ("[" * 100_000, "BATCH_LINE", "not JSON"),
        ("[]", "BATCH_LINE", "not an object"),
        ("{}", "BATCH_LINE", "no question"),
        ('{"question": 5}', "BATCH_LINE", "no question"),
        ('{"question": NaN}', "BATCH_LINE", "NaN"),
        ('{"question": " "}', "QUESTION", "empty"),
        ('{"question": "q", "history": {}}', "BATCH_LINE", "history"),
        ('{"question": "q", "history": [{"role": "system", "content": "x"}]}', "BATCH_LINE", "turn"),
        ('{"question": "q", "history": [3]}', "BATCH_LINE", "turn"),
        ('{"question": "modeless"}', "LLM_SETTINGS", "provider"),
        ('{"question": "crash"}', "INTERNAL", "KeyError"),
        ('{"question": "' + "x" * 2001 + '"}', "QUESTION", "2,000"),
        ('{"question": "' + "x" * LONGEST_LINE + '"}', "BATCH_LINE", "longer than"),
    ],
)
def test_a_line_that_cannot_be_answered_says_why_and_the_next_is_answered(run, monkeypatch, line, code, part):
    bad, good = batch(run, monkeypatch, line, '{"id": "good", "question": "q"}')
    assert set(bad) == {"id", "error"}
    assert bad["error"]["code"] == code
    assert part in bad["error"]["message"]
    assert "secret" not in bad["error"]["message"]
    assert good["id"] == "good"


def test_a_bad_line_keeps_its_id(run, monkeypatch):
    assert batch(run, monkeypatch, '{"id": "x", "question": ""}')[0]["id"] == "x"
    assert batch(run, monkeypatch, '{"id": "\\ud800", "question": "q"}')[0]["id"] == "\ufffd"
    assert batch(run, monkeypatch, '{"id": 1e999, "question": "q"}')[0]["id"] is None


def test_an_empty_batch_is_no_error(run, monkeypatch):
    assert batch(run, monkeypatch, "", "  ") == []


def test_a_batch_may_be_a_file(run, tmp_path):
    (tmp_path / "q.jsonl").write_text('{"id": 1, "question": "q"}')
    code, out, _ = run("ask", "--batch", "q.jsonl")
    assert (code, json.loads(out)["id"]) == (0, 1)
    fails(run("ask", "--batch", "none.jsonl"), 2, "USAGE", "none.jsonl")
    fails(run("ask", "--batch", "."), 2, "USAGE")
    fails(run("ask", "--batch", "q.jsonl", "and", "a", "question"), 2, "USAGE")


def test_an_index_that_cannot_be_used_ends_a_batch_before_its_first_line(run, monkeypatch):
    monkeypatch.setattr("sys.stdin", _input(b'{"question": "q"}\n'))
    fails(run("--notes", "damaged", "ask", "--batch", "-"), 5, "INDEX_DAMAGED")


def test_each_answer_of_a_batch_is_there_before_the_next_question_is_asked(tmp_path):
    arguments = [sys.executable, str(FAKE), "ask", "--batch", "-"]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path, env=environment
    ) as asked:
        for number in range(3):
            asked.stdin.write(f'{{"id": {number}, "question": "q"}}\n'.encode())
            asked.stdin.flush()
            assert json.loads(asked.stdout.readline())["id"] == number
        asked.stdin.close()
        assert asked.wait(timeout=60) == 0


# --- the other commands


def test_index_ends_with_a_summary(run):
    code, out, err = run("index", "--rebuild")
    assert code == 0
    assert out.startswith("1 file, 2 notes: 1 answered, 1 unanswered, 0 duplicates.\n9 passages, 9 embedded, 0.5 s")
    assert "  corpus/a.png: no notes\n" in out
    assert err == "warning: one byte was replaced\n"


def test_search_lists_hits(run):
    code, out, _ = run("search", "--limit", "1", "s3")
    assert (code, out) == (0, "1. corpus/notes.txt:76-99  versoning in S3  (0.50)\n")
    assert [hit["rank"] for hit in json.loads(run("search", "--json", "s3")[1])["hits"]] == [1, 2]
    fails(run("search", "--limit", "0", "s3"), 2, "USAGE", "limit")
    fails(run("search"), 2, "QUESTION")


def test_notes_are_listed_and_shown(run):
    code, out, _ = run("notes", "list")
    assert (code, out.count("\n")) == (0, 4)
    assert [note["id"] for note in json.loads(run("notes", "list", "--json")[1])["notes"]] == [
        "versoning-in-s3",
        "multi-threading-in-python",
    ]
    assert "Deleted objects stay." in run("notes", "show", "versoning-in-s3")[1]
    assert json.loads(run("notes", "show", "versoning-in-s3", "--json")[1])["same_as"] == ["other"]


def test_how_each_file_was_read_is_explained(run):
    code, out, _ = run("notes", "list", "--explain")
    assert (code, out.splitlines()[0]) == (0, "corpus/notes.txt")
    assert "read as q-lines (utf-8): lines begin with Q." in out


def test_an_unknown_id_names_the_nearest(run):
    fails(
        run("notes", "show", "versioning-s3"),
        2,
        "USAGE",
        "Did you mean versoning-in-s3?",
        "Run: assistant notes show versoning-in-s3",
    )
    fails(run("notes", "show", "python"), 2, "USAGE", "Did you mean multi-threading-in-python?")
    fails(run("notes", "show", "zzz"), 2, "USAGE", "Run: assistant notes list")


# --- options and settings


def test_folders_may_be_named_before_and_after_the_command(run, fake, tmp_path):
    run("--notes", "one", "ask", "q")
    run("ask", "q", "--notes", "two", "--index", "i")
    run("--notes", "one", "--index", "j", "notes", "list", "--notes", "two")
    assert [made.settings.notes.name for made in fake] == ["one", "two", "two"]
    assert [made.settings.index for made in fake[1:]] == [tmp_path / "i", tmp_path / "j"]


def test_without_a_project_it_says_what_to_do(run, tmp_path):
    (tmp_path / "assistant.toml").unlink()
    fails(run("ask", "q"), 2, "SETTINGS", "--notes")


def test_an_unknown_setting_is_named(run, tmp_path):
    (tmp_path / "assistant.toml").write_text('notes = "corpus"\nindx = "i"\n')
    fails(run("ask", "q"), 2, "SETTINGS", "indx", "Did you mean index?")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("aks", "q"), "Did you mean ask?"),
        (("xyz",), "There are ask"),
        (("ask", "--jsno", "q"), "--json"),
        (("--colour", "ask", "q"), "--colour"),
        (("ask", "--batch"), "--batch"),
        (("notes", "shw", "x"), "show"),
        (("notes", "show"), "ID"),
        (("search", "--limit", "many", "q"), "--limit"),
    ],
)
def test_a_wrong_command_line_is_one_line_and_exit_code_2(run, arguments, part):
    fails(run(*arguments), 2, "USAGE", part)


def test_an_escape_sequence_in_an_argument_is_not_sent_to_the_terminal(run):
    _, _, err = run("\x1b[2Jask")
    assert "\x1b" not in err


@pytest.mark.parametrize("command", [(), ("ask",), ("search",), ("index",), ("notes", "list"), ("notes", "show")])
def test_every_command_has_help_with_an_example(run, command):
    code, out, err = run(*command, "--help")
    assert (code, err) == (0, "")
    assert "Example" in out
    assert "  assistant " in out


def test_alone_it_shows_its_help(run):
    code, out, _ = run()
    assert code == 0
    assert "Usage: assistant" in out


# --- faults


def test_a_bug_is_one_line_that_tells_no_secrets(run):
    outcome = run("ask", "crash")
    fails(outcome, 70, "INTERNAL", "KeyError in assistant.cli.ask", "Run: assistant --debug ask crash")
    assert "secret" not in outcome[2]


def test_debug_shows_where_it_came_from(run):
    for arguments in (("--debug", "ask", "crash"), ("ask", "crash", "--debug")):
        code, _, err = run(*arguments)
        assert code == 70
        assert "Traceback" in err
        assert err.splitlines()[-1].startswith("error[INTERNAL]: ")
    assert "Traceback" in run("--debug", "--notes", "damaged", "ask", "q")[2]


def test_an_interrupted_command_leaves_with_130(run):
    handler = signal.getsignal(signal.SIGINT)
    for question in ("interrupt", "interrupt that is swallowed"):
        code, out, err = run("ask", question)
        assert (code, out, err.strip()) == (130, "", "")
    assert signal.getsignal(signal.SIGINT) is handler


def test_warnings_of_the_index_are_told_with_every_result(run, monkeypatch):
    for command in (("ask", "q"), ("search", "q"), ("notes", "list"), ("notes", "show", "versoning-in-s3")):
        code, out, err = run("--notes", "older", *command)
        assert (code, err) == (0, "warning: an older index is used\n")
        assert out
    assert json.loads(run("--notes", "older", "ask", "--json", "q")[1])["warnings"] == ["an older index is used"]
    monkeypatch.setattr("sys.stdin", _input(b'{"question": "q"}'))
    assert "an older index" in run("--notes", "older", "ask", "--batch", "-")[1]


def test_a_damaged_index_is_exit_code_5(run):
    fails(run("--notes", "damaged", "ask", "q"), 5, "INDEX_DAMAGED", "Your notes are safe. Run: mend")


# --- real processes


def test_the_module_is_the_command(tmp_path):
    done = process("--version", program=("-m", "assistant"), cwd=tmp_path)
    assert (done.returncode, done.stdout.decode()) == (0, f"notes-assistant {assistant.__version__}\n")


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("ask", "q"), ("ask", "--json", "q")])
def test_the_command_line_itself_loads_nothing_heavy(arguments, tmp_path):
    done = process("--modules", *arguments, cwd=tmp_path)
    assert done.returncode == 0
    loaded = {name.partition(".")[0] for name in done.stderr.decode().split()}
    assert "assistant" in loaded
    assert not loaded & HEAVY
    assert "rich" not in loaded


def test_a_reader_that_leaves_is_no_error(tmp_path):
    (tmp_path / "q").write_text('{"question": "q"}\n' * 500)
    command = '"$0" "$1" ask --batch q | head -n 1; exit ${PIPESTATUS[0]}'
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, str(FAKE)],
        check=False, capture_output=True, env=environment, cwd=tmp_path, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (141, b"")
    assert json.loads(done.stdout)["status"] == "answered"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(("question", "code"), [("missing", 4), ("crash", 70)])
def test_closed_streams_change_nothing_else(tmp_path, closed: str, question: str, code: int):
    command = f'exec "$0" "$1" ask "$2" {closed}'
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, str(FAKE), question],
        check=False, capture_output=True, env=environment, cwd=tmp_path, timeout=60,
    )  # fmt: skip
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- 2>&-"])
def test_a_closed_stream_is_never_a_file_that_is_opened_later(tmp_path, closed: str):
    command = f'exec "$0" "$1" ask descriptor {closed}'
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, str(FAKE)],
        check=False, capture_output=True, env=environment, cwd=tmp_path, timeout=60,
    )  # fmt: skip
    assert int(done.stdout.split()[2]) > 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_a_full_disk_under_the_output_is_told(tmp_path, flags):
    with Path("/dev/full").open("wb") as full:
        environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
        done = subprocess.run(
            [sys.executable, str(FAKE), "ask", *flags, "q"],
            check=False, stdout=full, stderr=subprocess.PIPE, env=environment, cwd=tmp_path, timeout=60,
        )  # fmt: skip
    assert done.returncode == 5
    assert re.fullmatch(rb"error\[DISK\]: .+ Run: .+\n", done.stderr)


ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii:strict"}


def test_a_locale_without_utf8_is_no_error(tmp_path):
    done = process("ask", "echo naïve — 🙂", env=ASCII, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(rb"echo na\xefve \u2014 \U0001f642")
    done = process("ask", "--json", "naïve — 🙂", env=ASCII, cwd=tmp_path)
    assert json.loads(done.stdout.decode("utf-8"))["question"] == "naïve — 🙂"


def test_an_endless_input_is_refused_at_once(tmp_path):
    with Path("/dev/zero").open("rb") as endless:
        done = process("ask", stdin=endless, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(b"error[QUESTION]: ")


def test_an_installed_completion_is_answered(tmp_path):
    completing = {"_ASSISTANT_COMPLETE": "complete_bash", "COMP_WORDS": "assistant se", "COMP_CWORD": "1"}
    done = process(env=completing, cwd=tmp_path)
    assert done.stdout.split() == [b"search"]


# --- the end of the process


def left(program: str, **streams) -> subprocess.CompletedProcess[bytes]:
    """What becomes of a process that leaves at the end of a program."""
    start = "import atexit, os, sys, threading\nfrom assistant.cli.leaving import leave\n"
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.run([sys.executable, "-c", start + program], check=False, cwd=PACKAGE, timeout=60, **given)


def test_all_that_was_written_is_delivered_and_the_exit_code_kept():
    done = left("sys.stdout.write('an answer'); sys.stderr.write('a word'); leave(4)")
    assert (done.returncode, done.stdout, done.stderr) == (4, b"an answer", b"a word")


def test_what_was_registered_for_the_end_is_done():
    done = left("atexit.register(print, 'second'); atexit.register(print, 'first'); leave(3)")
    assert (done.returncode, done.stdout) == (3, b"first\nsecond\n")


def test_the_interpreter_is_not_taken_apart():
    done = left("class Last:\n    def __del__(self): print('taken apart')\nlast = Last()\nleave(0)")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_thread_that_still_works_comes_to_its_end():
    slow = "threading.Thread(target=lambda: (threading.main_thread().join(), print('done'))).start()"
    done = left(f"{slow}; leave(3)")
    assert (done.returncode, done.stdout) == (3, b"done\n")


@pytest.mark.parametrize("watch", ["sys.setprofile", "sys.settrace"])
def test_who_profiles_or_traces_the_program_gets_to_see_its_end(watch: str):
    done = left(f"{watch}(lambda *_: None)\ntry:\n    leave(0)\nexcept SystemExit:\n    print('the end')")
    assert done.stdout == b"the end\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_what_cannot_be_delivered_at_the_end_is_not_passed_over():
    with Path("/dev/full").open("wb") as full:
        done = left("sys.stdout.write('an answer'); leave(0)", stdout=full)
    assert done.returncode != 0
    assert b"No space left" in done.stderr


# --- a terminal


def on_terminal(tmp_path: Path, *arguments: str, width: int = 80, **env: str) -> str:
    """What a person sees: both streams on one terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS", "LINES")}
    environment |= {"PYTHONPATH": str(PACKAGE), "TERM": "xterm-256color", **env}
    child = subprocess.Popen(
        [sys.executable, str(FAKE), *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=tmp_path, env=environment,
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    try:
        while chunk := os.read(ours, 4096):
            seen += chunk
    except OSError:
        pass  # the child closed its side
    child.wait(timeout=60)
    os.close(ours)
    return seen.decode()


def test_on_a_terminal_there_is_colour_and_wrapping(tmp_path):
    seen = on_terminal(tmp_path, "ask", "missing", width=30)
    assert "\x1b[1mThis is not in your notes.\x1b[0m" in seen
    bare = re.sub(r"\x1b\[[0-9;]*m", "", seen)
    assert max(len(line) for line in bare.splitlines()) <= 30


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_without_colour_gets_no_escape_sequence(tmp_path, env):
    for question in ("missing", "hostile"):
        assert "\x1b" not in on_terminal(tmp_path, "ask", question, **env)


def test_json_on_a_terminal_is_json(tmp_path):
    assert json.loads(on_terminal(tmp_path, "ask", "--json", "hostile"))["status"] == "answered"


def test_index_shows_a_bar_on_a_terminal_and_none_in_a_pipe(tmp_path):
    assert "Embedding" in on_terminal(tmp_path, "index")
    assert "Embedding" not in on_terminal(tmp_path, "index", TERM="dumb")
    assert b"Embedding" not in process("index", cwd=tmp_path).stderr


# --- what a stranger types


def test_a_prompt_is_never_shown_by_sending_a_batch(run, fake, tmp_path):
    (tmp_path / "q.jsonl").write_text('{"id": 1, "question": "q"}\n')
    fails(run("ask", "--batch", "q.jsonl", "--show-prompt"), 2, "USAGE", "--show-prompt sends nothing")
    assert not fake


@pytest.mark.parametrize("command", [("chat",), ("web", "--port", "0"), ("ask", "--batch", "-")])
@pytest.mark.parametrize("model", ["nonsense", "no-such-provider:x", "openai:x"])
def test_a_model_that_cannot_be_asked_is_refused_before_anything_is_opened(run, fake, monkeypatch, command, model):
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)
    fails(run(*command, "--llm", model), 2, "LLM_SETTINGS", "Nothing was sent")
    assert not fake


def test_an_address_without_a_model_is_refused(run, monkeypatch):
    url = "http://127.0.0.1:9/v1"
    fails(run("ask", "--base-url", url, "q"), 2, "USAGE", "no model is named", f"--base-url {url}")
    assert run("ask", "--base-url", url, "--no-llm", "q")[0] == 0
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    assert run("ask", "q")[0] == 0


@pytest.mark.parametrize("flag", ["--notes", "--index"])
def test_a_folder_without_a_name_is_not_the_working_folder(run, fake, flag):
    for arguments in ((flag, "", "ask", "q"), ("ask", "q", flag, " "), (f"{flag}=", "search", "q")):
        fails(run(*arguments), 2, "USAGE", flag, "a folder needs a name")
    assert not fake


@pytest.mark.parametrize(
    ("arguments", "run_this"),
    [
        (("search",), 'assistant search "what is a mutex?"'),
        (("notes", "show"), "assistant notes show --help"),
        (("notes", "lst"), "assistant notes --help"),
        (("gaps", "add", "1"), "assistant gaps add --help"),
        (("eval", "accept"), "assistant eval accept --help"),
        (("eval", "new", "--nosuch"), "assistant eval new --help"),
        (("notes", "list", "--explain", "--json"), "assistant notes list --explain"),
        (("doctor", "note"), "assistant doctor --help"),
    ],
)
def test_the_help_that_is_named_is_that_of_the_command_that_was_meant(run, arguments, run_this):
    outcome = run(*arguments)
    fails(outcome, 2, "(USAGE|QUESTION)")
    assert outcome[2].endswith(f"Run: {run_this}\n")
    assert "Value error" not in outcome[2]
