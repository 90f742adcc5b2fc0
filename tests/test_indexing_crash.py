"""A build that is killed, interrupted or out of room loses nothing: the index of before or the new one is served."""

import errno
import os
import random
import shutil
import signal
import time

import killed
import pytest
from conftest import HashingEmbedder
from desk import EMPTY, SPACES, questions
from killed import Countdown, in_a_child

from assistant import disk
from assistant.errors import DiskError, IndexMissingError, NotesAssistantError
from assistant.indexing import open_index, refresh

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

RANDOM_KILLS = 60
NEW = "Q. What came later?\nThis did.\n\nAnd more of it.\n"


def build(desk):
    return killed.build(desk.notes, desk.index)


@pytest.fixture
def edited(desk):
    """An index, and notes that have changed since; `fresh` puts the index back as it was."""
    build(desk)
    desk.write("c.txt", NEW)
    desk.kept = desk.index.with_name("kept")
    shutil.copytree(desk.index, desk.kept)
    desk.old, desk.new = 3, 4
    return desk


def put_back(desk):
    shutil.rmtree(desk.index)
    shutil.copytree(desk.kept, desk.index)


def test_a_kill_at_every_step_of_a_build_leaves_the_index_of_before_or_the_new_one(edited):
    step, seen, died = 0, [], True
    while died:
        step += 1
        put_back(edited)
        died = in_a_child(killed.build_and_die_at, step, edited.notes, edited.index) == signal.SIGKILL
        index = edited.open()
        assert index.warnings == ()
        seen.append(len(index.notes))
        mended, _ = build(edited)
        assert len(mended.notes) == edited.new
        assert list(edited.index.glob(".tmp-*")) == [] or seen[-1] == edited.new
    assert step > 30
    assert seen == sorted(seen), "the new index was served, and then the old one"
    assert set(seen) == {edited.old, edited.new}


def test_a_kill_at_every_step_of_the_first_build_leaves_no_index_or_a_whole_one(desk):
    step, died = 0, True
    while died:
        step += 1
        shutil.rmtree(desk.index, ignore_errors=True)
        died = in_a_child(killed.build_and_die_at, step, desk.notes, desk.index) == signal.SIGKILL
        try:
            assert len(desk.open().notes) == 3
        except IndexMissingError:
            assert died
        assert len(build(desk)[0].notes) == 3
        assert len(desk.generations()) <= 2


def test_a_kill_at_any_instant_leaves_the_index_of_before_or_the_new_one(edited):
    """The steps between the steps: a timer that ends the process wherever it happens to be."""
    started = time.perf_counter()
    build(edited)
    longest = time.perf_counter() - started
    chance = random.Random(7)
    outcomes = set()
    for _ in range(RANDOM_KILLS):
        put_back(edited)
        instant = chance.uniform(0.001, 1.2 * longest)
        in_a_child(killed.build_and_die_after, instant, edited.notes, edited.index)
        outcomes.add(len(edited.open().notes))
        assert edited.open().warnings == ()
    assert outcomes <= {edited.old, edited.new}
    assert len(build(edited)[0].notes) == edited.new


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT])
def test_a_disk_that_fails_at_any_step_is_reported_and_loses_nothing(edited, monkeypatch, code):
    def fail(name, real, args):
        failed.append(name)
        raise OSError(code, os.strerror(code))

    step, reports = 0, []
    while True:
        step += 1
        put_back(edited)
        failed = []
        with monkeypatch.context() as patch:
            Countdown(step, fail).patch(patch.setattr)
            try:
                build(edited)
            except DiskError as error:
                reports.append(error)
        if not failed:
            break
        assert len(edited.open().notes) in {edited.old, edited.new}
        assert edited.open().warnings == ()
        assert len(build(edited)[0].notes) == edited.new
    assert len(reports) > 25
    for error in reports:
        assert str(edited.index) in error.what
        assert os.strerror(code) in error.what
        assert error.safe
        assert error.run


def test_a_limit_on_the_size_of_files_is_reported_as_no_room(edited):
    assert in_a_child(killed.build_without_room, edited.notes, edited.index) == 0
    assert len(edited.open().notes) == edited.old


def test_an_interrupted_build_leaves_nothing_behind(edited):
    class Interrupted(HashingEmbedder):
        def embed(self, texts, progress=None):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh(edited.notes, edited.index, Interrupted())
    assert len(edited.open().notes) == edited.old
    assert list(edited.index.glob(".tmp-*")) == []
    assert len(build(edited)[0].notes) == edited.new


def test_an_interrupt_while_writing_leaves_nothing_behind(edited, monkeypatch):
    def interrupt(name, real, args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        Countdown(14, interrupt).patch(patch.setattr)
        with pytest.raises(KeyboardInterrupt):
            build(edited)
    assert list(edited.index.glob(".tmp-*")) == []
    assert len(edited.open().notes) == edited.old


# --- readers ---------------------------------------------------------------------------------------


def test_a_generation_that_vanishes_under_a_reader_is_not_an_error(edited, monkeypatch):
    """Between reading CURRENT and opening the generation two builds finish and remove it."""
    real = disk.manifest_of
    rebuilt = []

    def late(folder, *rest):
        if not rebuilt:
            rebuilt.append(folder)
            for number in range(3):
                edited.write("d.txt", f"Q. Number {number}?\nIt is {number}.\n")
                build(edited)
            assert not folder.exists()
        return real(folder, *rest)

    monkeypatch.setattr(disk, "manifest_of", late)
    index = edited.open()
    assert index.warnings == ()
    assert questions(index)[-1] == "Number 2?"


def test_readers_see_whole_generations_while_they_are_rebuilt_and_never_an_older_one(desk):
    states = [(SPACES,), (SPACES, EMPTY), (SPACES, EMPTY, NEW)]
    build(desk)
    child = killed.start(killed.build_again_and_again, 30, desk, states)
    opened, latest = 0, ""
    while child.is_alive():
        index = open_index(desk.index, desk.embedder.fingerprint)
        assert index.warnings == ()
        assert index.generation >= latest
        assert index.row_notes.max() == len(index.notes) - 1
        assert len(index.vectors) == len(index.row_notes)
        opened, latest = opened + 1, index.generation
    assert child.exitcode == 0
    assert opened > 10


def test_every_way_to_fail_is_one_of_our_errors(desk):
    """A folder where the index should be a folder, a file where it should be: errors with a sentence."""
    desk.index.write_text("a file")
    with pytest.raises(NotesAssistantError):
        build(desk)
    with pytest.raises(NotesAssistantError):
        desk.open()
