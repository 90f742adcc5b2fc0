"""Texts as people write them -> texts that a tokenizer takes, in an order that wastes no padding."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHARACTERS_PER_PIECE = 32  # a tokenizer reads a million letters for seconds; what is past this is dropped anyway


def tame(text: str, pieces: int) -> str:
    """The text without lone surrogates, cut far behind the last of the word pieces that the model reads."""
    return text[: CHARACTERS_PER_PIECE * pieces].encode("utf-8", "replace").decode("utf-8")


def batches(texts: Sequence[str], size: int) -> Iterator[list[int]]:
    """Positions of texts of about the same length, longest first, so that memory runs out early or never."""
    order = sorted(range(len(texts)), key=lambda position: -len(texts[position]))
    for start in range(0, len(order), size):
        yield order[start : start + size]
