"""A build that is killed, interrupted or out of room loses nothing: the index of before or the new one is served."""

import errno
import os
import random
import resource
import shutil
import signal
import time

import pytest
from conftest import HashingEmbedder
from desk import EMPTY, SPACES, questions

from assistant import disk
from assistant.errors import DiskError, IndexMissingError, NotesAssistantError
from assistant.indexing import open_index, refresh

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

STEPS = ("write", "fsync", "replace", "mkdir", "unlink", "rmdir")
RANDOM_KILLS = 60
NEW = "Q. What came later?\nThis did.\n\nAnd more of it.\n"


class Countdown:
    """Stands in for the calls that change a disk, and does something else instead of one of them."""

    def __init__(self, at, instead):
        self.left = at
        self.instead = instead

    def patch(self, monkeypatch):
        for name in STEPS:
            monkeypatch.setattr(os, name, self.counting(name, getattr(os, name)))

    def counting(self, name, real):
        def call(*args, **kwargs):
            self.left -= 1
            if self.left == 0:
                return self.instead(name, real, args)
            return real(*args, **kwargs)

        return call


def die(name, real, args):
    """As a power cut would have it: half of what was being written is there."""
    if name == "write":
        real(args[0], args[1][: len(args[1]) // 2])
    os.kill(os.getpid(), signal.SIGKILL)


def in_a_child(action):
    """Run the action in a copy of this process; gives the signal that ended it, 0 when none did."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            action()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def build(desk):
    return refresh(desk.notes, desk.index, HashingEmbedder())


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


def test_a_kill_at_every_step_of_a_build_leaves_the_index_of_before_or_the_new_one(edited, monkeypatch):
    step, seen, killed = 0, [], True
    while killed:
        step += 1
        put_back(edited)

        def killed_build(step=step):
            Countdown(step, die).patch(monkeypatch)
            build(edited)

        killed = in_a_child(killed_build) == signal.SIGKILL
        index = edited.open()
        assert index.warnings == ()
        seen.append(len(index.notes))
        mended, _ = build(edited)
        assert len(mended.notes) == edited.new
        assert list(edited.index.glob(".tmp-*")) == [] or seen[-1] == edited.new
    assert step > 30
    assert seen == sorted(seen), "the new index was served, and then the old one"
    assert set(seen) == {edited.old, edited.new}


def test_a_kill_at_every_step_of_the_first_build_leaves_no_index_or_a_whole_one(desk, monkeypatch):
    step, killed = 0, True
    while killed:
        step += 1
        shutil.rmtree(desk.index, ignore_errors=True)

        def killed_build(step=step):
            Countdown(step, die).patch(monkeypatch)
            build(desk)

        killed = in_a_child(killed_build) == signal.SIGKILL
        try:
            assert len(desk.open().notes) == 3
        except IndexMissingError:
            assert killed
        assert len(build(desk)[0].notes) == 3
        assert len(desk.generations()) <= 2


def test_a_kill_at_any_instant_leaves_the_index_of_before_or_the_new_one(edited):
    """The steps between the steps: a timer that ends the process wherever it happens to be."""
    started = time.perf_counter()
    assert in_a_child(lambda: build(edited)) == 0
    longest = time.perf_counter() - started
    chance = random.Random(7)
    outcomes = set()
    for _ in range(RANDOM_KILLS):
        put_back(edited)
        instant = chance.uniform(0.001, 1.2 * longest)

        def timed_build(after=instant):
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, after)
            build(edited)

        in_a_child(timed_build)
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
            Countdown(step, fail).patch(patch)
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
    def limited_build():
        resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))
        try:
            build(edited)
        except DiskError as error:
            os._exit(0 if "no room on the disk" in error.what else 2)
        os._exit(3)

    assert in_a_child(limited_build) == 0
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
        Countdown(14, interrupt).patch(patch)
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
    child = os.fork()
    if child == 0:
        try:
            for number in range(30):
                desk.write("a.txt", *states[number % 3])
                build(desk)
        finally:
            os._exit(0)
    opened, latest = 0, ""
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        index = open_index(desk.index, desk.embedder.fingerprint)
        assert index.warnings == ()
        assert index.generation >= latest
        assert index.row_notes.max() == len(index.notes) - 1
        assert len(index.vectors) == len(index.row_notes)
        opened, latest = opened + 1, index.generation
    assert opened > 10


def test_every_way_to_fail_is_one_of_our_errors(desk):
    """A folder where the index should be a folder, a file where it should be: errors with a sentence."""
    desk.index.write_text("a file")
    with pytest.raises(NotesAssistantError):
        build(desk)
    with pytest.raises(NotesAssistantError):
        desk.open()
