"""The notes folder as it is -> an open index that agrees with it."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant import disk
from assistant.errors import DiskError, IndexDamagedError, IndexForeignError, IndexLockedError, IndexMissingError
from assistant.indexing.building import Asked, build
from assistant.indexing.generation import current_name, manifest_in, open_newest, open_other
from assistant.indexing.looking import known_hashes, look
from assistant.indexing.manifest import SAFE, NewerIndexError, recipe
from assistant.indexing.publish import publish, sweep
from assistant.indexing.uncollected import uncollected
from assistant.types import IndexSummary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from assistant.embed import Embedder
    from assistant.indexing.building import Progress
    from assistant.indexing.generation import Generation, Opened
    from assistant.indexing.looking import Seen
    from assistant.indexing.manifest import Manifest
    from assistant.types import Index

LOCK = ".lock"
NO_OVERRIDES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class _Request:
    """What `refresh` was called with; `started` is a reading of the clock."""

    notes: Path
    index: Path
    asked: Asked
    display: str
    wait: float
    mend: bool
    rebuild: bool
    started: float


@uncollected
def refresh(  # noqa: PLR0913 - one name for each thing that a command line can say
    notes_folder: Path,
    index_folder: Path,
    embedder: Embedder,
    *,
    display: str = "",
    overrides: Mapping[str, str] = NO_OVERRIDES,
    progress: Progress | None = None,
    wait: float = 0.0,
    mend: bool = False,
    rebuild: bool = False,
) -> tuple[Index, IndexSummary]:
    """The index of the notes as they are now, built or brought up to date where they changed (by content).

    Paths of places get the prefix `display`. `progress` gets a stage, how much is done, and of how much.
    To answer a question, give `wait` seconds: while another process builds, the index of before is served with a
    warning, or waited for when there is none; and a damaged index is an error unless an older generation verifies.
    To index, give `mend`: what is damaged is built anew from what verifies; `rebuild` builds anew from nothing.
    Raises NotesError, IndexDamagedError, IndexForeignError (a newer version's index), IndexLockedError, DiskError.
    """
    asked = Asked(embedder, overrides, progress or _silent)
    request = _Request(notes_folder, index_folder, asked, display, wait, mend, rebuild, time.perf_counter())
    opened = _newest(request)
    seen = _look(request, opened)
    if opened is not None and _serves(request, opened, seen):
        return _unchanged(request, opened, seen)
    with ExitStack() as held:
        try:
            disk.make_folder(index_folder)
            held.enter_context(disk.locked(index_folder / LOCK))
        except (disk.LockHeldError, DiskError) as hindrance:
            return _hindered(request, opened, seen, hindrance)
        return _locked(request, opened, seen)


def is_current(
    notes_folder: Path,
    index_folder: Path,
    fingerprint: str,
    overrides: Mapping[str, str] = NO_OVERRIDES,
    held: str | None = None,
) -> bool:
    """Whether the current generation was made from the notes as they are, without opening all of it.

    With `held`, the name of a generation, also whether it is the current one: who holds it open need not open it
    again. Raises NotesError as `refresh` does; an index that is missing, damaged or foreign is not current.
    """
    try:
        if held is not None and held != current_name(index_folder):
            return False
        manifest = manifest_in(index_folder)
    except (IndexMissingError, IndexDamagedError, IndexForeignError, DiskError):
        return False
    return _agrees(manifest, look(notes_folder, known_hashes(manifest.sources)), fingerprint, overrides)


def describe(index_folder: Path) -> Manifest:
    """What the current generation says about itself. Raises as `open_index` does."""
    return manifest_in(index_folder)


def _newest(request: _Request) -> Opened | None:
    """What is there to serve, whatever it was made by."""
    try:
        return open_newest(request.index)
    except IndexMissingError:
        return None
    except NewerIndexError:
        if not request.rebuild:
            raise
    except IndexForeignError:
        return None
    except IndexDamagedError:
        if not (request.mend or request.rebuild):
            raise
    return None


def _look(request: _Request, opened: Opened | None) -> Seen:
    return look(request.notes, {} if opened is None else _known(request, opened.generation.manifest))


def _known(request: _Request, manifest: Manifest) -> dict[str, str]:
    """The files that need not be read again: none when they would be read in another way."""
    wanted = recipe(request.asked.embedder.fingerprint)
    alike = manifest.recipe.reader == wanted.reader and manifest.overrides == dict(request.asked.overrides)
    return known_hashes(manifest.sources) if alike and not request.rebuild else {}


def _serves(request: _Request, opened: Opened, seen: Seen) -> bool:
    if request.rebuild or (request.mend and opened.warnings):
        return False
    asked = request.asked
    return _agrees(opened.generation.manifest, seen, asked.embedder.fingerprint, asked.overrides)


def _agrees(manifest: Manifest, seen: Seen, fingerprint: str, overrides: Mapping[str, str]) -> bool:
    if manifest.recipe != recipe(fingerprint) or manifest.overrides != dict(overrides):
        return False
    return known_hashes(manifest.sources) == seen.hashes


def _locked(request: _Request, opened: Opened | None, seen: Seen) -> tuple[Index, IndexSummary]:
    """Build, unless another process did it while this one looked. The lock is held."""
    if not _is_still(request.index, opened):
        opened = _newest(request)
        seen = _look(request, opened)
        if opened is not None and _serves(request, opened, seen):
            return _unchanged(request, opened, seen)
    parent = opened.generation if opened is not None else None
    before = None if request.rebuild else parent or open_other(request.index)
    sweep(request.index, _kept(request.index, parent))
    name = parent.name if parent is not None else ""
    draft = build(seen, before, name, request.asked)
    return publish(request.index, draft, request.display), _summary(request, draft.manifest, seen, draft.embedded)


def _is_still(index_folder: Path, opened: Opened | None) -> bool:
    """Whether CURRENT names what was opened."""
    try:
        return opened is not None and current_name(index_folder) == opened.generation.name
    except (IndexMissingError, IndexDamagedError):
        return False


def _kept(index_folder: Path, parent: Generation | None) -> frozenset[str]:
    """The generations to keep: what is served, what was before it, and what CURRENT names."""
    if parent is None:
        return frozenset()
    try:
        return frozenset({parent.name, parent.manifest.parent, current_name(index_folder)})
    except (IndexMissingError, IndexDamagedError):
        return frozenset({parent.name, parent.manifest.parent})


def _hindered(
    request: _Request, opened: Opened | None, seen: Seen, hindrance: disk.LockHeldError | DiskError
) -> tuple[Index, IndexSummary]:
    """No lock to be had: a question is answered from what is there, or waits for the other process."""
    if request.wait and opened is not None and _readable(request, opened):
        return _unchanged(request, _stale(opened, hindrance), seen)
    if isinstance(hindrance, DiskError):
        raise hindrance
    try:
        with disk.locked(request.index / LOCK, request.wait):
            return _locked(request, None, seen)
    except disk.LockHeldError as held:
        what = f"process {held.holder or '(unknown)'} is building the index in {request.index}"
        raise IndexLockedError(what, safe=SAFE, run="the same command when it is done") from None


def _readable(request: _Request, opened: Opened) -> bool:
    return opened.generation.manifest.recipe == recipe(request.asked.embedder.fingerprint)


def _stale(opened: Opened, hindrance: disk.LockHeldError | DiskError) -> Opened:
    why = "another process is building the index" if isinstance(hindrance, disk.LockHeldError) else hindrance.what
    warning = f"the notes have changed, but {why}; the index of before is used"
    return replace(opened, warnings=(*opened.warnings, warning))


def _unchanged(request: _Request, opened: Opened, seen: Seen) -> tuple[Index, IndexSummary]:
    index = opened.generation.index(request.display, opened.warnings)
    return index, _summary(request, opened.generation.manifest, seen, None)


def _summary(request: _Request, manifest: Manifest, seen: Seen, embedded: int | None) -> IndexSummary:
    counts = manifest.counts
    return IndexSummary(
        files=len(manifest.sources),
        notes=counts.notes,
        answered=counts.answered,
        unanswered=counts.notes - counts.answered,
        duplicates=counts.duplicates,
        passages=counts.rows,
        embedded=embedded or 0,
        seconds=time.perf_counter() - request.started,
        changed=embedded is not None,
        warnings=(*manifest.warnings, *request.asked.embedder.warnings),
        skipped=seen.skipped,
    )


def _silent(_stage: str, _done: int, _total: int) -> None:
    pass
