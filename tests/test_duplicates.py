"""Which questions are the same: the same words or nearly the same meaning, never another number or name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prompts import notes

from assistant import lexical
from assistant.indexing import duplicates
from assistant.indexing.duplicates import MOST_REPEATS, find_same

SEED = notes((Path(__file__).parents[1] / "corpus" / "notes.txt").read_text("utf-8"))
APART = 0.5  # cosine


def asked(*titles):
    return notes("\n".join(f"Q. {title}\nanswer {number}" for number, title in enumerate(titles)))


def vectors(count, near=()):
    """Unit vectors, all apart but for the pairs that are near."""
    gram = np.eye(count) * (1 - APART) + APART
    for one, other in near:
        gram[one, other] = gram[other, one] = 0.95
    values, columns = np.linalg.eigh(gram)
    made = columns * np.sqrt(np.maximum(values, 0))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def same(*titles, near=(), stems=lexical.tokens):
    return find_same(asked(*titles), vectors(len(titles), near), stems)


def test_the_same_words_in_any_order_are_the_same_question():
    assert same("versioning in S3", "What is S3 versioning?", "lambda") == {"n1": ("n2",), "n2": ("n1",)}


def test_nearly_the_same_meaning_is_the_same_question():
    titles = ("how do I go quickly", "how can one be fast")
    assert same(*titles) == {}
    assert same(*titles, near=[(0, 1)]) == {"n1": ("n2",), "n2": ("n1",)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("price of plan 1", "price of plan 2"),
        ("what is new in python 3.12", "what is new in python 3.13"),
        ("cache in pyspark", "cache in memcached"),
        ("encryption in s3", "encryption in ec2"),
    ],
)
def test_questions_that_differ_in_a_number_or_a_name_never_are_the_same(one, other):
    assert same(one, other, near=[(0, 1)]) == {}


def test_a_title_that_stands_very_often_is_a_template():
    at_most = ["Example"] * MOST_REPEATS
    assert len(same(*at_most)["n1"]) == MOST_REPEATS - 1
    assert same(*at_most, "Example") == {}


def test_titles_without_words_are_not_the_same():
    assert same("?", "!", "…") == {}


def test_the_real_notes_hold_one_question_twice():
    words = lexical.build([lexical.document(note.question, note.answer) for note in SEED])
    found = find_same(SEED, vectors(len(SEED)), words.stems)
    twice = [note.id for note in SEED if "versoning" in note.question]
    assert found == {twice[0]: (twice[1],), twice[1]: (twice[0],)}


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["spark cache", "cache of spark", "lambda", "fast", "quick"]), min_size=1, max_size=8),
    st.data(),
)
def test_sameness_goes_both_ways_in_reading_order_and_blocks_change_nothing(titles, data):
    pairs = st.tuples(st.integers(0, len(titles) - 1), st.integers(0, len(titles) - 1))
    near = [pair for pair in data.draw(st.lists(pairs, max_size=2)) if pair[0] != pair[1]]
    found = same(*titles, near=near)
    for name, others in found.items():
        assert name not in others
        assert list(others) == sorted(set(others), key=lambda other: int(other[1:]))
        assert all(name in found[other] for other in others)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicates, "BLOCK", 2)
        assert same(*titles, near=near) == found
