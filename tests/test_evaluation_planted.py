"""Seven regressions planted in the real product: each fails the gate, and the report names the right questions."""

import importlib
import json
import shutil
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from assistant import passages
from assistant.app import Assistant
from assistant.cli.evaluation.bench import corpus
from assistant.evaluation import Subject, read_suite
from assistant.evaluation.judging import accept, evaluate
from assistant.evaluation.reports.markdown import markdown
from assistant.evaluation.rules import Rules
from assistant.settings import load

ROOT = Path(__file__).parent.parent
NEEDS = {
    "bucket-typo", "cold-start-typo", "comp-which", "dec-how", "empty-dj-list", "empty-mt-premise", "explode-name",
    "gil-asyncio", "gil-define", "gil-multicore", "kafka-lag", "kms-vs-sse-s3", "lambda-billing",
    "lambda-best-workloads",
    "mutex-methods", "s3-auto-tiering", "s3v-benefits", "s3v-cost", "s3v-delete-marker", "s3v-restore", "sc-resources",
    "typo-intelligent-tier", "typo-kms", "view-id",
}  # fmt: skip
EMPTIED, REMOVED = "benefits of lambda over ecs", "what is GIL?"


class World:
    """The notes of this repository, their index, and the needs above, every wording of which is pinned."""

    def __init__(self, folder, embedder):
        self.folder, self.embedder = folder, embedder
        whole = read_suite(ROOT / "eval" / "cases" / "notes.yaml")
        kept = tuple(replace(case, must_pass=True, split="dev") for case in whole.cases if case.cluster in NEEDS)
        self.suite = replace(whole, cases=kept)
        shutil.copytree(ROOT / "corpus", folder / "notes")

    def assistant(self, index="index", **settings):
        chosen = load({"notes": self.folder / "notes", "index": self.folder / index, **settings})
        opened = Assistant(chosen)
        opened._embedder = self.embedder
        opened.refresh()
        return opened

    def changed(self, index):
        """The Assistant after the notes changed, on a copy of the index that was built before."""
        shutil.copytree(self.folder / "index", self.folder / index)
        return self.assistant(index)

    def judge(self, assistant, change=None):
        def ask(question, history=()):
            given = assistant.ask(question, history)
            return change(given) if change else given

        subject = Subject(ask, corpus(assistant), {"writer": "quote"})
        return evaluate([self.suite], lambda _: subject, Rules(), self.folder / "baselines")[0]

    def on(self, note):
        """The cases that rest on a note."""
        return {case.id for case in self.suite.cases if note in {name for name, _ in case.notes}}


@pytest.fixture(scope="module")
def world(tmp_path_factory, real_embedder):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("planted")
        patch.chdir(folder)
        made = World(folder, real_embedder)
        accept([made.judge(made.assistant())], folder / "baselines", "as it is", {})
        yield made


@pytest.fixture
def notes(world):
    """The notes file, put back as it was afterwards."""
    path = world.folder / "notes" / "notes.txt"
    before = path.read_bytes()
    yield path
    path.write_bytes(before)


def lost(judged):
    return {flip.now.id for flip in judged.verdict.flips if flip.lost}


def named(judged, *kinds):
    return {case for each in judged.verdict.failures if each.kind in kinds for case in each.cases}


def failed(judged):
    """The gate fails with exit code 1, and the report for people names every question that was lost."""
    report = markdown([judged])
    assert judged.verdict.exit_code() == 1
    assert lost(judged) <= named(judged, "pinned", "invariant", "drop")
    for flip in [flip for flip in judged.verdict.flips if flip.lost][:20]:
        assert flip.now.id.replace("#", "\\#") in report
    return judged


def test_what_alters_nothing_passes(world):
    judged = world.judge(world.assistant())

    assert judged.verdict.exit_code(strict=True) == 0
    assert judged.verdict.flips == ()


def test_bm25_off(world, monkeypatch):
    """The word index finds nothing: no score, no word held by any note."""
    opened = world.assistant()
    words = type(opened.refresh().words)
    monkeypatch.setattr(words, "scores", lambda self, stems: np.zeros(self._notes, dtype=np.float32))
    monkeypatch.setattr(words, "holds", lambda self, stem, note: False)
    judged = failed(world.judge(opened))

    assert any(each.metric == "hit@1" and each.difference < 0 for each in judged.verdict.comparisons)
    assert lost(judged) & {case.id for case in world.suite.cases if case.cluster.startswith(("gil-", "mutex", "sc-"))}


def test_typo_repair_off(world, monkeypatch):
    find = importlib.import_module("assistant.retrieval.find")
    monkeypatch.setattr(find, "repaired", lambda question, vocabulary: ())
    judged = failed(world.judge(world.assistant()))

    misspelt = {case.id for case in world.suite.cases if "typo" in case.tags}
    assert len(lost(judged) & misspelt) >= 3
    assert len(lost(judged) - misspelt) <= len(lost(judged)) / 10


def test_title_not_carried(world, monkeypatch):
    carried = passages._carried
    monkeypatch.setattr(passages, "_carried", lambda title, *rest: carried(*rest))
    judged = failed(world.judge(world.assistant("index-without-titles")))

    assert lost(judged)


def test_offsets_shifted_by_one(world):
    def shifted(given):
        moved = (
            replace(each, place=replace(each.place, start=each.place.start + 1, end=each.place.end + 1))
            for each in given.citations
        )
        return replace(given, citations=tuple(moved))

    judged = failed(world.judge(world.assistant(), shifted))
    cited = {result.case.id for result in judged.results if result.answer and result.answer.citations}

    assert named(judged, "invariant") == cited
    assert cited


def test_threshold_moved(world, tmp_path):
    data = json.loads((files("assistant.retrieval") / "confidence.json").read_text("utf-8"))
    data["answered"]["threshold"] = 0.999
    (tmp_path / "confidence.json").write_text(json.dumps(data))
    judged = failed(world.judge(world.assistant(confidence=tmp_path / "confidence.json")))

    assert lost(judged)
    assert {result.answer.status for result in judged.results if result.case.id in lost(judged)} == {"not_in_notes"}
    assert all(result.case.answerable for result in judged.results if result.case.id in lost(judged))


def test_an_answered_note_emptied(world, notes):
    text = notes.read_text("utf-8")
    start = text.index(EMPTIED) + len(EMPTIED)
    end = text.index("\nQ. ", start)
    notes.write_text(text[:start] + "\n" + text[end:], "utf-8")
    judged = failed(world.judge(world.changed("index-emptied")))

    assert named(judged, "invariant") == world.on(EMPTIED)
    assert lost(judged) & world.on(EMPTIED)


def test_a_note_removed(world, notes):
    text = notes.read_text("utf-8")
    start = text.lower().index(f"q. {REMOVED}".lower())
    notes.write_text(text[:start] + text[text.index("\nQ. ", start) + 1 :], "utf-8")
    judged = failed(world.judge(world.changed("index-removed")))

    assert named(judged, "invariant") == world.on(REMOVED)
    assert lost(judged) & world.on(REMOVED)
