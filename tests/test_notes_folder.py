"""What of a folder is read, what is skipped, and what is never opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant import notes
from assistant.errors import NotesError
from assistant.notes import folder as room


def put(folder: Path, name: str, data: bytes = b"Q. x\n") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def reasons(folder: Path) -> dict[str, str]:
    return {skip.path: skip.reason for skip in notes.files(folder)[1]}


def test_files_come_sorted_by_relative_path(tmp_path: Path):
    for name in ("b.txt", "a/z.md", "a/b/c.TXT", "README", "-x.markdown", "v1.2 ideas"):
        put(tmp_path, name)
    found, skipped = notes.files(tmp_path)
    assert [path for path, _ in found] == ["-x.markdown", "README", "a/b/c.TXT", "a/z.md", "b.txt", "v1.2 ideas"]
    assert all(path.read_bytes() for _, path in found)
    assert skipped == []


def test_links_pipes_and_hidden_files_are_never_opened(tmp_path: Path):
    folder = tmp_path / "notes"
    secret = put(tmp_path, "secret/key.txt")
    put(folder, ".hidden.txt")
    put(folder, ".git/notes.txt")
    (folder / "link.txt").symlink_to(secret)
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    assert notes.files(folder)[0] == []
    assert reasons(folder) == {
        "link.txt": "a link (links are not followed)",
        "loop": "a link (links are not followed)",
        "pipe.txt": "not a regular file",
        "zero.txt": "a link (links are not followed)",
    }


def test_other_formats_are_named(tmp_path: Path):
    put(tmp_path, "a.py")
    put(tmp_path, "b.ini")
    assert reasons(tmp_path) == {"a.py": "not a notes format (.py)", "b.ini": "not a notes format (.ini)"}


def test_sizes_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "LARGEST", 100)
    monkeypatch.setattr(room, "TOTAL", 150)
    put(tmp_path, "a.txt", b"x" * 101)
    put(tmp_path, "b.txt", b"x" * 90)
    put(tmp_path, "c.txt", b"x" * 90)
    put(tmp_path, "d.txt", b"x" * 60)
    found, _ = notes.files(tmp_path)
    assert [path for path, _ in found] == ["b.txt", "d.txt"]
    assert "larger than" in reasons(tmp_path)["a.txt"]
    assert "all notes together" in reasons(tmp_path)["c.txt"]
    with pytest.raises(NotesError, match="larger"):
        notes.load(tmp_path / "a.txt")


def test_a_sparse_file_of_many_gigabytes_is_not_read(tmp_path: Path):
    with put(tmp_path, "big.txt").open("r+b") as file:
        file.truncate(50 * 2**30)
    assert "larger than 20 MB" in reasons(tmp_path)["big.txt"]


def test_a_name_that_is_not_utf_8_is_shown_and_can_be_opened(tmp_path: Path):
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))).write_bytes(b"Q. x\n")
    ((shown, path),) = notes.files(tmp_path)[0]
    assert shown == "caf\\xe9.txt"
    assert notes.load(path) == b"Q. x\n"


def test_a_missing_folder_is_an_error_that_says_so(tmp_path: Path):
    with pytest.raises(NotesError, match="no notes folder"):
        notes.files(tmp_path / "none")
    with pytest.raises(NotesError, match="no notes folder"):
        notes.files(put(tmp_path, "file.txt"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_listed_is_skipped(tmp_path: Path):
    put(tmp_path, "a/b.txt").parent.chmod(0)
    try:
        assert "cannot be listed" in reasons(tmp_path)["a"]
    finally:
        (tmp_path / "a").chmod(0o700)


def test_loading_refuses_links_and_pipes_even_when_they_came_after_the_walk(tmp_path: Path):
    (tmp_path / "link.txt").symlink_to(put(tmp_path, "real.txt"))
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(OSError, match="link"):
        notes.load(tmp_path / "link.txt")
    with pytest.raises(NotesError, match="regular"):
        notes.load(tmp_path / "pipe.txt")
    with pytest.raises(FileNotFoundError):
        notes.load(tmp_path / "gone.txt")


@pytest.mark.parametrize(
    "data",
    [b"\x1f\x8b\x08aaa", b"PK\x03\x04zip", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\x00\x01\x02" * 50],
)
def test_what_is_not_text_is_refused(tmp_path: Path, data: bytes):
    with pytest.raises(NotesError, match="not text"):
        notes.load(put(tmp_path, "a.txt", data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_text_of_any_encoding_is_loaded(tmp_path: Path, encoding: str):
    data = "Q. caf\u00e9 ?\nyes, it is\n".encode(encoding)
    assert notes.load(put(tmp_path, "a.txt", data)) == data


def test_a_file_that_is_being_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "_same", lambda *_: False)
    with pytest.raises(NotesError, match="being written"):
        notes.load(put(tmp_path, "a.txt"))
