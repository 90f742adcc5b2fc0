"""Vectors that an edit did not touch stay in the file that they are in; and the index is that of a new build."""

import os
import shutil
import signal

import killed
import numpy as np
import pytest
from conftest import HashingEmbedder
from desk import EMPTY, SPACES, TABS, Desk
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import disk
from assistant.errors import DiskError, IndexDamagedError
from assistant.indexing import describe, parts, refresh
from assistant.retrieval import find, load

QUESTIONS = (
    "What are spaces?",
    "what are tabs",
    "Are tabs what?",
    "versoning in S3",
    "versioning in S3",
    "Idempotentt retries",
    "plan 1",
    "plan 2",
)
ANSWERS = (
    "",
    "They stand apart.",
    "1. Wide spaces.\n2. An idempotent quarrel.",
    "Versions:\n- kept\n- versioned in s3",
)
ENTRIES = st.lists(st.tuples(st.sampled_from(QUESTIONS), st.sampled_from(ANSWERS)), max_size=4)
EDITS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.none() | ENTRIES), min_size=1, max_size=6
)


@pytest.fixture
def apart(desk, monkeypatch):
    """An index whose files of vectors are kept however small they are."""
    monkeypatch.setattr(parts, "FEW", 1)
    desk.write("z.txt", *(f"Q. Number {number}?\nIt is {number}.\n" for number in range(12)))
    desk.refresh()
    return desk


def vector_files(folder):
    return {path.name: path.stat().st_ino for path in folder.glob("vectors-*")}


