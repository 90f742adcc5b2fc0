"""Files -> a folder that certifies itself: its name ends with the hash of a manifest that holds the hashes of the rest.

So a flipped bit, a truncated file, a file of another folder and a manifest that does not belong are all seen, without
a second place that would have to be kept in step.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from assistant.disk.files import move, own, read, refusal, sync_folder, write
from assistant.errors import IndexDamagedError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping
    from pathlib import Path

MANIFEST = "manifest.json"
LARGEST_MANIFEST = 64_000_000
HASH_IN_NAME = 16
SEALED = re.compile(r"[a-z0-9]+-[0-9a-f]{16}")
CHUNK = 1 << 20
FILE_NAME = re.compile(r"[a-z0-9_][a-z0-9_.-]*")
SAFE = "Your notes are safe"
REBUILD = "assistant index --rebuild"


def seal_of(data: bytes | memoryview) -> dict[str, Any]:
    """What a file must be: its size in bytes and its sha256, as a manifest holds it."""
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def settled(path: Path) -> dict[str, Any]:
    """The seal of a file that another library wrote, after the disk has it. Raises DiskError."""
    own(path)
    return _file_seal(path)


def publish(folder: Path, prefix: str, manifest: Mapping[str, Any], check_first: Callable[[Path, str], None]) -> Path:
    """Seal a temporary folder and give it its name, `<prefix>-<hash>`, beside where it is; returns the new path.

    `manifest` is what JSON can hold, with `files` naming every file's size and sha256. `check_first` gets the
    folder and the hash and raises when what the disk holds is not what was meant. Raises DiskError.
    """
    data = json.dumps(manifest, indent=1, sort_keys=True).encode()
    write(folder / MANIFEST, data)
    sync_folder(folder)
    fingerprint = hashlib.sha256(data).hexdigest()[:HASH_IN_NAME]
    check_first(folder, fingerprint)
    final = folder.with_name(f"{prefix}-{fingerprint}")
    move(folder, final)
    return final


def is_sealed(name: str, prefix: str = "") -> bool:
    """Whether a folder of that name was given by `publish` (with a prefix that begins so)."""
    return name.startswith(prefix) and SEALED.fullmatch(name) is not None


def sealed_in(parent: Path, prefix: str = "") -> list[str]:
    """The names of the sealed folders in a folder, last first."""
    try:
        names = [entry.name for entry in parent.iterdir()]
    except OSError:
        return []
    return sorted((name for name in names if is_sealed(name, prefix)), reverse=True)


def manifest_of(folder: Path, fingerprint: str | None = None) -> dict[str, Any]:
    """The manifest, after its hash was compared with the folder's name (or with the one given).

    Raises FileNotFoundError when there is none, IndexDamagedError when it is not what was written.
    """
    path = folder / MANIFEST
    data = read(path)
    expected = fingerprint or folder.name.rpartition("-")[2]
    if len(data) > LARGEST_MANIFEST or hashlib.sha256(data).hexdigest()[:HASH_IN_NAME] != expected:
        raise damaged(path, "is not what was written")
    try:
        manifest = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise damaged(path, "is not JSON") from error
    if not isinstance(manifest, dict):
        raise damaged(path, "is not a manifest")
    return manifest


def contents(folder: Path, manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """The bytes of every file, each compared with its hash.

    Raises FileNotFoundError for a missing file, IndexDamagedError for one that is not what was written.
    """
    found = {}
    for name, seal in _seals(folder, manifest):
        found[name] = read(folder / name)
        if seal_of(found[name]) != seal:
            raise damaged(folder / name, "is not what was written")
    return found


def check(folder: Path, manifest: Mapping[str, Any], but: Container[str] = ()) -> None:
    """Compare every file with its hash without keeping its bytes; raises as `contents` does."""
    for name, seal in _seals(folder, manifest):
        if name not in but and _file_seal(folder / name) != seal:
            raise damaged(folder / name, "is not what was written")


def _file_seal(path: Path) -> dict[str, Any]:
    """The seal of a file that may be too large to be held."""
    digest = hashlib.sha256()
    size = 0
    try:
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                digest.update(piece)
                size += len(piece)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise refusal(path, error) from error
    return {"size": size, "sha256": digest.hexdigest()}


def damaged(path: Path, what: str) -> IndexDamagedError:
    """The error that names the file and what mends it."""
    return IndexDamagedError(f"{path.parent.name}/{path.name} {what}", safe=SAFE, run=REBUILD)


def _seals(folder: Path, manifest: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    files = manifest.get("files")
    if not isinstance(files, dict):
        raise damaged(folder / MANIFEST, "names no files")
    for name, seal in files.items():
        if not FILE_NAME.fullmatch(name) or name == MANIFEST:
            raise damaged(folder / MANIFEST, "names a file that cannot be ours")
        yield name, seal
