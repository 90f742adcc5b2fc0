"""The name of a model -> whether its weights and its copy are what they should be, and what it reads of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.embed.bulk import Bulk
from assistant.embed.copying import SPECIMENS, open_copy
from assistant.embed.weights import find, stay_offline

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def checked_weights(model: str) -> Path:
    """The folder of the model's files, after the hash of its weights was compared. Raises WeightsError."""
    return find(model).folder()


def likeness_of_copy(model: str, models_folder: Path) -> float | None:
    """The smallest cosine between the vectors of the copy and of the model itself; None when there is no copy.

    Loads the model, which takes seconds. Raises WeightsError.
    """
    found = find(model)
    copy = open_copy(found, models_folder)
    if copy is None:
        return None
    stay_offline()
    ours = copy.embed(SPECIMENS, _ignore)
    theirs = Bulk(found.folder()).embed(SPECIMENS, _ignore)
    return float((ours * theirs).sum(axis=1).min())


def reader_of_copy(model: str, models_folder: Path) -> Callable[[str], bool] | None:
    """A function that says whether the model reads a text to its end; None when there is no copy to ask."""
    copy = open_copy(find(model), models_folder)
    return None if copy is None else copy.reads_all


def _ignore(_done: int) -> None:
    pass
