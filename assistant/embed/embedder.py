"""The name of a model -> an embedder that loads what a request needs, when it needs it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

from assistant import disk
from assistant.embed import judging
from assistant.embed.bulk import Bulk
from assistant.embed.copying import open_copy, write_copy
from assistant.embed.texts import tame
from assistant.embed.weights import Model, find, stay_offline
from assistant.errors import DiskError, WeightsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from assistant.embed.session import Session
    from assistant.types import Matrix, Pieces

REMEMBERED = 128  # texts, some 20 MB
MANY = 2_000  # texts; loading torch takes as long as embedding about a thousand of them with the copy


class Embedder(Protocol):
    """Texts in, vectors of length 1 out; equal fingerprints mean vectors that can be compared."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def judges(self) -> bool:
        """Whether `judge` is to be had: the adapter was learnt for one model."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the person should know, once: questions are slow because there is no copy of the model."""
        ...

    def prepare(self) -> None:
        """Make what questions need: done at index time so that no question waits for it."""
        ...

    def open_ahead(self) -> None:
        """Begin to open what questions need, if it is there, while the caller does something else."""
        ...

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Matrix:
        """Shape (texts, dimension), float32, finite; `progress` gets the number of texts done."""
        ...

    def read(self, texts: Sequence[str]) -> list[Pieces]:
        """The word pieces of each text as the model reads them, in their context."""
        ...

    def judge(self, question: str, texts: Sequence[str]) -> list[float]:
        """Log odds that each text answers the question, read together with it."""
        ...


def open_embedder(model: str, models_folder: Path) -> Embedder:
    """An embedder for MiniLM, another sentence-transformers model by name, or a folder that holds one.

    Loads nothing yet. `models_folder` keeps the copies for quick questions; all notes folders may share it.
    Raises WeightsError when a model is neither here nor to be had.
    """
    found = find(model)
    stay_offline()
    return _Lazy(found, models_folder)


class _Lazy:
    def __init__(self, model: Model, models_folder: Path) -> None:
        self._model = model
        self._models_folder = models_folder
        self._bulk: Bulk | None = None
        self._session: Session | None = None
        self._warnings: list[str] = []
        self._pieces: dict[str, Pieces] = {}  # of the texts read last: the same notes contend again and again
        self._loading = threading.RLock()

    @property
    def fingerprint(self) -> str:
        return self._model.fingerprint

    @property
    def dimension(self) -> int:
        return self._ready().dimension

    @property
    def judges(self) -> bool:
        return judging.fits(self._model)

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(self._warnings)

    def prepare(self) -> None:
        self._ready()

    def open_ahead(self) -> None:
        threading.Thread(target=self._try_to_open, name="open-ahead").start()

    def _try_to_open(self) -> None:
        try:
            self._open()
        except Exception:  # noqa: BLE001 - whoever needs it tries again, and is told
            return

    def _open(self) -> None:
        with self._loading:
            if self._session is None and self._bulk is None:
                self._session = open_copy(self._model, self._models_folder)

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Matrix:
        import numpy as np

        ready = self._loaded_bulk() if len(texts) > MANY else self._ready()
        vectors = ready.embed([tame(text, ready.pieces) for text in texts], progress or _ignore)
        if not np.isfinite(vectors).all():
            raise WeightsError(f"the model {self._model.name} gave vectors that are no numbers", run="assistant doctor")
        return vectors

    def read(self, texts: Sequence[str]) -> list[Pieces]:
        ready = self._ready()
        with self._loading:
            missing = [text for text in dict.fromkeys(texts) if text not in self._pieces]
            read = dict(zip(missing, ready.read([tame(text, ready.pieces) for text in missing]), strict=True))
            found = {text: read[text] if text in read else self._pieces.pop(text) for text in dict.fromkeys(texts)}
            self._pieces |= found  # used last, forgotten last
            for oldest in list(self._pieces)[:-REMEMBERED]:
                del self._pieces[oldest]
        return [found[text] for text in texts]

    def judge(self, question: str, texts: Sequence[str]) -> list[float]:
        ready = self._ready()
        return ready.judge(tame(question, ready.pieces), [tame(text, ready.pieces) for text in texts])

    def _ready(self) -> Session | Bulk:
        """The copy; where there is none, the model itself, after an attempt to make the copy."""
        with self._loading:
            self._open()
            if self._session is None and self._bulk is None:
                self._session = self._copied(self._loaded_bulk())
            return self._session or self._loaded_bulk()

    def _copied(self, bulk: Bulk) -> Session | None:
        try:
            return write_copy(self._model, bulk, self._models_folder)
        except disk.LockHeldError:
            return None
        except (DiskError, WeightsError) as error:
            self._warnings.append(f"{error.what}; questions take some seconds longer")
            return None

    def _loaded_bulk(self) -> Bulk:
        with self._loading:
            if self._bulk is None:
                self._bulk = Bulk(self._model.folder(), judging.adapter(self._model))
            return self._bulk


def _ignore(_done: int) -> None:
    pass
