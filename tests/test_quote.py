"""The quoted answer is made of whole pieces of the notes, each with its mark: enough of them, and no more."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prompts import notes
from small_index import always, embed, index_of

from assistant import answering, lexical, passages, retrieval
from assistant.quote import Quote
from assistant.types import Hit, Prompt, Source, Tokens, UnitScore

SEED = notes((Path(__file__).parents[1] / "corpus" / "notes.txt").read_text("utf-8"))
PIECE = re.compile(r"(?P<text>.*)(?P<blank>[ \n])\[(?P<number>\d+)\]", re.DOTALL)

LINES = st.sampled_from(
    [
        "",
        "Benefits:",
        "1. Cost:",
        "2. Speed:",
        "Lambda:",
        "ECS:",
        "- lower cost of storage",
        "- faster reads of the cache",
        "Spark splits the data into many partitions that are read in parallel by its workers on a cluster.",
        "The cache is not kept when the cluster stops.",
        "Cost: storage costs increase.",
        "x = [1]",
        "```",
    ]
)
ANSWERS = st.lists(LINES, min_size=1, max_size=12).map("\n".join).filter(str.strip)
TITLES = st.sampled_from(["lambda vs ecs", "what is spark", "spark cache", "benefits of storage", "cost"])
NOTES = st.lists(st.tuples(TITLES, ANSWERS), min_size=1, max_size=4)
QUESTIONS = st.sampled_from(
    [
        "what is spark?",
        "lambda vs ecs cost",
        "which benefits does the cache have",
        "list all benefits",
        "spark cache and cost",
        "is the cache kept",
        "cost",
        "zebra",
    ]
)


def prompt_of(pairs, question, draw):
    every = notes("\n".join(f"Q. {title}\n{answer}" for title, answer in pairs))
    sources = []
    for number, note in enumerate(every, 1):
        blocks = passages.blocks(note)
        cosines = draw(st.lists(st.floats(-1, 1), min_size=len(blocks), max_size=len(blocks)))
        scored = [UnitScore(at, one) for at, one in enumerate(cosines) if blocks[at].kind != "heading"]
        units = tuple(sorted(scored, key=lambda unit: -unit.score))
        hit = Hit(note, draw(st.floats(0, 1)), units)
        repeats = tuple(draw(st.sets(st.integers(1, number - 1)))) if number > 1 else ()
        sources.append(Source(number, hit, blocks, tuple(sorted(repeats))))
    return Prompt(question, tuple(sources), "", "", Tokens(), ())


def pieces(prompt, stems=lexical.tokens):
    """(source, quoted text) of every piece, with the form of the whole text checked."""
    found = []
    for number, piece in enumerate(Quote(stems).write(prompt)):
        assert piece.startswith("\n\n") == bool(number)
        read = PIECE.fullmatch(piece.removeprefix("\n\n") if number else piece)
        source = {one.number: one for one in prompt.sources}[int(read["number"])]
        assert source.note.answer.count(read["text"])
        found.append((source, read["text"], read["blank"]))
    return found


@settings(deadline=None, max_examples=150)
@given(NOTES, QUESTIONS, st.data())
def test_every_piece_is_a_run_of_whole_blocks_word_for_word(pairs, question, data):
    prompt = prompt_of(pairs, question, data.draw)
    for source, text, blank in pieces(prompt):
        begin = source.note.answer_place.start
        starts = {block.place.start - begin for block in source.blocks}
        ends = {block.place.end - begin: block.kind for block in source.blocks}
        answer = source.note.answer
        at = [start for start in sorted(starts) if answer.startswith(text, start) and start + len(text) in ends]
        assert at
        assert (blank == "\n") == (ends[at[0] + len(text)] == "code")


@settings(deadline=None, max_examples=150)
@given(NOTES, QUESTIONS, st.data())
def test_the_best_note_comes_first_and_no_piece_twice(pairs, question, data):
    prompt = prompt_of(pairs, question, data.draw)
    found = pieces(prompt)
    assert found[0][0].number == 1
    numbers = [source.number for source, *_ in found]
    assert numbers == sorted(numbers)
    for source in prompt.sources:
        texts = [text for other, text, _ in found if other is source]
        position = 0
        for text in texts:
            position = source.note.answer.index(text, position) + len(text)


@settings(deadline=None, max_examples=100)
@given(NOTES, QUESTIONS, st.data())
def test_no_heading_is_quoted_without_what_stands_under_it(pairs, question, data):
    prompt = prompt_of(pairs, question, data.draw)
    for source, text, _ in pieces(prompt):
        last = text.rsplit("\n", maxsplit=1)[-1].strip()
        below = [
            block.subtree_end - number
            for number, block in enumerate(source.blocks)
            if block.kind == "heading" and block.text.strip() == last
        ]
        assert not below or 1 in below


def test_nothing_is_written_without_a_source():
    assert list(Quote(lexical.tokens).write(Prompt("why?", (), "", "", Tokens(), ()))) == []


# --- the real notes


@functools.cache
def seed_index():
    return index_of(SEED)


def quoted(question):
    index = seed_index()
    found = retrieval.find(question, index, embed, always("answered"))
    prompt = Prompt(question, answering.sources(found.hits, index.same), "", "", Tokens(), ())
    return [(source.note.question, text) for source, text, _ in pieces(prompt, index.words.stems)]


def titled(question):
    (note,) = [note for note in SEED if note.question == question]
    return note


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("what is GIL?", "what is GIL?"),
        ("what's a mutex in python", "What is mutex in python"),
        ("what is a subnet", "what is subnet ?"),
        ("what are decorators", "What is decorators?"),
        ("what is bucketing?", "What is Bucketing?"),
    ],
)
def test_what_something_is_takes_the_whole_note(question, title):
    assert quoted(question)[0] == (title, titled(title).answer)


def test_a_short_note_is_quoted_whole():
    assert quoted("how do I convert an array into rows")[0][1] == "Using Explode function"


def test_a_question_for_a_list_gets_the_whole_list():
    title, text = quoted("which storage classes are there in s3 for archive access")[0]
    note = titled("different storage in s3 ?")
    assert title == note.question
    for block in passages.blocks(note):
        assert block.text in text


def test_a_comparison_gets_both_sides():
    (title, text), *_ = quoted("lambda vs ecs cost efficiency")
    assert title == "benefits of lambda over ecs"
    section = text.split("\n")
    assert section[0].startswith("2. Cost Efficiency:")
    assert [line.strip() for line in section[1::2]] == ["Lambda:", "ECS:"]
    assert "1. Ease" not in text


def test_a_detail_gets_no_more_than_its_section():
    (title, text), *_ = quoted("kafka max.partition.fetch.bytes limit")
    assert title.startswith("kafka")
    assert "max.partition.fetch.bytes:" in text
    assert len(text.split()) < len(titled(title).answer.split()) / 2


def test_a_repeated_question_is_joined_and_both_are_cited():
    found = quoted("s3 versioning delete marker")
    assert {title for title, _ in found} == {"versoning in S3", "What is versoning in S3 ?"}
    assert all("delete marker" in text for _, text in found)


def test_a_second_note_that_the_question_names_is_quoted_too():
    titles = {title for title, _ in quoted("what is the difference between a mutex and the GIL in python")}
    assert {"what is GIL?", "What is mutex in python"} <= titles


def test_a_note_that_the_question_does_not_name_is_not_cited():
    assert {title for title, _ in quoted("what is a subnet")} == {"what is subnet ?"}
    assert {title for title, _ in quoted("kafka fetch sizes")} == {SEED[5].question}


def test_code_keeps_its_lines():
    title, text = quoted("view memory location of x in python")[0]
    assert text == titled(title).answer
    assert text.startswith("x = [1, 2, 3]\nprint(")
