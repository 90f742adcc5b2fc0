"""The blocks of the first note are put in the order of how well their words meet the question."""

from __future__ import annotations

import pytest
from small_index import MODEL, index_of

from assistant import passages
from assistant.retrieval import blocks
from assistant.types import Hit, UnitScore

NOTE = """Q. What is spark?
It reads tables.

It caches frames in memory.

It joins frames.

It drops rows.

It counts rows.
"""
INDEX = index_of(NOTE)


def found(*scores):
    """The note as retrieval found it; scores by block."""
    units = [UnitScore(block, score) for block, score in enumerate(scores)]
    return Hit(INDEX.notes[0], 0.8, tuple(sorted(units, key=lambda unit: -unit.score)))


def read(hit, question):
    return blocks.read_closely(hit, question, INDEX, MODEL.read)


def test_the_block_with_the_asked_words_comes_first():
    hit = read(found(0.5, 0.45, 0.44, 0.43, 0.42), "caches memory")
    assert "caches" in passages.blocks(hit.note)[hit.units[0].block].text


@pytest.mark.parametrize(
    ("question", "first"),
    [("how long is the brine kept", "10 minutes"), ("what percentage of salt", "3 %"), ("is the brine kept", "warm")],
)
def test_of_equal_blocks_the_one_with_the_quantity_that_is_asked_for_comes_first(question, first):
    index = index_of("Q. brine\nIt stays warm.\n\nSome wait 10 minutes.\n\nWith 3 % or so.\n")
    hit = Hit(index.notes[0], 0.8, tuple(UnitScore(block, 0.5) for block in range(3)))
    best = blocks.read_closely(hit, question, index, lambda texts: MODEL.read(["brine"] * len(texts)))
    assert first in passages.blocks(hit.note)[best.units[0].block].text


def test_no_block_is_lost_and_the_order_is_that_of_the_scores():
    hit = read(found(0.5, 0.45, 0.44, 0.43, 0.42), "joins")
    assert sorted(unit.block for unit in hit.units) == [0, 1, 2, 3, 4]
    assert list(hit.units) == sorted(hit.units, key=lambda unit: -unit.score)


def test_blocks_that_were_not_read_stay_behind(monkeypatch):
    monkeypatch.setattr(blocks, "READ", 2)
    hit = read(found(0.5, 0.4, 0.9, 0.8, 0.3), "caches memory")
    assert [unit.block for unit in hit.units][2:] == [0, 1, 4]
    assert hit.units[2].score <= hit.units[1].score


def test_a_single_block_costs_no_reading():
    def refuse(_texts):
        raise AssertionError("it was read")

    hit = Hit(INDEX.notes[0], 0.8, (UnitScore(0, 0.5),))
    assert blocks.read_closely(hit, "caches", INDEX, refuse) is hit
