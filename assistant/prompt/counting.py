"""The name of a model -> a counter of its tokens: exact where its encoding is on this machine, else an estimate.

tiktoken downloads an encoding that it does not have, without a time limit, and deletes a file of the
wrong content: so the file is looked for and its hash checked before tiktoken is asked.
"""

from __future__ import annotations

import hashlib
import math
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LETTERS_A_TOKEN = 3  # of English text; encodings reach 4 to 5, so the estimate errs on the safe side
LARGEST_CORRECTION = 4.0
ENCODINGS = {
    "cl100k_base": (
        "https://openaipublic.blob.core.windows.net/encodings/cl100k_base.tiktoken",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
    "o200k_base": (
        "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
}
SAME_FILE = {"o200k_harmony": "o200k_base"}


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts the tokens of a text; `estimated` when the model's own encoding is not at hand."""

    encoding: str
    estimated: bool
    measure: Callable[[str], int]
    factor: float = 1.0

    def __call__(self, text: str) -> int:
        return math.ceil(self.measure(text) * self.factor)

    def corrected(self, counted: int, reported: int) -> Counter:
        """A counter that would have counted what the server reported; one that knows its encoding stays."""
        if not self.estimated or counted <= 0 or reported <= 0:
            return self
        factor = self.factor * reported / counted
        return replace(self, factor=min(max(factor, 1 / LARGEST_CORRECTION), LARGEST_CORRECTION))


def counter(model: str, environment: Mapping[str, str] = os.environ) -> Counter:
    """The counter for `provider:model`; never downloads anything."""
    name = _encoding(model.partition(":")[2] or model)
    if name is None or not _is_here(name, environment):
        return Counter("estimate", estimated=True, measure=estimate)
    import tiktoken

    encoding = tiktoken.get_encoding(name)
    return Counter(name, estimated=False, measure=lambda text: len(encoding.encode(text, disallowed_special=())))


def estimate(text: str) -> int:
    """More tokens than any common encoding takes: a third of the letters, every other sign on its own."""
    letters = sum(1 for sign in text if sign.isascii() and (sign.isalpha() or sign == " "))
    foreign = sum(len(sign.encode("utf-8", "replace")) - 1 for sign in text if not sign.isascii())
    return math.ceil(letters / LETTERS_A_TOKEN) + len(text) - letters + math.ceil(foreign / 2)


def _encoding(model: str) -> str | None:
    from tiktoken.model import encoding_name_for_model

    try:
        return encoding_name_for_model(model)
    except KeyError:
        return None


def _is_here(name: str, environment: Mapping[str, str]) -> bool:
    """Whether tiktoken will find the encoding's file, whole, without asking the network."""
    known = ENCODINGS.get(SAME_FILE.get(name, name))
    folder = environment.get("TIKTOKEN_CACHE_DIR", environment.get("DATA_GYM_CACHE_DIR"))
    if known is None or folder == "":
        return False
    address, sha256 = known
    cache = Path(folder) if folder is not None else Path(tempfile.gettempdir()) / "data-gym-cache"
    file = cache / hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest()
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() == sha256
    except OSError:
        return False
