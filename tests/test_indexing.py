"""The index agrees with the notes, and only what changed is read and embedded."""

import gc
import os
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import HashingEmbedder, digest_of
from desk import EMPTY, SPACES, TABS, questions
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import disk, passages
from assistant.errors import (
    DiskError,
    IndexForeignError,
    IndexLockedError,
    IndexMissingError,
    NotesError,
)
from assistant.indexing import describe, is_current, manifest, open_index, refresh
from assistant.indexing.duplicates import find_same
from assistant.types import PASSAGE_KINDS

# --- what is in it ---------------------------------------------------------------------------------


def test_every_row_stands_for_its_passage(desk):
    """Vectors, rows and notes are three arrays: the same passage must be at the same place in each."""
    index, summary = desk.refresh()
    answered = [note for note in index.notes if note.answered]
    expected = [p for n, note in enumerate(index.notes) if note in answered for p in passages.split(n, note)]
    expected += [p for n, note in enumerate(index.notes) if note not in answered for p in passages.split(n, note)]
    assert index.answered_rows == sum(index.notes[p.note].answered for p in expected)
    assert index.row_notes.tolist() == [p.note for p in expected]
    assert [PASSAGE_KINDS[kind] for kind in index.row_kinds] == [p.kind for p in expected]
    assert index.row_blocks.tolist() == [p.block for p in expected]
    assert index.row_spans.tolist() == [[p.place.start, p.place.end] for p in expected]
    assert np.allclose(index.vectors.vectors(), HashingEmbedder().embed([p.text for p in expected]))
    assert len(index.vectors) == summary.passages


def test_the_summary_counts_what_was_done(desk):
    _, summary = desk.refresh()
    assert (summary.files, summary.notes, summary.answered, summary.unanswered) == (2, 3, 2, 1)
    assert summary.changed
    assert summary.embedded == len(desk.embedder.texts) == len(set(desk.embedder.texts))
    assert summary.seconds > 0


def test_what_was_built_is_what_is_opened(desk):
    built, _ = desk.refresh(display="notes/")
    opened = desk.open(display="notes/")
    assert opened.generation == built.generation
    assert opened.notes == built.notes
    assert opened.same == built.same
    assert np.array_equal(opened.vectors.vectors(), built.vectors.vectors())


def test_a_note_is_the_same_whether_it_is_made_alone_or_with_all_others(desk):
    desk.write("c.txt", 'a line before\n\nQ. Caf\u00e9\u2028 "quoted"\\?\nAnswer \U0001f642\n\nand more.\n')
    built, _ = desk.refresh(display="notes/")
    for notes in (built.notes, desk.open(display="notes/").notes):
        alone = [notes[position] for position in range(len(notes))]
        assert alone == list(notes)
        assert notes[-1] == alone[-1]
        assert notes == tuple(alone)
        assert notes != tuple(alone[1:])


def test_a_note_that_nobody_asks_for_is_not_made(desk):
    notes = desk.refresh()[0].notes
    notes.lines[1] = b"no line of ours"
    assert [notes[0].question, notes[2].question] == ["What are spaces?", "What are tabs?"]
    with pytest.raises(ValueError, match="Expecting"):
        notes[1]


def test_the_display_is_put_before_paths_and_never_stored(desk):
    index, _ = desk.refresh(display="my/notes/")
    assert [note.place.path for note in index.notes] == ["my/notes/a.txt", "my/notes/a.txt", "my/notes/b.txt"]
    assert {note.answer_place.path for note in desk.open().notes} == {"a.txt", "b.txt"}
    desk.write("b.txt", TABS, EMPTY)
    changed, _ = desk.refresh(display="my/notes/")
    assert {note.question_place.path for note in changed.notes} == {"my/notes/a.txt", "my/notes/b.txt"}


def test_the_description_keeps_what_doctor_will_want(desk):
    desk.write("picture.png", "not notes")
    desk.write("latin.txt").write_bytes("Q. Is the caf\xe9 open?\nYes.\n".encode("latin-1"))
    desk.refresh()
    described = describe(desk.index)
    assert [source.path for source in described.sources] == ["a.txt", "b.txt", "latin.txt"]
    assert [source.entries for source in described.sources] == [2, 1, 1]
    assert described.sources[2].warnings
    assert [skip.path for skip in described.skipped] == ["picture.png"]
    assert described.recipe.fingerprint == desk.embedder.fingerprint


def test_only_questions_can_be_indexed(desk):
    desk.write("a.txt", EMPTY)
    (desk.notes / "b.txt").unlink()
    index, summary = desk.refresh()
    assert (index.answered_rows, len(index.vectors), summary.unanswered) == (0, 1, 1)
    assert desk.open().notes == index.notes


