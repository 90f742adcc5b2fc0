"""What a generation says about itself: how it was made, from which files, and what it must hold."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from assistant import lexical, notes, passages
from assistant.errors import IndexDamagedError, IndexForeignError
from assistant.types import Skipped

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 2
SAFE = "Your notes are safe"
REBUILD = "assistant index --rebuild"


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides what is made of the same notes: two indexes of one recipe can be read alike."""

    fingerprint: str
    reader: str
    chunker: str
    words: str
    store: str


@dataclass(frozen=True, slots=True)
class Source:
    """One notes file as it was read."""

    path: str
    sha256: str
    encoding: str
    format: str
    reading: str
    entries: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A file of vectors, and of how many; some of them may stand for no row any more."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Counts:
    """`duplicates` are notes that ask what an earlier one asks; `rows` are the passages, answered notes' first."""

    notes: int
    answered: int
    duplicates: int
    rows: int
    answered_rows: int
    dimension: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """`created` is for people; `parent` names the generation that was served before, "" for none."""

    format: int
    package: str
    created: str
    parent: str
    recipe: Recipe
    overrides: dict[str, str]
    sources: tuple[Source, ...]
    skipped: tuple[Skipped, ...]
    counts: Counts
    parts: tuple[Part, ...]
    files: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(warning for source in self.sources for warning in source.warnings)


def recipe(fingerprint: str) -> Recipe:
    """How this version makes an index with that model."""
    return Recipe(fingerprint, notes.VERSION, passages.VERSION, lexical.VERSION, "faiss")


def from_json(found: Mapping[str, Any]) -> Manifest:
    """Raises IndexForeignError for another format, IndexDamagedError for what is no manifest."""
    try:
        _require_format(found["format"])
        return _manifest(found)
    except (KeyError, TypeError, ValueError) as error:
        raise IndexDamagedError(
            f"manifest.json does not hold what it should ({error})", safe=SAFE, run=REBUILD
        ) from error


def _require_format(number: int) -> None:
    if number > FORMAT:
        what = "the index was made by a newer version of notes-assistant"
        raise NewerIndexError(what, safe=SAFE, run="pip install --upgrade notes-assistant")
    if number != FORMAT:
        raise IndexForeignError("the index was made by an older version of notes-assistant", safe=SAFE, run=REBUILD)


def _manifest(found: Mapping[str, Any]) -> Manifest:
    return Manifest(
        format=found["format"],
        package=str(found["package"]),
        created=str(found["created"]),
        parent=str(found["parent"]),
        recipe=_value(Recipe, found["recipe"]),
        overrides=dict(found["overrides"]),
        sources=tuple(_source(source) for source in found["sources"]),
        skipped=tuple(_value(Skipped, skip) for skip in found["skipped"]),
        counts=_value(Counts, found["counts"]),
        parts=tuple(_value(Part, part) for part in found["parts"]),
        files=dict(found["files"]),
    )


class NewerIndexError(IndexForeignError):
    """Nothing of it may be touched: the newer version may still be in use."""


def _source(found: Mapping[str, Any]) -> Source:
    source: Source = _value(Source, {**found, "warnings": tuple(found["warnings"])})
    return source


def _value(kind: Any, found: Mapping[str, Any]) -> Any:
    return kind(**{field.name: found[field.name] for field in fields(kind)})
