"""The quoted answer is made of whole pieces of the notes, each with its mark: enough of them, and no more."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prompts import notes
from small_index import embed

from assistant import lexical, passages
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
        begin = source.note.answer_place.start
        ends = {block.place.end - begin: number for number, block in enumerate(source.blocks)}
        starts = [at for at in range(len(source.note.answer)) if source.note.answer.startswith(text, at)]
        last = [ends[at + len(text)] for at in starts if at + len(text) in ends]
        assert any(
            source.blocks[number].kind != "heading" or source.blocks[number].subtree_end == number + 1
            for number in last
        )


def test_nothing_is_written_without_a_source():
    assert list(Quote(lexical.tokens).write(Prompt("why?", (), "", "", Tokens(), ()))) == []


# --- the real notes


GIL, MUTEX = "what is GIL?", "What is mutex in python"
VERSIONS, AGAIN = "versoning in S3", "What is versoning in S3 ?"
SUBNET, STORAGE, LAMBDA = "what is subnet ?", "different storage in s3 ?", "benefits of lambda over ecs"
KAFKA = "kafka improve consumer performance without increasing customer"


def quoted(question, *titles):
    """What is quoted of these notes, found in this order; notes on one topic know of each other."""
    chosen = [titled(title) for title in titles]
    (vector,) = embed([question])
    sources = []
    for number, note in enumerate(chosen, 1):
        blocks = passages.blocks(note)
        texts = {
            at: "\n".join([*block.headings, block.text]) for at, block in enumerate(blocks) if block.kind != "heading"
        }
        scored = [UnitScore(at, float(embed([text])[0] @ vector)) for at, text in texts.items()]
        hit = Hit(note, 1.0 - number / 10, tuple(sorted(scored, key=lambda unit: -unit.score)))
        repeats = tuple(at for at in range(1, number) if {titles[at - 1], note.question} == {VERSIONS, AGAIN})
        sources.append(Source(number, hit, blocks, repeats))
    prompt = Prompt(question, tuple(sources), "", "", Tokens(), ())
    return [(source.note.question, text) for source, text, _ in pieces(prompt, words().stems)]


@functools.cache
def words():
    return lexical.build([lexical.document(note.question, note.answer) for note in SEED])


def titled(question):
    (note,) = [note for note in SEED if note.question == question]
    return note


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("what is GIL?", GIL),
        ("what's a mutex in python", MUTEX),
        ("what is a subnet", SUBNET),
        ("what are decorators", "What is decorators?"),
        ("what is bucketing?", "What is Bucketing?"),
    ],
)
def test_what_something_is_takes_the_whole_note(question, title):
    assert quoted(question, title) == [(title, titled(title).answer)]


def test_a_short_note_is_quoted_whole():
    title = "Convert array into different rows ?"
    assert quoted("how do I turn an array into rows in spark", title) == [(title, "Using Explode function")]


def test_a_question_for_a_list_gets_the_whole_list():
    ((_, text),) = quoted("which storage classes are there for archive access", STORAGE)
    assert all(block.text in text for block in passages.blocks(titled(STORAGE)))


def test_a_part_of_a_list_comes_with_its_heading_and_nothing_else():
    ((_, text),) = quoted("which benefits does versioning have: compliance, auditing, disaster recovery", VERSIONS)
    lines = [line.strip() for line in text.splitlines()]
    assert lines[:2] == ["Key Benefits:", "Data Recovery:"]
    assert "Disaster Recovery:" in lines
    assert "Considerations:" not in lines


def test_a_comparison_gets_both_sides():
    ((_, text),) = quoted("lambda vs ecs cost efficiency", LAMBDA)
    lines = [line.strip() for line in text.splitlines()]
    assert lines[0] == "2. Cost Efficiency:"
    assert lines[1::2] == ["Lambda:", "ECS:"]


def test_a_detail_gets_no_more_than_its_section():
    ((title, text),) = quoted("kafka max.partition.fetch.bytes limit", KAFKA)
    assert "max.partition.fetch.bytes:" in text
    assert len(text.split()) < len(titled(title).answer.split()) / 2


@pytest.mark.parametrize("titles", [(VERSIONS, AGAIN), (AGAIN, VERSIONS)])
def test_a_repeated_question_is_joined_and_both_are_cited(titles):
    found = quoted("s3 versioning delete marker", *titles)
    assert [title for title, _ in found] == list(titles)
    assert all("delete marker" in text for _, text in found)


def test_a_repeat_adds_only_what_is_new():
    found = quoted("what is versioning in s3", VERSIONS, AGAIN)
    assert found[0] == (VERSIONS, titled(VERSIONS).answer)
    added = "".join(text for title, text in found if title == AGAIN)
    assert added
    assert len(added) < len(titled(AGAIN).answer)


def test_a_second_note_that_the_question_names_is_quoted_too():
    found = quoted("what is the difference between a mutex and the GIL in python", GIL, SUBNET, MUTEX)
    assert {title for title, _ in found} == {GIL, MUTEX}


def test_a_note_that_the_question_does_not_name_is_not_cited():
    assert {title for title, _ in quoted("what is a subnet", SUBNET, GIL, STORAGE)} == {SUBNET}
    assert {title for title, _ in quoted("kafka fetch sizes", KAFKA, LAMBDA, STORAGE)} == {KAFKA}


def test_a_note_that_is_far_behind_is_not_cited_though_it_is_named():
    titles = (GIL, SUBNET, STORAGE, KAFKA, LAMBDA, MUTEX)
    assert {title for title, _ in quoted("GIL or mutex", *titles)} == {GIL}


def test_code_keeps_its_lines():
    title = "view binding memory location in python"
    ((_, text),) = quoted("view memory location of x in python", title)
    assert text == titled(title).answer
    assert text.startswith("x = [1, 2, 3]\nprint(")
