"""What was seen in the notes folder and the generation before -> the next generation, not yet on the disk."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from assistant import __version__, disk, lexical, notes
from assistant.errors import NotesError
from assistant.indexing import generation, parts, records, rows
from assistant.indexing.duplicates import NOTHING, Known, find_same
from assistant.indexing.manifest import FORMAT, Counts, Manifest, Part, Recipe, Source, recipe
from assistant.plurals import counted
from assistant.store import Joined, store_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from assistant.embed import Embedder
    from assistant.indexing.generation import Generation
    from assistant.indexing.looking import Seen
    from assistant.indexing.parts import Placed
    from assistant.indexing.records import Rows
    from assistant.indexing.rows import Reuse
    from assistant.lexical import Lexicon
    from assistant.store import Store
    from assistant.types import Entry, Loose, Matrix, Note, NotesFile

    Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to build with; `progress` gets a stage, how much of it is done, and of how much."""

    embedder: Embedder
    overrides: Mapping[str, str]
    progress: Progress


@dataclass(frozen=True, slots=True)
class Read:
    """A file as it was read now, or for the generation before: then its entries are the notes that they were."""

    source: Source
    entries: Sequence[Entry | Note]
    loose: Sequence[Loose]


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a generation holds, in memory."""

    read: Sequence[Read]
    notes: Sequence[Note]
    rows: Rows
    vectors: Joined


@dataclass(frozen=True, slots=True)
class Draft:
    """A generation that is not on the disk yet; `embedded` counts the passages that no generation before had.

    `kept` are files of vectors, open, that belong to it as they are in the generation named `before`.
    """

    manifest: Manifest
    files: dict[str, bytes | memoryview]
    kept: dict[str, Store]
    before: str
    embedded: int


def build(seen: Seen, before: Generation | None, parent: str, asked: Asked) -> Draft:
    """Read what changed and take the rest from the generation before; `parent` is served until this one is.

    Raises NotesError when no file holds a question.
    """
    read = _read(seen, before, asked)
    named = notes.named(entry for file in read for entry in file.entries)
    if not named:
        raise NotesError(
            f"there is no question in the notes ({counted(len(read), 'file')})", run="assistant --notes DIR index"
        )
    wanted = recipe(asked.embedder.fingerprint)
    kept = rows.reuse(named, _of_recipe(before, wanted), seen.changed)
    placed, embedded = _placed(named, kept, before, asked)
    kept_stores, new_stores = _stores(placed, before, wanted)
    stores = kept_stores | new_stores
    content = Content(read, named, placed.rows, Joined(list(stores.values()), placed.rows.places))
    words = _words(named, kept, before)
    same = find_same(named, _title_vectors(content), words.stems, _known_pairs(kept, before))
    files = _files(content, same, words, _known_lines(content, kept, before))
    files |= {name: store.to_bytes() for name, store in new_stores.items()}
    manifest = Manifest(
        format=FORMAT,
        package=__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        parent=parent,
        recipe=wanted,
        overrides=dict(asked.overrides),
        sources=tuple(file.source for file in read),
        skipped=seen.skipped,
        counts=_counts(content, same),
        parts=tuple(Part(name, len(store)) for name, store in stores.items()),
        files=_seals(before, kept_stores) | {name: disk.seal_of(data) for name, data in files.items()},
    )
    return Draft(manifest, files, kept_stores, "" if before is None else before.name, embedded)


def _read(seen: Seen, before: Generation | None, asked: Asked) -> list[Read]:
    """Every file, in order: from the generation before when its bytes are the same."""
    kept = _kept_files(seen, before)
    progress = _stage(asked.progress, "reading")
    read = []
    for done, path in enumerate(seen.hashes, 1):
        read.append(kept[path] if path in kept else _fresh(notes.read(path, seen.changed[path], asked.overrides)))
        progress(done, len(seen.hashes))
    return read


def _fresh(file: NotesFile) -> Read:
    return Read(_source(file), file.entries, file.loose)


def _kept_files(seen: Seen, before: Generation | None) -> dict[str, Read]:
    if before is None or len(seen.changed) == len(seen.hashes):
        return {}
    entries = {path: tuple(of) for path, of in groupby(before.plain_notes, key=lambda note: note.place.path)}
    loose = {path: tuple(of) for path, of in groupby(before.loose(), key=lambda piece: piece.place.path)}
    return {
        source.path: Read(source, entries.get(source.path, ()), loose.get(source.path, ()))
        for source in before.manifest.sources
        if source.path in seen.hashes and source.path not in seen.changed
    }


def _of_recipe(before: Generation | None, wanted: Recipe) -> Generation | None:
    """The generation before, if the same passages would be made from the same notes today."""
    return before if before is not None and before.manifest.recipe == wanted else None


def _words(named: Sequence[Note], kept: Reuse, before: Generation | None) -> Lexicon:
    new = {
        position: lexical.document(note.question, note.answer)
        for position, note in enumerate(named)
        if position not in kept.notes
    }
    return (before.words if before is not None and kept.notes else lexical.empty()).after(kept.now, new, len(named))


def _placed(named: Sequence[Note], kept: Reuse, before: Generation | None, asked: Asked) -> tuple[Placed, int]:
    new, texts = rows.split(named, kept, asked.embedder.fingerprint)
    vectors, embedded = rows.embed(new, texts, before, asked.embedder, _stage(asked.progress, "embedding"))
    return parts.place(kept, before, (new, vectors), [note.answered for note in named]), embedded


def _stores(placed: Placed, before: Generation | None, wanted: Recipe) -> tuple[dict[str, Store], dict[str, Store]]:
    """The files of vectors that stay as they are, and the one that is to be written, if there is any."""
    kept = {} if before is None else before.stores([part.name for part in placed.kept])
    if not len(placed.vectors):
        return kept, {}
    name = generation.vectors_name(() if before is None else before.manifest.parts)
    return kept, {name: store_named(wanted.store).from_vectors(placed.vectors)}


def _seals(before: Generation | None, names: Iterable[str]) -> dict[str, Any]:
    return {} if before is None else {name: before.manifest.files[name] for name in names}


def _known_lines(content: Content, kept: Reuse, before: Generation | None) -> dict[int, bytes]:
    """The lines of the notes that are as they were: with the same id, in the file of the same number."""
    if before is None or not kept.notes:
        return {}
    numbers = zip((file.source.path for file in content.read), before.manifest.sources, strict=False)
    alike = {path for path, source in numbers if path == source.path}
    old = zip(before.plain_notes, before.plain_notes.lines, kept.now.tolist(), strict=True)
    return {
        position: line
        for note, line, position in old
        if position >= 0 and note.place.path in alike and note.id == content.notes[position].id
    }


def _files(
    content: Content, same: Mapping[str, tuple[str, ...]], words: Lexicon, known: Mapping[int, bytes]
) -> dict[str, bytes | memoryview]:
    numbers = {file.source.path: number for number, file in enumerate(content.read)}
    loose = (piece for file in content.read for piece in file.loose)
    return {
        generation.NOTES: records.notes_to_bytes(content.notes, numbers, known),
        generation.LOOSE: records.loose_to_bytes(loose, numbers),
        generation.SAME: json.dumps(same).encode(),
        generation.ROWS: records.array_to_bytes(content.rows.table),
        generation.HASHES: records.array_to_bytes(content.rows.hashes),
        **words.save(),
    }


def _known_pairs(kept: Reuse, before: Generation | None) -> Known:
    """What the generation before knows of the notes that are as they were, if it reads words as this version does."""
    if before is None or not kept.notes:
        return NOTHING
    notes_now = zip(before.plain_notes, kept.now.tolist(), strict=True)
    now = {note.id: position for note, position in notes_now if position >= 0}
    pairs = {
        (now[one], now[other]) for one, others in before.same.items() for other in others if {one, other} <= now.keys()
    }
    return Known(kept.notes, frozenset(pair for pair in pairs if pair[0] < pair[1]))


def _title_vectors(content: Content) -> Matrix:
    """The vector of each note's question, in the order of the notes."""
    table = content.rows.table
    titles = (table[:, records.KIND] == records.TITLE).nonzero()[0]
    return content.vectors.vectors(titles[table[titles, records.NOTE].argsort(kind="stable")])


def _source(file: NotesFile) -> Source:
    return Source(
        path=file.path,
        sha256=file.sha256,
        encoding=file.encoding,
        format=file.format,
        reading=file.reading,
        entries=len(file.entries),
        warnings=file.warnings,
    )


def _counts(content: Content, same: Mapping[str, tuple[str, ...]]) -> Counts:
    import numpy as np

    answered = np.array([note.answered for note in content.notes], dtype=bool)
    rows_answered = answered[content.rows.table[:, records.NOTE]]
    return Counts(
        notes=len(content.notes),
        answered=int(answered.sum()),
        duplicates=_repeats(content.notes, same),
        rows=len(content.rows),
        answered_rows=int(rows_answered.sum()),
        dimension=content.vectors.dimension,
    )


def _repeats(named: Sequence[Note], same: Mapping[str, tuple[str, ...]]) -> int:
    """How many notes ask what an earlier one asks."""
    position = {note.id: number for number, note in enumerate(named)}
    return sum(any(position[other] < position[name] for other in others) for name, others in same.items())


def _stage(progress: Progress, stage: str) -> Callable[[int, int], None]:
    return lambda done, total: progress(stage, done, total)
