"""The commands of `assistant eval` as a person runs them: exit codes, one line of error, what is written and where."""

from __future__ import annotations

import io
import json
import os
import re
import shutil

import pytest
from assembled import CORPUS
from conftest import HashingEmbedder, digest_of

from assistant import cli
from assistant.app import Assistant
from assistant.cli.evaluation import COMMANDS
from assistant.feedback import Feedback
from assistant.render.json import answer_object
from assistant.settings import load

NOTES = """\
Q. what is a roux?
Flour cooked in fat.
It thickens a sauce in five minutes.

Q. how to boil eggs?
Start in cold water.
Simmer for ten minutes, then cool them in ice.

Q. what is blanching?
A short boil, then ice water.
It keeps vegetables green.

Q. how does tempering work?

"""
CASES = """\
version: 1
cases:
  - id: roux
    ask: what is a roux
    notes: what is a roux?
    evidence: [{note: "what is a roux?", quote: "It thickens a sauce"}]
    nuggets: [{say: five minutes}]
    must_pass: true
    split: dev
  - {id: eggs, ask: how are eggs boiled, notes: how-to-boil-eggs, split: dev, variants: [{keyword: eggs boil}]}
  - {id: unseen-need, ask: what does blanching do, notes: what-is-blanching, split: heldout}
  - {id: open, ask: how does tempering work, expect: noted_unanswered, notes: how-does-tempering-work, split: dev}
  - {id: far, ask: who won the cup, expect: not_in_notes, split: dev}
"""
FAR = "  - {id: aida, ask: who sang Aida, expect: not_in_notes}\n"
SILENT = "  - {id: silent, ask: '???', expect: not_in_notes, split: dev}\n"  # asking it is an error of its own
THINGS = "copper maple harbour violin lantern glacier saddle walnut compass orchid furnace pelican".split()
OTHERS = "tractor opera zebra magnet sonnet cactus velvet pirate bishop comet rocket turnip".split()


