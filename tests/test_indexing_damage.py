"""Whatever happens to the files of an index, it is seen; and while one generation is whole, questions are answered."""

import contextlib
import json
import random
import re
import shutil

import numpy as np
import pytest
from conftest import digest_of
from desk import EMPTY, SPACES, TABS
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import disk
from assistant.errors import IndexDamagedError, IndexForeignError, IndexMissingError, NotesIndexError
from assistant.indexing import describe, is_current, manifest
from assistant.store import FaissStore

SAMPLED = 60  # bytes of each file; small files are taken whole


@pytest.fixture
def built(desk):
    desk.refresh()
    return desk


@pytest.fixture
def twice(desk):
    """Two generations: the second holds one note more."""
    desk.refresh()
    desk.write("c.txt", "Q. What came later?\nThis.\n")
    desk.refresh()
    return desk


def files_of(desk):
    return sorted(path for path in desk.current().iterdir())


def flip(path, position, bit=0):
    data = bytearray(path.read_bytes())
    data[position] ^= 1 << bit
    path.write_bytes(data)


def refused(desk, path):
    """Opening names the damaged file, says that the notes are safe, and how to go on; looking finds it not current."""
    with pytest.raises(IndexDamagedError) as caught:
        desk.open()
    assert "notes are safe" in caught.value.safe
    assert caught.value.run == "assistant index --rebuild"
    assert path.name in caught.value.what
    with pytest.raises(IndexDamagedError):
        desk.refresh(wait=1.0)


# --- damage is seen --------------------------------------------------------------------------------


def test_a_flipped_bit_is_seen_in_every_file(built):
    chance = random.Random(4)
    for path in files_of(built):
        whole = path.read_bytes()
        positions = range(len(whole)) if len(whole) <= SAMPLED else chance.sample(range(len(whole)), SAMPLED)
        for position in positions:
            flip(path, position, chance.randrange(8))
            with pytest.raises(IndexDamagedError, match=path.name.replace(".", r"\.")):
                built.open()
            path.write_bytes(whole)
    assert built.open().notes


def test_a_flipped_bit_in_current_is_seen_at_every_byte(built):
    """A name with a flipped letter is the name of no generation: the newest that verifies is served, and said so."""
    current = built.index / "CURRENT"
    whole = current.read_bytes()
    for position in range(len(whole)):
        for bit in range(8):
            flip(current, position, bit)
            index = built.open()
            assert len(index.notes) == 3
            assert index.warnings or current.read_text("utf-8", "replace").strip() == whole.decode().strip()
            current.write_bytes(whole)


@pytest.mark.parametrize("how", ["truncated", "emptied", "lengthened", "zeroed", "missing"])
def test_every_damaged_file_is_refused_by_name(built, how):
    for path in files_of(built):
        whole = path.read_bytes()
        if not whole:
            continue
        damaged = {
            "truncated": whole[:-1],
            "emptied": b"",
            "lengthened": whole + b"\0",
            "zeroed": bytes(len(whole)),
        }.get(how)
        path.unlink()
        if damaged is not None:
            path.write_bytes(damaged)
        refused(built, path)
        path.write_bytes(whole)


