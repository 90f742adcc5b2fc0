"""The watch follows what settles, survives errors, and ends cleanly."""

import pytest

from assistant.cli.watching import EVERY, watch
from assistant.errors import NotesError


class Folder:
    """Contents look by look; Ctrl-C after the last."""

    def __init__(self, *looks):
        self.looks = list(looks)
        self.updates = []
        self.pauses = []

    def contents(self):
        now = self.looks[0]
        if isinstance(now, Exception):
            raise now
        return now

    def update(self):
        self.updates.append(self.looks[0])

    def pause(self, seconds):
        self.pauses.append(seconds)
        self.looks.pop(0)
        if not self.looks:
            raise KeyboardInterrupt

    def watched(self):
        watch(self.contents, self.update, self.pause)
        return self.updates


OLD, HALF, NEW = {"a": "1"}, {"a": "2"}, {"a": "3"}


def test_nothing_is_done_while_nothing_changes():
    assert Folder(OLD, OLD, OLD).watched() == []


def test_a_change_is_indexed_once_it_has_settled():
    assert Folder(OLD, NEW, NEW, NEW).watched() == [NEW]


def test_what_is_still_being_written_is_waited_for():
    assert Folder(OLD, HALF, NEW, NEW).watched() == [NEW]


def test_what_is_changed_back_is_not_indexed():
    assert Folder(OLD, NEW, OLD, OLD).watched() == []


@pytest.mark.parametrize("gone", [{}, {"a": "1", "b": "1"}, {"b": "1"}])
def test_deleted_added_and_renamed_files_are_seen(gone):
    assert Folder(OLD, gone, gone).watched() == [gone]


def test_an_error_is_told_once_and_the_watch_goes_on(capsys):
    error = NotesError("there are no notes", run="assistant index")
    assert Folder(OLD, error, error, NEW, NEW).watched()[-1] == NEW
    assert capsys.readouterr().err.count("error[NO_NOTES]") == 1


def test_a_failed_update_does_not_end_the_watch(capsys):
    folder = Folder(OLD, NEW, NEW, HALF, HALF)

    def fail():
        folder.updates.append(folder.looks[0])
        raise NotesError("no", run="x")

    watch(folder.contents, fail, folder.pause)
    assert folder.updates == [NEW, HALF]
    assert "error[NO_NOTES]" in capsys.readouterr().err


def test_ctrl_c_ends_it_without_an_error(capsys):
    assert Folder(OLD).watched() == []
    assert "Stopped." in capsys.readouterr().err


def test_it_looks_once_a_second():
    folder = Folder(OLD, OLD, OLD)
    folder.watched()
    assert set(folder.pauses) == {EVERY}