class Project:
    """A folder with settings, notes and cases, and the files in it."""

    def __init__(self, folder):
        self.folder = folder

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def read(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def change(self, name, before, after):
        text = self.read(name)
        assert before in text
        self.write(name, text.replace(before, after))

    def rows(self, name):
        return [json.loads(line) for line in self.read(name).splitlines()]

    def cases(self, name):
        import yaml

        return yaml.safe_load(self.read(name))["cases"]

    def names(self, under="eval"):
        files = (path for path in (self.folder / under).rglob("*") if path.is_file())
        return sorted(path.relative_to(self.folder).as_posix() for path in files)


@pytest.fixture(autouse=True)
def project(monkeypatch, tmp_path):
    """Four notes and five cases about them; everything is real but the embedding model, which counts words."""
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setattr("assistant.embed.open_embedder", lambda *_: HashingEmbedder())
    monkeypatch.setattr("sys.stdin", io.StringIO())
    made = Project(tmp_path / "project")
    made.write("assistant.toml", 'notes = "notes"\n')
    made.write("notes/kitchen.txt", NOTES)
    made.write("eval/cases/food.yaml", CASES)
    monkeypatch.chdir(made.folder)
    return made


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = cli.run(["eval", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def accepted(run):
    assert run("accept", "--reason", "the first")[0] == 0


def fails(outcome, code, name, *parts):
    """The contract of errors: an exit code, nothing on stdout, one line with what to run."""
    assert (outcome[0], outcome[1]) == (code, ""), outcome
    assert re.fullmatch(rf"error\[{name}\]: .+[.?] Run: .+\n", outcome[2]), outcome[2]
    for part in parts:
        assert part in outcome[2]


# --- exit codes


def test_without_a_baseline_the_exit_code_is_4(run):
    code, out, _ = run()

    assert code == 4
    assert out.rstrip().endswith("fail: there is no baseline to compare with\nfood: NO BASELINE")


def test_what_was_accepted_is_the_baseline_of_the_next_run(run, project):
    code, _, err = run("accept", "--reason", " lists are quoted whole ")
    assert (code, err) == (0, "the baseline of food is now eval/baselines/food.jsonl\n")
    header, *cases = project.rows("eval/baselines/food.jsonl")
    assert header["reason"] == "lists are quoted whole"
    assert {"created", "git", "by", "corpus_sha", "cases_sha", "engine"} <= header.keys()
    assert [case["id"] for case in cases] == ["eggs", "eggs#keyword1", "far", "open", "roux", "unseen-need"]
    assert not any("answer" in case for case in cases)

    code, out, _ = run()
    assert (code, out.rstrip().splitlines()[-1]) == (0, "food: PASS")


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_baseline_without_a_reason_is_refused(run, project, reason):
    fails(run("accept", "--reason", reason), 2, "USAGE", "a baseline needs a reason")
    fails(run("accept"), 2, "USAGE", "--reason")
    assert project.names() == ["eval/cases/food.yaml"]


def test_a_pinned_case_that_a_changed_note_turns_is_exit_code_1(run, project, accepted):
    project.change("notes/kitchen.txt", "in five minutes", "soon")
    code, out, _ = run()

    assert code == 1
    assert "fail: 1 case must pass, did, and no longer does: roux\n" in out
    assert "roux (must pass, what is a roux)\n    what-is-a-roux -> what-is-a-roux; “five minutes” is not said" in out
    assert out.rstrip().endswith("food: REGRESSION, 1 warning")


def test_a_held_out_case_that_turns_is_counted_and_not_named(run, project, accepted):
    project.change("notes/kitchen.txt", "A short boil, then ice water.\nIt keeps vegetables green.\n", "")
    code, out, _ = run()

    assert code == 1
    assert "lost: 0 questions and 1 held out" in out
    written = [project.read(name) for name in project.names("eval/results") if name.endswith((".md", ".html", ".xml"))]
    assert not any("unseen-need" in text for text in (out, *written))


def test_a_floor_that_is_not_reached_is_exit_code_1(run, project, accepted):
    project.write("eval/gate.yaml", "floors: {food: {false_answer_bound: 0.1}, other: {hit@1: 1}}\n")
    code, out, _ = run()

    assert code == 1
    assert "fail: false_answer_bound is 0.7764, the floor is at most 0.1\n" in out


def test_one_case_without_an_answer_is_exit_code_1_and_more_than_allowed_is_3(run, project, accepted):
    project.write("eval/cases/food.yaml", CASES + SILENT)
    code, out, _ = run()
    assert (code, "fail: silent failed: error[QUESTION]" in out) == (1, True)

    project.write("eval/gate.yaml", "max_errors: 0\n")
    code, out, _ = run()
    assert code == 3
    assert "fail: 1 case got no answer" in out
    assert out.rstrip().endswith("food: NOT FINISHED")


def test_a_run_that_could_not_finish_is_no_baseline(run, project):
    project.write("eval/cases/food.yaml", CASES + SILENT)
    project.write("eval/gate.yaml", "max_errors: 0\n")
    code, _, err = run("accept", "--reason", "in a hurry")

    said = "food could not be finished, so it is no baseline. Every baseline is as it was. Run: assistant eval"
    assert (code, err) == (2, f"error[CASES]: {said}\n")
    assert "eval/baselines/food.jsonl" not in project.names()


def test_one_suite_that_could_not_finish_leaves_the_baselines_of_all_as_they_were(run, project, accepted):
    before = project.read("eval/baselines/food.jsonl")
    project.change("notes/kitchen.txt", "in five minutes", "in five minutes, mostly")
    project.write("eval/cases/zoo.yaml", "cases:\n" + SILENT)
    project.write("eval/gate.yaml", "max_errors: 0\n")
    code, _, err = run("accept", "--reason", "in a hurry")

    assert (code, "zoo could not be finished" in err, "is now" in err) == (2, True, False)
    assert project.read("eval/baselines/food.jsonl") == before
    assert "eval/baselines/zoo.jsonl" not in project.names()


def test_of_several_suites_the_worst_decides(run, project, accepted):
    project.write("eval/cases/more.yaml", "cases: [{id: more, ask: what keeps greens, notes: what-is-blanching}]\n")
    assert run()[0] == 4
    project.change("notes/kitchen.txt", "in five minutes", "soon")
    assert run()[0] == 1
    project.write("eval/cases/more.yaml", "cases:\n" + SILENT)
    project.write("eval/gate.yaml", "max_errors: 0\n")
    assert run()[0] == 3


def test_a_warning_passes_unless_strict(run, project, accepted):
    project.write("notes/other.txt", "Q. what is poaching?\nCooking in barely moving water.\n")
    code, out, _ = run()
    assert (code, out.rstrip().splitlines()[-1]) == (0, "food: PASS, 1 warning")
    assert "warn: the notes changed since the baseline was accepted\n" in out

    assert run("--strict")[0] == 1


def test_every_mistake_of_a_case_file_is_told_with_its_line_in_one_line_and_nothing_is_asked(run, project, monkeypatch):
    monkeypatch.setattr(Assistant, "ask", lambda *_: pytest.fail("something was asked"))
    project.write("eval/cases/food.yaml", CASES + "  - {ask: one, expct: answer}\n  - {ask: two, expect: nothing}\n")

    fails(
        run(),
        2,
        "CASES",
        "eval/cases/food.yaml:14: one: there is no key `expct` (did you mean `expect`?); "
        "eval/cases/food.yaml:15: two: `expect` cannot be 'nothing'",
        "Run: $EDITOR eval/cases/food.yaml",
    )
    assert project.names() == ["eval/cases/food.yaml"]


@pytest.mark.parametrize(
    ("file", "text", "part"),
    [
        ("eval/cases/food.yaml", "cases: [}", "eval/cases/food.yaml:1: not valid YAML"),
        (
            "eval/cases/food.yaml",
            CASES + CASES.partition("cases:\n")[2],
            "the id roux is used already at eval/cases/food.yaml:3",
        ),
        (
            "eval/cases/more.yaml",
            CASES,
            "eval/cases/more.yaml:3: the id roux is used already at eval/cases/food.yaml:3",
        ),
        ("eval/cases/more.yaml", "corpus: nowhere\ncases: []\n", "the corpus nowhere is not a folder"),
        ("eval/gate.yaml", "tolerence: 1\n", "eval/gate.yaml: `tolerence`"),
        ("eval/gate.yaml", "alpha: [", "eval/gate.yaml: not valid YAML"),
        (
            "eval/baselines/food.jsonl",
            '{"schema": 1}\nnonsense\n',
            "eval/baselines/food.jsonl is not a file of results",
        ),
    ],
)
def test_a_file_that_cannot_be_taken_is_exit_code_2_with_its_name(run, project, file, text, part):
    project.write(file, text)

    fails(run(), 2, "CASES", part)


@pytest.mark.parametrize(
    ("arguments", "name", "part"),
    [
        (("--cases", "eval/cases/fod.yaml"), "CASES", "did you mean `food.yaml`?"),
        (("--cases", "notes"), "CASES", "no case files in notes"),
        (("--eval", "nowhere"), "CASES", "there is no case file nowhere/cases. Run: assistant eval self"),
        (("--only", "rouxx"), "USAGE", "there is no case rouxx; did you mean roux?"),
        (("--only", "roux", "--only", "nothing-near"), "USAGE", "there is no case nothing-near. Run:"),
        (("--only", "roux", "--report", "report.md"), "USAGE", "--report tells of all cases"),
        (("--repeat", "0"), "USAGE", "--repeat"),
        (("--strict", "lint"), "USAGE", "--strict before lint would change nothing"),
        (("--eval", "other", "--cases", "a.yaml", "accept", "--reason", "r"), "USAGE", "--cases, --eval before accept"),
        (("explain", "rouxx"), "USAGE", "did you mean roux? Run: assistant eval explain roux"),
        (("explain",), "USAGE", "ID"),
        (("nosuch",), "USAGE", "nosuch"),
    ],
)
def test_a_command_line_that_cannot_be_taken_is_exit_code_2(run, project, arguments, name, part):
    fails(run(*arguments), 2, name, part)
    assert project.names() == ["eval/cases/food.yaml"]


@pytest.mark.parametrize("arguments", [("--report", "notes"), ("fit", "--out", "notes"), ("new", "--to", "notes")])
def test_a_file_that_cannot_be_written_is_told_with_its_name(run, project, arguments):
    write_suite_for_a_fit(project)
    case = ("--ask", "is butter needed", "--expect", "not_in_notes") if arguments[0] == "new" else ()
    code, out, err = run(*arguments, *case)

    assert (code, out) == (5, "")
    assert err == (
        "error[DISK]: notes cannot be read or written (Is a directory). Your notes are untouched. Run: ls -ld notes\n"
    )


def test_a_debug_flag_may_stand_before_the_name_of_a_command(run):
    assert run("--debug", "schema")[0] == 0


@pytest.mark.parametrize("command", [(), *[(name,) for name in COMMANDS]])
def test_every_command_has_help_with_an_example(run, command):
    code, out, err = run(*command, "--help")

    assert (code, err) == (0, "")
    assert "Example" in out
    assert " ".join(("  assistant eval", *command)) in out


# --- what is asked, and what is written


def test_a_run_writes_its_reports_and_nothing_else(run, project):
    notes, cases = (digest_of(project.folder / name) for name in ("notes", "eval/cases"))
    _, _, err = run("--report", "out/reports/mine.md")

    assert err.splitlines()[-1] == "reports: eval/results/report.html"
    assert [path.name for path in sorted(project.folder.iterdir())] == [
        "assistant.toml",
        "eval",
        "index",
        "notes",
        "out",
    ]
    assert project.names("eval/results") == [
        f"eval/results/{name}" for name in ("food.jsonl", "food.times.json", "junit.xml", "report.html", "report.md")
    ]
    assert project.names("out") == ["out/reports/mine.md"]
    assert project.read("out/reports/mine.md") == project.read("eval/results/report.md")
    assert set(json.loads(project.read("eval/results/food.times.json"))) == {
        case["id"] for case in project.rows("eval/results/food.jsonl")[1:]
    }
    assert (notes, cases) == tuple(digest_of(project.folder / name) for name in ("notes", "eval/cases"))


@pytest.mark.parametrize("again", [(), ("gate",), ("gate", "--repeat", "2")])
def test_two_runs_give_the_same_bytes_whatever_was_there_and_only_times_differ(run, project, accepted, again):
    def results():
        names = [name for name in project.names("eval/results") if not name.endswith(".times.json")]
        return {name: (project.folder / name).read_bytes() for name in names}

    def without_times(out):
        return re.sub(r"median \d+ ms", "", out)

    code, out, _ = run()
    first = results()
    shutil.rmtree(project.folder / "eval" / "results")
    shutil.rmtree(project.folder / "index")
    code_again, out_again, _ = run(*again)

    assert (code, code_again) == (0, 0)
    assert results() == first
    assert without_times(out_again) == without_times(out)


def test_only_asks_the_wordings_of_one_case_and_leaves_the_results_alone(run, project, accepted, monkeypatch):
    asked, ask = [], Assistant.ask
    monkeypatch.setattr(Assistant, "ask", lambda self, text, history=(): asked.append(text) or ask(self, text, history))
    before = project.names()
    project.change("notes/kitchen.txt", "in five minutes", "soon")
    code, out, err = run("--only", "eggs")

    assert (code, asked) == (0, ["how are eggs boiled", "eggs boil"])
    assert out.startswith("food: 2 questions on 1 need\n")
    assert "reports:" not in err
    assert project.names() == before
    assert run("--only", "roux")[0] == 1


def test_only_shows_no_number_of_all_cases_as_the_former_one_of_a_few(run, accepted):
    _, everything, _ = run()
    _, one, _ = run("--only", "roux")

    assert re.search(r"^ answer_words +\d+\.\d+ +\d+\.\d+ ", everything, re.MULTILINE)
    assert re.search(r"^ answer_words +– +11\.0 ", one, re.MULTILINE)


def test_rescoring_asks_nobody_and_gives_the_same_bytes(run, project, accepted, monkeypatch):
    run()
    before = project.read("eval/results/food.jsonl")
    monkeypatch.setattr(Assistant, "ask", lambda *_: pytest.fail("something was asked"))

    assert run("--rescore")[0] == 0
    assert project.read("eval/results/food.jsonl") == before


def test_rescoring_judges_kept_answers_by_the_cases_as_they_are_now(run, project):
    run()
    project.change("eval/cases/food.yaml", "say: five minutes", "say: an hour")
    run("--rescore")

    faults = {case["id"]: case["faults"] for case in project.rows("eval/results/food.jsonl")[1:]}
    assert faults["roux"] == ["“an hour” is not said"]
    assert not any(faults[name] for name in faults if name != "roux")


def test_without_kept_answers_nothing_is_scored_again(run):
    fails(run("--rescore"), 2, "CASES", "no kept answers of the suite food", "Run: assistant eval")


def test_the_eval_folder_above_is_found_and_another_may_be_named(run, project, monkeypatch):
    deep = project.folder / "notes" / "deep"
    deep.mkdir()
    monkeypatch.chdir(deep)
    code, _, err = run()
    assert (code, err.splitlines()[-1]) == (4, "reports: ../../eval/results/report.html")

    shutil.move(project.folder / "eval", project.folder / "measured")
    assert run("accept", "--reason", "moved", "--eval", "../../measured")[0] == 0
    assert run("--eval", "../../measured")[0] == 0
    assert "measured/baselines/food.jsonl" in project.names("measured")


def test_a_suite_that_brings_its_notes_needs_no_settings(run, project, tmp_path, monkeypatch):
    elsewhere = Project(tmp_path / "elsewhere")
    elsewhere.write("cases/food.yaml", "corpus: kitchen\n" + CASES)
    shutil.move(project.folder / "notes", elsewhere.folder / "kitchen")
    monkeypatch.chdir(elsewhere.folder)
    code, out, err = run("accept", "--reason", "r", "--eval", ".")
    assert (code, "food: 6 questions" in out, err) == (0, True, "the baseline of food is now baselines/food.jsonl\n")

    code, _, err = run("--eval", ".")
    assert (code, err) == (0, "reports: results/report.html\n")
    assert not (elsewhere.folder / "index").exists()


# --- explain, diff


def test_a_case_is_explained_with_all_its_wordings_now_and_before(run, project, accepted):
    project.change("notes/kitchen.txt", "in five minutes", "soon")
    code, out, err = run("explain", "roux")
    assert (code, err) == (0, "")
    for part in (
        "roux  (eval/cases/food.yaml:3, dev, must pass)\n  asked:    what is a roux\n",
        "  | It thickens a sauce soon. [1]\n",
        "wrong: “five minutes” is not said\n",
        "  nuggets_vital           0.0000  (before 1.0000)  vital facts said\n",
        "before: answered, confidence ",
        "  | It thickens a sauce in five minutes. [1]\n",
    ):
        assert part in out

    assert re.findall(r"^(eggs\S*)  \(", run("explain", "eggs")[1], re.MULTILINE) == ["eggs", "eggs#keyword1"]
    assert re.findall(r"^(eggs\S*)  \(", run("explain", "eggs#keyword1")[1], re.MULTILINE) == ["eggs#keyword1"]


def test_a_held_out_case_is_looked_at_knowingly_only(run, project):
    fails(
        run("explain", "unseen-need"),
        2,
        "USAGE",
        "unseen-need is held out; looking at it spends it. Run: assistant eval explain unseen-need --heldout",
    )
    assert "eval/heldout_log.md" not in project.names()

    for looks in (1, 2):
        code, out, _ = run("explain", "unseen-need", "--heldout")
        assert (code, "asked:    what does blanching do" in out) == (0, True)
        log = project.read("eval/heldout_log.md")
        assert re.fullmatch(rf"# Looks at held-out cases\n\n(- \d{{4}}-\d\d-\d\d unseen-need\n){{{looks}}}", log)


def test_a_look_is_written_down_where_there_is_no_eval_folder_yet(run, project):
    shutil.move(project.folder / "eval" / "cases" / "food.yaml", project.folder / "food.yaml")
    shutil.rmtree(project.folder / "eval")

    assert run("explain", "unseen-need", "--heldout", "--cases", "food.yaml")[0] == 0
    assert "unseen-need" in project.read("eval/heldout_log.md")


def test_two_files_of_results_are_compared_and_judged_by_nobody(run, project, accepted):
    project.change("notes/kitchen.txt", "in five minutes", "soon")
    project.change("eval/cases/food.yaml", "- {id: far, ", "- {id: farther, ")
    run()
    code, out, err = run("diff", "eval/baselines/food.jsonl", "eval/results/food.jsonl")

    assert (code, err) == (0, "")
    assert out.startswith("note: the notes changed since the baseline was accepted\nhit@1 ")
    assert "nuggets_vital        1.0000 -> 0.0000  worse" in out
    assert (
        "lost: 1 question\n  roux (must pass): what is a roux\n"
        "    answered, what-is-a-roux -> answered, what-is-a-roux; “five minutes” is not said\n"
        "won: 0 questions\nnew: 1\ngone: 1\n"
    ) in out


def test_a_held_out_case_is_compared_and_not_named(run, project, accepted):
    project.change("notes/kitchen.txt", "A short boil, then ice water.\nIt keeps vegetables green.\n", "")
    run()
    code, out, _ = run("diff", "eval/baselines/food.jsonl", "eval/results/food.jsonl")

    assert (code, "lost: 0 questions and 1 held out\n" in out, "unseen-need" in out) == (0, True, False)


@pytest.mark.parametrize(
    ("path", "name", "part"),
    [
        ("nowhere.jsonl", "USAGE", "there is no file of results nowhere.jsonl"),
        ("eval", "USAGE", "there is no file of results eval"),
        ("eval/cases/food.yaml", "CASES", "eval/cases/food.yaml is not a file of results"),
    ],
)
def test_what_is_no_file_of_results_is_named(run, accepted, path, name, part):
    for pair in ((path, "eval/baselines/food.jsonl"), ("eval/baselines/food.jsonl", path)):
        fails(run("diff", *pair), 2, name, part, "Run: assistant eval\n")


# --- fit


def write_suite_for_a_fit(project):
    """Twelve notes with an answer, twelve open ones, and twelve questions about something else."""
    noted = "".join(f"Q. what is {thing}?\nIt stands on page {number}.\n\n" for number, thing in enumerate(THINGS))
    project.write("notes/kitchen.txt", noted + "".join(f"Q. why choose {thing}?\n\n" for thing in THINGS))
    lines = ["defaults: {split: dev}", "cases:"]
    lines += [f"  - {{ask: describe {thing}, notes: what-is-{thing}}}" for thing in THINGS]
    lines += [
        f"  - {{ask: why choose a {thing}, expect: noted_unanswered, notes: why-choose-{thing}}}" for thing in THINGS
    ]
    lines += [f"  - {{ask: describe {thing}, expect: not_in_notes}}" for thing in OTHERS]
    project.write("eval/cases/food.yaml", "\n".join(lines) + "\n")


def test_a_fit_is_written_where_it_is_wanted_and_used_once_the_settings_name_it(run, project):
    write_suite_for_a_fit(project)
    run()
    header, *before = project.rows("eval/results/food.jsonl")
    code, out, err = run("fit", "--most-right", "--out", "fitted/own.json")
    assert (code, err) == (0, "")
    written = json.loads(project.read("fitted/own.json"))
    assert (written["fitted_on"]["cases"], written["fitted_on"]["asked_for"]) == (36, "most outcomes right")
    assert f"threshold {written['answered']['threshold']:.4f}: 100.0% of what the notes answer is answered" in out
    run()
    assert project.rows("eval/results/food.jsonl")[0] == header, "nothing uses it yet"

    (setting,) = re.findall(r"written to fitted/own\.json\. To use it, in assistant\.toml: (.+)\n", out)
    project.write("assistant.toml", f'notes = "notes"\n{setting}\n')
    code, _, err = run("accept", "--reason", "fitted")
    now_header, *now = project.rows("eval/baselines/food.jsonl")
    assert now_header["engine"]["settings"] != header["engine"]["settings"]
    assert [case["confidence"] for case in now] != [case["confidence"] for case in before]
    assert all(case["metrics"]["outcome"] == 1 for case in now)
    assert "warning" not in run()[2]

    project.change("notes/kitchen.txt", "page 3", "page 300")
    assert "warning: the confidence was fitted on other notes than food now has. Run: assistant eval fit\n" in run()[2]


def test_a_share_of_false_answers_that_so_few_cases_cannot_promise_is_said(run, project):
    write_suite_for_a_fit(project)
    code, out, _ = run("fit", "--false-answers", "0.1")

    assert code == 0
    assert "not enough cases to promise 10.0%: with 24 needs that have no answer" in out
    assert json.loads(project.read("eval/confidence.json"))["fitted_on"]["asked_for"] == 0.1
    fails(run("fit", "--false-answers", "7"), 2, "USAGE", "--false-answers")


def test_too_few_cases_for_a_fit_are_counted_and_nothing_is_written(run, project):
    fails(run("fit"), 2, "CASES", "there are 3 answered, 1 noted and unanswered, 1 not in the notes")
    assert project.names() == ["eval/cases/food.yaml"]


# --- lint, new, schema


def test_sound_cases_pass_lint_and_warnings_fail_it_when_strict(run):
    code, out, err = run("lint")
    assert (code, err) == (0, "0 errors, 5 findings in all\n")
    assert "eval/cases/food.yaml:10: warning: eggs has no evidence\n" in out

    assert run("lint", "--strict") == (1, out, err)


def test_lint_finds_a_stale_quote_with_its_line(run, project):
    project.change("notes/kitchen.txt", "It thickens a sauce", "A sauce gets thick")
    code, out, err = run("lint")

    assert (code, err.startswith("1 error, ")) == (1, True)
    assert ("eval/cases/food.yaml:3: error: roux: “what is a roux?” no longer says “It thickens a sauce”\n") in out
    code, out, _ = run()
    assert (code, "fail: the notes no longer hold what 1 case rests on: roux\n" in out) == (1, True)


def test_lint_finds_a_case_that_stands_in_the_tests(run, project):
    project.change("eval/cases/food.yaml", "who won the cup", "why does nobody ever bake marmalade sideways")
    code, out, _ = run("lint")

    assert code == 1
    assert "food.yaml:13: error: far stands word for word in tests" in out


NEW = ("new", "--ask", "is ice needed")


def test_a_new_case_is_written_from_flags_checked_and_asked(run, project):
    said = ("--quote", "cool them in ice", "--fact", "ice", "--tag", "cold", "--must-pass")
    code, out, err = run(*NEW, "--note", "how to boil eggs?", *said)
    assert (code, err) == (0, "added to eval/cases/notes.yaml\n")
    written = project.cases("eval/cases/notes.yaml")
    assert written == [
        {
            "id": "is-ice-needed", "ask": "is ice needed", "expect": "answer", "tags": ["cold"], "must_pass": True,
            "notes": {"any_of": ["how to boil eggs?"]}, "nuggets": [{"say": "ice"}],
            "evidence": [{"note": "how to boil eggs?", "quote": "cool them in ice"}],
        }
    ]  # fmt: skip
    assert project.read("eval/cases/notes.yaml") == f"version: 1\ncases:\n{out}"

    assert run("--only", "is-ice-needed")[1].startswith("notes: 1 question on 1 need\n")
    run("new", "--ask", "is there bread", "--expect", "not_in_notes", "--to", "eval/cases/food.yaml")
    assert project.read("eval/cases/food.yaml").startswith(CASES + "  - id: is-there-bread\n")


@pytest.fixture
def shelf(project):
    """A suite that brings notes of its own."""
    project.write("eval/corpora/shelf/books.txt", "Q. who wrote Emma?\nJane Austen wrote Emma in 1815.\n")
    return project.write("eval/cases/shelf.yaml", "corpus: eval/corpora/shelf\ncases:\n" + FAR)


def test_a_new_case_is_checked_against_the_notes_of_the_suite_that_it_is_for(run, project, shelf):
    said = ("new", "--to", "eval/cases/shelf.yaml", "--ask", "when did Emma come out")
    fails(
        run(*said, "--note", "what is a roux?"), 2, "CASES", "no note is called “what is a roux?”",
        "Run: assistant --notes eval/corpora/shelf notes list",
    )  # fmt: skip
    assert run(*said, "--note", "who wrote Emma?", "--quote", "in 1815")[0] == 0
    assert project.cases("eval/cases/shelf.yaml")[-1]["evidence"] == [{"note": "who wrote Emma?", "quote": "in 1815"}]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ((), "a case that expects answer names its notes"),
        (("--note", "how to boil egg?"), "no note is called “how to boil egg?”; did you mean “how to boil eggs?”"),
        (("--note", "how to boil eggs?", "--quote", "in hot oil"), "none of the notes named says “in hot oil”"),
        (("--note", "how does tempering work?"), "“how does tempering work?” has no answer"),
        (("--expect", "noted_unanswered", "--note", "what is a roux?"), "“what is a roux?” has an answer now"),
        (("--expect", "nothing"), "`expect` cannot be 'nothing'"),
        (("--expect", "not_in_notes", "--tag", "Bad Tag"), "`tags` cannot be 'Bad Tag'"),
        (("--ask", "???", "--expect", "not_in_notes"), "the question has no words"),
        (
            ("--expect", "not_in_notes", "--to", "more.txt"),
            "more.txt: cases are added to YAML files",
        ),
        (("--expect", "not_in_notes", "--to", "more.jsonl"), "such as more.yaml"),
        (("--note", "what is a roux?", "--quote", "in oil"), "Run: assistant notes show what-is-a-roux\n"),
        (("--expect", "not_in_notes", "--note", "what is a roux?"), "not_in_notes has no notes"),
    ],
)
def test_a_new_case_that_does_not_fit_the_notes_is_refused_and_not_written(run, project, arguments, part):
    fails(run(*NEW, *arguments), 2, "CASES", part)
    assert project.names() == ["eval/cases/food.yaml"]


def test_a_question_that_has_a_case_already_is_refused_and_the_file_stays(run, project):
    assert run(*NEW, "--expect", "not_in_notes", "--to", "mine.yaml")[0] == 0
    before = project.read("mine.yaml")

    again = run(*NEW, "--expect", "not_in_notes", "--to", "mine.yaml")
    fails(again, 2, "CASES", "mine.yaml:6: the id is-ice-needed is used already at mine.yaml:3", "$EDITOR mine.yaml")
    assert project.read("mine.yaml") == before


def test_a_person_is_asked_for_a_case_and_a_pipe_is_not(run, project, monkeypatch):
    fails(run("new"), 2, "USAGE", "there is nobody to ask")
    typed = io.StringIO("is ice needed\na\nhow to boil egg?\ny\ncool them in ice\nice; cold\n")
    monkeypatch.setattr(typed, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin", typed)
    code, _, err = run("new")

    assert (code, err) == (0, "added to eval/cases/notes.yaml\n")
    (case,) = project.cases("eval/cases/notes.yaml")
    assert case["notes"] == {"any_of": ["how to boil eggs?"]}
    assert case["nuggets"] == [{"say": "ice"}, {"say": "cold"}]


def test_the_schema_is_one_json_document_and_the_one_that_comes_with_the_project(run):
    code, out, err = run("schema")

    assert (code, err) == (0, "")
    assert json.loads(out)["$schema"].startswith("https://json-schema.org/")
    assert out == (CORPUS.parent / "eval" / "schema.json").read_text(encoding="utf-8")


# --- self


def test_a_starter_set_for_a_fresh_folder_of_notes_runs_and_is_sound(run, tmp_path, monkeypatch):
    fresh = Project(tmp_path / "fresh")
    fresh.write("my notes/kitchen.txt", NOTES)
    monkeypatch.chdir(fresh.folder)
    code, out, err = run("self", "--notes", "my notes")
    assert (code, out.startswith("self: ")) == (0, True)
    assert re.fullmatch(r"\d\d cases written to eval/cases/self\.yaml, easy to pass: .+\n", err)
    assert fresh.names() == ["eval/cases/self.yaml"]
    asked = {case["ask"]: case["expect"] for case in fresh.cases("eval/cases/self.yaml")}
    assert (asked["what is a roux?"], asked["how does tempering work?"]) == ("answer", "noted_unanswered")
    assert "not_in_notes" in asked.values()

    code, _, err = run("lint", "--notes", "my notes")
    assert (code, err.startswith("0 errors, ")) == (0, True)
    assert run("--notes", "my notes")[0] == 4


def test_a_starter_set_is_written_over_only_by_force_and_is_the_same(run, project):
    run("self")
    before = project.read("eval/cases/self.yaml")
    fails(run("self"), 2, "USAGE", "eval/cases/self.yaml is there already", "Run: assistant eval self --force")
    project.write("eval/cases/self.yaml", "mine")
    fails(run("self"), 2, "USAGE", "is there already")
    assert project.read("eval/cases/self.yaml") == "mine"

    assert run("self", "--force")[0] == 0
    assert project.read("eval/cases/self.yaml") == before


# --- triage, promote


def test_a_new_case_gets_no_name_that_another_file_has(run, project):
    case = ("new", "--ask", "far", "--expect", "not_in_notes")
    fails(run(*case), 2, "CASES", "the id far is used already at eval/cases/food.yaml:13")
    assert project.names() == ["eval/cases/food.yaml"]


def test_the_same_file_named_twice_is_read_once_and_two_of_one_name_are_refused(run, project, tmp_path):
    assert run("lint", "--cases", "eval/cases/food.yaml", "--cases", "eval/cases")[0] == 0
    project.write("eval/cases/food.jsonl", '{"ask": "who sang Aida", "expect": "not_in_notes"}\n')
    fails(run(), 2, "CASES", "eval/cases/food.yaml: the suite food is eval/cases/food.jsonl already")


def test_what_to_run_names_the_folder_of_cases_that_was_given(run, project):
    shutil.move(project.folder / "eval", project.folder / "other")
    fails(run("explain", "rouxx", "--eval", "other"), 2, "USAGE", "Run: assistant eval explain roux --eval other\n")
    project.write("mine.yaml", "mine")
    fails(run("self", "--out", "mine.yaml"), 2, "USAGE", "Run: assistant eval self --force --out mine.yaml\n")


def test_a_case_file_is_not_taken_for_a_draft(run, project):
    before = project.write("eval/cases/other.yaml", "cases:  # mine\n" + FAR).read_text()
    fails(run("promote", "eval/cases/other.yaml"), 2, "CASES", "eval/cases/other.yaml is a case file, and no draft")
    assert project.read("eval/cases/other.yaml") == before


@pytest.fixture
def vote(project):
    """Asks a question as the page does and leaves a thumb on the answer."""

    def cast(question, **said):
        answer = answer_object(Assistant(load()).ask(question))
        Feedback(project.folder / "feedback").vote(question.replace(" ", "-"), answer, (), {"vote": "down", **said})

    return cast


def test_a_vote_becomes_a_draft_that_a_person_completes_and_then_a_case(run, project, vote):
    vote("how long do eggs simmer", reason="missing", comment="no time\nin it")
    vote("what is a roux", reason="missing")
    vote("why are greens boiled", vote="up")
    code, out, err = run("triage")
    draft = "eval/inbox/how-long-do-eggs-simmer.yaml"
    assert (code, out) == (0, f"{draft}\n")
    assert err == (
        "liked, perhaps a case that must pass: why are greens boiled\n"
        "1 draft, 1 asked by a case already. Then: assistant eval promote\n"
    )
    assert "  # missing: no time in it\n" in project.read(draft)
    assert "1 draft waits in eval/inbox for a person to complete. Then: assistant eval promote\n" in run()[2]

    fails(run("promote"), 2, "CASES", f"{draft} still says TODO: complete it first. Run: $EDITOR {draft}")
    project.change(draft, "'TODO: which note answers this?'", "how to boil eggs")
    fails(run("promote"), 2, "CASES", "no note is called “how to boil eggs”; did you mean “how to boil eggs?”")
    project.change(draft, "\n      - how to boil eggs\n", " [how to boil eggs?]\n")
    assert run("promote") == (
        0,
        "how-long-do-eggs-simmer\n",
        "added to eval/cases/notes.yaml. Run: assistant eval lint\n",
    )

    assert draft not in project.names()
    (case,) = project.cases("eval/cases/notes.yaml")
    assert (case["origin"], "status" in case) == ("feedback:how-long-do-eggs-simmer", False)
    assert run("--only", "how-long-do-eggs-simmer")[1].startswith("notes: 1 question on")
    code, out, err = run("triage")
    assert (code, out) == (0, "")
    assert err.endswith("0 drafts, 2 asked by a case already. Then: assistant eval promote\n")


def test_a_vote_that_names_the_right_note_needs_nothing_more(run, project, vote):
    vote("how is cabbage kept green", correct_note="what-is-blanching")
    vote("who sings loudest", reason="should_abstain")
    run("triage")

    assert run("promote", "--to", "eval/cases/food.yaml")[:2] == (0, "how-is-cabbage-kept-green\nwho-sings-loudest\n")
    text = project.read("eval/cases/food.yaml")
    assert text.startswith(CASES)
    first, second = project.cases("eval/cases/food.yaml")[-2:]
    assert (first["notes"], second["expect"]) == ({"any_of": ["what is blanching?"]}, "not_in_notes")
    assert "eval/inbox" not in " ".join(project.names())


def test_a_draft_is_checked_against_the_notes_of_the_suite_that_it_is_promoted_to(run, project, shelf):
    draft = "cases:\n  - {ask: when did Emma come out, notes: 'who wrote Emma?', status: draft}\n"
    project.write("eval/inbox/emma.yaml", draft)
    fails(run("promote"), 2, "CASES", "no note is called “who wrote Emma?”")
    assert run("promote", "--to", "eval/cases/shelf.yaml")[:2] == (0, "when-did-emma-come-out\n")


def test_votes_are_drafted_where_there_are_no_cases_yet_and_broken_lines_are_told(run, project, vote):
    (project.folder / "eval" / "cases" / "food.yaml").unlink()
    project.write("feedback/feedback.jsonl", "not a vote\n")
    vote("who sings loudest", reason="made_up")
    code, out, err = run("triage", "feedback/feedback.jsonl")

    assert (code, out) == (0, "eval/inbox/who-sings-loudest.yaml\n")
    assert err.startswith("warning: feedback/feedback.jsonl:1: not a vote (")


def test_without_votes_or_drafts_it_is_said_what_comes_first(run):
    fails(run("triage"), 2, "CASES", "there is no feedback file", "Run: assistant web")
    fails(run("promote"), 2, "USAGE", "there are no drafts in eval/inbox", "Run: assistant eval triage")
    fails(run("promote", "none.yaml"), 2, "CASES", "none.yaml: cannot be read (No such file or directory)")


@pytest.mark.parametrize(
    ("setting", "part"),
    [
        ('confidence = "none.json"', "none.json cannot be read (No such file or directory). Run: assistant eval fit\n"),
        ('confidence = "assistant.toml"', "it holds no coefficients: "),
        ('[formats]\n"*.txt" = "q"', "Run: $EDITOR assistant.toml\n"),
    ],
)
def test_a_setting_that_names_what_is_not_there_says_what_to_run(project, capsys, setting, part):
    project.write("assistant.toml", f'notes = "notes"\n{setting}\n')
    code = cli.run(["search", "a roux"])
    out, err = capsys.readouterr()
    fails((code, out, err), 2, "SETTINGS", part)
