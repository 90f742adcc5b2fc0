"""Builds to be killed: each runs in a process of its own, forked from one that has no threads.

A fork of the test process itself may wait for ever: by then its libraries (FAISS, torch, onnxruntime) have
started threads, which a fork does not copy, while it copies the locks that those threads hold.
"""

import multiprocessing
import os
import resource
import signal
from pathlib import Path

from conftest import HashingEmbedder

from assistant.errors import DiskError
from assistant.indexing import parts, refresh

STEPS = ("write", "fsync", "replace", "link", "mkdir", "unlink", "rmdir")
LONGEST = 60  # seconds; a child that takes longer is killed, and its test fails
_NURSERY = multiprocessing.get_context("forkserver")
_NURSERY.set_forkserver_preload(["killed", "pytest"])


class Countdown:
    """Stands in for the calls that change a disk, and does something else instead of one of them."""

    def __init__(self, at, instead):
        self.left = at
        self.instead = instead

    def patch(self, set_attribute):
        for name in STEPS:
            set_attribute(os, name, self.counting(name, getattr(os, name)))

    def counting(self, name, real):
        def call(*args, **kwargs):
            self.left -= 1
            if self.left == 0:
                return self.instead(name, real, args)
            return real(*args, **kwargs)

        return call


def start(action, *args):
    """The action in a process of its own, on its way."""
    with_tests = os.pathsep.join(filter(None, [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]))
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = with_tests  # the first child starts the server, which must find this module
    try:
        child = _NURSERY.Process(target=action, args=args)
        child.start()
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before
    return child


def in_a_child(action, *args):
    """Run the action in a process of its own; gives the signal that ended it, 0 when none did."""
    child = start(action, *args)
    child.join(LONGEST)
    if child.exitcode is None:
        child.kill()
        child.join()
        raise AssertionError(f"{action.__name__} was still running after {LONGEST} seconds")
    assert child.exitcode <= 0, "the child failed by itself"
    return -child.exitcode


def build(notes, index):
    return refresh(notes, index, HashingEmbedder())


def build_and_die_at(step, notes, index):
    Countdown(step, _die).patch(setattr)
    build(notes, index)


def build_on_parts_and_die_at(step, notes, index):
    """The files of vectors are left as they are, however small."""
    parts.FEW = 1
    build_and_die_at(step, notes, index)


def build_and_die_after(seconds, notes, index):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    build(notes, index)


def build_without_room(notes, index):
    resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))
    try:
        build(notes, index)
    except DiskError as error:
        if "no room on the disk" in error.what:
            return
    raise AssertionError("a file grew over its limit, and nothing was said")


def build_again_and_again(times, desk, states):
    for number in range(times):
        desk.write("a.txt", *states[number % len(states)])
        build(desk.notes, desk.index)


def _die(name, real, args):
    """As a power cut would have it: half of what was being written is there."""
    if name == "write":
        real(args[0], args[1][: len(args[1]) // 2])
    os.kill(os.getpid(), signal.SIGKILL)