def test_a_truncation_is_seen_at_every_length_of_the_smallest_files(built):
    for path in files_of(built):
        whole = path.read_bytes()
        for length in range(0, len(whole), max(1, len(whole) // SAMPLED)):
            path.write_bytes(whole[:length])
            with pytest.raises(IndexDamagedError):
                built.open()
        path.write_bytes(whole)


def test_files_of_two_generations_are_never_mixed(twice):
    older, newer = twice.generations()
    for path, other in zip(sorted(older.iterdir()), sorted(newer.iterdir()), strict=True):
        if path.read_bytes() == other.read_bytes():
            continue
        kept = other.read_bytes()
        shutil.copy(path, other)
        index = twice.open()
        assert (index.generation, len(index.notes)) == (older.name, 3)
        other.write_bytes(kept)


def test_a_generation_under_another_name_is_refused(built):
    (only,) = built.generations()
    other = only.with_name("g00000009-0123456789abcdef")
    only.rename(other)
    (built.index / "CURRENT").write_text(f"{other.name}\n")
    refused(built, other / "manifest.json")


def test_a_missing_generation_is_refused(built):
    (only,) = built.generations()
    shutil.rmtree(only)
    with pytest.raises(IndexDamagedError, match=only.name):
        built.open()


@pytest.mark.parametrize("name", ["", "../../etc", "/etc/passwd", "g1", "g00000001", "\0", "x" * 5000])
def test_current_may_name_nothing_but_a_generation(built, name):
    (built.index / "CURRENT").write_text(name)
    assert built.open().warnings
    shutil.rmtree(built.generations()[0])
    with pytest.raises(NotesIndexError):
        built.open()


# --- what the hashes cannot show: a whole generation that says something impossible ----------------


def resealed(desk, change):
    """A generation whose manifest was changed and whose name fits again, as a bug of ours might write it."""
    found = json.loads((desk.current() / "manifest.json").read_text())
    change(found)
    folder = desk.index / ".tmp-test"
    shutil.copytree(desk.current(), folder)
    (folder / "manifest.json").unlink()
    final = disk.publish(folder, "g00000099", found, lambda *_: None)
    for path in desk.generations():
        if path != final:
            shutil.rmtree(path)
    (desk.index / "CURRENT").write_text(f"{final.name}\n")


def swapped(desk, name, data):
    """A generation in which a file was replaced and the manifest made to fit."""
    path = desk.current() / name
    path.write_bytes(data)
    resealed(desk, lambda found: found["files"].update({name: disk.seal_of(data)}))


@pytest.mark.parametrize(
    "files", [None, [], {"../x": {}}, {"/etc/passwd": {}}, {"manifest.json": {}}, {"a b": {}}, {"UP": {}}]
)
def test_a_manifest_can_name_no_file_outside_its_folder(built, files):
    resealed(built, lambda found: found.update(files=files))
    with pytest.raises(IndexDamagedError):
        built.open()


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["package", "recipe", "sources", "counts", "files", "skipped", "overrides", "parent", "format"]),
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda of: st.lists(of, max_size=3)),
)
def test_no_manifest_makes_anything_but_one_of_our_errors(tmp_path_factory, key, value):
    from desk import Desk

    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.write("a.txt", SPACES)
    desk.refresh()
    resealed(desk, lambda found: found.update({key: value}))
    for attempt in (desk.open, lambda: describe(desk.index)):
        with contextlib.suppress(NotesIndexError):
            attempt()


def test_counts_that_do_not_fit_are_refused(built):
    for part in ("notes", "rows", "dimension"):
        resealed(built, lambda found, part=part: found["counts"].update({part: found["counts"][part] + 1}))
        with pytest.raises(IndexDamagedError, match="does not fit together"):
            built.open()
        built.refresh(mend=True)


def test_vectors_that_are_no_numbers_are_refused_although_the_hash_is_right(built):
    rows = describe(built.index).counts.rows
    data = bytearray(FaissStore.from_vectors(np.tile(np.eye(64, dtype=np.float32)[:1], (rows, 1))).to_bytes())
    data[-4:] = np.float32(np.inf).tobytes()
    swapped(built, "vectors-1.faiss", bytes(data))
    with pytest.raises(IndexDamagedError, match="length is not 1"):
        built.open()


def test_rows_that_speak_of_notes_that_are_not_there_are_refused(built):
    table = np.load(built.current() / "rows.npy", allow_pickle=False)
    table[0, 0] = 77
    np.save(built.index / "changed.npy", table)
    swapped(built, "rows.npy", (built.index / "changed.npy").read_bytes())
    with pytest.raises(IndexDamagedError, match="notes that are not there"):
        built.open()


def test_a_planted_pickle_is_never_loaded(built, tmp_path):
    canary = tmp_path / "canary"

    class Bomb:
        def __reduce__(self):
            return (canary.write_text, ("boom",))

    array = np.empty(1, dtype=object)
    array[0] = Bomb()
    np.save(built.index / "bomb.npy", array, allow_pickle=True)
    for name in ("rows.npy", "hashes.npy"):
        swapped(built, name, (built.index / "bomb.npy").read_bytes())
        with pytest.raises(IndexDamagedError):
            built.open()
        built.refresh(mend=True)
    assert not canary.exists()


# --- other versions --------------------------------------------------------------------------------


