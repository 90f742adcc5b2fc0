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
        "To get around the limit of a single thread for heavy work people often use one of these:",
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


def pieces(prompt, stems=lexical.tokens, rarity=lambda _: 1.0):
    """(source, quoted text) of every piece, with the form of the whole text checked."""
    found = []
    for number, piece in enumerate(Quote(stems, rarity).write(prompt)):
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


@settings(deadline=None, max_examples=100)
@given(NOTES, QUESTIONS, st.data())
def test_no_piece_ends_where_a_list_is_led_up_to(pairs, question, data):
    prompt = prompt_of(pairs[:1], question, data.draw)
    for source, text, _ in pieces(prompt):
        begin = source.note.answer_place.start
        starts = [at for at in range(len(source.note.answer)) if source.note.answer.startswith(text, at)]
        numbers = {block.place.end - begin: number for number, block in enumerate(source.blocks)}
        last = [numbers[at + len(text)] for at in starts if at + len(text) in numbers]
        assert any(not leads_up(source.blocks, number) for number in last)


def leads_up(blocks, number):
    """Whether a sentence ends with a colon and a block beside it follows; headings have a test of their own."""
    if blocks[number].kind == "heading":
        return False
    follows = number + 1 < len(blocks) and blocks[number + 1].parent == blocks[number].parent
    return blocks[number].text.endswith(":") and follows


FILLER = "Nothing here says more about it than what was said above, and it goes on for a while. " * 5
CHOICES = f"""Workers that must share a load for a long time can be told apart by these three kinds of names:
- red ones carry
- blue ones count

{FILLER}"""
STEPS = f"""1. Soak:
Leave the stone in water. {FILLER}
2. Grind:
Ten strokes.
3. Flatten:
Rub the stone flat.
Rod: only straightens the edge.
How often: every two months.
"""


def quoted_of(answer, question, best):
    """What is quoted of one note whose best block begins with these words."""
    (note,) = notes(f"Q. How are tools looked after?\n{answer}")
    blocks = passages.blocks(note)
    order = sorted(range(len(blocks)), key=lambda at: not blocks[at].text.startswith(best))
    units = tuple(UnitScore(at, 0.9 if not rank else 0.1) for rank, at in enumerate(order))
    prompt = Prompt(question, (Source(1, Hit(note, 0.9, units), blocks, ()),), "", "", Tokens(), ())
    return [text for _, text, _ in pieces(prompt)]


def test_what_leads_up_to_a_list_comes_with_the_list():
    (text,) = quoted_of(CHOICES, "names of workers", "Workers")
    assert text.endswith("- blue ones count")


def test_all_steps_are_the_numbered_ones_not_the_lines_of_one_step():
    (text,) = quoted_of(STEPS, "list all steps", "Rub the stone")
    assert text == STEPS.strip()


def test_nothing_is_written_without_a_source():
    assert list(Quote(lexical.tokens, lambda _: 1.0).write(Prompt("why?", (), "", "", Tokens(), ()))) == []


# --- the real notes


GIL, MUTEX = "what is GIL?", "What is mutex in python"
VERSIONS, AGAIN = "versoning in S3", "What is versoning in S3 ?"
SUBNET, STORAGE, LAMBDA = "what is subnet ?", "different storage in s3 ?", "benefits of lambda over ecs"
KAFKA = "kafka improve consumer performance without increasing customer"


def quoted(question, *titles, parts=()):
    """What is quoted of these notes, found in this order; notes on one topic know of each other.

    `parts` are the parts of the question that the first notes were found for.
    """
    chosen = [titled(title) for title in titles]
    sources = []
    for number, note in enumerate(chosen, 1):
        part = parts[number - 1] if number <= len(parts) else ""
        (vector,) = embed([part or question])
        blocks = passages.blocks(note)
        texts = {
            at: "\n".join([*block.headings, block.text]) for at, block in enumerate(blocks) if block.kind != "heading"
        }
        scored = [UnitScore(at, float(embed([text])[0] @ vector)) for at, text in texts.items()]
        hit = Hit(note, 1.0 - number / 10, tuple(sorted(scored, key=lambda unit: -unit.score)), part)
        repeats = tuple(at for at in range(1, number) if {titles[at - 1], note.question} == {VERSIONS, AGAIN})
        sources.append(Source(number, hit, blocks, repeats))
    prompt = Prompt(question, tuple(sources), "", "", Tokens(), ())
    return [(source.note.question, text) for source, text, _ in pieces(prompt, words().stems, words().weight)]


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
    ((_, text),) = quoted("lambda vs ecs cost efficiency: billed by time or EC2 instances", LAMBDA)
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


def test_each_part_of_a_question_is_answered_from_its_own_note():
    parts = ("what does max.partition.fetch.bytes limit", "how do I get back what I deleted")
    question = " and ".join(parts)
    assert quoted(question, KAFKA, VERSIONS, parts=parts) == quoted(parts[0], KAFKA) + quoted(parts[1], VERSIONS)


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


def test_a_word_that_the_best_note_is_full_of_itself_names_no_other_note():
    bucketing = "What is Bucketing?"
    assert {title for title, _ in quoted("is listing a versioned bucket slow", AGAIN, bucketing)} == {AGAIN}
    assert {title for title, _ in quoted("the GIL and buckets", GIL, bucketing)} == {GIL, bucketing}


def test_half_of_a_title_names_a_note_only_when_it_is_the_rarer_half():
    compiled = "what is .pyc file?"
    assert {title for title, _ in quoted("which file holds the GIL", GIL, compiled)} == {GIL}
    assert {title for title, _ in quoted("does the GIL touch pyc", GIL, compiled)} == {GIL, compiled}


def test_a_note_that_is_far_behind_is_not_cited_though_it_is_named():
    titles = (GIL, SUBNET, STORAGE, KAFKA, LAMBDA, MUTEX)
    assert {title for title, _ in quoted("GIL or mutex", *titles)} == {GIL}


def test_code_keeps_its_lines():
    title = "view binding memory location in python"
    ((_, text),) = quoted("view memory location of x in python", title)
    assert text == titled(title).answer
    assert text.startswith("x = [1, 2, 3]\nprint(")
