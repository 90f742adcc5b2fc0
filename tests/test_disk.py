"""Files that are whole or not there, folders that certify themselves, one process at a time."""

import errno
import json
import os
import shlex
import stat
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import disk
from assistant.errors import DiskError, IndexDamagedError


def _refuse(number):
    raise OSError(number, os.strerror(number))


def sealed(parent, files, prefix="p"):
    folder = parent / ".tmp-x"
    folder.mkdir()
    for name, data in files.items():
        disk.write(folder / name, data)
    manifest = {"files": {name: disk.seal_of(data) for name, data in files.items()}}
    return disk.publish(folder, prefix, manifest, lambda *_: None)


def test_a_file_is_written_once_whole_and_for_this_person_only(tmp_path, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[:3]))
    disk.write(tmp_path / "x", b"more than three bytes")
    assert (tmp_path / "x").read_bytes() == b"more than three bytes"
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o600
    with pytest.raises(DiskError, match="x"):
        disk.write(tmp_path / "x", b"again")
    assert (tmp_path / "x").read_bytes() == b"more than three bytes"


def test_a_file_is_on_the_disk_before_its_name_is(tmp_path, monkeypatch):
    """Data, rename, folder: in another order a power cut leaves a name without its bytes."""
    order = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *given, name=name, real=real: order.append(name) or real(*given))
    disk.replace(tmp_path / "x", b"data")
    assert order == ["fsync", "replace", "fsync"]


def test_replacing_takes_no_notice_of_what_a_killed_process_left(tmp_path):
    (tmp_path / f".tmp-x-{os.getpid()}").write_bytes(b"half")
    disk.replace(tmp_path / "x", b"one")
    disk.replace(tmp_path / "x", b"two")
    assert (tmp_path / "x").read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_files_that_belong_together_are_replaced_together_or_not_at_all(tmp_path, monkeypatch):
    paths = [tmp_path / name for name in ("a", "b", "c")]
    disk.rewrite_all(dict.fromkeys(paths, b"one"))
    paths[0].chmod(0o640)
    real = os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda handle, data: real(handle, data) if data != b"last" else _refuse(errno.ENOSPC))
        with pytest.raises(DiskError, match="no room"):
            disk.rewrite_all(dict(zip(paths, (b"two", b"two", b"last"), strict=True)))
    assert [path.read_bytes() for path in paths] == [b"one"] * 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c"]

    disk.rewrite_all(dict.fromkeys(paths, b"three"))
    assert [path.read_bytes() for path in paths] == [b"three"] * 3
    assert stat.S_IMODE(paths[0].stat().st_mode) == 0o640


def test_a_missing_file_is_told_from_one_that_cannot_be_read(tmp_path):
    with pytest.raises(FileNotFoundError):
        disk.read(tmp_path / "none")
    with pytest.raises(FileNotFoundError):
        disk.read(tmp_path / "none" / "none")
    with pytest.raises(DiskError):
        disk.read(tmp_path)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.from_regex(r"[a-z0-9]{1,8}\.[a-z]{1,4}", fullmatch=True), st.binary(max_size=50), max_size=4))
def test_a_sealed_folder_gives_back_what_was_put_in(tmp_path_factory, files):
    folder = sealed(tmp_path_factory.mktemp("sealed"), files)
    manifest = disk.manifest_of(folder)
    assert disk.contents(folder, manifest) == files
    disk.check(folder, manifest)
    assert disk.sealed_in(folder.parent) == [folder.name]
    assert disk.is_sealed(folder.name, "p-")


def test_every_changed_byte_is_seen_in_both_ways_of_checking(tmp_path):
    folder = sealed(tmp_path, {"a.bin": b"0123456789"})
    for path in (folder / "a.bin", folder / "manifest.json"):
        whole = path.read_bytes()
        for position in range(len(whole)):
            path.write_bytes(whole[:position] + bytes([whole[position] ^ 4]) + whole[position + 1 :])
            for way in (disk.contents, disk.check):
                with pytest.raises(IndexDamagedError, match=path.name.replace(".", r"\.")):
                    way(folder, disk.manifest_of(folder))
        path.write_bytes(whole)


@pytest.mark.parametrize("data", [b"[]", b"not json", b"[" * 100_000, b'"files"', b"{}", b'{"files": 3}'])
def test_a_manifest_that_is_none_is_refused_although_its_name_fits(tmp_path, data):
    folder = tmp_path / f"p-{disk.seal_of(data)['sha256'][:16]}"
    folder.mkdir()
    (folder / "manifest.json").write_bytes(data)
    with pytest.raises(IndexDamagedError):
        disk.contents(folder, disk.manifest_of(folder))


def test_nothing_gets_a_name_that_does_not_pass_the_check(tmp_path):
    def refuse(folder, fingerprint):
        assert json.loads((folder / "manifest.json").read_text()) == {"files": {}}
        assert len(fingerprint) == 16
        raise IndexDamagedError("no")

    (tmp_path / ".tmp-x").mkdir()
    with pytest.raises(IndexDamagedError, match="no"):
        disk.publish(tmp_path / ".tmp-x", "p", {"files": {}}, refuse)
    assert disk.sealed_in(tmp_path) == []


def test_folders_of_other_people_are_not_taken_for_sealed_ones(tmp_path):
    for name in ("notes", "p-0123", "p-0123456789abcdeg", "-0123456789abcdef", ".tmp-0123456789abcdef"):
        (tmp_path / name).mkdir()
    assert disk.sealed_in(tmp_path) == []
    assert disk.sealed_in(tmp_path / "missing") == []


def test_the_lock_names_its_holder_and_is_free_when_it_ends(tmp_path):
    with disk.locked(tmp_path / ".lock"), pytest.raises(disk.LockHeldError) as caught, disk.locked(tmp_path / ".lock"):
        pass
    assert caught.value.holder == os.getpid()
    with disk.locked(tmp_path / ".lock"):
        pass


def test_the_lock_of_a_killed_process_is_free(tmp_path):
    program = (
        "import os, signal, sys; from pathlib import Path; from assistant import disk\n"
        "with disk.locked(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", program, str(tmp_path / ".lock")], check=False).returncode == -9
    with disk.locked(tmp_path / ".lock"):
        pass


def test_where_no_lock_can_be_made_there_is_an_error_and_no_unlocked_work(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DiskError, match="lock"), disk.locked(tmp_path / "file" / ".lock"):
        pytest.fail("the work went on without a lock")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_what_to_run_about_a_refusal_can_be_pasted_whatever_the_folder_is_called(tmp_path, number):
    path = tmp_path / "my notes; and more" / "x"
    line = disk.refusal(path, OSError(number, "no")).run
    assert shlex.split(line)[-1] == str(path.parent)
