"""What the judge is learnt from is what it says to be, and what is learnt is what the package reads."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant import notes
from assistant.embed import MINILM, judging, weights
from assistant.embed.bulk import Bulk
from assistant.evaluation import read_suite

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "eval" / "judging"
NAMES = sorted(path.stem for path in (FOLDER / "notes").glob("*.txt"))
KINDS = {"answered", "near_miss", "open", "off"}


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("learn", FOLDER / "learn.py")
    sys.modules["learn"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules["learn"]


def entries(name):
    path = FOLDER / "notes" / f"{name}.txt"
    return notes.read(path.name, path.read_bytes()).entries


def questions(name):
    return [json.loads(line) for line in (FOLDER / "questions" / f"{name}.jsonl").read_text("utf-8").splitlines()]


def test_there_are_questions_to_all_notes_and_notes_to_all_questions():
    assert len(NAMES) > 20
    assert sorted(path.stem for path in (FOLDER / "questions").glob("*.jsonl")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_labels_hold(name):
    """Every note that is named is there, every quote stands in its answer, and an open question has none."""
    answers = {}
    for note in entries(name):
        answers[note.question] = answers.get(note.question, "") + note.answer
    for case in questions(name):
        assert case["kind"] in KINDS, case
        if case["kind"] == "off":
            continue
        assert case["note"] in answers, case
        if case["kind"] == "open":
            assert not answers[case["note"]], case
        if case["kind"] == "answered":
            said = "\n".join(answers[note] for note in (case["note"], *case.get("also", ())))
            assert case["quotes"], case
            assert all(quote in said for quote in case["quotes"]), case


def test_what_the_judge_learns_from_stands_in_no_suite():
    """Neither a question, nor a note, nor the notes that the product is shown with."""
    suites = [read_suite(path) for path in sorted((ROOT / "eval" / "cases").iterdir())]
    asked = {case.ask.casefold() for suite in suites for case in suite.cases}
    learnt = [case for name in NAMES for case in questions(name) if case["kind"] != "off"]
    assert not asked & {case["q"].casefold() for case in learnt}
    corpora = [ROOT / "corpus", *(ROOT / "eval" / "corpora").iterdir()]
    texts = [
        path.read_text("utf-8") for folder in corpora for path in folder.iterdir() if path.suffix in {".txt", ".md"}
    ]
    answers = [note.answer for name in NAMES for note in entries(name) if len(note.answer) > 80]
    assert not any(answer in text for answer in answers for text in texts)


def a_set(folder):
    (folder / "notes").mkdir()
    (folder / "questions").mkdir()
    (folder / "notes" / "salt.txt").write_text(
        "Q. how to salt pasta water\nTen grams of salt for a litre.\n\nQ. what is brine\nWater with salt in it.\n\n"
        "Q. when to salt a steak ?\n"
    )
    cases = [
        {"q": "how much salt for the pasta", "kind": "answered", "note": "how to salt pasta water",
         "quotes": ["Ten grams of salt for a litre."]},
        {"q": "how long does brine keep", "kind": "near_miss", "note": "what is brine"},
        {"q": "salt on the steak before or after", "kind": "open", "note": "when to salt a steak ?"},
    ]  # fmt: skip
    (folder / "questions" / "salt.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))


def test_pairs_are_the_windows_that_answer_and_those_that_look_like_it(script, tmp_path, monkeypatch):
    a_set(tmp_path)
    monkeypatch.setattr(script, "HERE", tmp_path)
    monkeypatch.chdir(tmp_path)
    pairs = script.pairs_of("salt")
    answering = {(pair.question, pair.text.split("\n")[0]) for pair in pairs if pair.answers}
    assert answering == {
        ("how much salt for the pasta", "how to salt pasta water"),
        ("salt on the steak before or after", "when to salt a steak ?"),
    }
    refused = {(pair.question, pair.text.split("\n")[0]) for pair in pairs if not pair.answers}
    assert ("how long does brine keep", "what is brine") in refused
    assert ("how much salt for the pasta", "what is brine") in refused


def test_what_is_learnt_is_what_the_package_reads(script):
    """The same names and shapes as the adapter that is shipped, and the same verdict by the script and the package."""
    pairs = [
        script.Pair("what is brine", f"brine\nWater with salt, {number} grams.", number % 2 == 0, 1.0)
        for number in range(4)
    ]
    learner = script.learn(pairs, epochs=2)
    arrays = learner.arrays()
    shipped = judging.adapter(weights.find(MINILM)).arrays
    assert {name: array.shape for name, array in arrays.items()} == {
        name: array.shape for name, array in shipped.items()
    }
    read = judging.Adapter({name: array.astype(np.float32) for name, array in arrays.items()})
    bulk = Bulk(weights.find(MINILM).folder(), read)
    theirs = learner.eval()(pairs).detach().tolist()
    ours = [bulk.judge(pair.question, [pair.text])[0] for pair in pairs]
    assert ours == pytest.approx(theirs, abs=0.02)
