"""The first note found -> the same, its best blocks in the order of how well their words meet the question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant import passages
from assistant.retrieval import asking
from assistant.retrieval.matching import match, rarity
from assistant.types import UnitScore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.types import Hit, Index, Pieces

    Read = Callable[[Sequence[str]], list[Pieces]]

READ = 8  # blocks; a run of the model each
QUANTITY = 0.1  # more for a block that has a quantity of the kind that is asked for


def read_closely(hit: Hit, question: str, index: Index, read: Read) -> Hit:
    """The hit with its first blocks scored by half their cosine and half their match by rare words.

    "How long" is answered by a block with a length of time in it, so such a block scores more.
    The blocks behind them keep their order, and never score more than those that were read.
    """
    near, far = hit.units[:READ], hit.units[READ:]
    if len(near) < 2:  # noqa: PLR2004 - one block has no order
        return hit
    every = passages.blocks(hit.note)
    (asked,) = read([question])
    texts = [passages.unit_text(hit.note, every[unit.block]) for unit in near]
    weigh, wanted = rarity(index.words), asking.asked(question).quantity
    scored = []
    for unit, pieces in zip(near, read(texts), strict=True):
        met = (unit.score + match(question, asked, pieces, weigh).rare) / 2
        has = wanted is not None and wanted.search(every[unit.block].text) is not None
        scored.append(UnitScore(unit.block, met + QUANTITY * has))
    first = sorted(scored, key=lambda unit: (-unit.score, unit.block))
    rest = [UnitScore(unit.block, min(unit.score, first[-1].score)) for unit in far]
    return replace(hit, units=(*first, *rest))