# --- equal to a build from nothing -----------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(EDITS, st.sampled_from([1, 5, parts.FEW]))
def test_after_any_edits_renames_and_deletions_everything_is_as_in_a_new_index(tmp_path_factory, edits, few):
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.write("z.txt", SPACES, *(f"Q. Number {number}?\nIt is {number}.\n" for number in range(5)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "FEW", few)
        desk.refresh()
        for name, other, entries in edits:
            change(desk, name, other, entries)
            stepwise, _ = desk.refresh()
    whole, _ = refresh(desk.notes, desk.index.with_name("anew"), HashingEmbedder())
    assert_alike(stepwise, whole)
    assert_alike(desk.open(), whole)


def change(desk, name, other, entries):
    """Write a file, or without entries rename it, or delete it where the new name is the old one."""
    path = desk.notes / f"{name}.txt"
    if entries is not None:
        desk.write(path.name, *(f"Q. {question}\n{answer}\n" for question, answer in entries))
    elif path.exists() and name == other:
        path.unlink()
    elif path.exists():
        path.rename(desk.notes / f"{other}.txt")


def assert_alike(one, other):
    assert one.notes == other.notes
    assert one.same == other.same
    assert one.words.save() == other.words.save()
    for column in ("row_notes", "row_kinds", "row_blocks", "row_spans"):
        assert np.array_equal(getattr(one, column), getattr(other, column))
    assert np.array_equal(one.vectors.vectors(), other.vectors.vectors())
    for question in QUESTIONS:
        assert find(question, one, HashingEmbedder(), load(None)) == find(
            question, other, HashingEmbedder(), load(None)
        )


# --- what is written -------------------------------------------------------------------------------


def test_an_edit_leaves_the_vectors_of_other_files_where_they_are(apart):
    before = vector_files(apart.current())
    apart.write("a.txt", SPACES, EMPTY + "Now it is answered.\n")
    apart.refresh()
    after = vector_files(apart.current())
    assert before.items() < after.items()
    assert (apart.current() / max(after)).stat().st_size < (apart.current() / min(after)).stat().st_size


def test_a_file_that_is_deleted_writes_no_vectors(apart):
    before = vector_files(apart.current())
    (apart.notes / "b.txt").unlink()
    apart.refresh()
    assert vector_files(apart.current()) == before


def test_small_files_are_written_anew_so_that_damage_to_one_generation_spares_the_other(desk):
    desk.refresh()
    desk.write("c.txt", TABS)
    desk.refresh()
    older, newer = (vector_files(folder) for folder in desk.generations())
    assert not older.keys() & newer.keys()
    assert len(newer) == 1


def test_files_stay_few_and_hold_little_that_is_dead(apart):
    for number in range(60):
        apart.write(f"{number % 7}.txt", f"Q. Number {number}?\nIt is {number}.\n")
        _, summary = apart.refresh()
        held = sum(part.rows for part in describe(apart.index).parts)
        assert len(vector_files(apart.current())) <= 5
        assert held <= 2 * summary.passages
        assert len(apart.generations()) <= 3


def test_files_of_which_most_is_deleted_are_given_up(apart):
    (apart.notes / "z.txt").unlink()
    for number in range(12):
        apart.write(f"{number}.txt", f"Q. File {number}?\nIt is {number}.\n")
    apart.refresh(rebuild=True)
    for number in range(12):
        (apart.notes / f"{number}.txt").unlink()
        _, summary = apart.refresh()
        assert sum(part.rows for part in describe(apart.index).parts) <= 2 * summary.passages
    assert vector_files(apart.current()).keys() != {"vectors-1.faiss"}


def test_vectors_are_found_again_where_the_file_before_theirs_was_given_up(apart):
    apart.write("c.txt", *(f"Q. Late {number}?\nIt is later than {number}.\n" for number in range(6)))
    apart.refresh()
    (apart.notes / "z.txt").unlink()
    (apart.notes / "b.txt").unlink()
    stepwise, _ = apart.refresh()
    assert vector_files(apart.current()).keys() == {"vectors-2.faiss", "vectors-3.faiss"}
    assert_alike(stepwise, refresh(apart.notes, apart.index.with_name("anew"), HashingEmbedder())[0])


# --- whatever happens ------------------------------------------------------------------------------


def test_damage_to_a_file_of_two_generations_is_seen_and_mended(apart):
    apart.write("c.txt", TABS)
    apart.refresh()
    shared = apart.current() / "vectors-1.faiss"
    data = bytearray(shared.read_bytes())
    data[-1] ^= 1
    shared.write_bytes(data)
    with pytest.raises(IndexDamagedError, match=r"vectors-1\.faiss"):
        apart.open()
    with pytest.raises(IndexDamagedError):
        apart.refresh(wait=1.0)
    assert apart.refresh(mend=True)[1].changed
    assert len(apart.open().notes) == 16


def test_where_a_file_cannot_have_two_names_it_is_written_again_and_read_back(apart, monkeypatch):
    def refuse(*_):
        raise OSError(1, "Operation not permitted")

    before = vector_files(apart.current())
    apart.write("c.txt", TABS)
    monkeypatch.setattr(os, "link", refuse)
    apart.refresh()
    after = vector_files(apart.current())
    assert before.keys() < after.keys()
    assert before["vectors-1.faiss"] != after["vectors-1.faiss"]
    real = disk.write
    monkeypatch.setattr(disk, "write", lambda path, data: real(path, data[:-1] if path.name == min(after) else data))
    apart.write("c.txt", TABS, EMPTY)
    with pytest.raises(IndexDamagedError, match=r"vectors-1\.faiss"):
        apart.refresh()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_at_every_step_of_an_edit_leaves_the_index_of_before_or_the_new_one(apart):
    apart.write("c.txt", "Q. What came later?\nThis did.\n")
    kept = apart.index.with_name("kept")
    apart.index.rename(kept)
    step, seen, died = 0, [], True
    while died:
        step += 1
        shutil.rmtree(apart.index, ignore_errors=True)
        shutil.copytree(kept, apart.index)
        died = killed.in_a_child(killed.build_on_parts_and_die_at, step, apart.notes, apart.index) == signal.SIGKILL
        index = apart.open()
        assert index.warnings == ()
        seen.append(len(index.notes))
        assert len(apart.refresh()[0].notes) == 16
    assert seen == sorted(seen)
    assert set(seen) == {15, 16}


def test_a_disk_that_fails_while_parts_are_kept_loses_nothing(apart, monkeypatch):
    apart.write("c.txt", TABS)

    def fail(_name, _real, _args):
        raise OSError(28, "No space left on device")

    for step in range(1, 60):
        with monkeypatch.context() as patch:
            killed.Countdown(step, fail).patch(patch.setattr)
            try:
                apart.refresh()
            except DiskError:
                assert len(apart.open().notes) in {15, 16}
    assert len(apart.refresh()[0].notes) == 16