def test_file_names_that_are_not_utf_8_survive(desk):
    try:
        (desk.notes / os.fsdecode(b"caf\xe9.txt")).write_text(TABS)
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    index, _ = desk.refresh()
    assert len(index.notes) == 4
    assert desk.open().notes == index.notes


# --- only what changed -----------------------------------------------------------------------------


def test_unchanged_notes_are_not_embedded_again_and_nothing_is_written(desk):
    desk.refresh()
    before = digest_of(desk.index)
    os.utime(desk.notes / "a.txt", (0, 0))
    _, summary = desk.refresh()
    assert (summary.changed, summary.embedded, desk.embedder.texts) == (False, 0, [])
    assert digest_of(desk.index) == before


def test_one_edited_note_embeds_only_its_own_passages(desk):
    desk.refresh()
    desk.write("a.txt", "Q. What are spaces?\nThey stand apart.\n", EMPTY)
    index, summary = desk.refresh()
    assert summary.changed
    assert summary.embedded == len(desk.embedder.texts)
    assert desk.embedder.texts
    assert all("stand apart" in text for text in desk.embedder.texts)
    assert index.notes[0].answer == "They stand apart."


def test_an_unchanged_file_is_not_read_again(desk, monkeypatch):
    from assistant import notes

    desk.refresh()
    desk.write("b.txt", TABS, EMPTY)
    read = []
    real = notes.read
    monkeypatch.setattr(notes, "read", lambda path, *rest: read.append(path) or real(path, *rest))
    desk.refresh()
    assert read == ["b.txt"]


def test_a_renamed_file_embeds_nothing(desk):
    desk.refresh()
    (desk.notes / "b.txt").rename(desk.notes / "0.txt")
    index, summary = desk.refresh()
    assert (summary.embedded, desk.embedder.texts) == (0, [])
    assert [note.place.path for note in index.notes] == ["0.txt", "a.txt", "a.txt"]


def test_a_deleted_note_is_gone(desk):
    desk.refresh()
    (desk.notes / "b.txt").unlink()
    index, summary = desk.refresh()
    assert questions(index) == ["What are spaces?", "What is left open?"]
    assert summary.embedded == 0
    assert index.row_notes.max() == 1


def test_an_answer_that_was_filled_in_moves_among_the_answered(desk):
    desk.refresh()
    desk.write("a.txt", SPACES, EMPTY + "Now it is answered.\n")
    index, summary = desk.refresh()
    assert (summary.answered, index.answered_rows) == (3, len(index.vectors))


def test_a_text_that_stands_twice_is_embedded_once(desk):
    desk.write("c.txt", TABS)
    _, summary = desk.refresh()
    assert len(desk.embedder.texts) == len(set(desk.embedder.texts)) < summary.passages


def test_loose_text_and_warnings_of_unchanged_files_are_kept(desk):
    desk.write("b.txt", "a line before the first question\n", TABS).write_bytes(b"loose \xff line\n\nQ. Tabs?\nWide.\n")
    desk.refresh()
    desk.write("a.txt", SPACES)
    _, summary = desk.refresh()
    assert any("b.txt" in warning for warning in summary.warnings)
    from assistant.indexing.generation import load

    assert [piece.place.path for piece in load(desk.current()).loose()] == ["b.txt"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 7)), min_size=1, max_size=6))
def test_any_edits_one_by_one_end_where_building_anew_ends(tmp_path_factory, edits):
    """The oracle of everything incremental: a build from nothing."""
    from desk import Desk

    entries = (SPACES, TABS, EMPTY)
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.write("z.txt", SPACES)
    for name, chosen in edits:
        desk.write(f"{name}.txt", *(entry for bit, entry in enumerate(entries) if chosen >> bit & 1))
        stepwise, summary = desk.refresh()
    whole, _ = refresh(desk.notes, desk.index.with_name("anew"), HashingEmbedder())
    assert stepwise.notes == whole.notes
    assert stepwise.same == whole.same
    for column in ("row_notes", "row_kinds", "row_blocks", "row_spans"):
        assert np.array_equal(getattr(stepwise, column), getattr(whole, column))
    assert np.array_equal(stepwise.vectors.vectors(), whole.vectors.vectors())
    assert summary.passages == len(whole.vectors)


# --- is it current ---------------------------------------------------------------------------------


