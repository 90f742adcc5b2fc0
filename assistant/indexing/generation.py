"""A generation's folder -> an open index, after every hash, count and number was checked."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from assistant import disk, lexical
from assistant.errors import IndexDamagedError, IndexForeignError, IndexMissingError
from assistant.indexing import manifest as manifests
from assistant.indexing import records
from assistant.indexing.manifest import REBUILD, SAFE, Manifest, NewerIndexError
from assistant.indexing.records import Notes
from assistant.store import Joined, store_named
from assistant.types import Index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from assistant.indexing.manifest import Part, Recipe
    from assistant.indexing.records import Rows
    from assistant.lexical import Lexicon
    from assistant.store import Store
    from assistant.types import Loose

Made = TypeVar("Made")
CURRENT = "CURRENT"
PREFIX = "g"
TRIES = 5

NOTES = "notes.jsonl"
LOOSE = "loose.jsonl"
SAME = "same.json"
NOTHING_HELD: Mapping[str, Store] = MappingProxyType({})
VECTORS = "vectors-"
ROWS = "rows.npy"
HASHES = "hashes.npy"
WORDS = "words"


@dataclass(frozen=True)
class Generation:
    """One generation in memory: nothing of it is read from the disk again."""

    name: str
    manifest: Manifest
    files: Mapping[str, bytes]
    rows: Rows
    vectors: Joined

    @property
    def same(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(others) for name, others in json.loads(self.files[SAME]).items()}

    def stores(self, names: Sequence[str]) -> dict[str, Store]:
        """Files of vectors, open, by their names."""
        found = dict(zip((part.name for part in self.manifest.parts), self.vectors.parts, strict=True))
        return {name: found[name] for name in names}

    @cached_property
    def words(self) -> Lexicon:
        return lexical.load({name: data for name, data in self.files.items() if name.startswith(WORDS)})

    @cached_property
    def plain_notes(self) -> Notes:
        """The notes, their paths as they are in the notes folder."""
        return self.notes("")

    def notes(self, display: str) -> Notes:
        return Notes(self.files[NOTES], [display + source.path for source in self.manifest.sources])

    def loose(self) -> tuple[Loose, ...]:
        return records.loose_from_bytes(self.files[LOOSE], [source.path for source in self.manifest.sources])

    def index(self, display: str = "", warnings: tuple[str, ...] = ()) -> Index:
        """What retrieval works on. Raises IndexDamagedError when the parts do not fit together."""
        try:
            return self._joined(display, warnings)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise _unfit(self.name, error) from error

    def _joined(self, display: str, warnings: tuple[str, ...]) -> Index:
        import numpy as np

        table = self.rows.table
        return Index(
            generation=self.name,
            notes=self.notes(display),
            row_notes=table[:, records.NOTE].astype(np.int64),
            row_kinds=table[:, records.KIND].astype(np.int64),
            row_blocks=table[:, records.BLOCK].astype(np.int64),
            row_spans=table[:, records.START : records.END + 1].astype(np.int64),
            answered_rows=self.manifest.counts.answered_rows,
            vectors=self.vectors,
            words=self.words,
            same=self.same,
            warnings=warnings,
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """The newest generation that verifies, and what has to be said when it is not the current one."""

    generation: Generation
    warnings: tuple[str, ...]


def open_index(index_folder: Path, fingerprint: str, display: str = "") -> Index:
    """The index in the folder, verified; an older generation with a warning where the current one is damaged.

    Paths of places get the prefix `display`. Takes no lock and holds no file afterwards. Raises
    IndexMissingError, IndexDamagedError when nothing verifies, IndexForeignError when it was made by another
    model or another version.
    """
    opened = open_newest(index_folder)
    require(opened.generation.manifest.recipe, manifests.recipe(fingerprint))
    return opened.generation.index(display, opened.warnings)


def open_newest(index_folder: Path) -> Opened:
    """The current generation, or the newest other that verifies, whatever recipe it was made by.

    Raises as `open_index` does, but for the recipe.
    """
    try:
        return Opened(_open_current(index_folder), ())
    except IndexDamagedError as damage:
        older = open_other(index_folder)
        if older is None:
            raise
        what = f"the index is damaged ({damage.what}); the one before is used. Run: assistant index"
        return Opened(older, (what,))


def open_other(index_folder: Path) -> Generation | None:
    """The newest generation that verifies, or None. Raises IndexForeignError for one of a newer version."""
    for name in disk.sealed_in(index_folder, PREFIX):
        try:
            return load(index_folder / name)
        except NewerIndexError:
            raise
        except (FileNotFoundError, IndexDamagedError, IndexForeignError):
            continue
    return None


def current_name(index_folder: Path) -> str:
    """What CURRENT says. Raises IndexMissingError when nothing was built yet, IndexDamagedError for anything else."""
    path = index_folder / CURRENT
    try:
        name = disk.read(path).decode("utf-8", "replace").strip()
    except FileNotFoundError:
        raise IndexMissingError(f"there is no index in {index_folder}", safe=SAFE, run="assistant index") from None
    if not disk.is_sealed(name, PREFIX):
        raise disk.damaged(path, "names no generation")
    return name


def load(folder: Path) -> Generation:
    """One generation, every hash and count compared.

    Raises FileNotFoundError when a file is not there, IndexDamagedError when one is not what was written.
    """
    found = disk.manifest_of(folder)
    with _begun(disk.contents, folder, found) as contents:
        manifest = manifests.from_json(found)
        store_named(manifest.recipe.store).prepare()
        return fitted(folder.name, manifest, contents.result())


def fitted(
    name: str,
    manifest: Manifest,
    files: Mapping[str, bytes | memoryview],
    held: Mapping[str, Store] = NOTHING_HELD,
) -> Generation:
    """A generation from the bytes of its files, but for files of vectors that are `held` open, by name.

    Raises IndexDamagedError when the files do not fit together.
    """
    try:
        return _fitted(name, manifest, files, held)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise _unfit(name, error) from error


def manifest_in(index_folder: Path) -> Manifest:
    """The manifest of the current generation, without opening the rest. Raises as `open_index` does."""
    name = current_name(index_folder)
    try:
        return manifests.from_json(disk.manifest_of(index_folder / name))
    except FileNotFoundError:
        raise disk.damaged(index_folder / name, "is missing") from None


def require(found: Recipe, wanted: Recipe) -> None:
    """Raise IndexForeignError unless both recipes give the same from the same notes."""
    if found.fingerprint != wanted.fingerprint:
        what = f"the index was made with the model {_model(found)}, and {_model(wanted)} is set"
        raise IndexForeignError(what, safe=SAFE, run="assistant index")
    if found != wanted:
        raise IndexForeignError("the index was made by another version", safe=SAFE, run="assistant index")


def vectors_name(parts: Sequence[Part]) -> str:
    """A name for one more file of vectors, which none of these has."""
    numbers = (int(part.name.removeprefix(VECTORS).partition(".")[0]) for part in parts)
    return f"{VECTORS}{max(numbers, default=0) + 1}.faiss"


@contextmanager
def _begun(call: Callable[..., Made], *given: Any) -> Iterator[Future[Made]]:
    """A call that runs in a thread of its own."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as beside:
        yield beside.submit(call, *given)


