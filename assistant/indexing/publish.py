"""A draft -> the current generation: written beside, read back, renamed; a kill at any instant loses nothing."""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant import disk
from assistant.indexing import generation
from assistant.indexing.generation import CURRENT, PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from assistant.indexing.building import Draft
    from assistant.store import Store
    from assistant.types import Index


def publish(index_folder: Path, draft: Draft, display: str) -> Index:
    """Write, compare what the disk gives back, rename, point CURRENT at it. The lock is held by the caller.

    Gives the index as the reader's own code makes it of the same bytes, its paths with the prefix `display`.
    Raises DiskError, and IndexDamagedError when the disk gives back other bytes.
    """
    index = generation.fitted("the new index", draft.manifest, draft.files, draft.kept).index(display)
    folder = index_folder / f".tmp-{os.getpid()}-{secrets.token_hex(4)}"
    disk.make_folder(folder)
    try:
        for name, data in draft.files.items():
            disk.write(folder / name, data)
        linked = _link(folder, index_folder / draft.before, draft.kept)
        final = disk.publish(
            folder,
            _next_name(index_folder),
            draft.manifest.as_json(),
            lambda place, seal: disk.check(place, disk.manifest_of(place, seal), linked),
        )
    except BaseException:
        disk.remove(folder)
        raise
    disk.replace(index_folder / CURRENT, f"{final.name}\n".encode())
    return replace(index, generation=final.name)


def _link(folder: Path, before: Path, kept: Mapping[str, Store]) -> set[str]:
    """Take over the files that stay as they are, and name those that were verified when they were opened.

    Where a file cannot have two names it is written again, and is to be read back as any other.
    """
    linked = set()
    for name, store in kept.items():
        if disk.link(before / name, folder / name):
            linked.add(name)
        else:
            disk.write(folder / name, store.to_bytes())
    return linked


def sweep(index_folder: Path, kept: frozenset[str]) -> None:
    """Remove what nobody reads: leftovers of killed builds, and all generations but those to keep (none: all of them).

    At the start of a build, because a build that is killed never reaches its end. The lock is held by the caller.
    """
    for leftover in index_folder.glob(".tmp-*"):
        disk.remove(leftover)
    for name in disk.sealed_in(index_folder, PREFIX):
        if kept and name not in kept:
            _remove_generation(index_folder / name)


def _remove_generation(folder: Path) -> None:
    """Out of sight first: a reader sees all of it or nothing."""
    hidden = folder.with_name(f".tmp-gone-{folder.name}")
    disk.move(folder, hidden)
    disk.remove(hidden)


def _next_name(index_folder: Path) -> str:
    """Numbered so that the newest sorts last."""
    numbers = (name[len(PREFIX) :].partition("-")[0] for name in disk.sealed_in(index_folder, PREFIX))
    return f"{PREFIX}{max((int(number) for number in numbers if number.isdigit()), default=0) + 1:08d}"