def test_looking_tells_whether_the_notes_changed_by_content_alone(desk):
    def current():
        return is_current(desk.notes, desk.index, desk.embedder.fingerprint)

    assert not current()
    desk.refresh()
    assert current()
    os.utime(desk.notes / "a.txt", (0, 0))
    assert current()
    times = (desk.notes / "a.txt").stat()
    data = (desk.notes / "a.txt").read_bytes()
    (desk.notes / "a.txt").write_bytes(data.replace(b"words", b"swords"[:5]))
    os.utime(desk.notes / "a.txt", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert not current()


@pytest.mark.parametrize("part", ["reader", "chunker", "words", "fingerprint"])
def test_another_recipe_is_not_current_is_refused_and_is_built_anew(desk, monkeypatch, part):
    desk.refresh()
    real = manifest.recipe

    def other(fingerprint):
        from dataclasses import replace

        return replace(real(fingerprint), **{part: "something else"})

    for room in ("manifest", "building", "refreshing"):
        monkeypatch.setattr(f"assistant.indexing.{room}.recipe", other)
    assert not is_current(desk.notes, desk.index, desk.embedder.fingerprint)
    with pytest.raises(IndexForeignError) as caught:
        desk.open()
    assert caught.value.run == "assistant index"
    _, summary = desk.refresh()
    assert summary.changed
    assert desk.open().notes


def test_another_model_of_the_same_dimension_is_refused_and_everything_is_embedded_anew(desk):
    """Vectors of two models look alike: without the check, answers would be wrong and nothing would say so."""
    desk.refresh()
    desk.embedder = HashingEmbedder(name="other")
    with pytest.raises(IndexForeignError, match="made with the model hashing, and other is set"):
        desk.open()
    _, summary = desk.refresh()
    assert summary.embedded == len(set(desk.embedder.texts)) > 0


def test_other_formats_in_the_settings_read_the_files_again_but_embed_only_what_is_new(desk):
    desk.refresh()
    _, summary = desk.refresh(overrides={"b.txt": next(iter(_formats()))})
    assert summary.changed
    _, again = desk.refresh(overrides={"b.txt": next(iter(_formats()))})
    assert not again.changed


def _formats():
    from assistant.notes.formats import FORMATS

    return FORMATS


def test_rebuild_reuses_nothing(desk):
    _, first = desk.refresh()
    _, again = desk.refresh(rebuild=True)
    assert again.embedded == first.embedded > 0


# --- notes that cannot be indexed ------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["missing", "empty", "without a question", "only pictures"])
def test_without_notes_there_is_an_error_and_the_index_of_before_stays(desk, kind):
    desk.refresh()
    before = digest_of(desk.index)
    for path in desk.notes.iterdir():
        path.unlink()
    if kind == "missing":
        desk.notes.rmdir()
    if kind == "without a question":
        desk.write("a.txt", "")
    if kind == "only pictures":
        desk.write("a.png", "x")
    with pytest.raises(NotesError) as caught:
        desk.refresh()
    assert caught.value.run
    assert digest_of(desk.index) == before


def test_a_file_that_cannot_be_read_is_skipped_with_its_reason(desk, monkeypatch):
    from assistant import notes

    real = notes.load

    def load(path):
        if path.name == "b.txt":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(notes, "load", load)
    index, summary = desk.refresh()
    assert len(index.notes) == 2
    assert [(skip.path, skip.reason) for skip in summary.skipped] == [("b.txt", "cannot be read (Permission denied)")]


def test_there_is_no_index_before_the_first_build(desk):
    with pytest.raises(IndexMissingError) as caught:
        desk.open()
    assert caught.value.run == "assistant index"


# --- one builder at a time -------------------------------------------------------------------------


def test_a_second_builder_is_told_at_once_who_builds(desk):
    desk.index.mkdir()
    with disk.locked(desk.index / ".lock"), pytest.raises(IndexLockedError, match=f"process {os.getpid()} is building"):
        desk.refresh()


def test_while_another_builds_a_question_is_answered_from_the_index_of_before(desk):
    desk.refresh()
    desk.write("a.txt", SPACES)
    with disk.locked(desk.index / ".lock"):
        index, summary = desk.refresh(wait=1.0)
    assert len(index.notes) == 3
    assert not summary.changed
    assert "another process is building" in index.warnings[0]


def test_without_an_index_of_before_a_question_waits_for_the_other_builder(desk):
    desk.index.mkdir()
    with disk.locked(desk.index / ".lock"), pytest.raises(IndexLockedError):
        desk.refresh(wait=0.01)
    index, _ = desk.refresh(wait=0.01)
    assert len(index.notes) == 3


def test_two_builders_at_once_end_in_one_complete_index(desk):
    """Both begin together; whoever comes second finds the work done, or is refused by name."""
    program = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[3])\n"
        "from conftest import HashingEmbedder; from assistant.indexing import refresh\n"
        "print(refresh(Path(sys.argv[1]), Path(sys.argv[2]), HashingEmbedder(), wait=30.0)[1].changed)"
    )
    command = [sys.executable, "-c", program, str(desk.notes), str(desk.index), str(Path(__file__).parent)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted(run.communicate()[0].strip() for run in runs)
    assert said == ["False", "True"]
    assert len(desk.generations()) == 1
    assert len(desk.open().notes) == 3


def test_a_builder_finds_that_another_has_finished_while_it_looked(desk, monkeypatch):
    """Between looking and locking there is time for another process to do the work."""
    real = disk.locked

    def late(path, wait=0.0):
        monkeypatch.setattr(disk, "locked", real)
        refresh(desk.notes, desk.index, HashingEmbedder())
        return real(path, wait)

    monkeypatch.setattr(disk, "locked", late)
    index, summary = desk.refresh()
    assert (summary.changed, desk.embedder.texts) == (False, [])
    assert len(desk.generations()) == 1
    assert index.notes == desk.open().notes


def test_the_garbage_collector_rests_while_an_index_is_built_and_is_left_as_it_was(desk):
    class Watching(HashingEmbedder):
        def embed(self, texts, progress=None):
            seen.append(gc.isenabled())
            return super().embed(texts, progress)

    seen, desk.embedder = [], Watching()
    desk.refresh()
    assert gc.isenabled()
    (desk.notes / "a.txt").unlink()
    (desk.notes / "b.txt").unlink()
    with pytest.raises(NotesError):
        desk.refresh()
    assert gc.isenabled()
    gc.disable()
    try:
        desk.write("a.txt", SPACES)
        desk.refresh()
        assert not gc.isenabled()
    finally:
        gc.enable()
    assert seen == [False, False]


# --- the folder ------------------------------------------------------------------------------------


def test_only_this_person_can_read_the_index(desk):
    old = os.umask(0)
    try:
        desk.refresh()
    finally:
        os.umask(old)
    for path in (desk.index, *desk.index.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_two_generations_are_kept_and_a_third_until_the_next_build(desk):
    for number in range(6):
        desk.write("c.txt", f"Q. Number {number}?\nIt is {number}.\n")
        desk.refresh()
        assert len(desk.generations()) <= 3
        assert desk.current() == desk.generations()[-1]


def test_leftovers_of_killed_builds_are_removed_by_the_next_one(desk):
    desk.refresh()
    (desk.index / ".tmp-1-abcd").mkdir()
    (desk.index / ".tmp-1-abcd" / "vectors-1.faiss").write_bytes(b"x")
    (desk.index / ".tmp-CURRENT-1").write_bytes(b"x")
    (desk.index / "README.md").write_text("a file of the person's own")
    desk.write("c.txt", SPACES)
    desk.refresh()
    names = {path.name for path in desk.index.iterdir() if not path.name.startswith("g0")}
    assert names == {"CURRENT", ".lock", ".lock-holder", "README.md"}


def test_a_read_only_index_can_be_opened_and_answers_when_the_notes_change(desk, monkeypatch):
    desk.refresh()
    desk.write("c.txt", EMPTY)

    def refuse(path, wait=0.0):
        raise DiskError(f"{path} cannot be written (Read-only file system)")

    monkeypatch.setattr(disk, "locked", refuse)
    index, summary = desk.refresh(wait=1.0)
    assert len(index.notes) == 3
    assert "Read-only file system" in index.warnings[0]
    assert not summary.changed
    with pytest.raises(DiskError, match="Read-only"):
        desk.refresh()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission_can_be_opened(desk):
    desk.refresh()
    for path in (desk.index, *desk.generations()):
        path.chmod(0o500)
    try:
        assert len(desk.refresh()[0].notes) == 3
        assert len(desk.open().notes) == 3
    finally:
        for path in (desk.index, *desk.generations()):
            path.chmod(0o700)


def test_the_whole_room_works_under_python_o(desk):
    program = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[3])\n"
        "from conftest import HashingEmbedder; from assistant.indexing import open_index, refresh\n"
        "from assistant.errors import IndexDamagedError\n"
        "notes, index = Path(sys.argv[1]), Path(sys.argv[2])\n"
        "refresh(notes, index, HashingEmbedder())\n"
        "victim = next(index.glob('g*/vectors-1.faiss')); data = bytearray(victim.read_bytes()); data[-1] ^= 1\n"
        "victim.write_bytes(data)\n"
        "try: open_index(index, HashingEmbedder().fingerprint)\n"
        "except IndexDamagedError: print('refused', __debug__)"
    )
    command = [sys.executable, "-O", "-c", program, str(desk.notes), str(desk.index), str(Path(__file__).parent)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "refused False\n"


# --- the same question twice -----------------------------------------------------------------------


def test_the_same_question_twice_is_known_from_both_sides(desk):
    desk.write("c.txt", "Q. What are spaces?\nThey stand between letters, too.\n")
    index, summary = desk.refresh()
    assert index.same["what-are-spaces"] == ("what-are-spaces-2",)
    assert index.same["what-are-spaces-2"] == ("what-are-spaces",)
    assert summary.duplicates == 1
    assert find_same((), np.zeros((0, 4), np.float32), str.split) == {}
    assert open_index(desk.index, desk.embedder.fingerprint).same == index.same