def test_an_index_of_a_newer_version_is_left_alone_by_every_command_but_rebuild(built):
    resealed(built, lambda found: found.update(format=manifest.FORMAT + 1))
    before = digest_of(built.index)
    for attempt in (built.open, built.refresh, lambda: built.refresh(mend=True), lambda: built.refresh(wait=1.0)):
        with pytest.raises(IndexForeignError, match="newer version") as caught:
            attempt()
        assert caught.value.run.startswith("pip install --upgrade")
    assert digest_of(built.index) == before
    assert not is_current(built.notes, built.index, built.embedder.fingerprint)
    assert built.refresh(rebuild=True)[1].changed
    assert built.open().notes


def test_an_index_of_an_older_format_is_built_anew(built):
    resealed(built, lambda found: found.update(format=manifest.FORMAT - 1))
    with pytest.raises(IndexForeignError, match="older version"):
        built.open()
    assert built.refresh()[1].changed
    assert built.open().notes


# --- what is served, and what mends it -------------------------------------------------------------


def test_an_older_generation_is_served_with_a_warning_and_indexing_mends_it(twice):
    newest = twice.current()
    flip(newest / "vectors-2.faiss", 100)
    index = twice.open()
    assert len(index.notes) == 3
    assert "vectors-2.faiss" in index.warnings[0]
    assert "Run: assistant index" in index.warnings[0]
    _, summary = twice.refresh(mend=True)
    assert summary.changed
    mended = twice.open()
    assert (len(mended.notes), mended.warnings) == (4, ())
    assert newest.name not in {path.name for path in twice.generations()} or twice.current() != newest


def test_a_question_is_answered_from_the_older_generation_as_long_as_it_agrees_with_the_notes(twice):
    (twice.notes / "c.txt").unlink()
    flip(twice.current() / "notes.jsonl", 10)
    index, summary = twice.refresh(wait=1.0)
    assert (len(index.notes), summary.changed, len(index.warnings)) == (3, False, 1)


def test_a_question_after_an_edit_builds_on_the_older_generation(twice):
    flip(twice.current() / "notes.jsonl", 10)
    index, summary = twice.refresh(wait=1.0)
    assert (len(index.notes), index.warnings) == (4, ())
    assert 0 < summary.embedded < summary.passages


def test_without_a_whole_generation_a_question_is_an_error_and_indexing_mends_it(twice):
    for path in twice.generations():
        flip(next(path.glob("vectors-*.faiss")), 100)
    with pytest.raises(IndexDamagedError):
        twice.refresh(wait=1.0)
    _, summary = twice.refresh(mend=True)
    assert summary.embedded > 0
    assert len(twice.open().notes) == 4


def test_rebuild_mends_everything(twice):
    for path in twice.generations():
        for file in path.iterdir():
            file.write_bytes(b"")
    (twice.index / "CURRENT").write_bytes(b"\xff\xfe")
    twice.refresh(rebuild=True)
    assert twice.open().warnings == ()


def test_a_lost_current_is_an_index_to_build_but_nothing_to_embed(built):
    (built.index / "CURRENT").unlink()
    with pytest.raises(IndexMissingError):
        built.open()
    _, summary = built.refresh()
    assert (summary.changed, summary.embedded) == (True, 0)


def test_a_disk_that_gives_back_other_bytes_publishes_nothing(built, monkeypatch):
    """Every file that was written is read back before it is given its name."""
    before = built.open()
    built.write("b.txt", "between the questions\n", TABS)
    built.write("c.txt", TABS + "3. And more.\n", EMPTY)
    names = [*(path.name for path in files_of(built) if path.suffix != ".faiss"), "vectors-2.faiss"]
    for lost in names:
        with monkeypatch.context() as patch:
            for room in ("disk", "disk.sealed"):
                patch.setattr(f"assistant.{room}.write", losing_of(lost))
            with pytest.raises(IndexDamagedError, match=re.escape(lost)):
                built.refresh()
        assert built.open().generation == before.generation
        assert list(built.index.glob(".tmp-*")) == []
    assert built.refresh()[1].changed


def losing_of(name):
    """Writes, but the last byte of the files of that name."""
    real = disk.write
    return lambda path, data: real(path, data[:-1] if path.name == name else data)