def _open_current(index_folder: Path) -> Generation:
    """Try again when the generation vanished: somebody published another one meanwhile."""
    name = current_name(index_folder)
    for _ in range(TRIES):
        try:
            return load(index_folder / name)
        except (FileNotFoundError, IndexDamagedError) as error:
            now = current_name(index_folder)
            if now == name:
                raise _named(error, name) from error
            name = now
    return load(index_folder / name)


def _named(error: FileNotFoundError | IndexDamagedError, name: str) -> IndexDamagedError:
    if isinstance(error, IndexDamagedError):
        return error
    return IndexDamagedError(f"{name} has lost a file ({error})", safe=SAFE, run=REBUILD)


def _fitted(
    name: str, manifest: Manifest, files: Mapping[str, bytes | memoryview], held: Mapping[str, Store]
) -> Generation:
    counts = manifest.counts
    names = {part.name for part in manifest.parts}
    kept = {file: bytes(data) for file, data in files.items() if file not in names}
    rows = records.rows_from_bytes(kept.pop(ROWS), kept.pop(HASHES), counts.rows)
    _fitting(rows, kept[NOTES].count(b"\n"), counts.notes)
    store = store_named(manifest.recipe.store)
    parts = [
        held[part.name] if part.name in held else store.from_bytes(files[part.name], part.rows, counts.dimension)
        for part in manifest.parts
    ]
    return Generation(name, manifest, kept, rows, Joined(parts, rows.places))


def _fitting(rows: Rows, lines: int, notes: int) -> None:
    of = rows.table[:, records.NOTE]
    if lines != notes or (len(of) and not 0 <= of.min() <= of.max() < notes):
        raise ValueError("rows speak of notes that are not there")


def _unfit(name: str, error: Exception) -> IndexDamagedError:
    return IndexDamagedError(f"{name} does not fit together ({error})", safe=SAFE, run=REBUILD)


def _model(recipe: Recipe) -> str:
    return recipe.fingerprint.split(" ", 1)[0]
